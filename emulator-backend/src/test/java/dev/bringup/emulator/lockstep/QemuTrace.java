package dev.bringup.emulator.lockstep;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Reads what QEMU writes with {@code -d cpu,nochain} when it translates single instructions: all
 * registers before each instruction.
 */
final class QemuTrace {
  private static final int DIGITS = 16;
  private static final int REMEMBERED = 10;

  private final BufferedReader lines;
  private final ArrayDeque<String> said = new ArrayDeque<>();
  private @Nullable CoreState next;

  QemuTrace(Reader text) {
    lines = new BufferedReader(text, 1 << 20);
  }

  /**
   * The registers before the next instruction, null at the end. QEMU looks up some instructions
   * twice; so there may be two states alike.
   */
  @Nullable CoreState read() throws IOException {
    CoreState state = next == null ? new CoreState() : next;
    next = null;
    boolean complete = false;
    while (true) {
      String line = lines.readLine();
      if (line == null) {
        return complete ? state : null;
      }
      if (line.startsWith(" PC=")) {
        if (complete) {
          next = new CoreState();
          registers(line, next);
          return state;
        }
        registers(line, state);
      } else if (line.startsWith("X")) {
        registers(line, state);
      } else if (line.startsWith("PSTATE=")) {
        state.pstate = Long.parseUnsignedLong(line, 7, 15, 16);
        complete = true;
      } else if (line.startsWith("Q")) {
        vectors(line, state);
      } else if (!line.startsWith("     FPCR=")) {
        said.add(line);
        if (said.size() > REMEMBERED) {
          said.remove();
        }
      }
    }
  }

  /** What else QEMU wrote of late. */
  String said() {
    return String.join("\n", said);
  }

  private static void registers(String line, CoreState into) {
    for (int at = line.indexOf('='); at >= 0; at = line.indexOf('=', at + 1)) {
      long value = Long.parseUnsignedLong(line, at + 1, at + 1 + DIGITS, 16);
      if (line.startsWith("PC", at - 2)) {
        into.pc = value;
      } else if (line.startsWith("SP", at - 2)) {
        into.sp = value;
      } else {
        into.x[Integer.parseInt(line, at - 2, at, 10)] = value;
      }
    }
  }

  private static void vectors(String line, CoreState into) {
    into.hasVectors = true;
    for (int at = line.indexOf('='); at >= 0; at = line.indexOf('=', at + 1)) {
      int n = Integer.parseInt(line, at - 2, at, 10);
      int middle = at + 1 + DIGITS;
      into.vectors[2 * n + 1] = Long.parseUnsignedLong(line, at + 1, middle, 16);
      into.vectors[2 * n] = Long.parseUnsignedLong(line, middle + 1, middle + 1 + DIGITS, 16);
    }
  }
}
