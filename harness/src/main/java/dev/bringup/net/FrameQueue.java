package dev.bringup.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Frames on their way into a byte stream, each behind its length, bounded in bytes. Many frames
 * leave in one write. Not thread-safe.
 */
final class FrameQueue {
  private final int limit;
  // Twice the limit: moving the rest to the front then costs less than what was written since.
  private final ByteBuffer buffer;
  private int start;

  FrameQueue(int limit) {
    this.limit = limit;
    this.buffer = ByteBuffer.allocateDirect(2 * limit);
  }

  /** Copies a frame; false when it does not fit any more. */
  boolean add(ByteBuffer frame) {
    int bytes = StreamFrameDecoder.PREFIX + frame.remaining();
    if (buffer.position() - start + bytes > limit) {
      return false;
    }
    if (buffer.remaining() < bytes) {
      buffer.flip().position(start);
      buffer.compact();
      start = 0;
    }
    buffer.putInt(frame.remaining()).put(frame);
    return true;
  }

  /** Writes what the channel takes; true when all is written. */
  boolean writeTo(WritableByteChannel channel) throws IOException {
    int end = buffer.position();
    if (start < end) {
      buffer.flip().position(start);
      try {
        channel.write(buffer);
      } finally {
        start = buffer.position();
        buffer.clear().position(end);
      }
    }
    if (start < end) {
      return false;
    }
    clear();
    return true;
  }

  void clear() {
    buffer.clear();
    start = 0;
  }
}
