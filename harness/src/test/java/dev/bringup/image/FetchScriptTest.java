package dev.bringup.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The script of a board's own medium. Here a shell plays U-Boot; {@code ProvisionedBoardTest} runs
 * it on the real one.
 */
class FetchScriptTest {
  private static final FetchScript.Plan PLAN =
      new FetchScript.Plan("192.168.1.10", "tftpboot", 0xc0_0000, "boot2.scr");

  /** U-Boot's commands as shell functions; the one that {@code FAIL} names fails. */
  private static final String COMMANDS =
      """
      ran() { echo "RAN $*"; test "$1" != "$FAIL"; }
      setenv() { name=$1; shift; eval "$name=\\$*"; ran setenv_$name "$@"; }
      dhcp() { serverip=192.168.1.1; ran dhcp; }
      tftpboot() { ran tftpboot "$@" "from $serverip"; }
      source() { ran source "$@"; }
      """;

  @TempDir private Path dir;

  private String run(String fail) throws IOException, InterruptedException {
    Files.writeString(dir.resolve("script"), COMMANDS + FetchScript.write(PLAN));
    return Peer.execute(dir, Map.of("FAIL", fail), "bash", "script").output();
  }

  @Test
  void itAsksDhcpForAnAddressAndTheLabsServerForTheScript()
      throws IOException, InterruptedException {
    assertThat(run("").lines().filter(line -> !line.startsWith("RAN setenv_bringup")))
        .containsExactly(
            "RAN setenv_autoload no",
            "RAN dhcp",
            "RAN setenv_serverip 192.168.1.10",
            "RAN tftpboot 0xc00000 boot2.scr from 192.168.1.10",
            "BRINGUP: running boot2.scr",
            "RAN source 0xc00000",
            "BRINGUP: stopped");
  }

  @ParameterizedTest
  @CsvSource({
    "setenv_autoload,autoload cannot be set",
    "dhcp,DHCP gave no address",
    "setenv_serverip,serverip cannot be set",
    "tftpboot,load of boot2.scr from 192.168.1.10 failed",
    "source,boot2.scr failed"
  })
  void whatFailsIsNamedAndNothingComesAfterIt(String step, String complaint)
      throws IOException, InterruptedException {
    String output = run(step);
    assertThat(output).contains("BRINGUP: " + complaint + "\n");
    String after = output.substring(output.indexOf("BRINGUP: " + complaint));
    assertThat(after.lines().filter(line -> line.startsWith("RAN ")))
        .allMatch(line -> line.startsWith("RAN setenv_bringup"));
    assertThat(after).contains(BootScript.STOPPED);
  }

  @Test
  void mkimageKnowsItAsAScript() throws IOException, InterruptedException {
    Peer.require("mkimage", "u-boot-tools");
    Path file = dir.resolve("boot.scr");
    Files.write(file, UImage.script(FetchScript.write(PLAN), Instant.EPOCH).encode());
    assertThat(Peer.run(dir, "mkimage", "-l", file.toString()))
        .contains("AArch64 Linux Script (uncompressed)");
  }

  @Test
  void aServerThatIsNoAddressIsRefused() {
    for (String server : new String[] {"", "lab", "1.2.3", "1.2.3.256", "1.2.3.4;reset"}) {
      assertThatThrownBy(() -> new FetchScript.Plan(server, "tftpboot", 0, "boot2.scr"))
          .isInstanceOf(BringupException.class)
          .hasMessageContaining("is no IPv4 address");
    }
    assertThatThrownBy(() -> new FetchScript.Plan("1.2.3.4", "tftpboot", 0, "a b"))
        .hasMessageContaining("boot file \"a b\"");
  }
}
