package dev.bringup.emulator.gdb;

import java.util.ArrayList;
import java.util.List;

/**
 * The framing of the GDB remote serial protocol ("Debugging with GDB", appendix E.1), as the stub
 * sees it: bytes in, messages out, however the bytes are cut. Knows no socket and never throws.
 *
 * <p>A payload is a string of characters 0 to 255, one a byte: most are text, and those with binary
 * data are rare.
 */
final class GdbPacketCodec {
  static final char BREAK = 3;
  static final char ESCAPE = '}';
  private static final int ESCAPED = 0x20;

  /** A repeat count is a printable character: this much more than the count. */
  private static final int REPEAT_BIAS = 29;

  private static final int MAX_REPEAT = '~';

  /** What came over the wire. */
  sealed interface Message {
    /** A whole packet with a right checksum, without its escapes and runs. */
    record Packet(String payload) implements Message {}

    /** The peer has our latest packet. */
    record Acknowledged() implements Message {}

    /** The peer wants our latest packet again. */
    record Refused() implements Message {}

    /** The peer wants the program to stop. */
    record Break() implements Message {}

    /** A packet that was damaged on the way; another try may help. */
    record Damaged(String why) implements Message {}

    /** A packet that came as it was sent and yet cannot be. */
    record Malformed(String why) implements Message {}
  }

  private enum State {
    BETWEEN,
    PAYLOAD,
    FIRST_DIGIT,
    SECOND_DIGIT
  }

  private final int limit;
  private final StringBuilder raw = new StringBuilder();
  private State state = State.BETWEEN;
  private int length;
  private int sum;
  private int digit;

  /**
   * @param limit how many bytes a payload may have, on the wire and without its runs
   */
  GdbPacketCodec(int limit) {
    this.limit = limit;
  }

  /** Takes the next bytes of the wire; the messages that they complete, in order. */
  List<Message> decode(byte[] bytes, int from, int count) {
    List<Message> messages = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      decode((char) (bytes[i] & 0xff), messages);
    }
    return messages;
  }

  private void decode(char c, List<Message> messages) {
    switch (state) {
      case BETWEEN -> {
        switch (c) {
          case '$' -> begin();
          case '+' -> messages.add(new Message.Acknowledged());
          case '-' -> messages.add(new Message.Refused());
          case BREAK -> messages.add(new Message.Break());
          default -> {} // noise
        }
      }
      case PAYLOAD -> {
        switch (c) {
          case '#' -> state = State.FIRST_DIGIT;
          case '$' -> begin(); // the end of the packet before it was lost
          default -> {
            sum += c;
            if (++length <= limit) {
              raw.append(c);
            }
          }
        }
      }
      case FIRST_DIGIT -> {
        digit = Character.digit(c, 16);
        state = State.SECOND_DIGIT;
      }
      case SECOND_DIGIT -> {
        messages.add(end(Character.digit(c, 16)));
        state = State.BETWEEN;
        raw.setLength(0);
      }
    }
  }

  private void begin() {
    state = State.PAYLOAD;
    raw.setLength(0);
    length = 0;
    sum = 0;
  }

  private Message end(int secondDigit) {
    if (digit < 0 || secondDigit < 0 || digit * 16 + secondDigit != (sum & 0xff)) {
      return new Message.Damaged("the checksum is not that of the packet");
    }
    if (length > limit) {
      return new Message.Malformed("the packet has more than " + limit + " bytes");
    }
    return unescape();
  }

  /** Runs are of characters as they were sent, so they come before the escapes. */
  private Message unescape() {
    var payload = new StringBuilder(raw.length());
    boolean escaped = false;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      int times = 1;
      if (c == '*' && !escaped) {
        int count = i + 1 < raw.length() ? raw.charAt(i + 1) : 0;
        if (i == 0 || count <= REPEAT_BIAS || count > MAX_REPEAT) {
          return new Message.Malformed("a run of nothing, or without a count");
        }
        c = raw.charAt(i - 1);
        times = count - REPEAT_BIAS;
        i++;
      }
      if (payload.length() + times > limit) {
        return new Message.Malformed("the packet has more than " + limit + " bytes");
      }
      for (; times > 0; times--) {
        if (escaped) {
          payload.append((char) (c ^ ESCAPED));
          escaped = false;
        } else if (c == ESCAPE) {
          escaped = true;
        } else {
          payload.append(c);
        }
      }
    }
    return escaped
        ? new Message.Malformed("the packet ends within an escape")
        : new Message.Packet(payload.toString());
  }

  /** A packet as it goes over the wire. */
  static byte[] encode(String payload) {
    var out = new StringBuilder(payload.length() + 16).append('$');
    for (int i = 0; i < payload.length(); i++) {
      char c = payload.charAt(i);
      switch (c) {
        case '$', '#', '*', ESCAPE -> out.append(ESCAPE).append((char) (c ^ ESCAPED));
        default -> out.append(c);
      }
    }
    int sum = 0;
    for (int i = 1; i < out.length(); i++) {
      sum += out.charAt(i);
    }
    out.append('#')
        .append(Character.forDigit(sum >> 4 & 0xf, 16))
        .append(Character.forDigit(sum & 0xf, 16));
    return out.toString().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
