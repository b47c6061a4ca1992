package dev.bringup.emulator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which class an instruction belongs to. */
class InstructionClassTest {
  @ParameterizedTest
  @CsvSource({
    "91000400, INTEGER, add x0 x0 #1",
    "10000000, INTEGER, adr",
    "9ac00800, INTEGER, udiv",
    "aa0003e0, INTEGER, mov",
    "f9400000, LOAD_STORE, ldr",
    "a9bf7bfd, LOAD_STORE, stp",
    "3d800000, LOAD_STORE, str q0",
    "0c407000, LOAD_STORE, ld1",
    "c85f7c00, LOAD_STORE, ldxr",
    "58000000, LOAD_STORE, ldr literal",
    "14000000, BRANCH, b",
    "94000000, BRANCH, bl",
    "54000001, BRANCH, b.ne",
    "b4000000, BRANCH, cbz x0",
    "34000000, BRANCH, cbz w0",
    "36000000, BRANCH, tbz",
    "b7000000, BRANCH, tbnz",
    "d61f0000, BRANCH, br",
    "d63f0000, BRANCH, blr",
    "d65f03c0, BRANCH, ret",
    "d69f03e0, SYSTEM, eret",
    "d503201f, SYSTEM, nop",
    "d5033fdf, SYSTEM, isb",
    "d53be040, SYSTEM, mrs",
    "d4000001, SYSTEM, svc",
    "00000000, SYSTEM, udf",
    "ffffffff, SYSTEM, none",
    "1e602800, VECTOR, fadd",
    "4ea28420, VECTOR, add v0.4s",
  })
  void anInstructionHasAClass(String word, InstructionClass expected, String text) {
    assertThat(InstructionClass.of(Integer.parseUnsignedInt(word, 16)))
        .as(text)
        .isEqualTo(expected);
  }
}
