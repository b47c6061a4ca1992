package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BootStage;
import dev.bringup.board.FaultInjection;
import dev.bringup.board.MachineInspection;
import dev.bringup.boot.BootSession;
import dev.bringup.console.CommandResult;
import dev.bringup.fault.LineFault;
import dev.bringup.fault.Occurrence;
import dev.bringup.fault.PacketFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The built-in machine repeats bit for bit, although somebody types and the network answers. */
class BuiltinRepeatTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int RUNS = 10;

  /** What can be told apart from outside, and what cannot. */
  private record Ending(String stateHash, String console) {}

  @Test
  void tenRunsWithTypedCommandsAndTftpEndInOneState() throws InterruptedException {
    var endings = new ArrayList<Ending>();
    for (int run = 0; run < RUNS; run++) {
      // A host that is busy in some runs and calm in others must not show.
      endings.add(run % 2 == 0 ? scenario("crc32") : whileTheHostIsBusy(() -> scenario("crc32")));
    }
    assertThat(new HashSet<>(endings)).hasSize(1);
  }

  @Test
  void runsWithFaultsEndInOneStateForOneSeed() throws InterruptedException {
    Ending first = faulty(7);
    assertThat(whileTheHostIsBusy(() -> faulty(7))).isEqualTo(first);
    assertThat(faulty(8)).isNotEqualTo(first);
  }

  private static Ending faulty(long seed) {
    var content = new byte[300_000];
    new Random(1).nextBytes(content);
    try (var session = new BootSession(RealParts.open("emu-virt"), stage -> {})) {
      session.board().capability(BoardNetwork.class).orElseThrow().stage("file", content);
      FaultInjection faults = session.board().capability(FaultInjection.class).orElseThrow();
      for (LineFault.Direction direction : LineFault.Direction.values()) {
        var effect = new LineFault.Effect.Late(Duration.ofMillis(30));
        faults.arm(new LineFault(direction, new Occurrence.Chance(0.01), effect), seed);
      }
      session.bootTo(BootStage.BOOTLOADER, Optional.empty(), Optional.empty());
      run(session, "setenv autoload no; setenv tftpwindowsize 4; setenv tftptimeout 1000");
      run(session, "dhcp");
      var lost = new PacketFault.Effect.Lost();
      var late = new PacketFault.Effect.Late(Duration.ofMillis(2));
      faults.arm(new PacketFault(null, new Occurrence.Chance(0.03), lost), seed);
      faults.arm(new PacketFault(null, new Occurrence.Chance(0.03), late), seed);
      run(session, "tftpboot ${loadaddr} file");
      Ending ending = ending(session);
      assertThat(faults.strikes()).hasSizeGreaterThan(5);
      return new Ending(ending.stateHash(), ending.console() + session.recording().events());
    }
  }

  @Test
  void anotherCommandEndsInAnotherState() {
    assertThat(scenario("crc32").stateHash()).isNotEqualTo(scenario("md.b").stateHash());
  }

  private static Ending scenario(String look) {
    var content = new byte[300_000];
    new Random(1).nextBytes(content);
    try (var session = new BootSession(RealParts.open("emu-virt"), stage -> {})) {
      BoardNetwork network = session.board().capability(BoardNetwork.class).orElseThrow();
      network.stage("file", content);
      session.bootTo(BootStage.BOOTLOADER, Optional.empty(), Optional.empty());
      run(session, "setenv autoload no");
      run(session, "dhcp");
      run(session, "tftpboot ${loadaddr} file");
      run(session, look + " ${loadaddr} 100");
      run(session, "setenv greeting hello; saveenv");
      return ending(session);
    }
  }

  private static Ending ending(BootSession session) {
    MachineInspection machine = session.board().capability(MachineInspection.class).orElseThrow();
    return new Ending(machine.stateHash(), session.recording().text(0, session.recording().end()));
  }

  private static void run(BootSession session, String command) {
    CommandResult result = session.runInBootloader(command, LIMIT);
    assertThat(result.exitCode()).as(command + ": " + result.output()).isZero();
  }

  private interface Scenario {
    Ending run();
  }

  private static Ending whileTheHostIsBusy(Scenario scenario) throws InterruptedException {
    var over = new AtomicBoolean();
    var started = new CountDownLatch(2);
    List<Thread> busy = new ArrayList<>();
    for (int n = 0; n < 2; n++) {
      busy.add(
          Thread.ofPlatform()
              .start(() -> {
                started.countDown();
                while (!over.get()) {
                  Thread.onSpinWait();
                }
              }));
    }
    started.await();
    try {
      return scenario.run();
    } finally {
      over.set(true);
      for (Thread thread : busy) {
        thread.join();
      }
    }
  }
}
