package dev.bringup.tftp;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a transfer agreed on.
 *
 * @param blksize bytes of a full block
 * @param windowsize blocks sent before an ACK is due
 * @param timeoutSeconds retransmission interval to begin with
 * @param accepted the options of the OACK, in the order of the request; empty: no OACK is sent
 */
record TftpOptions(int blksize, int windowsize, int timeoutSeconds, Map<String, String> accepted) {
  /** RFC 1350: what holds when nobody asks for anything. */
  static final TftpOptions PLAIN = new TftpOptions(512, 1, 1, Map.of());

  /**
   * A burst larger than this overruns the default receive buffer of any client that we know, so a
   * wish for it is granted with fewer blocks (RFC 7440 section 3 allows that).
   */
  private static final int MAX_BURST_BYTES = 512 << 10;

  TftpOptions {
    accepted = Collections.unmodifiableMap(new LinkedHashMap<>(accepted));
  }

  /**
   * Grants what can be granted and leaves out the rest, as RFC 2347 asks.
   *
   * @param size what a wish to know the length is answered with (RFC 2349)
   */
  static TftpOptions negotiate(Map<String, String> asked, OptionalLong size, ClientQuirks quirks) {
    if (quirks.ignoreOptions()) {
      return PLAIN;
    }
    int blksize = PLAIN.blksize;
    int windowsize = PLAIN.windowsize;
    int timeout = PLAIN.timeoutSeconds;
    Map<String, String> accepted = new LinkedHashMap<>();
    for (var option : asked.entrySet()) {
      long value = number(option.getValue());
      switch (option.getKey()) {
        case "blksize" -> {
          if (value >= 8) {
            blksize = (int) Math.min(value, quirks.maxBlksize());
            accepted.put("blksize", Integer.toString(blksize));
          }
        }
        case "windowsize" -> {
          if (value >= 1) {
            windowsize = (int) Math.min(value, quirks.maxWindowsize());
            accepted.put("windowsize", "");
          }
        }
        case "timeout" -> {
          if (value >= 1 && value <= 255) {
            timeout = (int) value;
            accepted.put("timeout", option.getValue()); // must be echoed unchanged
          }
        }
        case "tsize" -> {
          if (value >= 0 && size.isPresent()) {
            accepted.put("tsize", Long.toString(size.getAsLong()));
          }
        }
        default -> {} // RFC 2347: unknown options are left out of the OACK
      }
    }
    windowsize = Math.max(1, Math.min(windowsize, MAX_BURST_BYTES / blksize));
    accepted.replace("windowsize", Integer.toString(windowsize));
    return new TftpOptions(blksize, windowsize, timeout, accepted);
  }

  /** The decimal number, or -1 for anything else. */
  static long number(String text) {
    if (text.isEmpty() || text.length() > 18) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
