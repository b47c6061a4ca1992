package dev.bringup.emulator.device;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The registers of a virtio device in memory: virtio 1.2, section 4.2, in both layouts. The legacy
 * one (version 1, section 4.2.4) is what the virt machine of old and of QEMU has by default; U-Boot
 * and Linux know both.
 *
 * <p>Registers are 32 bits wide and answer to no other size, but the configuration space does. A
 * driver whose rings make no sense finds DEVICE_NEEDS_RESET in a modern device; in a legacy one,
 * which has no such bit, the queue stops.
 *
 * <p>Not modelled: shared memory regions, reset of a single queue.
 */
public final class VirtioMmio implements Device {
  /** Bytes of the region. */
  public static final int REGION = 0x200;

  static final int MAGIC_VALUE = 0x7472_6976; // "virt"

  /** The vendor of all virtio devices of the virt machine that this one resembles. */
  static final int VENDOR = 0x554d_4551;

  static final int MAGIC = 0x00;
  static final int VERSION = 0x04;
  static final int DEVICE_ID = 0x08;
  static final int VENDOR_ID = 0x0c;
  static final int DEVICE_FEATURES = 0x10;
  static final int DEVICE_FEATURES_SELECT = 0x14;
  static final int DRIVER_FEATURES = 0x20;
  static final int DRIVER_FEATURES_SELECT = 0x24;
  static final int GUEST_PAGE_SIZE = 0x28;
  static final int QUEUE_SELECT = 0x30;
  static final int QUEUE_SIZE_MAX = 0x34;
  static final int QUEUE_SIZE = 0x38;
  static final int QUEUE_ALIGN = 0x3c;
  static final int QUEUE_PFN = 0x40;
  static final int QUEUE_READY = 0x44;
  static final int QUEUE_NOTIFY = 0x50;
  static final int INTERRUPT_STATUS = 0x60;
  static final int INTERRUPT_ACKNOWLEDGE = 0x64;
  static final int STATUS = 0x70;
  static final int QUEUE_DESCRIPTORS = 0x80;
  static final int QUEUE_AVAILABLE = 0x90;
  static final int QUEUE_USED = 0xa0;
  static final int SHARED_LENGTH = 0xb0;
  static final int SHARED_BASE = 0xb8;
  static final int GENERATION = 0xfc;
  static final int CONFIGURATION = 0x100;

  /** Bits of the status, section 2.1. */
  static final int ACKNOWLEDGE = 1;

  static final int DRIVER = 2;
  static final int DRIVER_OK = 4;
  static final int FEATURES_OK = 8;
  static final int NEEDS_RESET = 0x40;

  /** Bits of the interrupt status. */
  static final int USED_BUFFER = 1;

  static final int CONFIGURATION_CHANGE = 2;

  /** Features of the transport, section 6: a legacy driver need not split buffers by content. */
  static final long ANY_LAYOUT = 1L << 27;

  static final long INDIRECT_DESCRIPTORS = 1L << 28;
  static final long VERSION_1 = 1L << 32;

  private static final long LOW = 0xffff_ffffL;

  private final VirtioFunction function;
  private final InterruptLine line;
  private final boolean legacy;
  private final List<Virtqueue> queues;

  private int status;
  private int interrupts;
  private int deviceFeaturesSelect;
  private int driverFeaturesSelect;
  private long driverFeatures;
  private int queueSelect;
  private int pageShift;
  private int[] aligns;
  private int generation;

  /** A device with the legacy layout. */
  public VirtioMmio(VirtioFunction function, GuestMemory memory, InterruptLine line) {
    this(function, memory, line, true);
  }

  /**
   * @param memory where the driver's queues and buffers are
   * @param legacy whether it has the registers of version 1, else those of version 2
   */
  public VirtioMmio(
      VirtioFunction function, GuestMemory memory, InterruptLine line, boolean legacy) {
    this.function = function;
    this.line = line;
    this.legacy = legacy;
    this.queues =
        IntStream.of(function.queueSizes())
            .mapToObj(size -> new Virtqueue(memory, size, this::queueFailed))
            .toList();
    this.aligns = defaultAligns();
  }

  /** A place with no device in it: legacy, device ID 0, all that drivers look at. */
  public static Device empty() {
    return new VirtioEmptySlot();
  }

  /** The alignment of the used ring is 4096 bytes unless the driver says otherwise. */
  private int[] defaultAligns() {
    return IntStream.range(0, queues.size()).map(_ -> 4096).toArray();
  }

  public boolean isLegacy() {
    return legacy;
  }

  /** Whether the driver took a feature. */
  public boolean has(long feature) {
    return (driverFeatures & feature) == feature;
  }

