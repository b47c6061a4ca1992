package dev.bringup.transport;

import java.io.ByteArrayOutputStream;

/**
 * Reads a telnet stream (RFC 854, 855) that may be cut anywhere. Pure; not thread-safe.
 *
 * <p>A command inside a subnegotiation ends it, as if its end had been forgotten, as BSD's telnet
 * does.
 */
public final class TelnetDecoder {
  /** The longest subnegotiation that is accepted, in bytes. */
  public static final int MAX_SUBNEGOTIATION = 4096;

  /** What a stream means, in order. */
  public interface Handler {
    /** Data bytes, at least one; valid during the call. */
    void data(byte[] bytes, int from, int length);

    /** A command without an argument, for example {@link Telnet#BREAK}. */
    void command(int command);

    /** One of WILL, WONT, DO and DONT about an option. */
    void negotiation(int verb, int option);

    /**
     * @throws TelnetFormatException if the option's own format is broken
     */
    void subnegotiation(int option, byte[] payload) throws TelnetFormatException;
  }

  private enum State {
    DATA,
    AFTER_CR,
    IAC,
    VERB,
    SB,
    SB_PAYLOAD,
    SB_IAC
  }

  private State state = State.DATA;
  private boolean binary;
  private int verb;
  private int option;
  private final ByteArrayOutputStream payload = new ByteArrayOutputStream();

  /** Whether data is eight bits as they are; else CR NUL means CR. Counts from the next byte on. */
  public void binary(boolean on) {
    binary = on;
    if (on && state == State.AFTER_CR) {
      state = State.DATA;
    }
  }

  /**
   * Reads on.
   *
   * @throws TelnetFormatException if a subnegotiation is too long or {@code to} refuses it; the
   *     stream cannot be read any further
   */
  public void decode(byte[] in, int from, int length, Handler to) throws TelnetFormatException {
    int end = from + length;
    int at = from;
    while (at < end) {
      at =
          switch (state) {
            case DATA, AFTER_CR -> data(in, at, end, to);
            default -> {
              control(in[at] & 0xFF, to);
              yield at + 1;
            }
          };
    }
  }

  /** Passes a run of data; returns where it ends. */
  private int data(byte[] in, int from, int end, Handler to) {
    int start = from;
    if (state == State.AFTER_CR) {
      state = State.DATA;
      if (in[start] == 0) {
        return start + 1;
      }
    }
    int at = start;
    while (at < end && in[at] != (byte) Telnet.IAC && (binary || in[at] != '\r')) {
      at++;
    }
    if (at < end && in[at] == '\r') {
      at++;
      state = State.AFTER_CR;
      to.data(in, start, at - start);
      return at;
    }
    if (at > start) {
      to.data(in, start, at - start);
    }
    if (at < end) {
      state = State.IAC;
      at++;
    }
    return at;
  }

  private void control(int b, Handler to) throws TelnetFormatException {
    switch (state) {
      case IAC -> command(b, to);
      case VERB -> {
        state = State.DATA;
        to.negotiation(verb, b);
      }
      case SB -> {
        option = b;
        payload.reset();
        state = b == Telnet.IAC ? State.IAC : State.SB_PAYLOAD; // IAC: one without an option
      }
      case SB_PAYLOAD -> {
        if (b == Telnet.IAC) {
          state = State.SB_IAC;
        } else {
          add(b);
        }
      }
      case SB_IAC -> {
        if (b == Telnet.IAC) {
          state = State.SB_PAYLOAD;
          add(b);
          return;
        }
        state = State.DATA;
        to.subnegotiation(option, payload.toByteArray());
        if (b != Telnet.SE) {
          command(b, to);
        }
      }
      default -> throw new AssertionError(state);
    }
  }

  private void command(int b, Handler to) {
    switch (b) {
      case Telnet.IAC -> {
        state = State.DATA;
        to.data(new byte[] {(byte) Telnet.IAC}, 0, 1);
      }
      case Telnet.WILL, Telnet.WONT, Telnet.DO, Telnet.DONT -> {
        verb = b;
        state = State.VERB;
      }
      case Telnet.SB -> state = State.SB;
      default -> {
        state = State.DATA;
        to.command(b);
      }
    }
  }

  private void add(int b) throws TelnetFormatException {
    if (payload.size() == MAX_SUBNEGOTIATION) {
      throw new TelnetFormatException(
          "subnegotiation of option %d is longer than %d bytes"
              .formatted(option, MAX_SUBNEGOTIATION));
    }
    payload.write(b);
  }
}
