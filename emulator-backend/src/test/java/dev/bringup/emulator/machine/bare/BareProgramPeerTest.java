package dev.bringup.emulator.machine.bare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether the programs are right themselves: they must not complain about QEMU's machine. */
final class BareProgramPeerTest {
  private static final Path EMULATOR = Path.of("/usr/bin/qemu-system-aarch64");
  private static final int LIMIT_SECONDS = 60;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void theProgramFindsNothingWrongWithQemu(BareProgram program) throws Exception {
    assumeTrue(Files.isExecutable(EMULATOR), EMULATOR + " is missing; it is in qemu-system-arm");
    Path binary = Files.write(folder.resolve("program"), program.assemble(folder));
    Path output = folder.resolve("output");
    String entry = Long.toHexString(BareProgram.ENTRY);
    Process process =
        new ProcessBuilder(
                EMULATOR.toString(),
                "-M",
                "virt,virtualization=on,gic-version=2",
                "-cpu",
                "cortex-a72",
                "-smp",
                Integer.toString(program.cpus),
                "-m",
                "16",
                "-nodefaults",
                "-display",
                "none",
                "-monitor",
                "none",
                "-serial",
                "stdio",
                "-device",
                "loader,force-raw=on,addr=0x%s,file=%s".formatted(entry, binary),
                "-device",
                "loader,cpu-num=0,addr=0x" + entry)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      process.getOutputStream().close();
      boolean ends = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      assertThat(Files.readString(output)).isEqualTo(BareProgram.PASSED);
      assertThat(ends).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }
}
