package dev.bringup.hold;

import dev.bringup.hold.HoldMessage.Answer;
import dev.bringup.hold.HoldMessage.Attach;
import dev.bringup.hold.HoldMessage.Break;
import dev.bringup.hold.HoldMessage.Ended;
import dev.bringup.hold.HoldMessage.Found;
import dev.bringup.hold.HoldMessage.From;
import dev.bringup.hold.HoldMessage.Keyboard;
import dev.bringup.hold.HoldMessage.Look;
import dev.bringup.hold.HoldMessage.Mark;
import dev.bringup.hold.HoldMessage.Notice;
import dev.bringup.hold.HoldMessage.Power;
import dev.bringup.hold.HoldMessage.Release;
import dev.bringup.hold.HoldMessage.Reset;
import dev.bringup.hold.HoldMessage.Said;
import dev.bringup.hold.HoldMessage.Search;
import dev.bringup.hold.HoldMessage.State;
import dev.bringup.hold.HoldMessage.Switch;
import dev.bringup.hold.HoldMessage.Watch;
import dev.bringup.hold.HoldMessage.Wish;
import dev.bringup.power.PowerState;
import dev.bringup.verdict.FailureKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The bytes of {@link HoldMessage}s: one for the kind, two for the length of what follows, both
 * big-endian, at most {@value #LONGEST_BODY} bytes; a text is its length in two bytes and UTF-8.
 * {@code docs/console.md} lists the kinds.
 */
final class HoldCodec {
  static final int LONGEST_BODY = 16 * 1024;

  private static final int HEADER = 3;
  private static final int MOST_CONSOLES = 64;

  private HoldCodec() {}

  /** The bytes of {@code message}; texts that are too long are cut. */
  static byte[] encode(HoldMessage message) {
    var out = new Writer();
    byte kind =
        switch (message) {
          case Attach(int version, From from, String who) -> {
            out.number(version).word(from).text(who);
            yield 'a';
          }
          case HoldMessage.Type(ByteBuffer bytes) -> {
            out.bytes(bytes);
            yield 't';
          }
          case Keyboard(Wish wish) -> {
            out.word(wish);
            yield 'k';
          }
          case Power(Switch to) -> {
            out.word(to);
            yield 'p';
          }
          case Reset() -> 'r';
          case Break() -> 'b';
          case Mark(String text) -> {
            out.text(text);
            yield 'm';
          }
          case Watch(String console) -> {
            out.text(console);
            yield 'w';
          }
          case Search(String text, long before) -> {
            out.text(text).offset(before);
            yield 's';
          }
          case Look() -> 'l';
          case Release() -> 'q';
          case Said(ByteBuffer bytes) -> {
            out.bytes(bytes);
            yield 'S';
          }
          case Notice(String text) -> {
            out.text(text);
            yield 'N';
          }
          case State state -> {
            out.word(state.power()).number(state.mine() ? 1 : 0);
            out.offset(state.attached()).text(state.keyboard()).text(state.input());
            List<String> shown = state.consoles().stream().limit(MOST_CONSOLES).toList();
            out.number(shown.size());
            shown.forEach(out::shortText);
            yield 'L';
          }
          case Found(long offset, long millis, String line) -> {
            out.offset(offset).offset(millis).text(line);
            yield 'F';
          }
          case Answer(Optional<FailureKind> failure, String text) -> {
            failure.ifPresentOrElse(out::word, () -> out.text(""));
            out.text(text);
            yield 'D';
          }
          case Ended(String why) -> {
            out.text(why);
            yield 'E';
          }
        };
    return out.frame(kind);
  }

  /** Collects the body of a message. */
  private static final class Writer {
    private static final int LONGEST_NAME = 32;

    private final ByteBuffer body = ByteBuffer.allocate(HEADER + LONGEST_BODY).position(HEADER);

    Writer number(int value) {
      body.put((byte) value);
      return this;
    }

    /** A choice by its name, which no reordering changes. */
    Writer word(Enum<?> value) {
      return text(value.name());
    }

    Writer offset(long value) {
      body.putLong(value);
      return this;
    }

    Writer text(String text) {
      return text(text, HoldMessage.LONGEST_TEXT);
    }

    void shortText(String text) {
      text(text, LONGEST_NAME);
    }

    private Writer text(String text, int longest) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      int length = Math.min(utf8.length, longest);
      while (length < utf8.length && length > 0 && (utf8[length] & 0xc0) == 0x80) {
        length--; // not in the midst of a character
      }
      body.putShort((short) length).put(utf8, 0, length);
      return this;
    }

    void bytes(ByteBuffer bytes) {
      if (bytes.remaining() > HoldMessage.LONGEST_PIECE) {
        throw new IllegalArgumentException(bytes.remaining() + " bytes in one message");
      }
      body.put(bytes.duplicate());
    }

    byte[] frame(byte kind) {
      int end = body.position();
      body.put(0, kind).putShort(1, (short) (end - HEADER));
      return Arrays.copyOf(body.array(), end);
    }
  }

  /** Makes messages of bytes that come in any pieces. Belongs to one thread. */
  static final class Decoder {
    private final byte[] frame = new byte[HEADER + LONGEST_BODY];
    private int filled;

    /**
     * Takes the next bytes and hands on each message that is complete.
     *
     * @throws HoldFormatException if they are none; nothing can be decoded after that
     */
    void feed(byte[] bytes, int from, int count, Consumer<HoldMessage> messages)
        throws HoldFormatException {
      int at = from;
      int end = from + count;
      while (at < end) {
        int n = Math.min(end - at, needed() - filled);
        System.arraycopy(bytes, at, frame, filled, n);
        filled += n;
        at += n;
        if (filled >= HEADER && filled == needed()) {
          HoldMessage message = new Reader(ByteBuffer.wrap(frame, HEADER, filled - HEADER)).read();
          filled = 0;
          messages.accept(message);
        }
      }
    }

    private int needed() throws HoldFormatException {
      if (filled < HEADER) {
        return HEADER;
      }
      int length = ((frame[1] & 0xff) << 8) | (frame[2] & 0xff);
      if (length > LONGEST_BODY) {
        throw new HoldFormatException("a message of " + length + " bytes");
      }
      return HEADER + length;
    }

    /** Reads one message. */
    private final class Reader {
      private final ByteBuffer body;

      Reader(ByteBuffer body) {
        this.body = body;
      }

      HoldMessage read() throws HoldFormatException {
        HoldMessage message =
            switch (frame[0]) {
              case 'a' -> new Attach(number(), choice(From.values()), text());
              case 't' -> new HoldMessage.Type(bytes());
              case 'k' -> new Keyboard(choice(Wish.values()));
              case 'p' -> new Power(choice(Switch.values()));
              case 'r' -> new Reset();
              case 'b' -> new Break();
              case 'm' -> new Mark(text());
              case 'w' -> new Watch(text());
              case 's' -> new Search(text(), offset());
              case 'l' -> new Look();
              case 'q' -> new Release();
              case 'S' -> new Said(bytes());
              case 'N' -> new Notice(text());
              case 'L' -> state();
              case 'F' -> new Found(offset(), offset(), text());
              case 'D' -> new Answer(failure(), text());
              case 'E' -> new Ended(text());
              default -> throw new HoldFormatException("a message of kind " + (frame[0] & 0xff));
            };
        if (body.hasRemaining()) {
          throw new HoldFormatException(body.remaining() + " bytes behind a message");
        }
        return message;
      }

      private State state() throws HoldFormatException {
        PowerState power = choice(PowerState.values());
        boolean mine = flag();
        long attached = offset();
        if (attached > Integer.MAX_VALUE) {
          throw new HoldFormatException(attached + " are attached");
        }
        String keyboard = text();
        String input = text();
        int count = number();
        if (count > MOST_CONSOLES) {
          throw new HoldFormatException(count + " consoles");
        }
        var consoles = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
          consoles.add(text());
        }
        return new State(power, keyboard, mine, (int) attached, input, consoles);
      }

      private void require(int count) throws HoldFormatException {
        if (body.remaining() < count) {
          throw new HoldFormatException("a message that is cut off");
        }
      }

      private int number() throws HoldFormatException {
        require(1);
        return body.get() & 0xff;
      }

      private boolean flag() throws HoldFormatException {
        int number = number();
        if (number > 1) {
          throw new HoldFormatException(number + " is neither no nor yes");
        }
        return number == 1;
      }

      private <T extends Enum<T>> T choice(T[] among) throws HoldFormatException {
        return choice(among, text());
      }

      private static <T extends Enum<T>> T choice(T[] among, String word)
          throws HoldFormatException {
        for (T each : among) {
          if (each.name().equals(word)) {
            return each;
          }
        }
        throw new HoldFormatException("\"" + word + "\" is none of " + Arrays.toString(among));
      }

      private Optional<FailureKind> failure() throws HoldFormatException {
        String word = text();
        return word.isEmpty() ? Optional.empty() : Optional.of(choice(FailureKind.values(), word));
      }

      private long offset() throws HoldFormatException {
        require(Long.BYTES);
        long offset = body.getLong();
        if (offset < 0) {
          throw new HoldFormatException("an offset of " + offset);
        }
        return offset;
      }

      private String text() throws HoldFormatException {
        require(Short.BYTES);
        int length = body.getShort() & 0xffff;
        if (length > HoldMessage.LONGEST_TEXT) {
          throw new HoldFormatException("a text of " + length + " bytes");
        }
        require(length);
        var utf8 = new byte[length];
        body.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
      }

      private ByteBuffer bytes() throws HoldFormatException {
        if (body.remaining() > HoldMessage.LONGEST_PIECE) {
          throw new HoldFormatException("a piece of " + body.remaining() + " bytes");
        }
        var bytes = ByteBuffer.wrap(HoldMessage.array(body));
        body.position(body.limit());
        return bytes;
      }
    }
  }
}