  public Virtqueue queue(int number) {
    return queues.get(number);
  }

  /** Chains were given back to the driver: interrupts it if it wants. */
  public void interrupt(Virtqueue queue) {
    if (queue.wantsInterrupt()) {
      raise(USED_BUFFER);
    }
  }

  /** The configuration space has changed by itself. */
  public void configurationChanged() {
    generation++;
    if ((status & DRIVER_OK) != 0) {
      raise(CONFIGURATION_CHANGE);
    }
  }

  private void raise(int bits) {
    interrupts |= bits;
    line.set(true);
  }

  private void queueFailed() {
    if (!legacy) {
      boolean running = (status & DRIVER_OK) != 0;
      status |= NEEDS_RESET;
      if (running) {
        raise(CONFIGURATION_CHANGE);
      }
    }
  }

  /**
   * Whether the device may use its queues. Legacy drivers use them before they say DRIVER_OK
   * (section 3.1.2).
   */
  boolean isRunning() {
    return legacy || (status & (DRIVER_OK | NEEDS_RESET)) == DRIVER_OK;
  }

  private long offered() {
    long features = function.features() | INDIRECT_DESCRIPTORS;
    return legacy ? (features | ANY_LAYOUT) & LOW : features | VERSION_1;
  }

  @Override
  public long read(long offset, int size) {
    if (offset >= CONFIGURATION && offset + size <= REGION) {
      long value = 0;
      for (int i = size - 1; i >= 0; i--) {
        value = value << 8 | function.readConfiguration((int) offset - CONFIGURATION + i);
      }
      return value;
    }
    if (size != 4 || offset < 0 || offset >= CONFIGURATION) {
      return 0;
    }
    return LOW
        & switch ((int) offset) {
          case MAGIC -> MAGIC_VALUE;
          case VERSION -> legacy ? 1 : 2;
          case DEVICE_ID -> function.id();
          case VENDOR_ID -> VENDOR;
          case DEVICE_FEATURES ->
              switch (deviceFeaturesSelect) {
                case 0 -> offered();
                case 1 -> offered() >>> 32;
                default -> 0;
              };
          case QUEUE_SIZE_MAX -> isSelected() ? selected().maximum() : 0;
          case QUEUE_PFN ->
              legacy && isSelected() && selected().isReady()
                  ? selected().descriptors() >>> pageShift
                  : 0;
          case QUEUE_READY -> !legacy && isSelected() && selected().isReady() ? 1 : 0;
          case INTERRUPT_STATUS -> interrupts;
          case STATUS -> status;
          // No region: its length is -1, section 4.2.2.
          case SHARED_LENGTH, SHARED_LENGTH + 4, SHARED_BASE, SHARED_BASE + 4 -> legacy ? 0 : -1;
          case GENERATION -> legacy ? 0 : generation;
          default -> 0;
        };
  }

  @Override
  public void write(long offset, int size, long value) {
    if (offset >= CONFIGURATION && offset + size <= REGION) {
      for (int i = 0; i < size; i++) {
        int octet = (int) (value >>> (8 * i)) & 0xff;
        function.writeConfiguration((int) offset - CONFIGURATION + i, octet, this);
      }
      return;
    }
    if (size != 4 || offset < 0 || offset >= CONFIGURATION) {
      return;
    }
    int word = (int) value;
    switch ((int) offset) {
      case DEVICE_FEATURES_SELECT -> deviceFeaturesSelect = word;
      case DRIVER_FEATURES -> takeFeatures(value & LOW);
      case DRIVER_FEATURES_SELECT -> driverFeaturesSelect = word;
      case QUEUE_SELECT -> queueSelect = word;
      case QUEUE_NOTIFY -> notified(word);
      case INTERRUPT_ACKNOWLEDGE -> {
        interrupts &= ~word;
        line.set(interrupts != 0);
      }
      case STATUS -> writeStatus(word & 0xff);
      default -> {
        if (legacy && (int) offset == GUEST_PAGE_SIZE) {
          pageShift = word == 0 ? 0 : Integer.numberOfTrailingZeros(word);
        } else if (isSelected()) {
          writeQueue((int) offset, word);
        }
      }
    }
  }

  private boolean isSelected() {
    return queueSelect >= 0 && queueSelect < queues.size();
  }

  private Virtqueue selected() {
    return queues.get(queueSelect);
  }

  private void writeQueue(int offset, int word) {
    Virtqueue queue = selected();
    if (offset == QUEUE_SIZE) {
      queue.size(word);
    } else if (legacy) {
      writeLegacyQueue(queue, offset, word);
    } else {
      writeModernQueue(queue, offset, word);
    }
  }

