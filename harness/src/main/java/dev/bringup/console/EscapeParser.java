package dev.bringup.console;

import java.util.Arrays;

/**
 * Takes a stream for terminals apart into characters, control characters and escape sequences
 * (ECMA-48, with UTF-8 text). The result does not depend on how the bytes were cut. Belongs to one
 * thread.
 */
final class EscapeParser {
  /** More parameters than this are dropped, as on a VT510. */
  private static final int MOST_PARAMETERS = 24;

  private static final int LARGEST = 9999;
  private static final int REPLACEMENT = 0xfffd;

  /** What is done with what was taken apart. */
  interface Actions {
    void print(int codePoint);

    void control(int c);

    /**
     * An escape sequence without parameters.
     *
     * @param intermediate 0 for none
     */
    void escape(char intermediate, char end);

    /** A control sequence. */
    void sequence(Sequence sequence);
  }

  /** A control sequence: {@code ESC [}, a mark for private ones, numbers, a final character. */
  static final class Sequence {
    private final char mark;
    private final int[] parameters;
    private final char intermediate;
    private final char end;

    /**
     * @param mark {@code ?}, {@code >}, {@code =}, {@code <} or 0
     * @param parameters -1 where one is left out
     * @param intermediate 0 for none
     */
    Sequence(char mark, int[] parameters, char intermediate, char end) {
      this.mark = mark;
      this.parameters = parameters;
      this.intermediate = intermediate;
      this.end = end;
    }

    char mark() {
      return mark;
    }

    char intermediate() {
      return intermediate;
    }

    char end() {
      return end;
    }

    /** How many parameters there are, also left out ones. */
    int size() {
      return parameters.length;
    }

    /** The parameter of that place, {@code missing} if it is left out or 0. */
    int count(int index, int missing) {
      int value = value(index, missing);
      return value == 0 ? missing : value;
    }

    /** The parameter of that place, {@code missing} if it is left out. */
    int value(int index, int missing) {
      return index < parameters.length && parameters[index] >= 0 ? parameters[index] : missing;
    }
  }

  private enum State {
    TEXT,
    ESCAPE,
    SEQUENCE,
    /** A control sequence that makes no sense: read to its end. */
    SKIPPED,
    /** The text of an operating system command or of a device's: read to its end. */
    STRING
  }

  private final Actions actions;
  private State state = State.TEXT;

  private int codePoint;
  private int continuations;
  private int least;

  private char mark;
  private char intermediate;
  private final int[] parameters = new int[MOST_PARAMETERS];
  private int parameterCount;

  EscapeParser(Actions actions) {
    this.actions = actions;
  }

  void feed(byte[] bytes, int from, int count) {
    for (int i = from; i < from + count; i++) {
      feed(bytes[i] & 0xff);
    }
  }

  private void feed(int b) {
    if (b < 0x20 || b == 0x7f) {
      endCharacter();
      control(b);
      return;
    }
    switch (state) {
      case TEXT -> text(b);
      case ESCAPE -> escape(b);
      case SEQUENCE -> sequence(b);
      case SKIPPED -> {
        if (b >= 0x40) {
          state = State.TEXT;
        }
      }
      case STRING -> {}
    }
  }

  private void control(int b) {
    switch (b) {
      case 0x1b -> {
        state = State.ESCAPE;
        intermediate = 0;
      }
      case 0x18, 0x1a -> state = State.TEXT;
      case 0x7f -> {}
      default -> {
        if (state == State.STRING) {
          if (b == 0x07) {
            state = State.TEXT;
          }
        } else {
          actions.control(b); // counts within sequences, too
        }
      }
    }
  }

  private void text(int b) {
    if (b < 0x80) {
      endCharacter();
      actions.print(b);
    } else if (b < 0xc0) {
      if (continuations == 0) {
        actions.print(REPLACEMENT);
        return;
      }
      codePoint = codePoint << 6 | (b & 0x3f);
      if (--continuations == 0) {
        boolean valid =
            codePoint >= least
                && codePoint <= 0x10ffff
                && (codePoint < 0xd800 || codePoint > 0xdfff);
        actions.print(valid ? codePoint : REPLACEMENT);
      }
    } else {
      endCharacter();
      if (b < 0xe0) {
        begin(b & 0x1f, 1, 0x80);
      } else if (b < 0xf0) {
        begin(b & 0x0f, 2, 0x800);
      } else if (b < 0xf8) {
        begin(b & 0x07, 3, 0x10000);
      } else {
        actions.print(REPLACEMENT);
      }
    }
  }

  private void begin(int bits, int following, int smallest) {
    codePoint = bits;
    continuations = following;
    least = smallest;
  }

  /** A character whose bytes did not all come is wrong. */
  private void endCharacter() {
    if (continuations > 0) {
      continuations = 0;
      actions.print(REPLACEMENT);
    }
  }

  private void escape(int b) {
    if (b < 0x30) {
      intermediate = (char) b;
    } else if (intermediate != 0) {
      state = State.TEXT;
      actions.escape(intermediate, (char) b);
    } else {
      switch (b) {
        case '[' -> {
          state = State.SEQUENCE;
          mark = 0;
          parameterCount = 0;
        }
        case ']', 'P', 'X', '^', '_' -> state = State.STRING;
        default -> {
          state = State.TEXT;
          actions.escape((char) 0, (char) b);
        }
      }
    }
  }

  private void sequence(int b) {
    if (b >= '0' && b <= '9') {
      if (parameterCount == 0) {
        parameters[parameterCount++] = -1;
      }
      if (parameterCount <= MOST_PARAMETERS) {
        int value = Math.max(parameters[parameterCount - 1], 0) * 10 + b - '0';
        parameters[parameterCount - 1] = Math.min(value, LARGEST);
      }
    } else if (b == ';' || b == ':') {
      if (parameterCount == 0) {
        parameters[parameterCount++] = -1;
      }
      if (parameterCount < MOST_PARAMETERS) {
        parameters[parameterCount++] = -1;
      } else {
        state = State.SKIPPED;
      }
    } else if (b >= '<' && b <= '?') {
      if (parameterCount == 0 && mark == 0) {
        mark = (char) b;
      } else {
        state = State.SKIPPED;
      }
    } else if (b < 0x30) {
      intermediate = (char) b;
    } else if (b < 0x80) {
      state = State.TEXT;
      actions.sequence(
          new Sequence(mark, Arrays.copyOf(parameters, parameterCount), intermediate, (char) b));
    } else {
      state = State.SKIPPED;
    }
  }
}
