package dev.bringup.emulator.aarch64.fp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.CrossTools;
import dev.bringup.emulator.aarch64.isa.Opcode;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * Random instructions of every row on QEMU and on our unit: all registers, flags and memory alike.
 * QEMU 7.2 deviates from the Arm ARM in nothing that these instructions showed.
 *
 * <p>{@code -Dpeers.seed=...} repeats a run, {@code -Dpeers.instructions=...} makes the long one.
 */
class VectorUnitPeerTest {
  private static final int QUICK = 20_480;

  @TempDir Path folder;

  @BeforeEach
  void needsThePeer() {
    CrossTools.assumeUserMode();
  }

  @Test
  void aSampleOfEveryRowAgreesWithThePeer(TestReporter reporter) throws Exception {
    compare(QUICK, reporter);
  }

  @Test
  @Tag("peers")
  @EnabledIfSystemProperty(named = "peers.instructions", matches = "\\d+")
  void manyOfEveryRowAgreeWithThePeer(TestReporter reporter) throws Exception {
    compare(Long.getLong("peers.instructions"), reporter);
  }

  private void compare(long count, TestReporter reporter) throws Exception {
    long seed = Long.getLong("peers.seed", System.nanoTime());
    var random = new Random(seed);
    var instructions = new RandomInstructions(random, Opcode.ST1_MULTIPLE, Opcode.FNMSUB);
    List<Opcode> rows = instructions.rows();
    reporter.publishEntry("seed", Long.toString(seed));
    List<String> differences = new ArrayList<>();
    long done = 0;
    try (QemuUser peer = QemuUser.start(folder)) {
      while (done < count && differences.size() < 20) {
        List<CpuState> before = new ArrayList<>();
        List<Integer> words = new ArrayList<>();
        List<Opcode> opcodes = new ArrayList<>();
        for (int i = 0; i < QemuUser.MAX_BATCH; i++) {
          Opcode opcode = rows.get((int) ((done + i) % rows.size()));
          int word = instructions.word(opcode);
          opcodes.add(opcode);
          words.add(word);
          before.add(instructions.state(word, i));
        }
        List<CpuState> theirs = peer.execute(before, words);
        for (int i = 0; i < words.size(); i++) {
          int word = words.get(i);
          CpuState ours = execute(before.get(i), opcodes.get(i), word, i);
          String difference = ours.difference(theirs.get(i));
          if (!difference.isEmpty()) {
            String fpcr = HexFormat.of().toHexDigits(before.get(i).fpcr);
            differences.add(
                opcodes.get(i)
                    + " "
                    + HexFormat.of().toHexDigits(word)
                    + " with FPCR "
                    + fpcr
                    + ":"
                    + difference);
          }
        }
        done += words.size();
      }
    }
    reporter.publishEntry("instructions", done + " of " + rows.size() + " rows");
    assertThat(differences).as("seed " + seed).isEmpty();
  }

  private static CpuState execute(CpuState before, Opcode opcode, int word, int place) {
    var unit = new VectorUnit();
    System.arraycopy(before.low, 0, unit.low, 0, 32);
    System.arraycopy(before.high, 0, unit.high, 0, 32);
    unit.fpcr = (int) before.fpcr;
    unit.fpsr = (int) before.fpsr;
    var after = new CpuState();
    System.arraycopy(before.x, 0, after.x, 0, before.x.length);
    System.arraycopy(before.scratch, 0, after.scratch, 0, before.scratch.length);
    after.nzcv = before.nzcv;
    if (RandomInstructions.isTransfer(word)) {
      int base = word >>> 5 & 31;
      var memory = new ArrayMemory(CpuState.scratchAddress(place), after.scratch);
      after.x[base] = unit.transfer(opcode, word, before.x[base], before.x, memory);
    } else {
      after.nzcv = unit.execute(opcode, word, after.x, (int) before.nzcv);
    }
    System.arraycopy(unit.low, 0, after.low, 0, 32);
    System.arraycopy(unit.high, 0, after.high, 0, 32);
    after.fpsr = Integer.toUnsignedLong(unit.fpsr);
    return after;
  }
}
