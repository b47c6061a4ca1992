package dev.bringup.emulator.machine.bare;

import dev.bringup.emulator.CrossTools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
    CrossTools.assumeBinutils();
    String name = (isInFlash() ? VECTORS : this).name().toLowerCase(Locale.ROOT);
    String script = isInFlash() ? "flash.ld" : "bare.ld";
    for (String file : List.of("start.S", "tables.S", script, name + ".S")) {
      try (InputStream in =
          Objects.requireNonNull(BareProgram.class.getResourceAsStream(file), file)) {
        Files.write(folder.resolve(file), in.readAllBytes());
      }
    }
    CrossTools.run(folder, "as", "-o", name + ".o", name + ".S");
    CrossTools.run(
        folder, "ld", "--no-warn-rwx-segments", "-T", script, "-o", name + ".elf", name + ".o");
    CrossTools.run(folder, "objcopy", "-O", "binary", name + ".elf", name + ".bin");
    return Files.readAllBytes(folder.resolve(name + ".bin"));
  }
}
