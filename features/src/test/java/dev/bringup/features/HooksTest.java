package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs by which U-Boot's test suite drives a board, driven by a plain shell script. */
class HooksTest {
  private static final long LONGEST_SECONDS = 900;

  @TempDir private Path folder;

  @BeforeEach
  void aBuildOfUBoot() throws IOException {
    byte[] debians = Files.readAllBytes(RealParts.file("u-boot-qemu-debian12", "u-boot.bin"));
    String own = new String(debians, StandardCharsets.ISO_8859_1).replace("Hit any", "Hit ANY");
    Path build = Files.createDirectory(folder.resolve("build"));
    Files.writeString(build.resolve("u-boot.bin"), own, StandardCharsets.ISO_8859_1);
  }

  private String script(String text) throws IOException, InterruptedException {
    Path script =
        Files.writeString(
            folder.resolve("script"),
            """
            set -e
            until_says() { # what, how often
              n=0
              until [ "$(grep -c -e "$1" out)" -ge "$2" ]; do
                sleep 0.1
                n=$((n + 1))
                [ $n -lt 3000 ]
              done
            }
            '%s' hooks uboot hooks --board emu-virt --type qemu_arm64 >/dev/null
            PATH=$PWD/hooks:$PATH
            : >out # which the console's shell may open after we first look into it
            """
                    .formatted(RealParts.root().resolve("bringup"))
                + text);
    Path log = folder.resolve("log");
    Path runtime = Files.createDirectories(folder.resolve("run"));
    var builder =
        new ProcessBuilder("sh", script.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("XDG_RUNTIME_DIR", runtime.toString());
    builder.environment().remove("U_BOOT_BUILD_DIR");
    Process shell = builder.start();
    boolean ended = shell.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
    shell.descendants().forEach(ProcessHandle::destroy);
    shell.destroyForcibly();
    String said = Files.readString(log, StandardCharsets.ISO_8859_1);
    assertThat(ended).as("still running; it said: " + said).isTrue();
    assertThat(shell.exitValue()).as(said).isZero();
    return said;
  }

  @Test
  void aScriptStartsTheBoardTwiceAndTalksToItsPrompt() throws Exception {
    String said =
        script(
            """
            U_BOOT_BUILD_DIR=$PWD/build u-boot-test-flash qemu_arm64 na
            mkfifo in
            u-boot-test-console qemu_arm64 na <in >out 2>err &
            exec 3>in
            u-boot-test-reset qemu_arm64 na
            until_says 'Hit ANY key' 1
            printf '\\003' >&3
            until_says '^=> ' 1
            printf 'version\\n' >&3
            until_says '^GNU ld' 1
            exec 3>&-
            wait
            mv out first
            : >out
            # The suite does not wait for the console: here the reset is certainly first.
            u-boot-test-reset qemu_arm64 na
            u-boot-test-console qemu_arm64 na <in >out 2>>err &
            exec 3>in
            until_says 'Hit ANY key' 1
            exec 3>&-
            wait
            u-boot-test-release qemu_arm64 na
            """);

    assertThat(said.strip())
        .isEqualTo("bringup: emu-virt runs %s/build/u-boot.bin from now on".formatted(folder));
    assertThat(folder.resolve("err")).isEmptyFile();
    String first = Files.readString(folder.resolve("first"), StandardCharsets.ISO_8859_1);
    // One banner, and the same words again where they were asked for.
    String[] parts = first.split("=> version\r\n", -1);
    assertThat(parts).hasSize(2).allSatisfy(part -> assertThat(part).containsOnlyOnce("U-Boot 20"));
    String second = Files.readString(folder.resolve("out"), StandardCharsets.ISO_8859_1);
    assertThat(second).containsOnlyOnce("\nU-Boot 20").doesNotContain("version");
  }

  @Test
  void aRoleIsDescribedInLinesOfAWordAndAValue() throws Exception {
    String said =
        script(
            """
            export U_BOOT_SOURCE_DIR=/src
            u-boot-test-getrole desk --configure
            """);

    assertThat(said)
        .isEqualTo(
            """
            board qemu_arm64
            board_extra qemu_arm64
            build_dir /src/build-qemu_arm64
            build_dir_extra /src/build-qemu_arm64
            """);
  }
}
