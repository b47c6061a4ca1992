package dev.bringup.emulator.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.emulator.machine.VirtMachine;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is written of a program that counts and then calls a vector that is not there. */
class TracerTest {
  private static final int ADD_X0_1 = 0x9100_0400;
  private static final int CBZ_X0_BACK = 0xb4ff_ffe0; // cbz x0, .-4
  private static final int VBAR_FROM_X0 = 0xd51c_c000; // msr vbar_el2, x0
  private static final int SVC = 0xd400_0541; // svc #42
  private static final long NANOS = 16;

  private final Symbols symbols =
      Symbols.read("map", "0 T start\n8 t later\n".getBytes(US_ASCII), 0);
  private final StringBuilder out = new StringBuilder();

  private void run(VirtMachine machine, Tracer tracer, long instructions) {
    boolean permitted =
        machine.runUntil(
            instructions * NANOS,
            cpu -> {
              tracer.trace(cpu);
              return true;
            });
    assertThat(permitted).isTrue();
  }

  @Test
  void aLineTellsCountCpuLevelPlaceWordMeaningAndSymbol() {
    try (VirtMachine machine = SmallMachine.with(ADD_X0_1, CBZ_X0_BACK, VBAR_FROM_X0, SVC)) {
      machine.powerOn();
      var tracer = new Tracer(machine, out, symbols, 0, 100);
      run(machine, tracer, 5);
      assertThat(tracer.summary())
          .isEqualTo(
              "instructions, traced: 1 integer, 0 load/store, 1 branch, 0 FP/SIMD, 3 system");
    }
    assertThat(out.toString().lines())
        .containsExactly(
            "0 cpu0 EL2 0000000000000000 91000400 add     x0, x0, #1                       start",
            "1 cpu0 EL2 0000000000000004 b4ffffe0 cbz     x0, 0x0                         "
                + " start+0x4",
            "2 cpu0 EL2 0000000000000008 d51cc000 msr     VBAR_EL2, x0                     later",
            "3 cpu0 EL2 000000000000000c d4000541 svc     #0x2a                           "
                + " later+0x4",
            "# cpu0: exception to EL2, ESR 0x5600002a",
            "4 cpu0 EL2 0000000000000200 ffffffff .inst   0xffffffff                      "
                + " later+0x1f8");
  }

  @Test
  void itBeginsAndEndsWhereItIsTold() {
    try (VirtMachine machine = SmallMachine.with(ADD_X0_1, ADD_X0_1, ADD_X0_1, ADD_X0_1)) {
      machine.powerOn();
      var tracer = new Tracer(machine, out, Symbols.none(), 1, 2);
      assertThat(tracer.distance()).isEqualTo(1);
      run(machine, tracer, 4);
      assertThat(tracer.distance()).isEqualTo(Long.MAX_VALUE);
    }
    assertThat(out.toString().lines().map(line -> line.substring(0, 1))).containsExactly("1", "2");
  }

  @Test
  void codeThatIsNotThereIsSaid() {
    try (VirtMachine machine = SmallMachine.with(ADD_X0_1)) {
      machine.startAt(0x3000_0000, 0);
      machine.powerOn();
      run(machine, new Tracer(machine, out, Symbols.none(), 0, 1), 1);
    }
    assertThat(out).hasToString("0 cpu0 EL2 0000000030000000 -------- not mapped\n");
  }

  @Test
  void aFullDiskIsInfrastructure() {
    Appendable full =
        new Appendable() {
          @Override
          public Appendable append(CharSequence text) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public Appendable append(CharSequence text, int start, int end) throws IOException {
            return append(text);
          }

          @Override
          public Appendable append(char value) throws IOException {
            return append("");
          }
        };
    try (VirtMachine machine = SmallMachine.with(ADD_X0_1)) {
      machine.powerOn();
      var tracer = new Tracer(machine, full, Symbols.none(), 0, 1);
      assertThatThrownBy(() -> run(machine, tracer, 1))
          .isInstanceOf(BringupException.class)
          .hasMessage("cannot write the trace: No space left on device");
    }
  }
}
