package dev.bringup.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.board.BoardFile.BadPattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped patterns and marks against consoles recorded from Debian's U-Boot, Xen and Linux. */
class BadPatternsTest {
  private static final BoardFile BOARD =
      BoardCatalog.load(Path.of(System.getProperty("bringup.root", ".."), "boards"))
          .board("qemu-virt");

  @ParameterizedTest
  @ValueSource(strings = {"linux", "xen-dom0-guest", "xen-dom0-two-guests"})
  void cleanBootsTripNothing(String boot) throws IOException {
    String console = console("clean/" + boot);

    assertThat(BOARD.badPatterns().stream().filter(p -> at(p, console).isPresent())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "missing-file, tftp error, infrastructure error",
    "short-file, boot script size, infrastructure error",
    "edit-of-missing-node, boot script stopped, infrastructure error",
    "no-dom0, xen panic, product failure",
    "no-xen-bootargs, xen without dom0_mem, product failure",
    "pl061-enabled, linux exception, product failure"
  })
  void badBootsTripTheRightPatternFirst(String boot, String name, String verdict)
      throws IOException {
    String console = console("bad/" + boot);

    Optional<BadPattern> first =
        BOARD.badPatterns().stream()
            .filter(p -> at(p, console).isPresent())
            .min(Comparator.comparingInt(p -> at(p, console).orElseThrow()));
    assertThat(first)
        .hasValueSatisfying(p -> {
          assertThat(p.name()).isEqualTo(name);
          assertThat(p.verdict().text()).isEqualTo(verdict);
        });
  }

  @Test
  void stagesShowInTheirOrderWithTheirVersions() throws IOException {
    String console = console("clean/xen-dom0-guest");
    int from = 0;
    for (BootStage stage : List.of(BootStage.FIRMWARE, BootStage.HYPERVISOR, BootStage.DOM0)) {
      int found = at(mark(stage), console.substring(from)).orElse(-1);
      assertThat(found).as("%s after %d", stage, from).isNotNegative();
      from += found + 1;
    }
    assertThat(version(BootStage.FIRMWARE, console)).isEqualTo("2023.01+dfsg-2+deb12u3");
    assertThat(version(BootStage.HYPERVISOR, console)).isEqualTo("4.17.7");
    assertThat(version(BootStage.KERNEL, console("clean/linux"))).isEqualTo("6.1.0-56-cloud-arm64");
    assertThat(at(mark(BootStage.USERLAND), console("clean/linux"))).isPresent();
  }

  private static Mark mark(BootStage stage) {
    return Objects.requireNonNull(BOARD.stages().get(stage)).mark();
  }

  private static String version(BootStage stage, String console) {
    Matcher matcher = Pattern.compile(((Mark.Regex) mark(stage)).regex()).matcher(console);
    assertThat(matcher.find()).isTrue();
    return matcher.group("version");
  }

  private static OptionalInt at(BadPattern pattern, String console) {
    return at(pattern.mark(), console);
  }

  private static OptionalInt at(Mark mark, String console) {
    int found =
        switch (mark) {
          case Mark.Literal(String text) -> console.indexOf(text);
          case Mark.Regex(String regex) -> {
            Matcher matcher = Pattern.compile(regex, Pattern.MULTILINE).matcher(console);
            yield matcher.find() ? matcher.start() : -1;
          }
          case Mark.Prompt() -> console.indexOf("=> ");
        };
    return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
  }

  private static String console(String name) throws IOException {
    return Files.readString(
        Path.of(
            System.getProperty("bringup.root", ".."),
            "harness/src/test/resources/dev/bringup/board/boots",
            name + ".log"),
        StandardCharsets.ISO_8859_1);
  }
}
