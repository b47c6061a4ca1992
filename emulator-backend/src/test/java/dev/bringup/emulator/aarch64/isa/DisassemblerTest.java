package dev.bringup.emulator.aarch64.isa;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link DisassemblerPeerTest} cannot show, and a sample where the peer is not installed. */
class DisassemblerTest {
  private static final long PC = 0xffff_8000_0801_0ff8L;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          910003fd | mov x29, sp
          a9bf7bfd | stp x29, x30, [sp, #-16]!
          f81f0fe0 | str x0, [sp, #-16]!
          d2a00001 | movz x1, #0, lsl #16
          d2c00021 | mov x1, #4294967296
          12800000 | mov w0, #-1
          b200f3e0 | mov x0, #6148914691236517205
          d3441c41 | ubfx x1, x2, #4, #4
          d37cec41 | lsl x1, x2, #4
          1a9f17e0 | cset w0, eq
          eb02003f | cmp x1, x2
          72000c3f | tst w1, #0xf
          f9400fe1 | ldr x1, [sp, #24]
          f8627841 | ldr x1, [x2, x2, lsl #3]
          d65f03c0 | ret
          d5033fdf | isb
          d50b7423 | dc zva, x3
          d5087520 | sys #0, c7, c5, #1, x0
          d53bd041 | mrs x1, TPIDR_EL0
          d5384241 | mrs x1, CurrentEL
          d518f201 | msr S3_0_C15_C2_0, x1
          d50342df | msr DAIFSet, #2
          00000007 | udf #7
          1e6e1003 | fmov d3, #1.00000000
          9e660041 | fmov x1, d2
          1f420c20 | fmadd d0, d1, d2, d3
          3dc00441 | ldr q1, [x2, #16]
          4cdf7c41 | ld1 { v1.2d }, [x2], #16
          0d408061 | ld1 { v1.s }[0], [x3]
          4ea11c20 | mov v0.16b, v1.16b
          4e0c0c20 | dup v0.4s, w1
          6f00e5e0 | movi v0.2d, #0x000000ffffffff
          4f1c8420 | shrn2 v0.8h, v1.4s, #4
          4ee00420 | .inst 0x4ee00420
          """)
  void aWordReadsAsAssembler(String word, String line) {
    assertThat(Disassembler.disassemble(Integer.parseUnsignedInt(word, 16)).replace('\t', ' '))
        .isEqualTo(line);
  }

  @Test
  void placesAreOffsetsWhereTheAddressIsUnknown() {
    assertThat(Disassembler.disassemble(0x1400_0002)).isEqualTo("b\t#8");
    assertThat(Disassembler.disassemble(0x17ff_fffe)).isEqualTo("b\t#-8");
  }

  @Test
  void placesAreAddressesWhereItIsKnown() {
    assertThat(Disassembler.disassemble(0x1400_0002, PC)).isEqualTo("b\t0xffff800008011000");
    assertThat(Disassembler.disassemble(0x54ff_ffc0, PC)).isEqualTo("b.eq\t0xffff800008010ff0");
    assertThat(Disassembler.disassemble(0x3600_0040, PC))
        .isEqualTo("tbz\tw0, #0, 0xffff800008011000");
    assertThat(Disassembler.disassemble(0x9000_0001, PC)).isEqualTo("adrp\tx1, 0xffff800008010000");
    assertThat(Disassembler.disassemble(0x1000_0041, PC)).isEqualTo("adr\tx1, 0xffff800008011000");
    assertThat(Disassembler.disassemble(0x5800_0041, PC)).isEqualTo("ldr\tx1, 0xffff800008011000");
  }

  @Test
  void aWordThatIsNoInstructionReadsAsData() {
    assertThat(Disassembler.disassemble(0x0100_0000)).isEqualTo(".inst\t0x01000000");
  }
}
