package dev.bringup.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Debian's binutils for AArch64, and its user-mode emulator; a test without them is aborted. */
public final class CrossTools {
  private static final Path FOLDER = Path.of("/usr/bin");
  private static final String PREFIX = "aarch64-linux-gnu-";
  private static final String EMULATOR = "qemu-aarch64";

  private CrossTools() {}

  /** Aborts the test if a tool of binutils is missing. */
  public static void assumeBinutils() {
    for (String tool : List.of("as", "ld", "objcopy")) {
      assume(PREFIX + tool, "binutils-aarch64-linux-gnu");
    }
  }

  /** Aborts the test if it cannot run programs on QEMU's user-mode emulation. */
  public static void assumeUserMode() {
    assumeBinutils();
    assume(EMULATOR, "qemu-user");
  }

  private static void assume(String tool, String debianPackage) {
    assumeTrue(
        Files.isExecutable(FOLDER.resolve(tool)),
        tool + " is missing; it is in Debian's " + debianPackage);
  }

  /** Runs {@code as}, {@code ld} or {@code objcopy} in a folder, to its end without an error. */
  public static void run(Path folder, String tool, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(PREFIX + tool));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    try (InputStream output = process.getInputStream()) {
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
    }
  }

  /** Makes the bytes of a source without references to elsewhere. */
  public static byte[] assemble(Path folder, String source)
      throws IOException, InterruptedException {
    Files.writeString(folder.resolve("program.s"), source);
    run(folder, "as", "-o", "program.o", "program.s");
    run(folder, "objcopy", "-O", "binary", "program.o", "program.bin");
    return Files.readAllBytes(folder.resolve("program.bin"));
  }

  /** Starts a source as a static program of Linux; its standard streams are the caller's. */
  public static Process startUserMode(Path folder, String source)
      throws IOException, InterruptedException {
    Files.writeString(folder.resolve("program.s"), source);
    run(folder, "as", "-o", "program.o", "program.s");
    run(folder, "ld", "-static", "-o", "program", "program.o");
    return new ProcessBuilder(EMULATOR, "-cpu", "cortex-a72", folder.resolve("program").toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
