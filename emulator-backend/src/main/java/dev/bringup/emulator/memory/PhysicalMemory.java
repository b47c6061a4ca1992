package dev.bringup.emulator.memory;

import dev.bringup.emulator.device.Device;
import dev.bringup.emulator.device.GuestMemory;
import dev.bringup.emulator.device.StateReader;
import dev.bringup.emulator.device.StateWriter;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The physical address space: one range of RAM and the regions of devices. Used by the machine's
 * one thread only.
 *
 * <p>Decoded code is kept by physical page, one entry for each instruction and one more for the end
 * of the page; 0 stands for "not decoded yet". A store into a page with decoded code clears the
 * entries that it touches. So code that patches itself is never stale, and cache maintenance has
 * nothing to do.
 */
public final class PhysicalMemory implements GuestMemory, AutoCloseable {
  public static final int PAGE_SHIFT = 12;
  public static final int PAGE_SIZE = 1 << PAGE_SHIFT;
  public static final long PAGE_MASK = PAGE_SIZE - 1;

  /** Entries of a page of decoded code: its instructions, and one behind the last. */
  public static final int CODE_ENTRIES = PAGE_SIZE / 4 + 1;

  /** So many stores into a page of code without an instruction decoded make it data again. */
  private static final int STORES_TO_DROP = 256;

  /** More pages of decoded code than programs have, at 8 KiB each. */
  private static final int MOST_CODE_PAGES = 16_384;

  private final Arena arena = Arena.ofShared();
  private final long ramBase;
  private final long ramSize;
  private final long ramHost;
  private final long[] @Nullable [] ramCode;
  private final int[] codeStores;
  private final int mostCodePages;
  private int codePages;
  private final BitSet touched;
  private final Map<Long, long[]> romCode = new HashMap<>();
  private final List<Region> regions = new ArrayList<>();
  private final List<CodeListener> listeners = new ArrayList<>();
  private Region[] sorted = {};
  private @Nullable Region latest;

  /** A device's place. {@code accesses} counts, for reports. */
  private static final class Region {
    private final String name;
    private final long base;
    private final long size;
    private final Device device;
    private final boolean executable;
    private long accesses;

    private Region(String name, long base, long size, Device device, boolean executable) {
      this.name = name;
      this.base = base;
      this.size = size;
      this.device = device;
      this.executable = executable;
    }
  }

  /**
   * @param ramBase on a page
   * @param ramSize whole pages; host memory is used for the pages that are written only
   * @throws BringupException (infrastructure) if the host cannot give so much
   */
  public PhysicalMemory(long ramBase, long ramSize) {
    this(ramBase, ramSize, MOST_CODE_PAGES);
  }

  PhysicalMemory(long ramBase, long ramSize, int mostCodePages) {
    this.mostCodePages = mostCodePages;
    this.ramBase = ramBase;
    this.ramSize = ramSize;
    this.ramHost = map(ramSize).address();
    int pages = Math.toIntExact(ramSize >>> PAGE_SHIFT);
    this.ramCode = new long[pages][];
    this.codeStores = new int[pages];
    this.touched = new BitSet(pages);
  }

