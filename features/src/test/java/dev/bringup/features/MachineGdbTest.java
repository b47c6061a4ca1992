package dev.bringup.features;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.gdb.GdbServer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The debugger itself, in batch mode, at the built-in machine. */
class MachineGdbTest {
  private static final Path GDB = Path.of("/usr/bin/gdb-multiarch");

  @TempDir Path folder;

  @BeforeEach
  void needsThePeer() {
    Assumptions.assumeTrue(
        Files.isExecutable(GDB), () -> "gdb-multiarch of Debian is not installed");
  }

  private String gdb(EmulatedMachine machine, String... commands) throws Exception {
    try (GdbServer server = GdbServer.listen(0, machine.emulator().debugTarget())) {
      List<String> line = new ArrayList<>(List.of(GDB.toString(), "-nx", "-batch"));
      List<String> all = new ArrayList<>();
      all.add("set tcp auto-retry off");
      all.add("target remote 127.0.0.1:" + server.address().getPort());
      all.addAll(List.of(commands));
      all.forEach(command -> line.addAll(List.of("-ex", command)));
      Path output = folder.resolve("output");
      Process gdb =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .redirectInput(new File("/dev/null"))
              .start();
      try {
        assertThat(gdb.waitFor(120, TimeUnit.SECONDS)).as("GDB ends").isTrue();
      } finally {
        gdb.destroyForcibly();
      }
      return Files.readString(output, UTF_8);
    }
  }

  @Test
  void itBreaksAndStepsInUBoot() throws Exception {
    try (EmulatedMachine machine = EmulatedMachine.uBoot(true)) {
      // The reset vector branches over a header; behind it CurrentEL chooses the path to 0x100.
      String output =
          gdb(
              machine,
              "printf \"first pc=%lx\\n\", $pc",
              "x/2i $pc",
              "stepi",
              "printf \"second pc=%lx\\n\", $pc",
              "break *0x2c",
              "continue",
              "printf \"third pc=%lx\\n\", $pc",
              "x/4i $pc",
              "stepi",
              "printf \"fourth pc=%lx\\n\", $pc",
              "p/x $HCR_EL2",
              "set var $x7 = 0x1234",
              "p/x $x7",
              "set var *(long *) 0x50000000 = 0x0123456789abcdef",
              "x/gx 0x50000000",
              "x/gx 0x3ffffff8",
              "monitor time",
              "detach");
      assertThat(output)
          .contains("first pc=0")
          .containsPattern("=> 0x0:\\s+b\\s+0x28")
          .contains("second pc=28")
          .contains("third pc=2c")
          .containsPattern("=> 0x2c:\\s+adr\\s+x0, 0x0")
          .containsPattern("0x38:\\s+wfi")
          .contains("fourth pc=30")
          .contains("$1 = 0x80000000")
          .contains("$2 = 0x1234")
          .containsPattern("0x50000000:\\s+0x0123456789abcdef")
          .contains("Cannot access memory at address 0x3ffffff8")
          .contains("4 instructions")
          .contains("detached");
      machine.await("U-Boot 20", 0);
    }
  }

  @Test
  void itAttachesToARunningKernelAndLetsItGoOn() throws Exception {
    try (EmulatedMachine machine = EmulatedMachine.linux()) {
      int before = machine.await("smp: Brought up", 0).length();
      // The vector of interrupts from EL1 with its own stack pointer: the kernel's tick.
      String output =
          gdb(
              machine,
              "break *($VBAR_EL1 + 0x280)",
              "continue",
              "p $pc == $VBAR_EL1 + 0x280",
              "p $cpsr",
              "p/x *(int *) $ELR_EL1 != 0",
              "set var $a = $pc",
              "stepi",
              "p $pc == $a + 4",
              "x/2i $pc",
              "info threads",
              "continue",
              "p $pc == $a",
              "delete",
              "detach");
      assertThat(output)
          .contains("Breakpoint 1,")
          .contains("$1 = 1")
          .containsPattern("\\$2 = \\[ SP EL=1 F I A D ")
          .contains("$3 = 0x1")
          .contains("$4 = 1")
          .containsPattern("=> 0xffff[0-9a-f]{12}:\\s+\\w")
          .containsPattern("\\* 1 +Thread 1 \\(CPU 0\\)")
          .contains("$5 = 1")
          .contains("detached");
      machine.await("clocksource: Switched to", before);
    }
  }
}