  private void writeLegacyQueue(Virtqueue queue, int offset, int word) {
    if (offset == QUEUE_ALIGN && Integer.bitCount(word) == 1) {
      aligns[queueSelect] = word;
    } else if (offset == QUEUE_PFN) {
      int size = queue.size();
      queue.reset();
      if (word != 0) {
        long descriptors = (word & LOW) << pageShift;
        long available = descriptors + 16L * size;
        long align = aligns[queueSelect] & LOW;
        long used = (available + 6 + 2L * size + align - 1) & -align;
        queue.size(size);
        queue.place(descriptors, available, used);
        queue.start();
      }
    }
  }

  private static void writeModernQueue(Virtqueue queue, int offset, int word) {
    long descriptors = queue.descriptors();
    long available = queue.available();
    long used = queue.used();
    switch (offset) {
      case QUEUE_READY -> {
        if ((word & 1) == 0) {
          queue.reset();
        } else if (!queue.isReady()) {
          queue.start();
        }
      }
      case QUEUE_DESCRIPTORS -> queue.place(low(descriptors, word), available, used);
      case QUEUE_DESCRIPTORS + 4 -> queue.place(high(descriptors, word), available, used);
      case QUEUE_AVAILABLE -> queue.place(descriptors, low(available, word), used);
      case QUEUE_AVAILABLE + 4 -> queue.place(descriptors, high(available, word), used);
      case QUEUE_USED -> queue.place(descriptors, available, low(used, word));
      case QUEUE_USED + 4 -> queue.place(descriptors, available, high(used, word));
      default -> {
        // no register
      }
    }
  }

  private static long low(long address, int word) {
    return (address & ~LOW) | (word & LOW);
  }

  private static long high(long address, int word) {
    return (address & LOW) | ((long) word << 32);
  }

  private void takeFeatures(long word) {
    if ((status & FEATURES_OK) != 0 && !legacy) {
      return;
    }
    if (driverFeaturesSelect == 0) {
      driverFeatures = (driverFeatures & ~LOW) | word;
    } else if (driverFeaturesSelect == 1) {
      driverFeatures = (driverFeatures & LOW) | (word << 32);
    }
    if (legacy) {
      driverFeatures &= offered(); // it cannot say no
    }
  }

  private void writeStatus(int value) {
    if (value == 0) {
      resetRegisters();
      function.reset();
      return;
    }
    int before = status;
    int after = (value & ~NEEDS_RESET) | (before & NEEDS_RESET);
    if (!legacy && (after & ~before & FEATURES_OK) != 0) {
      boolean fine = (driverFeatures & ~offered()) == 0 && has(VERSION_1);
      after = fine ? after : after & ~FEATURES_OK;
    }
    status = after;
    if ((after & ~before & DRIVER_OK) != 0) {
      // What the driver made available before this it need not tell again.
      for (int queue = 0; queue < queues.size(); queue++) {
        notified(queue);
      }
    }
  }

  private void notified(int queue) {
    if (queue >= 0 && queue < queues.size() && isRunning() && queues.get(queue).isReady()) {
      function.notified(queue, this);
    }
  }

  /** All but the page size: Linux and U-Boot write that first, and reset the device after it. */
  private void resetRegisters() {
    status = 0;
    interrupts = 0;
    deviceFeaturesSelect = 0;
    driverFeaturesSelect = 0;
    driverFeatures = 0;
    queueSelect = 0;
    aligns = defaultAligns();
    queues.forEach(Virtqueue::reset);
    line.set(false);
  }

  @Override
  public void reset() {
    resetRegisters();
    pageShift = 0;
    generation = 0;
    function.powerOn();
  }

  private String part() {
    return "virtio " + function.id() + (legacy ? " legacy" : " modern");
  }

  @Override
  public void save(StateWriter out) {
    out.part(part());
    out.put(status);
    out.put(interrupts);
    out.put(deviceFeaturesSelect);
    out.put(driverFeaturesSelect);
    out.put(driverFeatures);
    out.put(queueSelect);
    out.put(pageShift);
    out.put(aligns);
    out.put(generation);
    queues.forEach(queue -> queue.save(out));
    function.save(out);
  }

  @Override
  public void restore(StateReader in) {
    in.part(part());
    status = (int) in.get();
    interrupts = (int) in.get();
    deviceFeaturesSelect = (int) in.get();
    driverFeaturesSelect = (int) in.get();
    driverFeatures = in.get();
    queueSelect = (int) in.get();
    pageShift = (int) in.get();
    in.get(aligns);
    generation = (int) in.get();
    queues.forEach(queue -> queue.restore(in));
    function.restore(in);
    line.set(interrupts != 0);
  }
}
