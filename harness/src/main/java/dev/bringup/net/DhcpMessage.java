package dev.bringup.net;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A BOOTP or DHCP message (RFC 951, RFC 2131) with its options (RFC 2132).
 *
 * @param operation {@link #REQUEST} or {@link #REPLY}
 * @param file the boot file name, at most 127 bytes
 * @param options by code; repeated options are joined (RFC 3396); empty for plain BOOTP
 */
record DhcpMessage(
    int operation,
    int transaction,
    boolean broadcast,
    Ipv4Address clientIp,
    Ipv4Address yourIp,
    Ipv4Address nextServer,
    Ipv4Address relay,
    MacAddress clientMac,
    String file,
    SortedMap<Integer, byte[]> options) {
  static final int REQUEST = 1;
  static final int REPLY = 2;
  static final int SERVER_PORT = 67;
  static final int CLIENT_PORT = 68;

  static final int OPTION_SUBNET_MASK = 1;
  static final int OPTION_ROUTER = 3;
  static final int OPTION_DNS = 6;
  static final int OPTION_HOST_NAME = 12;
  static final int OPTION_DOMAIN = 15;
  static final int OPTION_BROADCAST = 28;
  static final int OPTION_REQUESTED_IP = 50;
  static final int OPTION_LEASE_TIME = 51;
  private static final int OPTION_OVERLOAD = 52;
  static final int OPTION_TYPE = 53;
  static final int OPTION_SERVER_ID = 54;
  static final int OPTION_WANTED = 55;
  static final int OPTION_MESSAGE = 56;
  static final int OPTION_RENEWAL_TIME = 58;
  static final int OPTION_REBINDING_TIME = 59;
  static final int OPTION_CLIENT_CLASS = 60;
  static final int OPTION_CLIENT_ID = 61;
  static final int OPTION_TFTP_SERVER = 66;
  static final int OPTION_BOOT_FILE = 67;

  private static final int FIXED = 236;
  private static final int COOKIE = 0x63825363;
  private static final int SERVER_NAME_AT = 44;
  private static final int FILE_AT = 108;
  private static final int PAD = 0;
  private static final int END = 255;

  /** BOOTP clients throw away shorter answers (RFC 1542, section 2.1). */
  private static final int MIN_LENGTH = 300;

  /** The value of option 53. */
  enum Type {
    DISCOVER(1),
    OFFER(2),
    REQUEST(3),
    DECLINE(4),
    ACK(5),
    NAK(6),
    RELEASE(7),
    INFORM(8);

    final int code;

    Type(int code) {
      this.code = code;
    }

    private static Optional<Type> of(int code) {
      return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }
  }

  static DhcpMessage decode(ByteBuffer in) {
    if (in.remaining() < FIXED) {
      throw new PacketFormatException("DHCP message of " + in.remaining() + " bytes");
    }
    int at = in.position();
    if (in.get(at + 1) != 1 || in.get(at + 2) != MacAddress.BYTES) {
      throw new PacketFormatException("DHCP message that is not for Ethernet");
    }
    var options = new TreeMap<Integer, byte[]>();
    int overload = 0;
    if (in.remaining() >= FIXED + 4 && in.getInt(at + FIXED) == COOKIE) {
      readOptions(in.slice(at + FIXED + 4, in.remaining() - FIXED - 4), options);
      byte[] value = options.remove(OPTION_OVERLOAD);
      overload = value != null && value.length == 1 ? value[0] : 0;
      if ((overload & 1) != 0) {
        readOptions(in.slice(at + FILE_AT, FIXED - FILE_AT), options);
      }
      if ((overload & 2) != 0) {
        readOptions(in.slice(at + SERVER_NAME_AT, FILE_AT - SERVER_NAME_AT), options);
      }
      options.remove(OPTION_OVERLOAD); // once more inside those fields it means nothing
    }
    return new DhcpMessage(
        in.get(at) & 0xff,
        in.getInt(at + 4),
        in.getShort(at + 10) < 0,
        new Ipv4Address(in.getInt(at + 12)),
        new Ipv4Address(in.getInt(at + 16)),
        new Ipv4Address(in.getInt(at + 20)),
        new Ipv4Address(in.getInt(at + 24)),
        MacAddress.get(in, at + 28),
        (overload & 1) != 0 ? "" : text(in.slice(at + FILE_AT, FIXED - FILE_AT)),
        options);
  }

  private static void readOptions(ByteBuffer in, Map<Integer, byte[]> options) {
    while (in.hasRemaining()) {
      int code = in.get() & 0xff;
      if (code == END) {
        return;
      }
      if (code == PAD) {
        continue;
      }
      int length = in.hasRemaining() ? in.get() & 0xff : 256;
      if (length > in.remaining()) {
        throw new PacketFormatException("DHCP option " + code + " that is cut off");
      }
      byte[] value = new byte[length];
      in.get(value);
      options.merge(code, value, DhcpMessage::join);
    }
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static String text(ByteBuffer field) {
    byte[] bytes = new byte[field.remaining()];
    field.get(bytes);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
  }

  /** The message as it goes into a UDP datagram. */
  byte[] encode() {
    var fixed = ByteBuffer.allocate(FIXED);
    fixed.put(0, (byte) operation).put(1, (byte) 1).put(2, (byte) MacAddress.BYTES);
    fixed.putInt(4, transaction).putShort(10, (short) (broadcast ? 0x8000 : 0));
    fixed.putInt(12, clientIp.bits()).putInt(16, yourIp.bits());
    fixed.putInt(20, nextServer.bits()).putInt(24, relay.bits());
    clientMac.put(fixed, 28);
    byte[] name = file.getBytes(StandardCharsets.ISO_8859_1);
    fixed.put(FILE_AT, name, 0, Math.min(name.length, FIXED - FILE_AT - 1));
    var out = new ByteArrayOutputStream(MIN_LENGTH);
    out.writeBytes(fixed.array());
    if (!options.isEmpty()) {
      out.writeBytes(ByteBuffer.allocate(4).putInt(COOKIE).array());
      options.forEach((code, value) -> writeOption(out, code, value));
      out.write(END);
    }
    byte[] bytes = out.toByteArray();
    return Arrays.copyOf(bytes, Math.max(bytes.length, MIN_LENGTH));
  }

  private static void writeOption(ByteArrayOutputStream out, int code, byte[] value) {
    int at = 0;
    do {
      int length = Math.min(255, value.length - at);
      out.write(code);
      out.write(length);
      out.write(value, at, length);
      at += length;
    } while (at < value.length);
  }

  /** Option 53; empty in plain BOOTP and for numbers that RFC 2131 does not know. */
  Optional<Type> type() {
    byte[] value = options.get(OPTION_TYPE);
    return value != null && value.length == 1 ? Type.of(value[0]) : Optional.empty();
  }

  /** Whether the client knows only BOOTP. */
  boolean isBootp() {
    return !options.containsKey(OPTION_TYPE);
  }

  Optional<Ipv4Address> address(int option) {
    byte[] value = options.get(option);
    return value != null && value.length == 4
        ? Optional.of(new Ipv4Address(ByteBuffer.wrap(value).getInt()))
        : Optional.empty();
  }

  /** Whether the client asked for {@code option}, or named no options at all. */
  boolean wants(int option) {
    byte[] wanted = options.get(OPTION_WANTED);
    if (wanted == null) {
      return true;
    }
    for (byte code : wanted) {
      if ((code & 0xff) == option) {
        return true;
      }
    }
    return false;
  }
}
