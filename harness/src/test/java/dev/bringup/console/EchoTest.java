package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoTest {
  private static int end(String raw) {
    return new Echo(raw).endOf("ls -l", text -> text.endsWith("$ "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ls -l",
        "l\r\r\ns -l",
        "ls - \rl",
        "\u0007ls -l",
        "\u001b[6nls\u001b[K -l",
        "a line\r\nls -l",
        "$ ls -l",
        "ls$ ls -l"
      })
  void terminalsMayPutThingsAroundAnEcho(String raw) {
    assertThat(end(raw.replace("ls - \rl", "ls - \rl")))
        .isEqualTo(raw.replace("ls - \rl", "ls - \rl").length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lls -l", "ls -ll", "ls  -l", "l -l", "ls -m", "x ls -l", "ls -l$ "})
  void nothingElseIsTheEcho(String raw) {
    assertThat(end(raw)).isEqualTo(-1);
  }

  @Test
  void anEchoIsWrongWithItsFirstWrongCharacter() {
    assertThat(new Echo("").mayBecome("ls -l")).isTrue();
    assertThat(new Echo("ls -").mayBecome("ls -l")).isTrue();
    assertThat(new Echo("l ").mayBecome("ls -l")).isFalse();
    assertThat(new Echo("ls -l ").mayBecome("ls -l")).isFalse();
  }

  @Test
  void lostAndDoubledCharactersAreToldFromOthers() {
    assertThat(new Echo("l -l").hasLost("ls -l")).isTrue();
    assertThat(new Echo("ls").hasLost("ls -l")).isTrue();
    assertThat(new Echo("lss -l").hasLost("ls -l")).isTrue();
    assertThat(new Echo("").hasLost("ls -l")).isFalse();
    assertThat(new Echo("ls -l").hasLost("ls -l")).isFalse();
    assertThat(new Echo("ls -m").hasLost("ls -l")).isFalse();
    assertThat(new Echo("ls [noise] -l").hasLost("ls -l")).isFalse();
  }
}
