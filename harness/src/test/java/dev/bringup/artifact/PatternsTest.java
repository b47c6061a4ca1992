package dev.bringup.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PatternsTest {
  private static final List<DebianPackage> KERNELS =
      Stream.of("9-arm64", "56-arm64", "56-cloud-arm64", "56-rt-arm64", "56-arm64-unsigned")
          .map(end -> new DebianPackage("linux-image-6.1.0-" + end, "6.1.192-2", "arm64"))
          .toList();

  private static Optional<String> newest(String pattern) {
    return Patterns.newest(pattern, KERNELS).map(DebianPackage::name);
  }

  @Test
  void aNumberTellsTheUsualKernelFromTheOthersThatAreAsNew() {
    assertThat(newest("linux-image-6.1.0-#-arm64")).contains("linux-image-6.1.0-56-arm64");
    assertThat(newest("linux-image-6.1.0-*-cloud-arm64"))
        .contains("linux-image-6.1.0-56-cloud-arm64");
    assertThat(newest("linux-image-6.1.0-#-riscv64")).isEmpty();
    assertThat(newest("linux-image-#.#.#-9-arm64")).contains("linux-image-6.1.0-9-arm64");
  }

  @Test
  void whatStandsBeforeTheFirstWildCardIsLookedFor() {
    assertThat(Patterns.prefix("linux-image-6.1.0-#-arm64")).isEqualTo("linux-image-6.1.0-");
    assertThat(Patterns.prefix("a*b#c")).isEqualTo("a");
    assertThat(Patterns.isExact("busybox-static")).isTrue();
    assertThat(Patterns.isExact("a#")).isFalse();
  }
}
