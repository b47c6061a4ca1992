package dev.bringup.emulator.aarch64.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table and the index over it. */
class DecoderTest {
  private static final long SEED = 0x41_41_36_34;

  /** The registers Rd and Rn: no row is chosen by them. */
  private static final int LOWEST_REGISTERS = 0x3ff;

  private static final List<Opcode> ROWS = RandomWords.rows();

  @Test
  void everyPatternHasOnePlaceForEachBit() {
    assertThat(ROWS).allMatch(row -> row.pattern().length() == 32);
  }

  @Test
  void everyRowIsReached() {
    var random = new Random(SEED);
    for (Opcode row : ROWS) {
      assertThat(Decoder.decode(RandomWords.of(row, random))).isEqualTo(row);
    }
  }

  @Test
  void noWordFitsTwoRows() {
    List<String> both = new ArrayList<>();
    int compared = 0;
    for (Opcode one : ROWS) {
      for (Opcode other : ROWS.subList(ROWS.indexOf(one) + 1, ROWS.size())) {
        if (((one.value() ^ other.value()) & one.mask() & other.mask()) == 0) {
          compared++;
          everyWordOfBoth(one, other, both);
        }
      }
    }
    assertThat(compared).as("pairs that only conditions part").isPositive();
    assertThat(both).isEmpty();
  }

  private static void everyWordOfBoth(Opcode one, Opcode other, List<String> both) {
    int fixed = one.value() | other.value();
    int free = ~(one.mask() | other.mask() | LOWEST_REGISTERS);
    int operands = 0;
    do {
      int word = fixed | operands;
      if (one.fits(word) && other.fits(word)) {
        both.add("%08x is %s and %s".formatted(word, one, other));
      }
      operands = (operands - free) & free; // the next number in the free bits
    } while (operands != 0);
  }

  @Test
  void noConditionLooksAtTheLowestRegisters() {
    var random = new Random(SEED);
    for (Opcode row : ROWS) {
      for (int i = 0; i < 200; i++) {
        int word = row.value() | (random.nextInt() & ~row.mask());
        int other = word ^ (random.nextInt() & LOWEST_REGISTERS & ~row.mask());
        assertThat(row.fits(other)).as("%08x of %s", other, row).isEqualTo(row.fits(word));
      }
    }
  }

  @Test
  void theIndexFindsWhatTheTableHas() {
    var random = new Random(SEED);
    for (int i = 0; i < 100_000; i++) {
      int word = i % 2 == 0 ? random.nextInt() : RandomWords.near(any(random), random);
      Opcode expected =
          ROWS.stream().filter(row -> row.fits(word)).findFirst().orElse(Opcode.UNDEFINED);
      assertThat(Decoder.decode(word)).as("%08x", word).isEqualTo(expected);
    }
  }

  private static Opcode any(Random random) {
    return ROWS.get(random.nextInt(ROWS.size()));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0x0000_0000, // permanently undefined
        0xffff_ffff, // erased flash
        0x8b22_1420, // ADD shifted by 5 of an extended register
        0x1280_0000 | 2 << 21, // MOVN of 32 bits into the upper half
        0x9200_fc00, // AND with a mask of all ones
        0x08a0_7c00, // CAS of v8.1
        0xb820_0000, // LDADD of v8.1
        0xdac1_0000, // PACIA of v8.3
        0x4e28_4800, // AESE, which the CPU hides
        0x0400_0000, // SVE
      })
  void whatIsNotOfThisCpuIsUndefined(int word) {
    assertThat(Decoder.decode(word)).isEqualTo(Opcode.UNDEFINED);
  }
}
