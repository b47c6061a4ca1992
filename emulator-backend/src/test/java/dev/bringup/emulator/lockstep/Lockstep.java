package dev.bringup.emulator.lockstep;

import dev.bringup.emulator.aarch64.Cpu;
import dev.bringup.emulator.aarch64.SteppedCpu;
import dev.bringup.emulator.aarch64.isa.Disassembler;
import dev.bringup.emulator.machine.VirtMachine;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Executes our machine beside a trace of the same program on QEMU, and compares all registers after
 * each instruction. What cannot be computed is taken from the trace: values that come from devices
 * and counters, and the instants of interrupts.
 */
final class Lockstep {
  private static final int HISTORY = 16;

  /** States of the peer that are all the same: it stands in a branch to itself. */
  private static final int ALIKE = 10_000;

  private static final int MRS_HCR_EL2 = 0xd53c_1100;
  private static final int WFI = 0xd503_207f;

  private final VirtMachine machine;
  private final Cpu cpu;
  private final SteppedCpu stepped;
  private final QemuTrace trace;
  private final boolean withVectors;
  private final FromOutside outside;
  private final ArrayDeque<String> history = new ArrayDeque<>();
  private final Map<String, Long> taken = new TreeMap<>();
  private long instructions;
  private long interrupts;

  /**
   * How it went.
   *
   * @param taken values from outside that were not ours, by where they came from
   * @param difference what is wrong, empty if nothing is
   * @param end why it ended
   */
  record Result(
      long instructions,
      long interrupts,
      Map<String, Long> taken,
      Optional<String> difference,
      String end) {}

  /**
   * @param machine has just got power
   * @param withVectors whether the trace has vector registers
   */
  Lockstep(VirtMachine machine, QemuTrace trace, boolean withVectors) {
    this.machine = machine;
    this.cpu = machine.cpus().getFirst();
    this.stepped = new SteppedCpu(cpu);
    this.trace = trace;
    this.withVectors = withVectors;
    this.outside = new FromOutside(cpu::physical, this::isDevice);
  }

  private boolean isDevice(long physical) {
    return !machine.memory().isRam(physical, 1) && Long.compareUnsigned(physical, 0x800_0000) >= 0;
  }

  Result run(long limit) throws IOException {
    CoreState before = trace.read();
    if (before == null) {
      return result(Optional.empty(), "the peer did not begin: " + trace.said());
    }
    stepped.adopt(before); // registers are UNKNOWN after reset
    CoreState ours = stepped.state(withVectors);
    if (!ours.isSame(before)) {
      return result(Optional.of(describe("the begin", ours, before)), "difference");
    }
    int alike = 0;
    while (instructions < limit) {
      CoreState theirs = trace.read();
      if (theirs == null) {
        return result(Optional.empty(), "the peer ended: " + trace.said());
      }
      if (theirs.isSame(before)) {
        if (++alike > ALIKE) {
          return result(Optional.empty(), "the peer does not get on");
        }
        continue; // looked up twice, or a branch to itself
      }
      alike = 0;
      long exceptions = exceptions();
      String what = advance(before, theirs);
      if (exceptions() != exceptions) {
        stepped.flags(theirs); // QEMU 7.2 clears them; D1.10.2 leaves them as they are
      }
      ours = stepped.state(withVectors);
      if (!ours.isSame(theirs)) {
        return result(Optional.of(describe(what, ours, theirs)), "difference");
      }
      if (!machine.isOn()) {
        return result(Optional.empty(), "the machine is off");
      }
      before = theirs;
    }
    return result(Optional.empty(), "enough");
  }

  private long exceptions() {
    return cpu.counters().exceptions() + cpu.counters().interrupts();
  }

  /** One instruction or interrupt; says which. */
  private String advance(CoreState before, CoreState theirs) {
    @Nullable Integer word = word(before.pc);
    boolean waits = word != null && word == WFI;
    Optional<SteppedCpu.Interrupt> interrupt = stepped.interruptTo(theirs.pc);
    boolean interrupted = interrupt.isPresent() && Arrays.equals(before.x, theirs.x);
    String what = text(before.pc, word);
    if (!interrupted || waits) {
      note(what);
      instructions++;
      stepped.step();
    }
    if (interrupted) {
      interrupts++;
      note("  interrupt to %x".formatted(theirs.pc));
      stepped.take(interrupt.get());
    } else if (word != null) {
      takeOver(word, before, theirs);
    }
    return what;
  }

  private void takeOver(int word, CoreState before, CoreState theirs) {
    int registers = FromOutside.destinations(word);
    CoreState ours = stepped.state(false);
    long differs = 0;
    for (int i = 0; i < 31; i++) {
      differs |= (registers >>> i & 1) == 1 ? ours.x[i] ^ theirs.x[i] : 0;
    }
    if (differs == 0) {
      return;
    }
    // Ours has AArch64 alone, so that HCR_EL2.RW is one.
    boolean onlyRw = (word & ~31) == MRS_HCR_EL2 && differs == 1L << 31;
    (onlyRw ? Optional.of("identity HCR_EL2.RW") : outside.source(word, before))
        .ifPresent(source -> {
          taken.merge(source, 1L, Long::sum);
          for (int i = 0; i < 31; i++) {
            if ((registers >>> i & 1) == 1) {
              stepped.set(i, theirs.x[i]);
            }
          }
        });
  }

  private void note(String line) {
    history.add(line);
    if (history.size() > HISTORY) {
      history.remove();
    }
  }

  private @Nullable Integer word(long pc) {
    long physical = cpu.physical(pc);
    return physical == -1 || isDevice(physical) ? null : (int) machine.memory().load(physical, 4);
  }

  private static String text(long pc, @Nullable Integer word) {
    String place = HexFormat.of().toHexDigits(pc);
    return word == null
        ? place + "  (not mapped)"
        : "%s  %s  %s"
            .formatted(
                place,
                HexFormat.of().toHexDigits(word),
                Disassembler.disassemble(word, pc).replace('\t', ' '));
  }

  private String describe(String what, CoreState ours, CoreState theirs) {
    return "after %,d instructions and %d interrupts, at\n%s\nbefore it:\n%s\n%s"
        .formatted(
            instructions,
            interrupts,
            what,
            String.join("\n", history),
            String.join("\n", ours.table(theirs)));
  }

  private Result result(Optional<String> difference, String end) {
    return new Result(instructions, interrupts, Map.copyOf(taken), difference, end);
  }
}
