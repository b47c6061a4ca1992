package dev.bringup.transport;

import java.io.ByteArrayOutputStream;

/** The bytes of telnet (RFC 854, 855) and what is sent with them. Pure. */
public final class Telnet {
  /** "Interpret as command"; a data byte of this value is sent twice. */
  public static final int IAC = 0xFF;

  public static final int SE = 0xF0;
  public static final int NOP = 0xF1;
  public static final int BREAK = 0xF3;
  public static final int ARE_YOU_THERE = 0xF6;
  public static final int SB = 0xFA;
  public static final int WILL = 0xFB;
  public static final int WONT = 0xFC;
  public static final int DO = 0xFD;
  public static final int DONT = 0xFE;

  /** RFC 856. */
  public static final int BINARY = 0;

  /** RFC 857. */
  public static final int ECHO = 1;

  /** RFC 858: suppress go ahead. */
  public static final int SGA = 3;

  /** RFC 860: answered when all that was sent before has been dealt with. */
  public static final int TIMING_MARK = 6;

  /** RFC 2217. */
  public static final int COM_PORT = 44;

  private Telnet() {}

  /**
   * Data as it is sent. Without BINARY a carriage return is followed by NUL, also one before a line
   * feed, so that the far end gets exactly these bytes.
   */
  public static byte[] data(byte[] bytes, int from, int length, boolean binary) {
    int special = 0;
    for (int i = from; i < from + length; i++) {
      if (bytes[i] == (byte) IAC || (bytes[i] == '\r' && !binary)) {
        special++;
      }
    }
    var out = new byte[length + special];
    int to = 0;
    for (int i = from; i < from + length; i++) {
      out[to++] = bytes[i];
      if (bytes[i] == (byte) IAC) {
        out[to++] = (byte) IAC;
      } else if (bytes[i] == '\r' && !binary) {
        out[to++] = 0;
      }
    }
    return out;
  }

  /** A command without an argument: {@link #BREAK}, {@link #NOP}. */
  public static byte[] command(int command) {
    return new byte[] {(byte) IAC, (byte) command};
  }

  /** {@link #WILL}, {@link #WONT}, {@link #DO} or {@link #DONT} about an option. */
  public static byte[] negotiation(int verb, int option) {
    return new byte[] {(byte) IAC, (byte) verb, (byte) option};
  }

  /** What belongs to an option, framed. */
  public static byte[] subnegotiation(int option, byte[] payload) {
    var out = new ByteArrayOutputStream(payload.length + 8);
    out.write(IAC);
    out.write(SB);
    out.write(option);
    out.writeBytes(data(payload, 0, payload.length, true));
    out.write(IAC);
    out.write(SE);
    return out.toByteArray();
  }
}
