package dev.bringup.boot;

import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Recording;
import java.util.ArrayList;
import java.util.List;

/**
 * The faults that were injected on purpose and struck in a board's present boot, by the marks in
 * its recording. While there are any, nothing that goes wrong is the product's fault.
 */
public final class InjectedFaults {
  private static final int NAMED = 3;

  private InjectedFaults() {}

  /** What struck since the latest power-on, in order; each in words. */
  public static List<String> inPresentBoot(Recording recording) {
    var struck = new ArrayList<String>();
    for (ConsoleEvent event : recording.events().reversed()) {
      if (event instanceof ConsoleEvent.Mark mark) {
        if (mark.text().equals(ConsoleEvent.Mark.POWER_ON)) {
          break;
        }
        if (mark.text().startsWith(ConsoleEvent.Mark.FAULT)) {
          struck.add(mark.text().substring(ConsoleEvent.Mark.FAULT.length()));
        }
      }
    }
    return List.copyOf(struck.reversed());
  }

  /** For a message, the latest first, which most likely did it; {@code struck} is not empty. */
  public static String named(List<String> struck) {
    List<String> latest = struck.reversed().subList(0, Math.min(NAMED, struck.size()));
    int more = struck.size() - latest.size();
    return "faults were injected in this boot: "
        + String.join("; ", latest)
        + (more == 0 ? "" : "; and %d more before".formatted(more));
  }
}
