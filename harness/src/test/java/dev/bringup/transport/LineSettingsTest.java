package dev.bringup.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.transport.LineSettings.Parity;
import dev.bringup.transport.LineSettings.StopBits;
import dev.bringup.verdict.BringupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineSettingsTest {
  @Test
  void settingsAreReadAsPeopleWriteThem() {
    assertThat(LineSettings.parse("1500000")).isEqualTo(LineSettings.of(1_500_000));
    assertThat(LineSettings.parse("115200 8N1")).isEqualTo(LineSettings.DEFAULT);
    assertThat(LineSettings.parse("115200/8n1")).isEqualTo(LineSettings.DEFAULT);
    assertThat(LineSettings.parse("9600,7e1.5"))
        .isEqualTo(LineSettings.of(9600).framed(7, Parity.EVEN, StopBits.ONE_AND_A_HALF));
    assertThat(LineSettings.parse("9600,7e2").toString()).isEqualTo("9600 7e2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "fast", "0", "115200 9n1", "115200 8x1", "99999999", "9600 8n3", "-1"})
  void otherWordsAreRefused(String text) {
    assertThatThrownBy(() -> LineSettings.parse(text)).isInstanceOf(BringupException.class);
  }
}
