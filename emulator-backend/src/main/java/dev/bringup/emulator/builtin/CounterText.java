package dev.bringup.emulator.builtin;

import dev.bringup.emulator.aarch64.isa.Disassembler;
import dev.bringup.emulator.machine.VirtMachine;
import dev.bringup.emulator.trace.Profile;
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

  static List<String> lines(VirtMachine.Counters counters, Profile profile) {
    var lines = new ArrayList<String>();
    lines.add(
        "machine: %.3f s of its own time, %.3f s of it idle; %,d instructions"
            .formatted(
                counters.nanos() / 1e9, counters.idleNanos() / 1e9, counters.instructions()));
    lines.add(
        "machine: %,d exceptions, %,d interrupts, %,d TLB misses"
            .formatted(counters.exceptions(), counters.interrupts(), counters.tlbMisses()));
    if (!counters.byClass().isEmpty()) {
      lines.add(
          counters.byClass().entrySet().stream()
              .sorted(Map.Entry.<Integer, Long>comparingByValue().reversed())
              .map(kind -> "%,d %s".formatted(kind.getValue(), exception(kind.getKey())))
              .collect(Collectors.joining(", ", "machine: exceptions: ", "")));
    }
    profile.summary().forEach(line -> lines.add("machine: " + line));
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

  /** The exception classes of ESR (D13.2.37). */
  private static String exception(int kind) {
    return switch (kind) {
      case 0x00 -> "UNDEFINED";
      case 0x01 -> "trapped WFI or WFE";
      case 0x07 -> "trapped FP";
      case 0x0e -> "illegal state";
      case 0x15 -> "SVC";
      case 0x16 -> "HVC";
      case 0x17 -> "SMC";
      case 0x18 -> "trapped system register";
      case 0x20, 0x21 -> "instruction abort from %s".formatted(level(kind));
      case 0x22 -> "PC alignment";
      case 0x24, 0x25 -> "data abort from %s".formatted(level(kind));
      case 0x26 -> "SP alignment";
      case 0x2f -> "SError";
      case 0x3c -> "BRK";
      default -> "class 0x%02x".formatted(kind);
    };
  }

  private static String level(int kind) {
    return (kind & 1) == 0 ? "below" : "the same level";
  }

  private static String undefined(int word, long times) {
    return String.format(
        Locale.ROOT,
        "machine: UNDEFINED, %d times: %08x %s",
        times,
        word,
        Disassembler.disassemble(word, 0).replace('\t', ' '));
  }
}
