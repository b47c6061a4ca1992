package dev.bringup.emulator.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A guest with a megabyte of memory and a small virtio driver, which may also misbehave. */
final class VirtioGuest implements GuestMemory {
  static final long RAM = 0x4000_0000L;
  static final int RAM_SIZE = 1 << 20;
  static final int NEXT = 1;
  static final int WRITE = 2;
  static final int INDIRECT = 4;

  private final byte[] ram = new byte[RAM_SIZE];
  private long free = RAM + 0x8_0000;

  /** The wire from the device, and how often it rose. */
  boolean line;

  int rises;

  void line(boolean level) {
    if (level && !line) {
      rises++;
    }
    line = level;
  }

  /** A queue as its driver has it, in pages of its own. */
  final class Ring {
    final int size;
    final long descriptors;
    final long available;
    final long used;
    private int nextDescriptor;
    private int added;
    private int seen;

    Ring(int number, int size) {
      this.size = size;
      this.descriptors = RAM + 0x1000 + number * 0x4000L;
      this.available = descriptors + 16L * size;
      this.used = (available + 6 + 2L * size + 4095) & -4096L;
      write(descriptors, new byte[0x4000], 0, 0x4000); // as drivers do
    }

    void describe(int index, long address, int length, int flags, int next) {
      VirtioGuest.this.describe(descriptors, index, address, length, flags, next);
    }

    /** Makes a chain available that begins with a descriptor. */
    void offer(int head) {
      writeShort(available + 4 + 2L * (added & (size - 1)), head);
      added = (added + 1) & 0xffff;
      writeShort(available + 2, added);
    }

    /** Makes buffers available, as one chain; returns its head. */
    int offer(Part... parts) {
      int head = nextDescriptor;
      for (int i = 0; i < parts.length; i++) {
        int index = (head + i) % size;
        boolean last = i == parts.length - 1;
        describe(
            index,
            parts[i].address,
            parts[i].length,
            (parts[i].write ? WRITE : 0) | (last ? 0 : NEXT),
            (index + 1) % size);
      }
      nextDescriptor = (head + parts.length) % size;
      offer(head);
      return head;
    }

    int usedIndex() {
      return readShort(used + 2);
    }

    /** What came back since the last call. */
    List<Used> collect() {
      List<Used> back = new ArrayList<>();
      while (seen != usedIndex()) {
        long entry = used + 4 + 8L * (seen & (size - 1));
        back.add(new Used(readInt(entry), readInt(entry + 4)));
        seen = (seen + 1) & 0xffff;
      }
      return back;
    }

    void wantNoInterrupts() {
      writeShort(available, 1);
    }
  }

  record Used(int head, int written) {}

  record Part(long address, int length, boolean write) {}

  void describe(long table, int index, long address, int length, int flags, int next) {
    long at = table + 16L * index;
    writeLong(at, address);
    writeInt(at + 8, length);
    writeShort(at + 12, flags);
    writeShort(at + 14, next);
  }

  /** A buffer for the device to read. */
  Part out(byte[] bytes) {
    long at = allocate(bytes.length);
    write(at, bytes, 0, bytes.length);
    return new Part(at, bytes.length, false);
  }

  /** A buffer for the device to write. */
  Part in(int length) {
    return new Part(allocate(length), length, true);
  }

  long allocate(int length) {
    long at = free;
    free += (length + 15) & -16;
    assertThat(isRam(at, length)).as("the test has memory left").isTrue();
    return at;
  }

  byte[] bytes(Part part) {
    return bytes(part.address, part.length);
  }

  byte[] bytes(long address, int length) {
    var bytes = new byte[length];
    read(address, bytes, 0, length);
    return bytes;
  }

  static long get(Device device, int register) {
    return device.read(register, 4);
  }

  static void put(Device device, int register, long value) {
    device.write(register, 4, value);
  }

