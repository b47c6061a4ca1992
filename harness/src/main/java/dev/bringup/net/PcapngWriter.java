package dev.bringup.net;

import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Writes Ethernet frames to a pcapng file (IETF draft-ietf-opsawg-pcapng), which Wireshark reads.
 * Each frame goes to the file at once and in one piece, so that after {@code kill -9} the file ends
 * with a whole block. Thread-safe.
 */
public final class PcapngWriter implements AutoCloseable {
  private static final int SECTION_HEADER = 0x0a0d0d0a;
  private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
  private static final int INTERFACE_DESCRIPTION = 1;
  private static final int ENHANCED_PACKET = 6;
  private static final int ETHERNET = 1;
  private static final int OPTION_USER_APPLICATION = 4;
  private static final int OPTION_INTERFACE_NAME = 2;
  private static final int OPTION_TIME_RESOLUTION = 9;
  private static final int OPTION_PACKET_FLAGS = 2;
  private static final byte NANOSECONDS = 9;

  /** Type, length, interface, time (8), two lengths, flags (8), end of options, length. */
  private static final int PACKET_OVERHEAD = 28 + 8 + 4 + 4;

  // A plain file stream and not a channel: an interrupt of the writing thread closes channels.
  private final FileOutputStream out;
  private final BoardClock clock;
  private final long offset;
  private final ByteBuffer block =
      ByteBuffer.allocate(PACKET_OVERHEAD + StreamFrameDecoder.MAX_FRAME + 4)
          .order(ByteOrder.LITTLE_ENDIAN);
  private boolean closed;

  /** Which way a frame went. */
  public enum Direction {
    FROM_BOARD(1),
    TO_BOARD(2);

    private final int flags; // epb_flags, bits 0 and 1: inbound, outbound

    Direction(int flags) {
      this.flags = flags;
    }
  }

  private PcapngWriter(FileOutputStream out, BoardClock clock, Instant start) throws IOException {
    this.out = out;
    this.clock = clock;
    long nanos = Math.addExact(start.getEpochSecond() * 1_000_000_000L, start.getNano());
    this.offset = nanos - clock.nanos();
    writeHeader();
  }

  /**
   * Begins a recording; a file that is there is replaced.
   *
   * @param clock gives the time between frames
   * @param wall gives the date of the first
   * @throws BringupException (infrastructure) when the file cannot be written
   */
  public static PcapngWriter create(Path file, BoardClock clock, InstantSource wall) {
    try {
      var out = new FileOutputStream(file.toFile());
      try {
        return new PcapngWriter(out, clock, wall.instant());
      } catch (IOException e) {
        out.close();
        throw e;
      }
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot record packets to " + file + ": " + e.getMessage(),
          "check the folder, its permissions and the space on its disk",
          e);
    }
  }

  private void writeHeader() throws IOException {
    begin(SECTION_HEADER).putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0);
    block.putLong(-1); // a section of unknown length
    option(OPTION_USER_APPLICATION, "bringup".getBytes(StandardCharsets.UTF_8));
    end();
    begin(INTERFACE_DESCRIPTION).putShort((short) ETHERNET).putShort((short) 0).putInt(0);
    option(OPTION_INTERFACE_NAME, "bench-lan".getBytes(StandardCharsets.UTF_8));
    option(OPTION_TIME_RESOLUTION, new byte[] {NANOSECONDS});
    end();
  }

  /**
   * Adds a frame, from the buffer's position to its limit, at most 65 KiB; longer ones are cut.
   * Does nothing after {@link #close()}.
   */
  public synchronized void write(Direction direction, ByteBuffer frame) throws IOException {
    if (closed) {
      return;
    }
    long time = clock.nanos() + offset;
    int length = Math.min(frame.remaining(), StreamFrameDecoder.MAX_FRAME);
    begin(ENHANCED_PACKET).putInt(0).putInt((int) (time >>> 32)).putInt((int) time);
    block.putInt(length).putInt(frame.remaining());
    block.put(block.position(), frame, frame.position(), length);
    block.position(block.position() + length);
    pad();
    block.putShort((short) OPTION_PACKET_FLAGS).putShort((short) 4).putInt(direction.flags);
    end();
  }

  private ByteBuffer begin(int type) {
    return block.clear().putInt(type).putInt(0);
  }

  private void option(int code, byte[] value) {
    block.putShort((short) code).putShort((short) value.length).put(value);
    pad();
  }

  private void pad() {
    while (block.position() % 4 != 0) {
      block.put((byte) 0);
    }
  }

  private void end() throws IOException {
    block.putInt(0); // end of options
    int length = block.position() + 4;
    block.putInt(length).putInt(4, length);
    out.write(block.array(), 0, length);
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    out.close();
  }
}
