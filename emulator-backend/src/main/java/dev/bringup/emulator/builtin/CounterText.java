package dev.bringup.emulator.builtin;

import dev.bringup.emulator.aarch64.isa.Disassembler;
import dev.bringup.emulator.machine.VirtMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A machine's counters in words. */
final class CounterText {
  private static final int MOST_DEVICES = 6;
  private static final int MOST_WORDS = 16;

  private CounterText() {}

  static List<String> lines(VirtMachine.Counters counters) {
    var lines = new ArrayList<String>();
    lines.add(
        "machine: %.3f s of its own time, %.3f s of it idle; %,d instructions"
            .formatted(
                counters.nanos() / 1e9, counters.idleNanos() / 1e9, counters.instructions()));
    lines.add(
        "machine: %,d exceptions, %,d interrupts, %,d TLB misses"
            .formatted(counters.exceptions(), counters.interrupts(), counters.tlbMisses()));
    String devices =
        counters.accesses().entrySet().stream()
            .filter(device -> device.getValue() > 0)
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(MOST_DEVICES)
            .map(device -> "%s %,d".formatted(device.getKey(), device.getValue()))
            .collect(Collectors.joining(", "));
    lines.add("machine: accesses to " + (devices.isEmpty() ? "no device" : devices));
    counters.undefined().entrySet().stream()
        .limit(MOST_WORDS)
        .map(word -> undefined(word.getKey(), word.getValue()))
        .forEach(lines::add);
    if (counters.undefined().size() > MOST_WORDS) {
      lines.add(
          "machine: %d more words were UNDEFINED"
              .formatted(counters.undefined().size() - MOST_WORDS));
    }
    return List.copyOf(lines);
  }

  private static String undefined(int word, long times) {
    return String.format(
        Locale.ROOT,
        "machine: UNDEFINED, %d times: %08x %s",
        times,
        word,
        Disassembler.disassemble(word, 0));
  }
}