  /** Initialises as virtio 1.2, section 3.1.1 says, with these features. */
  Ring[] start(VirtioMmio device, long features, int... sizes) {
    put(device, VirtioMmio.GUEST_PAGE_SIZE, 4096); // before the reset, as Linux and U-Boot do
    put(device, VirtioMmio.STATUS, 0);
    put(device, VirtioMmio.STATUS, VirtioMmio.ACKNOWLEDGE | VirtioMmio.DRIVER);
    long wanted = device.isLegacy() ? features : features | VirtioMmio.VERSION_1;
    put(device, VirtioMmio.DRIVER_FEATURES_SELECT, 0);
    put(device, VirtioMmio.DRIVER_FEATURES, wanted);
    int status = VirtioMmio.ACKNOWLEDGE | VirtioMmio.DRIVER;
    if (!device.isLegacy()) {
      put(device, VirtioMmio.DRIVER_FEATURES_SELECT, 1);
      put(device, VirtioMmio.DRIVER_FEATURES, wanted >>> 32);
      status |= VirtioMmio.FEATURES_OK;
      put(device, VirtioMmio.STATUS, status);
      assertThat(get(device, VirtioMmio.STATUS)).isEqualTo(status);
    }
    var rings = new Ring[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      rings[i] = new Ring(i, sizes[i]);
      place(device, i, rings[i]);
    }
    put(device, VirtioMmio.STATUS, status | VirtioMmio.DRIVER_OK);
    return rings;
  }

  static void place(VirtioMmio device, int number, Ring ring) {
    put(device, VirtioMmio.QUEUE_SELECT, number);
    put(device, VirtioMmio.QUEUE_SIZE, ring.size);
    if (device.isLegacy()) {
      put(device, VirtioMmio.QUEUE_ALIGN, 4096);
      put(device, VirtioMmio.QUEUE_PFN, ring.descriptors >>> 12);
    } else {
      put(device, VirtioMmio.QUEUE_DESCRIPTORS, ring.descriptors);
      put(device, VirtioMmio.QUEUE_DESCRIPTORS + 4, ring.descriptors >>> 32);
      put(device, VirtioMmio.QUEUE_AVAILABLE, ring.available);
      put(device, VirtioMmio.QUEUE_AVAILABLE + 4, ring.available >>> 32);
      put(device, VirtioMmio.QUEUE_USED, ring.used);
      put(device, VirtioMmio.QUEUE_USED + 4, ring.used >>> 32);
      put(device, VirtioMmio.QUEUE_READY, 1);
    }
  }

  static void kick(Device device, int queue) {
    put(device, VirtioMmio.QUEUE_NOTIFY, queue);
  }

  @Override
  public boolean isRam(long address, long length) {
    long offset = address - RAM;
    return offset >= 0 && length >= 0 && length <= RAM_SIZE && offset <= RAM_SIZE - length;
  }

  @Override
  public void read(long address, byte[] into, int from, int length) {
    if (isRam(address, length)) {
      System.arraycopy(ram, (int) (address - RAM), into, from, length);
    } else {
      Arrays.fill(into, from, from + length, (byte) 0);
    }
  }

  @Override
  public void write(long address, byte[] bytes, int from, int length) {
    if (isRam(address, length)) {
      System.arraycopy(bytes, from, ram, (int) (address - RAM), length);
    }
  }

  private long load(long address, int size) {
    var bytes = new byte[size];
    read(address, bytes, 0, size);
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }

  private void store(long address, int size, long value) {
    var bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (value >>> (8 * i));
    }
    write(address, bytes, 0, size);
  }

  @Override
  public int readByte(long address) {
    return (int) load(address, 1);
  }

  @Override
  public int readShort(long address) {
    return (int) load(address, 2);
  }

  @Override
  public int readInt(long address) {
    return (int) load(address, 4);
  }

  @Override
  public long readLong(long address) {
    return load(address, 8);
  }

  @Override
  public void writeByte(long address, int value) {
    store(address, 1, value);
  }

  @Override
  public void writeShort(long address, int value) {
    store(address, 2, value);
  }

  @Override
  public void writeInt(long address, int value) {
    store(address, 4, value);
  }

  @Override
  public void writeLong(long address, long value) {
    store(address, 8, value);
  }
}
