package dev.bringup.emulator.aarch64;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.CrossTools;
import dev.bringup.emulator.aarch64.isa.Disassembler;
import dev.bringup.emulator.lockstep.Batch;
import dev.bringup.emulator.lockstep.QemuPrograms;
import dev.bringup.emulator.lockstep.RandomPrograms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random instructions at EL0 on QEMU and on our CPU, through decoder, translation of addresses and
 * exceptions: registers, flags, memory, and where and why each program ended.
 *
 * <p>{@code -Dpeers.seed=...} repeats a run, {@code -Dpeers.instructions=...} makes the long one.
 */
class InstructionPeerTest {
  private static final int QUICK = 20_480;
  private static final int ENOUGH = 20;

  @TempDir Path folder;

  @BeforeEach
  void needsThePeer() {
    CrossTools.assumeUserMode();
  }

  @Test
  void shortProgramsEndAsOnThePeer(TestReporter reporter) throws Exception {
    compare(QUICK, reporter);
  }

  @Test
  @Tag("peers")
  @EnabledIfSystemProperty(named = "peers.instructions", matches = "\\d+")
  void manyShortProgramsEndAsOnThePeer(TestReporter reporter) throws Exception {
    compare(Long.getLong("peers.instructions"), reporter);
  }

  private void compare(long count, TestReporter reporter) throws Exception {
    long seed = Long.getLong("peers.seed", System.nanoTime());
    reporter.publishEntry("seed", Long.toString(seed));
    var programs = new RandomPrograms(new Random(seed));
    List<String> differences = new ArrayList<>();
    long done = 0;
    try (QemuPrograms peer = QemuPrograms.start(folder);
        PeerCpu cpu = new PeerCpu()) {
      while (done < count && differences.size() < ENOUGH) {
        Batch batch = programs.batch();
        compare(batch, cpu.execute(batch), peer.execute(batch), differences);
        done += Batch.PROGRAMS;
      }
    }
    reporter.publishEntry("programs", done + " of " + programs.rows() + " rows");
    assertThat(differences).as("seed " + seed).isEmpty();
  }

  private static void compare(
      Batch batch, Batch.Results ours, Batch.Results theirs, List<String> differences) {
    for (int i = 0; i < Batch.PROGRAMS; i++) {
      String difference = ours.states().get(i).difference(theirs.states().get(i));
      int at =
          Arrays.mismatch(
              Arrays.copyOfRange(ours.windows(), i * Batch.WINDOW, (i + 1) * Batch.WINDOW),
              Arrays.copyOfRange(theirs.windows(), i * Batch.WINDOW, (i + 1) * Batch.WINDOW));
      if (at >= 0) {
        difference += " memory differs from byte %d of window %d on".formatted(at, i);
      }
      if (!difference.isEmpty()) {
        differences.add(text(batch.programs().get(i)) + "\n  " + difference);
      }
    }
  }

  private static String text(Batch.Program program) {
    var text = new StringBuilder();
    long pc = program.before().pc;
    for (int word : program.words()) {
      text.append(
          "\n  %s %s"
              .formatted(
                  HexFormat.of().toHexDigits(word), Disassembler.disassemble(word, pc).strip()));
      pc += 4;
    }
    return text.append("\n  with ").append(program.before()).toString();
  }
}
