package dev.bringup.emulator.machine.bare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Programs that check the machine from within: a source in this package's resources each, loaded to
 * RAM and begun on the first of {@code cpus} CPUs; one is in flash instead. A program prints {@code
 * ok}, or a line for each check that failed, and switches the machine off.
 */
enum BareProgram {
  VECTORS(1),
  FIRMWARE(1),
  STAGE2(1),
  TIMERS(1),
  GIC(2),
  PSCI(2),
  EXCLUSIVES(2),
  MMU(1),
  NESTED(1),
  MEMORY(1),
  SHAPES(1),
  BROADCAST(2),
  CODE(2);

  private static final long RAM_ENTRY = 0x4020_0000;
  private static final long FLASH_ENTRY = 0;
  private static final Path TOOLS = Path.of("/usr/bin");
  private static final String PREFIX = "aarch64-linux-gnu-";

  final int cpus;

  BareProgram(int cpus) {
    this.cpus = cpus;
  }

  /** What it prints when nothing is wrong; one resets the machine once. */
  String passed() {
    return this == PSCI ? "begin\nbegin\nok\n" : "begin\nok\n";
  }

  /** It is what VECTORS is, but for its place. */
  boolean isInFlash() {
    return this == FIRMWARE;
  }

  /** Where it begins, as its linker script says. */
  long entry() {
    return isInFlash() ? FLASH_ENTRY : RAM_ENTRY;
  }

  /** The bytes from {@link #entry} on. Where the tools are missing, the test is aborted. */
  byte[] assemble(Path folder) throws IOException, InterruptedException {
    for (String tool : List.of("as", "ld", "objcopy")) {
      assumeTrue(
          Files.isExecutable(TOOLS.resolve(PREFIX + tool)),
          PREFIX + tool + " is missing; it is in binutils-aarch64-linux-gnu");
    }
    String name = (isInFlash() ? VECTORS : this).name().toLowerCase(Locale.ROOT);
    String script = isInFlash() ? "flash.ld" : "bare.ld";
    for (String file : List.of("start.S", "tables.S", script, name + ".S")) {
      try (InputStream in =
          Objects.requireNonNull(BareProgram.class.getResourceAsStream(file), file)) {
        Files.write(folder.resolve(file), in.readAllBytes());
      }
    }
    execute(folder, "as", "-o", name + ".o", name + ".S");
    execute(folder, "ld", "--no-warn-rwx-segments", "-T", script, "-o", name + ".elf", name + ".o");
    execute(folder, "objcopy", "-O", "binary", name + ".elf", name + ".bin");
    return Files.readAllBytes(folder.resolve(name + ".bin"));
  }

  private static void execute(Path folder, String tool, String... arguments)
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
}
