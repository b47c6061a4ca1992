package dev.bringup.emulator.aarch64.fp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.emulator.aarch64.isa.Decoder;
import dev.bringup.emulator.aarch64.isa.Opcode;
import org.junit.jupiter.api.Test;

class VectorUnitTest {
  private final VectorUnit unit = new VectorUnit();
  private final long[] x = new long[34];

  private int execute(int word, int nzcv) {
    return unit.execute(Decoder.decode(word), word, x, nzcv);
  }

  private long transfer(int word, long base, VectorMemory memory) {
    return unit.transfer(Decoder.decode(word), word, base, x, memory);
  }

  @Test
  void findsTheEndOfAStringAsLibrariesDo() {
    unit.low[1] = 0x6867_6665_0063_6261L;
    unit.high[1] = 0x706f_6e6d_6c6b_6a69L;
    execute(0x4e209820, 0); // cmeq v0.16b, v1.16b, #0
    execute(0x0f0c8400, 0); // shrn v0.8b, v0.8h, #4
    execute(0x9e660000, 0); // fmov x0, d0
    assertThat(Long.numberOfTrailingZeros(x[0]) / 4).isEqualTo(3);
  }

  @Test
  void scalarResultsClearTheRestOfTheRegister() {
    unit.low[1] = 0xdead_beef_0000_0000L | Float.floatToRawIntBits(1.5f);
    unit.low[2] = Float.floatToRawIntBits(2.5f);
    unit.low[0] = -1;
    unit.high[0] = -1;
    execute(0x1e222820, 0); // fadd s0, s1, s2
    assertThat(unit.low[0]).isEqualTo(Float.floatToRawIntBits(4.0f));
    assertThat(unit.high[0]).isZero();
    assertThat(unit.fpsr).isZero();
  }

  @Test
  void comparisonsSetTheFlags() {
    unit.low[0] = Double.doubleToRawLongBits(1);
    unit.low[1] = Double.doubleToRawLongBits(2);
    unit.low[2] = Double.doubleToRawLongBits(Double.NaN);
    assertThat(execute(0x1e612000, 15)).isEqualTo(0b1000); // fcmp d0, d1
    assertThat(execute(0x1e602020, 15)).isEqualTo(0b0010); // fcmp d1, d0
    assertThat(execute(0x1e602008, 15)).isEqualTo(0b0010); // fcmp d0, #0.0
    assertThat(unit.fpsr).isZero();
    assertThat(execute(0x1e622010, 15)).isEqualTo(0b0011); // fcmpe d0, d2
    assertThat(unit.fpsr).isEqualTo(Status.INVALID);
  }

  @Test
  void generalRegisterThirtyOneIsZeroAndASink() {
    unit.low[0] = 0x1234;
    execute(0x9e66001f, 0); // fmov xzr, d0
    assertThat(x[31]).isZero();
    execute(0x9e6703e0, 0); // fmov d0, xzr
    assertThat(unit.low[0]).isZero();
  }

  @Test
  void loadsOfStructuresChangeNothingWhereTheyFault() {
    var memory = new ArrayMemory(0x1000, new byte[40]);
    unit.low[0] = 7;
    unit.low[1] = 8;
    assertThatThrownBy(
            () -> transfer(0x4cdf8000, 0x1010, memory)) // ld2 {v0.16b, v1.16b}, [x0], #32
        .isInstanceOf(ArrayMemory.Fault.class);
    assertThat(unit.low[0]).isEqualTo(7);
    assertThat(unit.low[1]).isEqualTo(8);
    assertThat(transfer(0x4cdf8000, 0x1008, memory)).isEqualTo(0x1028);
    assertThat(unit.low[0]).isZero();
  }

  @Test
  void storesOfStructuresWriteNothingWhereTheyFault() {
    byte[] bytes = new byte[40];
    var memory = new ArrayMemory(0x1000, bytes);
    unit.low[0] = -1;
    unit.high[0] = -1;
    assertThatThrownBy(() -> transfer(0x4c002000, 0x1000, memory)) // st1 {v0.16b - v3.16b}, [x0]
        .isInstanceOf(ArrayMemory.Fault.class);
    assertThat(bytes).containsOnly(0);
    transfer(0x4c007000, 0x1004, memory); // st1 {v0.16b}, [x0]
    assertThat(bytes[3]).isZero();
    assertThat(bytes[4]).isEqualTo((byte) -1);
    assertThat(bytes[19]).isEqualTo((byte) -1);
    assertThat(bytes[20]).isZero();
  }

  @Test
  void registersOfAStructureWrapAround() {
    byte[] bytes = new byte[16];
    bytes[0] = 1;
    bytes[8] = 2;
    transfer(0x0c40a01f, 0, new ArrayMemory(0, bytes)); // ld1 {v31.8b, v0.8b}, [x0]
    assertThat(unit.low[31]).isEqualTo(1);
    assertThat(unit.low[0]).isEqualTo(2);
  }

  @Test
  void encodingsThatAreReservedOrLaterThanV80AreUndefined() {
    int[] words = {
      0x0ee18400, // add v0.1d
      0x1ee22820, // fadd h0, h1, h2
      0x4e429420, // sdot
      0x2e428420, // sqrdmlah
      0x4e284820, // aese
      0x0ee0e000, // pmull of 64 bits
      0x0c008c00, // st2 of one doubleword each
      0x0f000400 | 1 << 11, // movi with o2
      0x1eae0000, // fmov x, v.d[1] without sf
    };
    for (int word : words) {
      assertThat(Decoder.decode(word)).as(Integer.toHexString(word)).isEqualTo(Opcode.UNDEFINED);
    }
  }
}
