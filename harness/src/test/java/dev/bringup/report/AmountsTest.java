package dev.bringup.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AmountsTest {

  @Test
  void durationsNeverRoundIntoAnImpossibleNumber() {
    assertThat(Amounts.duration(Duration.ZERO)).isEqualTo("0 s");
    assertThat(Amounts.duration(Duration.ofNanos(1))).isEqualTo("1 ms");
    assertThat(Amounts.duration(Duration.ofMillis(99))).isEqualTo("99 ms");
    assertThat(Amounts.duration(Duration.ofMillis(100))).isEqualTo("0.1 s");
    assertThat(Amounts.duration(Duration.ofMillis(59_949))).isEqualTo("59.9 s");
    assertThat(Amounts.duration(Duration.ofMillis(59_950))).isEqualTo("1 min 00 s");
    assertThat(Amounts.duration(Duration.ofMillis(119_600))).isEqualTo("2 min 00 s");
    assertThat(Amounts.duration(Duration.ofMillis(3_599_700))).isEqualTo("1 h 00 min");
    assertThat(Amounts.duration(Duration.ofSeconds(-2))).isEqualTo("-2.0 s");
  }

  @Test
  void sizesUseBinaryMultiples() {
    assertThat(Amounts.bytes(0)).isEqualTo("0 B");
    assertThat(Amounts.bytes(1023)).isEqualTo("1023 B");
    assertThat(Amounts.bytes(1024)).isEqualTo("1.0 KiB");
    assertThat(Amounts.bytes((1 << 20) - 1)).isEqualTo("1.0 MiB");
    assertThat(Amounts.bytes(34_359_808)).isEqualTo("32.8 MiB");
    assertThat(Amounts.bytes(Long.MAX_VALUE)).endsWith(" TiB");
  }
}
