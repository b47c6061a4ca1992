package dev.bringup.emulator.aarch64.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The disassembler against LLVM's: the same words are instructions, and they read alike.
 *
 * <p>{@code -Dpeers.seed=...} repeats a run, {@code -Dpeers.words=...} (of a row) and {@code
 * -Dpeers.distinct=...} (of a real system) make a long one.
 */
class DisassemblerPeerTest {
  private static final int WORDS_OF_A_ROW = 40;
  private static final int DISTINCT_WORDS = 20_000;
  private static final int SHOWN = 200;

  @TempDir Path folder;

  @BeforeEach
  void needsThePeer() {
    Assumptions.assumeFalse(LlvmMc.isMissing(), "llvm of Debian is not installed");
  }

  @Test
  void everyRowReadsAsThePeerReadsIt(TestReporter reporter) throws Exception {
    long seed = seed(reporter);
    var random = new Random(seed);
    int count = Integer.getInteger("peers.words", WORDS_OF_A_ROW);
    List<Integer> words = new ArrayList<>();
    for (Opcode opcode : RandomWords.rows()) {
      for (int i = 0; i < count; i++) {
        words.add(RandomWords.of(opcode, random));
      }
    }
    assertThat(differences(words)).as("seed " + seed).isEmpty();
  }

  @Test
  void wordsNearEveryRowAreInstructionsWhereThePeerSaysSo(TestReporter reporter) throws Exception {
    long seed = seed(reporter);
    var random = new Random(seed);
    int count = Integer.getInteger("peers.words", WORDS_OF_A_ROW);
    List<Integer> words = new ArrayList<>();
    for (Opcode opcode : RandomWords.rows()) {
      for (int i = 0; i < count; i++) {
        words.add(RandomWords.near(opcode, random));
      }
    }
    assertThat(differences(words)).as("seed " + seed).isEmpty();
  }

  @Test
  void randomWordsAreInstructionsWhereThePeerSaysSo(TestReporter reporter) throws Exception {
    long seed = seed(reporter);
    var random = new Random(seed);
    int count = Integer.getInteger("peers.words", WORDS_OF_A_ROW) * RandomWords.rows().size();
    List<Integer> words = random.ints(count).boxed().toList();
    assertThat(differences(words)).as("seed " + seed).isEmpty();
  }

  @Test
  void everySystemRegisterAndOperationHasThePeersName() throws Exception {
    List<Integer> words = new ArrayList<>();
    for (int key = 0; key < 1 << 15; key++) {
      words.add(0xd530_0000 | key << 5 | 3); // MRS
      words.add(0xd510_0000 | key << 5 | 3); // MSR
    }
    for (int key = 0; key < 1 << 14; key++) {
      words.add(0xd508_0000 | key << 5 | 3); // SYS
      words.add(0xd508_0000 | key << 5 | 31);
    }
    assertThat(differences(words)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"u-boot-qemu-debian12,u-boot.bin", "linux-debian12,Image", "xen-debian12,xen"})
  void realSystemsReadAsThePeerReadsThem(String bootSet, String file, TestReporter reporter)
      throws Exception {
    ByteBuffer code = ByteBuffer.wrap(Files.readAllBytes(RealCode.file(bootSet, file)));
    IntBuffer all = code.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    int[] words = IntStream.range(0, all.limit()).map(all::get).sorted().distinct().toArray();
    int step = Math.ceilDiv(words.length, Integer.getInteger("peers.distinct", DISTINCT_WORDS));
    List<Integer> some =
        IntStream.range(0, words.length / step).mapToObj(i -> words[i * step]).toList();
    reporter.publishEntry(file, some.size() + " of " + words.length + " distinct words");
    assertThat(differences(some)).isEmpty();
  }

  private static long seed(TestReporter reporter) {
    long seed = Long.getLong("peers.seed", System.nanoTime());
    reporter.publishEntry("seed", Long.toString(seed));
    return seed;
  }

  /**
   * What LLVM reads otherwise: it takes a system instruction with an op0 of 0 for a move of a
   * register S0_..., where C4.1.3 of the Arm ARM says unallocated.
   */
  private static boolean isKnownDifference(int word) {
    boolean isSystem = word >>> 22 == 0xd500_0000 >>> 22;
    return isSystem && (word >>> 19 & 3) == 0 && Decoder.decode(word) == Opcode.UNDEFINED;
  }

  private List<String> differences(List<Integer> words) throws Exception {
    List<String> theirs = LlvmMc.disassemble(folder, words);
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < words.size() && differences.size() < SHOWN; i++) {
      int word = words.get(i);
      Opcode opcode = Decoder.decode(word);
      String ours = LlvmMc.normal(Disassembler.disassemble(word));
      String text = ours.startsWith(".inst") ? "" : ours;
      if (!text.equals(theirs.get(i)) && !isKnownDifference(word)) {
        differences.add(
            "%08x %s: ours '%s', theirs '%s'".formatted(word, opcode, ours, theirs.get(i)));
      }
    }
    return differences;
  }
}
