package dev.bringup.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What telnet's option COM-PORT says (RFC 2217, section 3). The server's form of a command is its
 * number and 100; zero as a value asks. Pure.
 */
public sealed interface ComPortMessage {

  /** Who sends a message. */
  enum Sender {
    CLIENT(0),
    SERVER(100);

    private final int base;

    Sender(int base) {
      this.base = base;
    }
  }

  /** Who one is; empty asks. */
  record Signature(String text) implements ComPortMessage {}

  /** Bits a second, unsigned 32 bits; the server says what it has really set. */
  record BaudRate(long baud) implements ComPortMessage {}

  /** 5 to 8. */
  record DataSize(int bits) implements ComPortMessage {}

  /** 1 none, 2 odd, 3 even, 4 mark, 5 space. */
  record Parity(int value) implements ComPortMessage {}

  /** 1 one, 2 two, 3 one and a half. */
  record StopSize(int value) implements ComPortMessage {}

  /** Flow control, BREAK, DTR or RTS: the constants here. */
  record Control(int value) implements ComPortMessage {
    public static final int ASK_FLOW = 0;
    public static final int NO_FLOW = 1;
    public static final int XON_XOFF = 2;
    public static final int RTS_CTS = 3;
    public static final int ASK_BREAK = 4;
    public static final int BREAK_ON = 5;
    public static final int BREAK_OFF = 6;
    public static final int ASK_DTR = 7;
    public static final int DTR_ON = 8;
    public static final int DTR_OFF = 9;
    public static final int ASK_RTS = 10;
    public static final int RTS_ON = 11;
    public static final int RTS_OFF = 12;
  }

  /** 1 data ready, 2 overrun, 4 parity, 8 framing, 16 BREAK, 32 and 64 empty, 128 timeout. */
  record LineState(int bits) implements ComPortMessage {}

  /** Bits 4 to 7 CTS, DSR, RI, DCD; 0 to 3 say which of them changed. */
  record ModemState(int bits) implements ComPortMessage {
    private static final int CTS = 0x10;
    private static final int DSR = 0x20;
    private static final int RING = 0x40;
    private static final int DCD = 0x80;

    static ModemState of(ModemLines lines) {
      return new ModemState(
          (lines.cts() ? CTS : 0)
              | (lines.dsr() ? DSR : 0)
              | (lines.ring() ? RING : 0)
              | (lines.dcd() ? DCD : 0));
    }

    public ModemLines lines() {
      return new ModemLines(
          (bits & CTS) != 0, (bits & DSR) != 0, (bits & RING) != 0, (bits & DCD) != 0);
    }
  }

  /** The receiver shall send no more data. */
  record Suspend() implements ComPortMessage {}

  /** The receiver may send data again. */
  record Resume() implements ComPortMessage {}

  /** Which line states the server reports. */
  record LineStateMask(int bits) implements ComPortMessage {}

  /** Which modem states the server reports. */
  record ModemStateMask(int bits) implements ComPortMessage {}

  /** 1 received bytes, 2 bytes to send, 3 both are thrown away. */
  record Purge(int what) implements ComPortMessage {}

  /** A command that RFC 2217 does not have; {@code code} as sent. */
  record Unknown(int code) implements ComPortMessage {}

  /** The whole subnegotiation as it is sent. */
  default byte[] encode(Sender sender) {
    byte[] body =
        switch (this) {
          case Signature(String text) -> numbered(0, text.getBytes(StandardCharsets.ISO_8859_1));
          case BaudRate(long baud) ->
              numbered(1, ByteBuffer.allocate(4).putInt((int) baud).array());
          case DataSize(int bits) -> numbered(2, bits);
          case Parity(int value) -> numbered(3, value);
          case StopSize(int value) -> numbered(4, value);
          case Control(int value) -> numbered(5, value);
          case LineState(int bits) -> numbered(6, bits);
          case ModemState(int bits) -> numbered(7, bits);
          case Suspend() -> numbered(8, new byte[0]);
          case Resume() -> numbered(9, new byte[0]);
          case LineStateMask(int bits) -> numbered(10, bits);
          case ModemStateMask(int bits) -> numbered(11, bits);
          case Purge(int what) -> numbered(12, what);
          case Unknown(int code) -> numbered(code, new byte[0]);
        };
    if (!(this instanceof Unknown)) {
      body[0] = (byte) (body[0] + sender.base);
    }
    return Telnet.subnegotiation(Telnet.COM_PORT, body);
  }

  private static byte[] numbered(int command, int value) {
    return numbered(command, new byte[] {(byte) value});
  }

  private static byte[] numbered(int command, byte[] value) {
    var body = new byte[1 + value.length];
    body[0] = (byte) command;
    System.arraycopy(value, 0, body, 1, value.length);
    return body;
  }

  /**
   * Reads the payload of a subnegotiation. Values are not judged; a command of the other side is
   * {@link Unknown}.
   *
   * @throws TelnetFormatException if it is empty or its value has the wrong length
   */
  static ComPortMessage decode(byte[] payload, Sender sender) throws TelnetFormatException {
    if (payload.length == 0) {
      throw new TelnetFormatException("COM-PORT subnegotiation without a command");
    }
    int code = payload[0] & 0xFF;
    byte[] value = Arrays.copyOfRange(payload, 1, payload.length);
    return switch (code - sender.base) {
      case 0 -> new Signature(new String(value, StandardCharsets.ISO_8859_1));
      case 1 ->
          new BaudRate(ByteBuffer.wrap(sized(code, value, Integer.BYTES)).getInt() & 0xFFFF_FFFFL);
      case 2 -> new DataSize(number(code, value));
      case 3 -> new Parity(number(code, value));
      case 4 -> new StopSize(number(code, value));
      case 5 -> new Control(number(code, value));
      case 6 -> new LineState(number(code, value));
      case 7 -> new ModemState(number(code, value));
      // Some senders put a byte behind these two.
      case 8 -> new Suspend();
      case 9 -> new Resume();
      case 10 -> new LineStateMask(number(code, value));
      case 11 -> new ModemStateMask(number(code, value));
      case 12 -> new Purge(number(code, value));
      default -> new Unknown(code);
    };
  }

  private static int number(int code, byte[] value) throws TelnetFormatException {
    return sized(code, value, 1)[0] & 0xFF;
  }

  private static byte[] sized(int code, byte[] value, int size) throws TelnetFormatException {
    if (value.length != size) {
      throw new TelnetFormatException(
          "COM-PORT command %d has a value of %d bytes instead of %d"
              .formatted(code, value.length, size));
    }
    return value;
  }
}
