package dev.bringup.emulator.trace;

import dev.bringup.emulator.aarch64.Cpu;
import dev.bringup.emulator.aarch64.CpuView;
import dev.bringup.emulator.aarch64.isa.Disassembler;
import dev.bringup.emulator.machine.VirtMachine;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Writes each instruction before it is executed: how many were before it, the CPU, its level, the
 * address, the word, what it means, and the symbol that it belongs to. Between them stands which
 * exceptions and interrupts were taken. Used by the machine's thread only.
 */
public final class Tracer {
  private static final int ESR_EL1 = CpuView.systemRegisters().indexOf("ESR_EL1");
  private static final int ESR_EL2 = CpuView.systemRegisters().indexOf("ESR_EL2");

  private final VirtMachine machine;
  private final Appendable out;
  private final Symbols symbols;
  private final long from;
  private final long count;
  private final long[] exceptions;
  private final long[] interrupts;
  private final Map<InstructionClass, Long> classes = new EnumMap<>(InstructionClass.class);
  private long written;

  /**
   * @param from how many instructions are executed before the first that is written; one that polls
   *     a counter stands for several, so that it may be a little later
   * @param count how many are written at the most
   */
  public Tracer(VirtMachine machine, Appendable out, Symbols symbols, long from, long count) {
    this.machine = machine;
    this.out = out;
    this.symbols = symbols;
    this.from = from;
    this.count = count;
    exceptions = new long[machine.cpus().size()];
    interrupts = new long[machine.cpus().size()];
  }

  /** How many instructions will be executed before the next that is written, at the least. */
  public long distance() {
    return written >= count ? Long.MAX_VALUE : Math.max(from - machine.instructions(), 0);
  }

  /** How many instructions of each class were written. */
  public String summary() {
    var text = new StringJoiner(", ", "instructions, traced: ", "");
    for (InstructionClass kind : InstructionClass.values()) {
      text.add(String.format(Locale.ROOT, "%,d %s", classes.getOrDefault(kind, 0L), kind));
    }
    return text.toString();
  }

  /** A CPU is about to execute an instruction. */
  public void trace(Cpu cpu) {
    if (distance() > 0) {
      return;
    }
    long pc = cpu.pc();
    try {
      if (written++ > 0) {
        taken(cpu);
      }
      note(cpu);
      out.append(line(cpu, pc)).append('\n');
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot write the trace: " + e.getMessage(), "check the space of its disk", e);
    }
  }

  private void note(Cpu cpu) {
    exceptions[cpu.number()] = cpu.counters().exceptions();
    interrupts[cpu.number()] = cpu.counters().interrupts();
  }

  private void taken(Cpu cpu) throws IOException {
    int level = cpu.exceptionLevel();
    if (cpu.counters().exceptions() != exceptions[cpu.number()]) {
      long esr = cpu.view().systemRegister(level == 2 ? ESR_EL2 : ESR_EL1);
      out.append("# cpu%d: exception to EL%d, ESR 0x%08x%n".formatted(cpu.number(), level, esr));
    }
    if (cpu.counters().interrupts() != interrupts[cpu.number()]) {
      out.append("# cpu%d: interrupt to EL%d%n".formatted(cpu.number(), level));
    }
  }

  private String line(Cpu cpu, long pc) {
    var start =
        String.format(
            Locale.ROOT,
            "%d cpu%d EL%d %016x ",
            machine.instructions(),
            cpu.number(),
            cpu.exceptionLevel(),
            pc);
    var word = Words.at(machine, cpu, pc);
    if (word.isEmpty()) {
      return start + "-------- not mapped";
    }
    classes.merge(InstructionClass.of(word.getAsInt()), 1L, Long::sum);
    String[] text = Disassembler.disassemble(word.getAsInt(), pc).split("\t", 2);
    String line =
        String.format(
            Locale.ROOT,
            "%s%08x %-7s %-32s %s",
            start,
            word.getAsInt(),
            text[0],
            text.length > 1 ? text[1] : "",
            symbols.place(pc));
    return line.stripTrailing();
  }
}
