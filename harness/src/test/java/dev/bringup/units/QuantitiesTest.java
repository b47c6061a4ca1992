package dev.bringup.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bringup.verdict.FailureKind;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {

  @ParameterizedTest
  @CsvSource({
    "768 MiB, 805306368",
    "2 GiB, 2147483648",
    "512 KiB, 524288",
    "64 B, 64",
    "2GiB, 2147483648",
    "4096, 4096",
    "0, 0",
    "8589934591 GiB, 9223372035781033984",
    "9223372036854775807 B, 9223372036854775807"
  })
  void sizesAreBinary(String text, long bytes) {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "MiB",
        "-1 B",
        "1.5 GiB",
        "2  GiB",
        "2 GiB ",
        "0x10",
        "8589934592 GiB",
        "9223372036854775808",
        "99999999999999999999",
        "2 TiB",
        "2 gIb",
        "٣ MiB"
      })
  void otherSizesAreRefused(String text) {
    assertThatExceptionOfType(QuantityException.class)
        .isThrownBy(() -> ByteSize.parse(text))
        .matches(e -> e.kind() == FailureKind.CONFIGURATION)
        .withMessageStartingWith("\"" + text + "\" is ");
  }

  @Test
  void decimalUnitsAreRefusedWithWhatIsMeant() {
    assertThatExceptionOfType(QuantityException.class)
        .isThrownBy(() -> ByteSize.parse("768 MB"))
        .withMessage(
            "\"768 MB\" is ambiguous (mega is 1000 or 1024 based); write 768 MiB for 768 x 1024^2"
                + " bytes");
    assertThatExceptionOfType(QuantityException.class)
        .isThrownBy(() -> ByteSize.parse("4 kB"))
        .withMessageContaining("write 4 KiB");
  }

  @Test
  void sizesPrintAsTheyCanBeRead() {
    assertThat(ByteSize.parse("1024 MiB")).hasToString("1 GiB");
    assertThat(ByteSize.parse("1536 MiB")).hasToString("1536 MiB");
    assertThat(ByteSize.parse("1500")).hasToString("1500 B");
    long seed = 20261121;
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      ByteSize size = new ByteSize(random.nextLong() >>> (1 + random.nextInt(62)));
      assertThat(ByteSize.parse(size.toString())).as("seed %d, round %d", seed, i).isEqualTo(size);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0x40200000, 1075838976",
    "0x4020_0000, 1075838976",
    "0X0, 0",
    "0xffffffffffffffff, -1",
    "0xC00000, 12582912"
  })
  void addressesAreHexadecimal(String text, long value) {
    assertThat(Address.parse(text).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0x",
        "40200000",
        "0x_1",
        "0x1_",
        "0x1__0",
        "0x10000000000000000",
        "-0x1",
        "0xg",
        " 0x1"
      })
  void otherAddressesAreRefused(String text) {
    assertThatExceptionOfType(QuantityException.class)
        .isThrownBy(() -> Address.parse(text))
        .withMessageContaining("is not an address; write 0x");
  }

  @Test
  void addressesAreUnsignedAndPrintWithPrefix() {
    Address high = Address.parse("0xffff000000000000");

    assertThat(high).isGreaterThan(Address.parse("0x40000000"));
    assertThat(high).hasToString("0xffff000000000000");
    assertThat(Address.parse("0x40000000").plus(ByteSize.parse("2 MiB")).hex())
        .isEqualTo("40200000");
  }

  @ParameterizedTest
  @CsvSource({
    "120 s, PT2M",
    "500 ms, PT0.5S",
    "2 min, PT2M",
    "1 h, PT1H",
    "1.5 s, PT1.5S",
    "0 s, PT0S",
    "90s, PT1M30S",
    "0.001 ms, PT0.000001S"
  })
  void durationsHaveUnits(String text, Duration duration) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "120",
        "2 m",
        "5 minutes",
        "-1 s",
        "1 S",
        "1. s",
        "1.2345 s",
        "9999999999 s",
        "999999999 h"
      })
  void otherDurationsAreRefused(String text) {
    assertThatExceptionOfType(QuantityException.class).isThrownBy(() -> Durations.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "PT2M, 120 s",
    "PT0.5S, 500 ms",
    "PT1H, 1 h",
    "PT10M, 10 min",
    "PT0S, 0 s",
    "PT1M30S, 90 s",
    "PT1.25S, 1250 ms"
  })
  void durationsPrintAsTheyCanBeRead(Duration duration, String text) {
    assertThat(Durations.format(duration)).isEqualTo(text);
    assertThat(Durations.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @CsvSource({
    "4.14, 4.17.7",
    "4.9, 4.14",
    "4, 4.1",
    "2022.10, 2023.01+dfsg-2+deb12u1",
    "5.9, 6.1.0-28-arm64"
  })
  void versionsAreOrderedByTheirNumbers(String earlier, String later) {
    assertThat(Version.parse(earlier)).isLessThan(Version.parse(later));
    assertThat(Version.parse(later).isAtLeast(Version.parse(earlier))).isTrue();
    assertThat(Version.parse(earlier).isAtLeast(Version.parse(later))).isFalse();
  }

  @Test
  void endingZerosAndSuffixesDoNotCount() {
    assertThat(Version.parse("4.14"))
        .isEqualTo(Version.parse("4.14.0"))
        .isEqualTo(Version.parse("4.14-rc1"))
        .hasSameHashCodeAs(Version.parse("4.14.0"))
        .isNotEqualTo(Version.parse("4.1.4"));
    assertThat(Version.parse("2023.01+dfsg")).hasToString("2023.01+dfsg");
    assertThat(Version.parse("0")).isLessThan(Version.parse("0.1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v4", "4.", ".4", "4..1", "4.x", "four", "9999999999", "-1"})
  void otherVersionsAreRefused(String text) {
    assertThatExceptionOfType(QuantityException.class)
        .isThrownBy(() -> Version.parse(text))
        .withMessageEndingWith("is not a version; write numbers and dots, such as 4.14");
  }

  @Test
  void messagesStayShortAndOnOneLine() {
    assertThatExceptionOfType(QuantityException.class)
        .isThrownBy(() -> Version.parse("a\nb\u001b" + "x".repeat(100_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(120).doesNotContain("\n"));
  }
}
