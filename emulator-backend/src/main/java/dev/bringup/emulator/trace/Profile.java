package dev.bringup.emulator.trace;

import dev.bringup.emulator.aarch64.Cpu;
import dev.bringup.emulator.machine.VirtMachine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Looks at a machine every so many instructions and counts what it sees: kinds of instructions,
 * levels, places. Which instructions it sees is a function of the program, as all else; the machine
 * does the same as without it. Used by the machine's thread only.
 */
public final class Profile {
  /** A prime, so that it falls into step with no loop. */
  private static final int PERIOD = 16_381;

  /** More different addresses than these are not told apart. */
  private static final int MOST_PLACES = 1 << 16;

  /** Without symbols, places within so many bytes count as one. */
  private static final long BLOCK = 64;

  private static final int LEVELS = 3;

  private final VirtMachine machine;
  private final Map<InstructionClass, Long> classes = new EnumMap<>(InstructionClass.class);
  private final long[] levels = new long[LEVELS];
  private final Map<Long, Long> places = new HashMap<>();
  private long samples;

  /** Begins to look, for as long as there is the machine. */
  public Profile(VirtMachine machine) {
    this.machine = machine;
    machine.sample(PERIOD, this::add);
  }

  private void add(Cpu cpu) {
    long pc = cpu.pc();
    samples++;
    levels[cpu.exceptionLevel()]++;
    Words.at(machine, cpu, pc)
        .ifPresent(word -> classes.merge(InstructionClass.of(word), 1L, Long::sum));
    if (places.size() < MOST_PLACES || places.containsKey(pc)) {
      places.merge(pc, 1L, Long::sum);
    }
  }

  /** What kinds of instructions there were, and at which levels; empty before the first look. */
  public List<String> summary() {
    if (samples == 0) {
      return List.of();
    }
    var text = new StringJoiner(", ", "instructions, sampled: ", "");
    for (InstructionClass kind : InstructionClass.values()) {
      text.add(share(classes.getOrDefault(kind, 0L)) + " " + kind);
    }
    var where = new StringJoiner(", ", "levels, sampled: ", "");
    for (int level = 0; level < LEVELS; level++) {
      where.add(share(levels[level]) + " EL" + level);
    }
    return List.of(text.toString(), where.toString());
  }

  private String share(long count) {
    return String.format(Locale.ROOT, "%.1f %%", 100.0 * count / samples);
  }

  /** Where the machine was most often, at most {@code most} places, the first the most frequent. */
  public List<String> hottest(Symbols symbols, int most) {
    var sums = new TreeMap<String, Long>();
    places.forEach((pc, count) -> {
      String name = symbols.name(pc);
      sums.merge(
          name.isEmpty() ? String.format(Locale.ROOT, "0x%016x", pc & -BLOCK) : name,
          count,
          Long::sum);
    });
    var order = Comparator.comparing(Map.Entry<String, Long>::getValue).reversed();
    var lines = new ArrayList<String>();
    sums.entrySet().stream()
        .sorted(order) // stable: places of the same count by name
        .limit(most)
        .forEach(sum -> lines.add("%7s %s".formatted(share(sum.getValue()), sum.getKey())));
    return List.copyOf(lines);
  }
}
