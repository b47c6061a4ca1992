package dev.bringup.console;

import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Gives Xen's input to one of the consoles that share a UART. Xen hands it on from one to the next
 * (DOM0, the guests, itself, DOM0 again) when Ctrl-a comes three times, and says who has it; a
 * domain that has no console gets its turn, too. Belongs to one thread.
 */
public final class XenInput {
  private static final byte[] SWITCH = "\u0001\u0001\u0001".getBytes(StandardCharsets.US_ASCII);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** The whole line: the input moves with its end. */
  private static final Expectation NOTICE =
      Expectation.of(
          ConsolePattern.regex(
              "Xen's word on who has the input", "\\*\\*\\* Serial input to (\\w+)\\b.*$"));

  private final SubConsoles consoles;
  private final Wire wire;

  public XenInput(SubConsoles consoles, Wire wire) {
    this.consoles = consoles;
    this.wire = wire;
  }

  /**
   * Makes {@code name} the console that gets what is typed, and notes it in the recording. Does
   * nothing if it is already.
   *
   * @param watcher of the board's recording
   * @throws BringupException (configuration) if Xen has no such console or does not run yet
   * @throws ConsoleFailure if Xen does not answer, or something bad comes first
   */
  public void giveTo(String name, ConsoleWatcher watcher) {
    consoles.console(name); // a word on names that cannot be
    Set<String> seen = new LinkedHashSet<>();
    while (!consoles.input().equals(name)) {
      String before = consoles.input();
      if (before.equals(SubConsoles.FIRMWARE)) {
        throw BringupException.configuration(
            "%s: Xen does not run, so nothing can be typed to \"%s\""
                .formatted(consoles.board().name(), name));
      }
      if (!seen.add(before)) {
        throw BringupException.configuration(
            "%s: Xen gives its input to %s, but not to \"%s\""
                .formatted(consoles.board().name(), String.join(", ", seen), name));
      }
      next(before, watcher);
    }
    if (!seen.isEmpty()) {
      consoles.board().mark(RunMark.AboutTyping.INPUT + name);
    }
  }

  private void next(String before, ConsoleWatcher whole) {
    Recording xen = consoles.console(SubConsoles.XEN).recording();
    xen.clock().catchUp();
    var watcher = new ConsoleWatcher(consoles.console(SubConsoles.XEN), whole);
    Cursor cursor = xen.cursor(xen.end());
    long deadline = xen.clock().nanos() + LIMIT.toNanos();
    wire.write(SWITCH);
    do {
      watcher.require(NOTICE, cursor, deadline);
    } while (consoles.input().equals(before));
  }
}
