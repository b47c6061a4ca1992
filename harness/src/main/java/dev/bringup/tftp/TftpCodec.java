package dev.bringup.tftp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * TFTP packets to bytes and back (RFC 1350 section 5, RFC 2347). Pure; what it allocates is bounded
 * by the size of the packet.
 *
 * <p>Strings are UTF-8, of which the ASCII that the RFCs ask for is a part; a string that is not
 * valid UTF-8 is read as ISO 8859-1, so that any name can be logged and refused by name.
 */
public final class TftpCodec {
  /** Bytes of a DATA packet before its payload. */
  static final int HEADER = 4;

  static final int RRQ = 1;
  static final int WRQ = 2;
  static final int DATA = 3;
  static final int ACK = 4;
  static final int ERROR = 5;
  static final int OACK = 6;

  private TftpCodec() {}

  /**
   * Reads the one packet that {@code packet} holds between position and limit; neither moves.
   *
   * @throws TftpFormatException if it is not a TFTP packet; nothing else is thrown
   */
  public static TftpPacket decode(ByteBuffer packet) throws TftpFormatException {
    if (packet.remaining() < 2) {
      throw new TftpFormatException("packet of " + packet.remaining() + " bytes has no opcode");
    }
    ByteBuffer in = packet.slice(); // big endian, as the wire is
    int opcode = in.getShort() & 0xffff;
    return switch (opcode) {
      case RRQ -> new TftpPacket.Read(text(in, "file name"), text(in, "mode"), options(in));
      case WRQ -> new TftpPacket.Write(text(in, "file name"), text(in, "mode"), options(in));
      case DATA -> new TftpPacket.Data(number(in, "block number"), in.slice());
      case ACK -> new TftpPacket.Ack(number(in, "block number"));
      // Some boot ROMs leave out the final NUL, or the text as well.
      case ERROR -> new TftpPacket.ErrorReply(number(in, "error code"), rest(in));
      case OACK -> new TftpPacket.OptionAck(options(in));
      default -> throw new TftpFormatException("unknown opcode " + opcode);
    };
  }

  /**
   * The bytes of {@code packet}.
   *
   * @throws IllegalArgumentException if a string contains NUL or a number needs more than 16 bits
   */
  public static byte[] encode(TftpPacket packet) {
    var out = new ByteArrayOutputStream();
    switch (packet) {
      case TftpPacket.Request request -> {
        put(out, request instanceof TftpPacket.Read ? RRQ : WRQ);
        put(out, request.file());
        put(out, request.mode());
        put(out, request.options());
      }
      case TftpPacket.Data data -> {
        put(out, DATA);
        put(out, data.block());
        byte[] payload = new byte[data.payload().remaining()];
        data.payload().duplicate().get(payload);
        out.writeBytes(payload);
      }
      case TftpPacket.Ack ack -> {
        put(out, ACK);
        put(out, ack.block());
      }
      case TftpPacket.ErrorReply error -> {
        put(out, ERROR);
        put(out, error.code());
        put(out, error.text());
      }
      case TftpPacket.OptionAck ack -> {
        put(out, OACK);
        put(out, ack.options());
      }
    }
    return out.toByteArray();
  }

  private static int number(ByteBuffer in, String what) throws TftpFormatException {
    if (in.remaining() < 2) {
      throw new TftpFormatException("packet ends inside its " + what);
    }
    return in.getShort() & 0xffff;
  }

  private static String text(ByteBuffer in, String what) throws TftpFormatException {
    int start = in.position();
    for (int i = start; i < in.limit(); i++) {
      if (in.get(i) == 0) {
        in.position(i + 1);
        return text(in.slice(start, i - start));
      }
    }
    throw new TftpFormatException("packet ends inside its " + what);
  }

  private static String rest(ByteBuffer in) {
    int end = in.position();
    while (end < in.limit() && in.get(end) != 0) {
      end++;
    }
    return text(in.slice(in.position(), end - in.position()));
  }

  private static String text(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
    } catch (CharacterCodingException e) {
      return StandardCharsets.ISO_8859_1.decode(bytes).toString();
    }
  }

  private static Map<String, String> options(ByteBuffer in) throws TftpFormatException {
    Map<String, String> options = new LinkedHashMap<>();
    while (in.hasRemaining()) {
      String name = text(in, "option name").toLowerCase(Locale.ROOT);
      if (name.isEmpty()) {
        return options; // a request of a fixed length, filled up with zeros
      }
      options.putIfAbsent(name, text(in, "value of option"));
    }
    return options;
  }

  private static void put(ByteArrayOutputStream out, int number) {
    if (number < 0 || number > 0xffff) {
      throw new IllegalArgumentException(number + " does not fit in 16 bits");
    }
    out.write(number >> 8);
    out.write(number);
  }

  private static void put(ByteArrayOutputStream out, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("NUL inside a string");
    }
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    out.write(0);
  }

  private static void put(ByteArrayOutputStream out, Map<String, String> options) {
    options.forEach((name, value) -> {
      put(out, name);
      put(out, value);
    });
  }

  /** How a packet that came out of a {@link PacketPath} ends its transfer; null if it does not. */
  static @Nullable TftpOutcome ending(byte[] packet) {
    try {
      return decode(ByteBuffer.wrap(packet)) instanceof TftpPacket.ErrorReply error
          ? new TftpOutcome.Refused(error.code(), error.text())
          : null;
    } catch (TftpFormatException e) {
      return null; // cut to pieces by a fault: sent as it is
    }
  }
}