  /** A private mapping of a file with nothing in it: pages come into being when written. */
  private MemorySegment map(long size) {
    try {
      Path file = Files.createTempFile("bringup-" + ProcessHandle.current().pid() + "-ram-", null);
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.SPARSE,
              StandardOpenOption.DELETE_ON_CLOSE)) {
        var _ = channel.write(java.nio.ByteBuffer.allocate(1), size - 1);
        return channel.map(FileChannel.MapMode.PRIVATE, 0, size, arena);
      }
    } catch (IOException | OutOfMemoryError e) {
      throw BringupException.infrastructure(
          "cannot map %d MiB of guest memory: %s".formatted(size >> 20, e.getMessage()),
          "give the board less memory, or check the space of "
              + System.getProperty("java.io.tmpdir"),
          e);
    }
  }

  /** Puts a device at {@code base}; what a CPU may also execute from is {@code executable}. */
  public void add(String name, long base, long size, Device device, boolean executable) {
    for (Region other : regions) {
      if (base < other.base + other.size && other.base < base + size) {
        throw BringupException.configuration(
            "the memory of %s at 0x%x overlaps that of %s at 0x%x"
                .formatted(name, base, other.name, other.base));
      }
    }
    regions.add(new Region(name, base, size, device, executable));
    sorted = regions.toArray(Region[]::new);
    Arrays.sort(sorted, (a, b) -> Long.compareUnsigned(a.base, b.base));
  }

  public void addListener(CodeListener listener) {
    listeners.add(listener);
  }

  public long ramBase() {
    return ramBase;
  }

  public long ramSize() {
    return ramSize;
  }

  /** Whether the whole range is RAM. */
  @Override
  public boolean isRam(long address, long length) {
    long offset = address - ramBase;
    return offset >= 0 && length >= 0 && length <= ramSize && offset <= ramSize - length;
  }

  /** The host address of a physical address in RAM, 0 elsewhere. */
  public long host(long address) {
    long offset = address - ramBase;
    return offset >= 0 && offset < ramSize ? ramHost + offset : 0;
  }

  /** Whether stores to the page of {@code address}, in RAM, must come here. */
  public boolean isCode(long address) {
    return ramCode[page(address)] != null;
  }

  /** Notes that the page of {@code address}, in RAM, may be written without asking again. */
  public void touch(long address) {
    touched.set(page(address));
  }

  private int page(long address) {
    return (int) ((address - ramBase) >>> PAGE_SHIFT);
  }

  /**
   * The decoded code of the page of {@code address}.
   *
   * @return null if nothing can be executed there
   */
  public long @Nullable [] code(long address) {
    if (host(address) != 0) {
      int page = page(address);
      long[] code = ramCode[page];
      if (code == null) {
        code = newCode();
        ramCode[page] = code;
        codeStores[page] = 0;
        listeners.forEach(CodeListener::codeMarked);
      }
      return code;
    }
    Region region = region(address);
    if (region == null || !region.executable) {
      return null;
    }
    long[] code = romCode.get(address >>> PAGE_SHIFT);
    if (code == null) {
      code = newCode();
      romCode.put(address >>> PAGE_SHIFT, code);
    }
    return code;
  }

  /**
   * A program that jumps through all of memory must not use up the host's: then all begins anew.
   */
  private long[] newCode() {
    if (codePages >= mostCodePages) {
      dropCode();
    }
    codePages++;
    return new long[CODE_ENTRIES];
  }

  /** An instruction of the page of {@code address} was decoded. */
  public void decoded(long address) {
    if (host(address) != 0) {
      codeStores[page(address)] = 0;
    }
  }

  /** Forgets all decoded code. */
  public void dropCode() {
    Arrays.fill(ramCode, null);
    codePages = romCode.size();
    dropRomCode();
  }

  /** Forgets code that was decoded out of devices: what they show has changed. */
  public void dropRomCode() {
    codePages -= romCode.size();
    romCode.clear();
    listeners.forEach(CodeListener::codeDropped);
  }

  private @Nullable Region region(long address) {
    Region last = latest;
    if (last != null && address - last.base >= 0 && address - last.base < last.size) {
      return last;
    }
    int low = 0;
    int high = sorted.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Region region = sorted[middle];
      if (Long.compareUnsigned(address, region.base) < 0) {
        high = middle - 1;
      } else if (address - region.base < region.size) {
        latest = region;
        return region;
      } else {
        low = middle + 1;
      }
    }
    return null;
  }

  private Region device(long address, int size) {
    Region region = region(address);
    if (region == null || address - region.base > region.size - size) {
      throw new BusError(address);
    }
    region.accesses++;
    return region;
  }

  /**
   * Reads as a CPU does; the range does not cross a page.
   *
   * @param size 1, 2, 4 or 8
   * @throws BusError if nothing is there
   */
  public long load(long address, int size) {
    long host = host(address);
    if (host == 0) {
      Region region = device(address, size);
      return region.device.read(address - region.base, size);
    }
    return switch (size) {
      case 1 -> HostMemory.getByte(host) & 0xffL;
      case 2 -> HostMemory.getShort(host) & 0xffffL;
      case 4 -> HostMemory.getInt(host) & 0xffff_ffffL;
      default -> HostMemory.getLong(host);
    };
  }

  /**
   * Writes as a CPU does; the range does not cross a page.
   *
   * @param size 1, 2, 4 or 8
   * @throws BusError if nothing is there
   */
  public void store(long address, int size, long value) {
    long host = host(address);
    if (host == 0) {
      Region region = device(address, size);
      region.device.write(address - region.base, size, value);
      return;
    }
    written(address, size);
    switch (size) {
      case 1 -> HostMemory.putByte(host, (byte) value);
      case 2 -> HostMemory.putShort(host, (short) value);
      case 4 -> HostMemory.putInt(host, (int) value);
      default -> HostMemory.putLong(host, value);
    }
  }

  /** RAM within one page is about to change: what was decoded there is stale. */
  private void written(long address, int length) {
    int page = page(address);
    touched.set(page);
    long[] code = ramCode[page];
    if (code == null) {
      return;
    }
    int offset = (int) (address & PAGE_MASK);
    Arrays.fill(code, offset >>> 2, ((offset + length - 1) >>> 2) + 1, 0);
    if (++codeStores[page] >= STORES_TO_DROP) {
      ramCode[page] = null;
      codePages--;
      listeners.forEach(CodeListener::codeDropped);
    }
  }

  @Override
  public void read(long address, byte[] into, int from, int length) {
    if (isRam(address, length)) {
      HostMemory.copy(ramHost + (address - ramBase), into, from, length);
    } else {
      Arrays.fill(into, from, from + length, (byte) 0);
    }
  }

  @Override
  public void write(long address, byte[] bytes, int from, int length) {
    if (!isRam(address, length) || length == 0) {
      return;
    }
    for (int done = 0; done < length; ) {
      long at = address + done;
      int n = (int) Math.min(length - done, PAGE_SIZE - (at & PAGE_MASK));
      written(at, n);
      done += n;
    }
    HostMemory.copy(bytes, from, ramHost + (address - ramBase), length);
  }

  private long readRam(long address, int size) {
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      long host = host(address + i);
      value = value << 8 | (host == 0 ? 0 : HostMemory.getByte(host) & 0xff);
    }
    return value;
  }

  private void writeRam(long address, int size, long value) {
    for (int i = 0; i < size; i++) {
      if (host(address + i) != 0) {
        store(address + i, 1, value >>> (8 * i));
      }
    }
  }

  @Override
  public int readByte(long address) {
    return (int) readRam(address, 1);
  }

  @Override
  public int readShort(long address) {
    return (int) readRam(address, 2);
  }

  @Override
  public int readInt(long address) {
    return (int) readRam(address, 4);
  }

  @Override
  public long readLong(long address) {
    return readRam(address, 8);
  }

  @Override
  public void writeByte(long address, int value) {
    writeRam(address, 1, value);
  }

  @Override
  public void writeShort(long address, int value) {
    writeRam(address, 2, value);
  }

  @Override
  public void writeInt(long address, int value) {
    writeRam(address, 4, value);
  }

  @Override
  public void writeLong(long address, long value) {
    writeRam(address, 8, value);
  }

  /** How often each device was accessed, in the order in which they were added. */
  public Map<String, Long> accesses() {
    var accesses = new java.util.LinkedHashMap<String, Long>();
    regions.forEach(region -> accesses.put(region.name, region.accesses));
    return accesses;
  }

  /** RAM as after power-on: zeros. */
  public void clear() {
    touched.stream()
        .forEach(page -> HostMemory.zero(ramHost + ((long) page << PAGE_SHIFT), PAGE_SIZE));
    touched.clear();
    dropCode();
  }

  /** Writes all pages of RAM that were ever written. */
  public void save(StateWriter out) {
    out.part("ram");
    out.put(ramBase);
    out.put(ramSize);
    out.put(touched.cardinality());
    var page = new byte[PAGE_SIZE];
    for (int at = touched.nextSetBit(0); at >= 0; at = touched.nextSetBit(at + 1)) {
      HostMemory.copy(ramHost + ((long) at << PAGE_SHIFT), page, 0, PAGE_SIZE);
      out.put(at);
      out.put(page);
    }
  }

  /**
   * Takes back what {@link #save} wrote.
   *
   * @throws BringupException (configuration) if it is of a machine with other RAM
   */
  public void restore(StateReader in) {
    in.part("ram");
    long base = in.get();
    long size = in.get();
    if (base != ramBase || size != ramSize) {
      throw BringupException.configuration(
          "the snapshot is of a machine with %d MiB of memory at 0x%x, not with %d MiB at 0x%x"
              .formatted(size >> 20, base, ramSize >> 20, ramBase));
    }
    clear();
    for (long count = in.get(); count > 0; count--) {
      long at = in.get();
      byte[] page = in.getBytes();
      if (page.length != PAGE_SIZE || at < 0 || at >= ramSize >>> PAGE_SHIFT) {
        throw BringupException.configuration("the snapshot has a page of memory that cannot be");
      }
      write(ramBase + (at << PAGE_SHIFT), page, 0, PAGE_SIZE);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
