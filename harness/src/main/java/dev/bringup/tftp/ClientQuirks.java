package dev.bringup.tftp;

/**
 * What a client cannot do, or does in its own way.
 *
 * @param maxBlksize largest block granted, 8 to 65464 bytes (RFC 2348)
 * @param maxWindowsize largest window granted, 1 to 65535 blocks (RFC 7440)
 * @param ignoreOptions answers as a plain RFC 1350 server: no OACK, 512-byte blocks
 * @param wrapToOne block 65535 is followed by block 1 instead of 0 (no RFC says which)
 * @param stripLeadingSlash serves {@code /boot/Image} as {@code boot/Image} instead of refusing it
 */
public record ClientQuirks(
    int maxBlksize,
    int maxWindowsize,
    boolean ignoreOptions,
    boolean wrapToOne,
    boolean stripLeadingSlash) {

  /** No quirks: all options, wrap to 0 as U-Boot does, windows of at most 64 blocks. */
  public static final ClientQuirks NONE = new ClientQuirks(65464, 64, false, false, false);

  public ClientQuirks {
    if (maxBlksize < 8 || maxBlksize > 65464) {
      throw new IllegalArgumentException("maxBlksize " + maxBlksize + " is not in 8..65464");
    }
    if (maxWindowsize < 1 || maxWindowsize > 65535) {
      throw new IllegalArgumentException("maxWindowsize " + maxWindowsize + " is not in 1..65535");
    }
  }

  /** The same with another {@link #maxBlksize()}. */
  public ClientQuirks withMaxBlksize(int value) {
    return new ClientQuirks(value, maxWindowsize, ignoreOptions, wrapToOne, stripLeadingSlash);
  }

  /** The same with another {@link #maxWindowsize()}. */
  public ClientQuirks withMaxWindowsize(int value) {
    return new ClientQuirks(maxBlksize, value, ignoreOptions, wrapToOne, stripLeadingSlash);
  }

  /** The same without options. */
  public ClientQuirks ignoringOptions() {
    return new ClientQuirks(maxBlksize, maxWindowsize, true, wrapToOne, stripLeadingSlash);
  }

  /** The same with blocks that wrap to 1. */
  public ClientQuirks wrappingToOne() {
    return new ClientQuirks(maxBlksize, maxWindowsize, ignoreOptions, true, stripLeadingSlash);
  }

  /** The same with names that lose their leading slashes. */
  public ClientQuirks strippingLeadingSlash() {
    return new ClientQuirks(maxBlksize, maxWindowsize, ignoreOptions, wrapToOne, true);
  }

  /** The name to look up for a name that the client sent. */
  String nameFor(String sent) {
    if (!stripLeadingSlash) {
      return sent;
    }
    int start = 0;
    while (start < sent.length() && sent.charAt(start) == '/') {
      start++;
    }
    return sent.substring(start);
  }
}
