package dev.bringup.emulator.machine.bare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether the programs are right themselves: they must not complain about QEMU's machine. */
final class BareProgramPeerTest {
  private static final Path EMULATOR = Path.of("/usr/bin/qemu-system-aarch64");
  private static final int LIMIT_SECONDS = 120;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void theProgramFindsNothingWrongWithQemu(BareProgram program) throws Exception {
    assumeTrue(Files.isExecutable(EMULATOR), EMULATOR + " is missing; it is in qemu-system-arm");
    Path binary = Files.write(folder.resolve("program"), program.assemble(folder));
    Path output = folder.resolve("output");
    String entry = Long.toHexString(program.entry());
    var command =
        new ArrayList<>(
            List.of(
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
                "stdio"));
    if (program.cpus == 1) {
      // Its time is that of its instructions, not of a busy host. CPUs that wait for each other
      // would wait too long so.
      command.addAll(List.of("-icount", "shift=4,sleep=off"));
    }
    if (program.isInFlash()) {
      command.addAll(List.of("-bios", binary.toString()));
    } else {
      command.addAll(
          List.of(
              "-device",
              "loader,force-raw=on,addr=0x%s,file=%s".formatted(entry, binary),
              "-device",
              "loader,cpu-num=0,addr=0x" + entry));
    }
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(output.toFile())
            .start();
    try {
      process.getOutputStream().close();
      boolean ends = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      assertThat(Files.readString(output)).isEqualTo(program.passed());
      assertThat(ends).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }
}
