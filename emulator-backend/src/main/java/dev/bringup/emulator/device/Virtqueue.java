package dev.bringup.emulator.device;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A split virtqueue, seen from the device: takes chains of buffers that the driver made available
 * and gives them back used. Virtio 1.2, section 2.7.
 *
 * <p>The rings are the driver's memory, so nothing in them is trusted. A queue whose rings make no
 * sense fails: it tells its transport once and has no chains any more, until it is reset.
 *
 * <p>Not modelled: VIRTIO_F_EVENT_IDX, packed rings.
 */
public final class Virtqueue {
  private static final int DESCRIPTOR = 16;
  private static final int NEXT = 1;
  private static final int WRITE = 2;
  private static final int INDIRECT = 4;
  private static final int NO_INTERRUPT = 1;

  /** The descriptors of an indirect table; more than any driver uses, few enough to hold. */
  private static final int LONGEST_TABLE = 1024;

  /**
   * The longest chain, in bytes. Descriptors may name the same memory again and again, and a device
   * that follows them all would be at it for hours.
   */
  private static final long LONGEST_CHAIN = 1 << 30;

  private final GuestMemory memory;
  private final int maximum;
  private final Runnable whenFailed;
  private int size;
  private boolean ready;
  private boolean failed;
  private long descriptors;
  private long available;
  private long used;

  /** The indices count chains, modulo 65536: taken from the available ring, put into the used. */
  private int taken;

  private int returned;

  /**
   * @param maximum chains that the rings can hold, a power of two
   * @param whenFailed told when the driver's rings turn out to make no sense
   */
  Virtqueue(GuestMemory memory, int maximum, Runnable whenFailed) {
    this.memory = memory;
    this.maximum = maximum;
    this.whenFailed = whenFailed;
    this.size = maximum;
  }

  /** Buffers in a row, those for the device to read before those for it to write. */
  public static final class Chain {
    private final GuestMemory memory;
    private final int head;
    private final List<Buffer> readable = new ArrayList<>();
    private final List<Buffer> writable = new ArrayList<>();
    private long length;

    private record Buffer(long address, long length) {}

    private Chain(GuestMemory memory, int head) {
      this.memory = memory;
      this.head = head;
    }

    private static long sum(List<Buffer> buffers) {
      long sum = 0;
      for (Buffer buffer : buffers) {
        sum += buffer.length;
      }
      return sum;
    }

    /** Bytes for the device to read. */
    public long readable() {
      return sum(readable);
    }

    /** Bytes for the device to write. */
    public long writable() {
      return sum(writable);
    }

    /**
     * Reads what the driver gave, whatever buffers it is in.
     *
     * @param at of the {@link #readable} bytes
     * @throws IndexOutOfBoundsException if there are not so many
     */
    public void read(long at, byte[] into, int from, int length) {
      copy(readable, at, into, from, length, false);
    }

    /**
     * Writes an answer, whatever buffers it is in.
     *
     * @param at of the {@link #writable} bytes
     * @throws IndexOutOfBoundsException if there are not so many
     */
    public void write(long at, byte[] bytes, int from, int length) {
      copy(writable, at, bytes, from, length, true);
    }

    private void copy(
        List<Buffer> buffers, long at, byte[] bytes, int from, int length, boolean write) {
      int done = 0;
      long start = 0;
      for (Buffer buffer : buffers) {
        long skip = Math.max(0, at + done - start);
        int count = Math.clamp(buffer.length - skip, 0, length - done);
        if (count > 0) {
          if (write) {
            memory.write(buffer.address + skip, bytes, from + done, count);
          } else {
            memory.read(buffer.address + skip, bytes, from + done, count);
          }
          done += count;
        }
        start += buffer.length;
      }
      if (done < length) {
        throw new IndexOutOfBoundsException("a chain has no bytes " + at + " to " + (at + length));
      }
    }
  }

  int maximum() {
    return maximum;
  }

  int size() {
    return size;
  }

  /** Sets how many chains the rings hold; what cannot be is ignored. */
  void size(int chains) {
    if (!ready && chains > 0 && chains <= maximum && Integer.bitCount(chains) == 1) {
      size = chains;
    }
  }

  boolean isReady() {
    return ready;
  }

  long descriptors() {
    return descriptors;
  }

  /** Where the queue is, by physical address; ignored while it is in use. */
  void place(long descriptors, long available, long used) {
    if (!ready) {
      this.descriptors = descriptors;
      this.available = available;
      this.used = used;
    }
  }

  long available() {
    return available;
  }

  long used() {
    return used;
  }

