package dev.bringup.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TftpOptionsTest {
  private static TftpOptions negotiate(ClientQuirks quirks, String... asked) {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < asked.length; i += 2) {
      options.put(asked[i], asked[i + 1]);
    }
    return TftpOptions.negotiate(options, OptionalLong.of(5000), quirks);
  }

  @Test
  void whatUBootAsksForIsGrantedInItsOrder() {
    TftpOptions options =
        negotiate(
            ClientQuirks.NONE, "timeout", "5", "tsize", "0", "blksize", "1468", "windowsize", "4");
    assertThat(options.blksize()).isEqualTo(1468);
    assertThat(options.windowsize()).isEqualTo(4);
    assertThat(options.timeoutSeconds()).isEqualTo(5);
    assertThat(options.accepted())
        .containsExactly(
            Map.entry("timeout", "5"),
            Map.entry("tsize", "5000"),
            Map.entry("blksize", "1468"),
            Map.entry("windowsize", "4"));
  }

  @Test
  void wishesBeyondTheLimitsAreGrantedSmallerOrLeftOut() {
    assertThat(negotiate(ClientQuirks.NONE, "blksize", "70000").blksize()).isEqualTo(65464);
    assertThat(negotiate(ClientQuirks.NONE, "blksize", "7").accepted()).isEmpty();
    assertThat(negotiate(ClientQuirks.NONE, "blksize", "8").blksize()).isEqualTo(8);
    assertThat(negotiate(ClientQuirks.NONE, "windowsize", "65535").windowsize()).isEqualTo(64);
    assertThat(negotiate(ClientQuirks.NONE, "windowsize", "0").accepted()).isEmpty();
    assertThat(negotiate(ClientQuirks.NONE, "timeout", "256").accepted()).isEmpty();
    assertThat(negotiate(ClientQuirks.NONE, "timeout", "0").accepted()).isEmpty();
    assertThat(
            negotiate(ClientQuirks.NONE, "blksize", "x", "tsize", "-1", "timeout", "", "foo", "1")
                .accepted())
        .isEmpty();
  }

  @Test
  void hugeWindowsOfHugeBlocksAreGrantedSmaller() {
    TftpOptions options = negotiate(ClientQuirks.NONE, "windowsize", "64", "blksize", "65464");
    assertThat(options.windowsize()).isEqualTo(8);
    assertThat(options.accepted()).containsEntry("windowsize", "8");
  }

  @Test
  void quirksLimitWhatIsGranted() {
    var quirks = ClientQuirks.NONE.withMaxBlksize(1024).withMaxWindowsize(2);
    TftpOptions options = negotiate(quirks, "blksize", "1468", "windowsize", "8");
    assertThat(options.blksize()).isEqualTo(1024);
    assertThat(options.windowsize()).isEqualTo(2);
    assertThat(negotiate(quirks.ignoringOptions(), "blksize", "1468")).isEqualTo(TftpOptions.PLAIN);
  }
}
