package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.config.ConfigurationException;
import dev.bringup.config.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {
  private final Path folder;

  SecretTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Secret read(String password) {
    return Secret.read(
        YamlFile.parse(folder.resolve("desk.yaml").toString(), "password: " + password)
            .get("password"));
  }

  @Test
  void theFirstLineOfAFileBesideTheBoardFile() throws IOException {
    Files.writeString(folder.resolve("pdu.secret"), "hunter2\nnot this\n");
    Secret secret = read("{file: pdu.secret}");
    assertThat(secret.reveal()).isEqualTo("hunter2");
    assertThat(secret).hasToString("***");
  }

  @Test
  void anEnvironmentVariable() {
    assertThat(read("{env: PATH}").reveal()).isEqualTo(System.getenv("PATH"));
  }

  @Test
  void aSecretInTheBoardFileIsRefusedAndNotShown() {
    assertThatThrownBy(() -> read("hunter2"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("desk.yaml:1:11: a secret does not stand in a board file")
        .message()
        .doesNotContain("hunter2");
  }

  @Test
  void whatIsNotThereIsNamed() throws IOException {
    Files.writeString(folder.resolve("empty"), "\n");
    Files.write(folder.resolve("binary"), new byte[] {'a', 0, 'b'});
    assertThatThrownBy(() -> read("{env: BRINGUP_NO_SUCH_SECRET}"))
        .hasMessageContaining("no environment variable \"BRINGUP_NO_SUCH_SECRET\"");
    assertThatThrownBy(() -> read("{file: nowhere}")).hasMessageContaining("there is no file");
    assertThatThrownBy(() -> read("{file: empty}")).hasMessageContaining("is empty");
    assertThatThrownBy(() -> read("{file: binary}")).hasMessageContaining("control characters");
    assertThatThrownBy(() -> read("{file: a, env: B}")).hasMessageContaining("either");
    assertThatThrownBy(() -> read("{file: .}")).hasMessageContaining("there is no file");
  }
}