  /** Begins to use the rings. */
  void start() {
    ready = true;
    if (!memory.isRam(descriptors, (long) size * DESCRIPTOR)
        || !memory.isRam(available, 6 + 2L * size)
        || !memory.isRam(used, 6 + 8L * size)) {
      fail();
    }
  }

  /** As after power-on. */
  void reset() {
    size = maximum;
    ready = false;
    failed = false;
    descriptors = 0;
    available = 0;
    used = 0;
    taken = 0;
    returned = 0;
  }

  /** Gives up on this queue: the driver put something into it that makes no sense. */
  public void fail() {
    if (!failed) {
      failed = true;
      whenFailed.run();
    }
  }

  /**
   * How many chains wait. Take no more than this many for one notification: a device's own writes
   * may hit rings that a driver placed badly, and would make more and more.
   */
  public int waiting() {
    if (!ready || failed) {
      return 0;
    }
    int waiting = (memory.readShort(available + 2) - taken) & 0xffff;
    if (waiting > size) {
      fail();
      return 0;
    }
    return waiting;
  }

  /** Takes the next chain; null if none waits or if it makes no sense. */
  public @Nullable Chain take() {
    if (waiting() == 0) {
      return null;
    }
    int head = memory.readShort(available + 4 + 2L * (taken & (size - 1)));
    var chain = new Chain(memory, head);
    if (!collect(chain, descriptors, size, head, false)) {
      fail();
      return null;
    }
    taken = (taken + 1) & 0xffff;
    return chain;
  }

  /** Puts back the last {@code chains} that were taken, as if they had not been. */
  void putBack(int chains) {
    taken = (taken - chains) & 0xffff;
  }

  /** Follows a table of descriptors; false if it makes no sense. */
  private boolean collect(Chain chain, long table, int length, int first, boolean indirect) {
    var descriptor = new byte[DESCRIPTOR];
    int index = first;
    for (int followed = 0; followed < length; followed++) {
      if (index >= length) {
        return false;
      }
      memory.read(table + (long) index * DESCRIPTOR, descriptor, 0, DESCRIPTOR);
      long address = littleEndian(descriptor, 0, 8);
      long bytes = littleEndian(descriptor, 8, 4);
      int flags = (int) littleEndian(descriptor, 12, 2);
      if ((flags & INDIRECT) != 0) {
        return !indirect
            && (flags & NEXT) == 0
            && bytes > 0
            && bytes % DESCRIPTOR == 0
            && bytes / DESCRIPTOR <= LONGEST_TABLE
            && memory.isRam(address, bytes)
            && collect(chain, address, (int) bytes / DESCRIPTOR, 0, true);
      }
      if (!add(chain, address, bytes, (flags & WRITE) != 0)) {
        return false;
      }
      if ((flags & NEXT) == 0) {
        return true;
      }
      index = (int) littleEndian(descriptor, 14, 2);
    }
    return false; // more descriptors than there are: a loop
  }

  private boolean add(Chain chain, long address, long bytes, boolean write) {
    if (!write && !chain.writable.isEmpty()) {
      return false;
    }
    if (bytes > 0) {
      chain.length += bytes;
      if (!memory.isRam(address, bytes) || chain.length > LONGEST_CHAIN) {
        return false;
      }
      (write ? chain.writable : chain.readable).add(new Chain.Buffer(address, bytes));
    }
    return true;
  }

  private static long littleEndian(byte[] bytes, int at, int length) {
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << 8 | (bytes[at + i] & 0xff);
    }
    return value;
  }

  /**
   * Gives a chain back to the driver. Tell the transport afterwards, once for any number.
   *
   * @param written bytes that were written into it, from its beginning
   */
  public void giveBack(Chain chain, int written) {
    long entry = used + 4 + 8L * (returned & (size - 1));
    memory.writeInt(entry, chain.head);
    memory.writeInt(entry + 4, written);
    returned = (returned + 1) & 0xffff;
    memory.writeShort(used + 2, returned);
  }

  /** Whether the driver wants to be interrupted for what is given back. */
  boolean wantsInterrupt() {
    return ready && (memory.readShort(available) & NO_INTERRUPT) == 0;
  }

  void save(StateWriter out) {
    out.put(size);
    out.put(ready);
    out.put(failed);
    out.put(descriptors);
    out.put(available);
    out.put(used);
    out.put(taken);
    out.put(returned);
  }

  void restore(StateReader in) {
    size = (int) in.get();
    ready = in.getBoolean();
    failed = in.getBoolean();
    descriptors = in.get();
    available = in.get();
    used = in.get();
    taken = (int) in.get();
    returned = (int) in.get();
  }
}
