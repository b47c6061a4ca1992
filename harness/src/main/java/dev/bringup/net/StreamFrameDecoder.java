package dev.bringup.net;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a byte stream into Ethernet frames, each preceded by its length as a four-byte big-endian
 * number, as QEMU's {@code -netdev stream} and {@code -netdev socket} send them.
 *
 * <p>Read bytes into {@link #space()}, then call {@link #next()} until it has none. Not
 * thread-safe.
 */
public final class StreamFrameDecoder {
  /** The largest frame that is accepted, in bytes. */
  public static final int MAX_FRAME = 65 * 1024;

  static final int PREFIX = 4;

  private final ByteBuffer buffer;
  private int start;

  public StreamFrameDecoder() {
    this(256 * 1024);
  }

  StreamFrameDecoder(int capacity) {
    buffer = ByteBuffer.allocateDirect(Math.max(capacity, 2 * (PREFIX + MAX_FRAME)));
  }

  /** Where the next bytes of the stream go; ends the life of the frames given so far. */
  public ByteBuffer space() {
    if (start == buffer.position()) {
      buffer.clear();
      start = 0;
    } else if (buffer.capacity() - start < PREFIX + MAX_FRAME) {
      buffer.flip().position(start);
      buffer.compact();
      start = 0;
    }
    return buffer;
  }

  /**
   * The next whole frame, or null when more bytes are needed. It is a view that lives until {@link
   * #space()} is called.
   *
   * @throws PacketFormatException when a length is above {@link #MAX_FRAME}; the stream cannot be
   *     read any further
   */
  public @Nullable ByteBuffer next() {
    int available = buffer.position() - start;
    if (available < PREFIX) {
      return null;
    }
    int length = buffer.getInt(start);
    if (length < 0 || length > MAX_FRAME) {
      throw new PacketFormatException(
          "frame of " + Integer.toUnsignedString(length) + " bytes in the NIC's stream");
    }
    if (available < PREFIX + length) {
      return null;
    }
    ByteBuffer frame = buffer.slice(start + PREFIX, length);
    start += PREFIX + length;
    return frame;
  }

  /** Forgets all bytes: a new stream begins. */
  public void reset() {
    buffer.clear();
    start = 0;
  }
}
