package dev.bringup.emulator.gdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The debugger itself, in batch mode, at the pretended machine. */
class GdbMultiarchTest {
  private static final Path GDB = Path.of("/usr/bin/gdb-multiarch");

  @TempDir Path folder;

  private final FakeTarget target =
      new FakeTarget(FakeTarget.ADD_X0_1, FakeTarget.NOP, FakeTarget.B_MINUS_8, FakeTarget.HLT);
  private final GdbServer server = GdbServer.listen(0, target);

  @BeforeEach
  void needsThePeer() {
    Assumptions.assumeTrue(
        Files.isExecutable(GDB), () -> "gdb-multiarch of Debian is not installed");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private String gdb(String... commands) throws Exception {
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
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    try {
      assertThat(gdb.waitFor(60, TimeUnit.SECONDS)).as("GDB ends").isTrue();
    } finally {
      gdb.destroyForcibly();
    }
    return Files.readString(output, UTF_8);
  }

  @Test
  void itAttachesAndSeesRegistersAndCode() throws Exception {
    String output =
        gdb(
            "info registers",
            "p $v3.du[1]",
            "set var $v3.du[1] = 0x1234",
            "p/x $v3.du[1]",
            "p/x $SCTLR_EL1",
            "p $cpsr",
            "x/4i $pc",
            "info threads",
            "detach");
    assertThat(output)
        .containsPattern("(?m)^x0 +0x0 ")
        .containsPattern("(?m)^sp +0x40001000 ")
        .containsPattern("(?m)^pc +0x40000000 ")
        .contains("$1 = 0")
        .contains("$2 = 0x1234")
        .contains("$3 = 0x30d00800")
        .contains("SP EL=2 F I A D")
        .containsPattern("=> 0x40000000:\\s+add\\s+x0, x0, #0x1")
        .containsPattern("0x40000008:\\s+b\\s+0x40000000")
        .containsPattern("0x4000000c:\\s+hlt")
        .containsPattern("\\* 1 +Thread 1 \\(CPU 0\\)")
        .containsPattern(" 2 +Thread 2 \\(CPU 1\\)")
        .contains("detached");
    assertThat(target.isRunning()).as("goes on").isTrue();
  }

  @Test
  void itBreaksContinuesAndSteps() throws Exception {
    String output =
        gdb(
            "break *0x40000004",
            "hbreak *0x40000008",
            "continue",
            "printf \"first x0=%d pc=%lx\\n\", $x0, $pc",
            "continue",
            "printf \"second x0=%d pc=%lx\\n\", $x0, $pc",
            "stepi",
            "printf \"third x0=%d pc=%lx\\n\", $x0, $pc",
            "stepi",
            "printf \"fourth x0=%d pc=%lx\\n\", $x0, $pc",
            "set var $x0 = 41",
            "set var *(int *) 0x40000800 = 0x14000000",
            "continue",
            "delete",
            "stepi",
            "stepi",
            "stepi",
            "printf \"fifth x0=%d pc=%lx\\n\", $x0, $pc",
            "detach");
    assertThat(output)
        .contains("first x0=1 pc=40000004")
        .contains("second x0=1 pc=40000008")
        .contains("third x0=1 pc=40000000")
        .contains("fourth x0=2 pc=40000004")
        .contains("fifth x0=42 pc=40000008");
    assertThat(target.breakpoints()).isEmpty();
    assertThat(target.word(FakeTarget.MEMORY)).isEqualTo(FakeTarget.ADD_X0_1);
    assertThat(target.word(FakeTarget.MEMORY + 0x800)).isEqualTo(FakeTarget.B_SELF);
  }

  @Test
  void itSeesWhereTheProgramEnds() throws Exception {
    String output = gdb("set var $pc = 0x4000000c", "continue", "info registers pc");
    assertThat(output).contains("exited normally");
    assertThat(target.isRunning()).isFalse();
  }

  @Test
  void itLooksAtTheOtherCpu() throws Exception {
    String output =
        gdb(
            "thread 2",
            "printf \"other pc=%lx\\n\", $pc",
            "stepi",
            "stepi",
            "stepi",
            "printf \"stepped pc=%lx\\n\", $pc",
            "detach");
    assertThat(output).contains("other pc=40000800").contains("stepped pc=40000804");
  }

  @Test
  void memoryThatIsNotThereIsSaid() throws Exception {
    assertThat(gdb("x/x 0x10", "p 6 * 7")).contains("Cannot access memory").contains("$1 = 42");
  }

  @Test
  void monitorTalksToTheMachine() throws Exception {
    assertThat(gdb("monitor help", "monitor reset now", "monitor what", "monitor fail"))
        .contains("reset - restarts the machine")
        .contains("done: reset now")
        .contains("no command what")
        .contains("fail: as it should");
  }
}
