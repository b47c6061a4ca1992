package dev.bringup.emulator.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A disk. Virtio 1.2, section 5.2. Requests are done at once, in their order.
 *
 * <p>The disk's content is not part of its saved state: who keeps the store keeps that.
 *
 * <p>Not modelled: discarding, writing zeroes, switching the cache, more than one queue.
 */
public final class VirtioBlock implements VirtioFunction {
  private static final long SEGMENTS_MAX = 1L << 2;
  private static final long READ_ONLY = 1L << 5;
  private static final long FLUSH_COMMAND = 1L << 9;
  private static final int CHAINS = 256;

  private static final int SECTOR = 512;
  private static final int HEADER = 16;
  private static final int SERIAL = 20;

  private static final int IN = 0;
  private static final int OUT = 1;
  private static final int FLUSH = 4;
  private static final int GET_ID = 8;

  private static final int OK = 0;
  private static final int IO_ERROR = 1;
  private static final int UNSUPPORTED = 2;

  /** A request is moved in pieces of this size, whatever the guest says its length is. */
  private static final int PIECE = 1 << 16;

  private final BlockStore store;
  private final byte[] serial;

  /** What is on the disk. Called on the machine's thread. */
  public interface BlockStore {
    /** In bytes; only whole sectors of 512 bytes are used. Does not change. */
    long size();

    /** Whether writing is refused. Does not change. */
    boolean readOnly();

    /** Reads bytes, all within {@link #size}. An exception is an I/O error to the guest. */
    void read(long at, byte[] into, int from, int length) throws IOException;

    /** Writes bytes, all within {@link #size}. An exception is an I/O error to the guest. */
    void write(long at, byte[] bytes, int from, int length) throws IOException;

    /** What was written stays. An exception is an I/O error to the guest. */
    void flush() throws IOException;
  }

  /**
   * @param serial what the disk calls itself, ASCII; at most 20 characters are shown
   */
  public VirtioBlock(BlockStore store, String serial) {
    this.store = store;
    this.serial = Arrays.copyOf(serial.getBytes(StandardCharsets.US_ASCII), SERIAL);
  }

  @Override
  public int id() {
    return 2;
  }

  @Override
  public long features() {
    return SEGMENTS_MAX | FLUSH_COMMAND | (store.readOnly() ? READ_ONLY : 0);
  }

  @Override
  public int[] queueSizes() {
    return new int[] {CHAINS};
  }

  private long sectors() {
    return store.size() / SECTOR;
  }

  /** Capacity in sectors at 0, and at 12 how many buffers a request may have for its data. */
  @Override
  public int readConfiguration(int offset) {
    if (offset < 8) {
      return (int) (sectors() >>> (8 * offset)) & 0xff;
    }
    return offset == 12 ? CHAINS - 2 : 0;
  }

  @Override
  public void notified(int number, VirtioMmio transport) {
    Virtqueue queue = transport.queue(number);
    int waiting = queue.waiting();
    for (int i = 0; i < waiting; i++) {
      Virtqueue.Chain chain = queue.take();
      if (chain == null) {
        break;
      }
      if (chain.readable() < HEADER || chain.writable() < 1) {
        queue.fail(); // no request, and nowhere to say so
        break;
      }
      long data = chain.writable() - 1;
      int status = answer(chain, data);
      chain.write(data, new byte[] {(byte) status}, 0, 1);
      queue.giveBack(chain, (int) chain.writable());
    }
    if (waiting > 0) {
      transport.interrupt(queue);
    }
  }

  /**
   * @param room bytes for the answer's data
   */
  private int answer(Virtqueue.Chain chain, long room) {
    var header = new byte[HEADER];
    chain.read(0, header, 0, HEADER);
    int type = (int) littleEndian(header, 0, 4);
    long sector = littleEndian(header, 8, 8);
    try {
      return switch (type) {
        case IN -> in(chain, sector, room);
        case OUT -> out(chain, sector, chain.readable() - HEADER);
        case FLUSH -> {
          store.flush();
          yield OK;
        }
        case GET_ID -> {
          chain.write(0, serial, 0, (int) Math.min(room, SERIAL));
          yield OK;
        }
        default -> UNSUPPORTED;
      };
    } catch (IOException _) {
      return IO_ERROR;
    }
  }

  private static long littleEndian(byte[] bytes, int at, int length) {
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << 8 | (bytes[at + i] & 0xff);
    }
    return value;
  }

  /** Whether the disk has these sectors. */
  private boolean isThere(long sector, long bytes) {
    return bytes % SECTOR == 0
        && sector >= 0
        && sector <= sectors()
        && bytes / SECTOR <= sectors() - sector;
  }

  private int in(Virtqueue.Chain chain, long sector, long bytes) throws IOException {
    if (!isThere(sector, bytes)) {
      return IO_ERROR;
    }
    var piece = new byte[(int) Math.min(bytes, PIECE)];
    for (long done = 0; done < bytes; done += piece.length) {
      int count = (int) Math.min(bytes - done, piece.length);
      store.read(sector * SECTOR + done, piece, 0, count);
      chain.write(done, piece, 0, count);
    }
    return OK;
  }

  private int out(Virtqueue.Chain chain, long sector, long bytes) throws IOException {
    if (store.readOnly() || !isThere(sector, bytes)) {
      return IO_ERROR;
    }
    var piece = new byte[(int) Math.min(bytes, PIECE)];
    for (long done = 0; done < bytes; done += piece.length) {
      int count = (int) Math.min(bytes - done, piece.length);
      chain.read(HEADER + done, piece, 0, count);
      store.write(sector * SECTOR + done, piece, 0, count);
    }
    return OK;
  }
}
