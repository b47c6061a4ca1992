package dev.bringup.emulator.machine;

import dev.bringup.emulator.aarch64.Cpu;
import dev.bringup.emulator.device.CfiFlash;
import dev.bringup.emulator.device.Device;
import dev.bringup.emulator.device.FlashContents;
import dev.bringup.emulator.device.Gic;
import dev.bringup.emulator.device.GicV2m;
import dev.bringup.emulator.device.PcieEcam;
import dev.bringup.emulator.device.Pl011;
import dev.bringup.emulator.device.Pl031;
import dev.bringup.emulator.device.Pl061;
import dev.bringup.emulator.device.StateReader;
import dev.bringup.emulator.device.StateWriter;
import dev.bringup.emulator.device.VirtioFunction;
import dev.bringup.emulator.device.VirtioMmio;
import dev.bringup.emulator.device.VirtioNet;
import dev.bringup.emulator.device.VirtualTime;
import dev.bringup.emulator.memory.PhysicalMemory;
import dev.bringup.image.Arm64Image;
import dev.bringup.image.DeviceTree;
import dev.bringup.image.DeviceTreeNode;
import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The machine {@code virt}: CPUs, RAM and devices at the addresses that QEMU's has them, in virtual
 * time. What it does is a function of what it was built with and of the instants at which input
 * arrives. Used by one thread only, which should be a platform thread; {@link #pause} alone may be
 * called by others.
 */
public final class VirtMachine implements AutoCloseable {
  /** As many as the interrupt controller can serve. */
  static final int MOST_CPUS = 8;

  /** From the LAN's answer to the board's interrupt: what a switch would take. */
  private static final long FRAME_NANOS = 20_000;

  /** A reset takes time, so that a program that does nothing else does not do it for ever. */
  private static final long RESET_NANOS = 100_000;

  private static final int MOST_FRAMES = 512;
  private static final int TREE_SIZE = 1 << 20;

  /**
   * What a machine is made of.
   *
   * @param cpus 1 to 8
   * @param ram in bytes, whole MiB
   * @param virtualization whether there is EL2
   * @param gpio whether there is a PL061; QEMU's machine has one only when it boots a kernel itself
   * @param start what the real-time clock shows at power-on
   */
  public record Configuration(
      int cpus, long ram, boolean virtualization, boolean gpio, Instant start) {
    public Configuration {
      require(cpus >= 1 && cpus <= MOST_CPUS, "%d CPUs; there can be 1 to %d", cpus, MOST_CPUS);
      require(
          ram > 0 && ram <= VirtMap.LARGEST_RAM && ram % (1 << 20) == 0,
          "%d bytes of memory; there can be 1 MiB to 255 GiB, in whole MiB",
          ram);
    }

    private static void require(boolean holds, String otherwise, Object... values) {
      if (!holds) {
        throw BringupException.configuration(
            "the machine virt cannot have " + otherwise.formatted(values));
      }
    }
  }

  /** The other ends of the machine's wires. Called by its thread, while it runs. */
  public interface Outside {
    /** The UART sends a byte. */
    void console(int value);

    /** The NIC sends an Ethernet frame; the array is the receiver's. */
    void frame(byte[] frame);

    /** The program has made the machine start anew; RAM and virtual time go on. */
    void reset();
  }

  /**
   * What is in the two banks of flash, 64 MiB each. It outlives the machine that programs and
   * erases it.
   */
  public static final class Flash {
    /** How many bytes of firmware there is room for. */
    public static final int ROOM = (int) VirtMap.FLASH_BANK_SIZE;

    private static final int BANK = ROOM;

    private final FlashContents firmware = new FlashContents(BANK);
    private final FlashContents environment = new FlashContents(BANK);

    /**
     * Erased banks, with {@code firmware} at the begin of the first one.
     *
     * @param what its name, for messages
     * @throws BringupException (configuration) if it is too large
     */
    public Flash(String what, byte[] firmware) {
      if (firmware.length > BANK) {
        throw BringupException.configuration(
            "%s has %d bytes; the machine's flash has room for %d"
                .formatted(what, firmware.length, BANK));
      }
      this.firmware.write(0, firmware);
    }
  }

  /**
   * What a machine has done since power-on.
   *
   * @param instructions ticks in which a CPU executed; a polled counter takes several
   * @param nanos virtual time
   * @param idleNanos of it with nothing to do for any CPU
   * @param byClass exceptions by the class that ESR has them under (D13.2.37)
   * @param accesses by device
   * @param undefined instruction words that were UNDEFINED, and how often
   */
  public record Counters(
      long instructions,
      long nanos,
      long idleNanos,
      long exceptions,
      long interrupts,
      long tlbMisses,
      Map<Integer, Long> byClass,
      Map<String, Long> accesses,
      Map<Integer, Long> undefined) {}

  /** Bytes that are in RAM at each start. */
  private static final class Load {
    private final String what;
    private final long address;
    private final byte[] bytes;

    private Load(String what, long address, byte[] bytes) {
      this.what = what;
      this.address = address;
      this.bytes = bytes;
    }
  }

  private final Configuration configuration;
  private final Outside outside;
  private final Flash flash;
  private final PhysicalMemory memory;
  private final Scheduler scheduler = new Scheduler();
  private final List<Cpu> cpus = new ArrayList<>();
  private final List<Device> devices = new ArrayList<>();
  private final Gic gic;
  private final Pl011 uart;
  private final @Nullable VirtioNet nic;
  private final @Nullable VirtioMmio nicTransport;
  private final ArrayDeque<Byte> typed = new ArrayDeque<>();
  private final ArrayDeque<byte[]> frames = new ArrayDeque<>();
  private final VirtualTime.Alarm frameArrives;
  private final List<Load> loads = new ArrayList<>();
  private final List<Integer> virtioDevices = new ArrayList<>();
  private final int ownAlarms;
  private long entry;
  private long argument;
  private boolean off;
  private boolean resetAsked;

  /**
   * @param mac of the NIC; null for none
   * @param functions further virtio devices, each in a slot of its own
   */
  public VirtMachine(
      Configuration configuration,
      Flash flash,
      byte @Nullable [] mac,
      List<VirtioFunction> functions,
      Outside outside) {
    this.configuration = configuration;
    this.outside = outside;
    this.flash = flash;
    memory = new PhysicalMemory(VirtMap.RAM, configuration.ram());
    var psci =
        new Psci(
            cpus,
            new Psci.PowerListener() {
              @Override
              public void off() {
                off = true;
                scheduler.stop();
              }

              @Override
              public void reset() {
                resetAsked = true;
                scheduler.stop();
              }
            });
    List<TimerWires> timers = new ArrayList<>();
    List<Gic.CpuLines> lines = new ArrayList<>();
    for (int n = 0; n < configuration.cpus(); n++) {
      var wires = new TimerWires(new Wire(), new Wire(), new Wire());
      var cpu =
          new Cpu(
              n,
              configuration.virtualization(),
              memory,
              scheduler,
              new Cpu.TimerLines(wires.physical, wires.virtual, wires.hypervisor),
              psci);
      timers.add(wires);
      cpus.add(cpu);
      lines.add(new Gic.CpuLines(cpu.irq(), cpu.fiq(), cpu.virtualIrq(), cpu.virtualFiq()));
    }
    scheduler.cpus(cpus);
    gic = new Gic(configuration.cpus(), scheduler::current, lines);
    for (int n = 0; n < configuration.cpus(); n++) {
      TimerWires wires = timers.get(n);
      wires.physical.solder(gic.privateLine(n, VirtMap.PHYSICAL_TIMER_PPI));
      wires.virtual.solder(gic.privateLine(n, VirtMap.VIRTUAL_TIMER_PPI));
      wires.hypervisor.solder(gic.privateLine(n, VirtMap.HYPERVISOR_TIMER_PPI));
    }
    long frame = VirtMap.GIC_FRAME_SIZE;
    add("gic distributor", VirtMap.GIC_DISTRIBUTOR, frame, gic.distributor());
    add("gic cpu interface", VirtMap.GIC_CPU_INTERFACE, frame, gic.cpuInterface());
    if (configuration.virtualization()) {
      add("gic hypervisor", VirtMap.GIC_HYPERVISOR, frame, gic.virtualInterfaceControl());
      add("gic virtual cpu", VirtMap.GIC_VIRTUAL_CPU, frame, gic.virtualCpuInterface());
    }
    add(
        "gic v2m",
        VirtMap.GIC_V2M,
        VirtMap.BLOCK_SIZE,
        new GicV2m(VirtMap.MSI_SPI + 32, VirtMap.MSI_COUNT, spi -> gic.sharedLine(spi - 32)));
    addFlash("flash 0", VirtMap.FLASH, flash.firmware);
    addFlash("flash 1", VirtMap.FLASH + VirtMap.FLASH_BANK_SIZE, flash.environment);
    uart = new Pl011(gic.sharedLine(VirtMap.UART_SPI), outside::console, this::feedUart);
    add("pl011", VirtMap.UART, VirtMap.BLOCK_SIZE, uart);
    add(
        "pl031",
        VirtMap.RTC,
        VirtMap.BLOCK_SIZE,
        new Pl031(
            gic.sharedLine(VirtMap.RTC_SPI), scheduler, configuration.start().getEpochSecond()));
    if (configuration.gpio()) {
      add("pl061", VirtMap.GPIO, VirtMap.BLOCK_SIZE, new Pl061(gic.sharedLine(VirtMap.GPIO_SPI)));
    }
    add("pcie ecam", VirtMap.PCIE_ECAM, VirtMap.PCIE_ECAM_SIZE, new PcieEcam());
    frameArrives = scheduler.alarm("frame", this::feedNic);
    nic = mac == null ? null : new VirtioNet(mac, new Port());
    nicTransport = virtio(functions);
    ownAlarms = scheduler.alarms().size();
  }

  private record TimerWires(Wire physical, Wire virtual, Wire hypervisor) {}

  /** The NIC's way out. */
  private final class Port implements VirtioNet.NetworkPort {
    @Override
    public void sent(byte[] frame) {
      outside.frame(frame);
    }

    @Override
    public void roomMade() {
      feedNic();
    }
  }

  private void add(String name, long base, long size, Device device) {
    memory.add(name, base, size, device, false);
    devices.add(device);
  }

  private void addFlash(String name, long base, FlashContents contents) {
    var bank = new CfiFlash(contents, memory::dropRomCode, memory::dropRomCode);
    memory.add(name, base, VirtMap.FLASH_BANK_SIZE, bank, true);
    devices.add(bank);
  }

  /** Fills the slots from the last one on, as QEMU does; the NIC comes first. */
  private @Nullable VirtioMmio virtio(List<VirtioFunction> functions) {
    VirtioMmio transport = null;
    var all = new ArrayList<VirtioFunction>();
    if (nic != null) {
      all.add(nic);
    }
    all.addAll(functions);
    if (all.size() > VirtMap.VIRTIO_SLOTS) {
      throw BringupException.configuration(
          "the machine virt has %d virtio slots, not %d"
              .formatted(VirtMap.VIRTIO_SLOTS, all.size()));
    }
    for (int n = 0; n < VirtMap.VIRTIO_SLOTS; n++) {
      int slot = VirtMap.VIRTIO_SLOTS - 1 - n;
      Device device = VirtioMmio.empty();
      if (n < all.size()) {
        var line = gic.sharedLine(VirtMap.VIRTIO_SPI + slot);
        var mmio = new VirtioMmio(all.get(n), memory, line);
        transport = n == 0 && nic != null ? mmio : transport;
        device = mmio;
        virtioDevices.add(all.get(n).id());
      }
      add("virtio " + slot, VirtMap.virtio(slot), VirtMap.VIRTIO_SIZE, device);
    }
    return transport;
  }

  public Configuration configuration() {
    return configuration;
  }

  /** The machine's own description, for whoever is started first. */
  public DeviceTree deviceTree() {
    return VirtDeviceTree.of(configuration);
  }

  /**
   * Puts bytes into RAM before each start.
   *
   * @param what for messages, such as a file's name
   * @throws BringupException (configuration) if they do not fit or lie over others
   */
  public void load(String what, long address, byte[] bytes) {
    if (!memory.isRam(address, bytes.length)) {
      throw BringupException.configuration(
          "%s: %d bytes at 0x%x are not in the machine's %d MiB of memory at 0x%x"
              .formatted(what, bytes.length, address, configuration.ram() >> 20, VirtMap.RAM));
    }
    for (Load other : loads) {
      if (address < other.address + other.bytes.length && other.address < address + bytes.length) {
        throw BringupException.configuration(
            "%s at 0x%x overlaps %s at 0x%x".formatted(what, address, other.what, other.address));
      }
    }
    loads.add(new Load(what, address, bytes));
  }

  /**
   * Where the first CPU begins, at the highest exception level; the reset vector unless told
   * otherwise.
   *
   * @param x0 the register X0, for a kernel the address of the device tree
   */
  public void startAt(long pc, long x0) {
    entry = pc;
    argument = x0;
  }

  /**
   * Makes the CPU begin with the firmware in flash, which finds the device tree at the begin of
   * RAM, in a blob of 1 MiB that can be edited in place.
   */
  public void bootFirmware() {
    load(deviceTree());
    startAt(VirtMap.FLASH, 0);
  }

  /**
   * Makes the CPU begin with a kernel, as a boot loader would (Linux, Documentation/arch/arm64,
   * booting.rst): the image 2 MiB behind the begin of RAM, then the initial RAM disk, with the
   * device tree before both.
   *
   * @param kernel an arm64 Image
   * @param ramdisk may be empty
   * @param arguments the kernel's command line
   * @throws BringupException (configuration) if they do not fit into RAM
   */
  public void bootKernel(byte[] kernel, byte[] ramdisk, String arguments) {
    Arm64Image header = Arm64Image.read(kernel);
    long at = VirtMap.RAM + Arm64Image.ALIGNMENT + header.textOffset();
    load("the kernel", at, kernel);
    DeviceTree tree = deviceTree();
    DeviceTreeNode chosen = tree.find("/chosen").orElseThrow();
    chosen.setStrings("bootargs", arguments);
    if (ramdisk.length > 0) {
      long behind = at + Math.max(header.effectiveSize(), kernel.length);
      long start = (behind + Arm64Image.ALIGNMENT - 1) & -Arm64Image.ALIGNMENT;
      long end = start + ramdisk.length;
      load("the initial RAM disk", start, ramdisk);
      chosen
          .setCells("linux,initrd-start", (int) (start >>> 32), (int) start)
          .setCells("linux,initrd-end", (int) (end >>> 32), (int) end);
    }
    load(tree);
    startAt(at, VirtMap.RAM);
  }

  private void load(DeviceTree tree) {
    byte[] blob = tree.encode();
    load("device tree", VirtMap.RAM, tree.encode(TREE_SIZE - blob.length));
  }

  /** Starts from the state of all parts after power-on, RAM as {@link #load} says. */
  public void powerOn() {
    memory.clear();
    off = false;
    reset();
  }

  private void reset() {
    resetAsked = false;
    typed.clear();
    frames.clear();
    frameArrives.cancel();
    for (Device device : devices) {
      device.reset();
    }
    for (Load load : loads) {
      memory.write(load.address, load.bytes, 0, load.bytes.length);
    }
    memory.dropCode();
    cpus.getFirst().start(entry, argument);
    for (Cpu cpu : cpus.subList(1, cpus.size())) {
      cpu.reset();
      cpu.stop();
    }
  }

  /** Whether it has power: until PSCI's SYSTEM_OFF. */
  public boolean isOn() {
    return !off;
  }

  /** Virtual nanoseconds since it was made. */
  public long nanos() {
    return scheduler.nanos();
  }

  /**
   * The machine's time, for alarms of whoever owns the machine; they are part of its state, and all
   * are made before {@link #powerOn}.
   */
  public VirtualTime time() {
    return scheduler;
  }

  /**
   * Runs until virtual time {@code nanos}, until {@link #pause}, or until it switches itself off;
   * one that is off does nothing.
   */
  public void runUntil(long nanos) {
    if (off) {
      return;
    }
    do {
      scheduler.runUntil(nanos);
    } while (restarts() && !scheduler.isPaused());
    scheduler.resume();
  }

  /**
   * As {@link #runUntil(long)}, and comes to the same, but slowly.
   *
   * @param watch asked before each instruction, with the CPU that is about to execute it
   * @return whether the watch has not forbidden an instruction; with one that it has, nothing else
   *     is executed
   */
  public boolean runUntil(long nanos, Predicate<Cpu> watch) {
    boolean permitted = true;
    if (off) {
      return permitted;
    }
    do {
      permitted = scheduler.runUntil(nanos, watch);
    } while (restarts() && permitted && !scheduler.isPaused());
    scheduler.resume();
    return permitted;
  }

  private boolean restarts() {
    if (off || !resetAsked) {
      return false;
    }
    scheduler.elapse(RESET_NANOS);
    reset();
    outside.reset();
    return true;
  }

  /** Executes one instruction of the CPU whose turn it is. */
  public void step() {
    if (off) {
      return;
    }
    scheduler.step();
    var _ = restarts();
  }

  /**
   * A CPU executes one instruction, or takes an interrupt instead, while the others stand still. If
   * it is off, or waits for longer than {@code patience}, it does nothing.
   *
   * @param patience in nanoseconds
   */
  public void step(int cpu, long patience) {
    scheduler.step(cpu, patience);
    var _ = restarts();
  }

  /**
   * Has {@code with} look at a CPU every {@code period} instructions, which has no influence on
   * what happens.
   */
  public void sample(int period, Consumer<Cpu> with) {
    scheduler.sample(period, with);
  }

  /** Ticks in which a CPU executed since power-on; a polled counter takes several. */
  public long instructions() {
    return scheduler.instructions();
  }

  /** The number of the CPU whose turn it is. */
  public int turn() {
    return scheduler.current();
  }

  /**
   * Reads RAM or flash as they are, without a device noticing.
   *
   * @param length within one page
   * @return false if there is neither
   */
  public boolean look(long physical, byte[] into, int from, int length) {
    if (memory.isRam(physical, length)) {
      memory.read(physical, into, from, length);
      return true;
    }
    long offset = physical - VirtMap.FLASH;
    if (offset < 0 || offset >= 2 * VirtMap.FLASH_BANK_SIZE) {
      return false;
    }
    FlashContents bank = offset < VirtMap.FLASH_BANK_SIZE ? flash.firmware : flash.environment;
    bank.read((int) (offset % VirtMap.FLASH_BANK_SIZE), into, from, length);
    return true;
  }

  /**
   * Makes {@link #runUntil} return soon; if it is not at work, the next one at once. May be called
   * by any thread.
   */
  public void pause() {
    scheduler.pause();
  }

  /** Bytes arrive at the UART, now; what its FIFO has no room for waits on the wire. */
  public void type(byte[] bytes) {
    for (byte value : bytes) {
      typed.add(value);
    }
    feedUart();
  }

  private void feedUart() {
    while (!typed.isEmpty() && uart.hasRoom()) {
      uart.receive(typed.remove() & 0xff);
    }
  }

  /**
   * An Ethernet frame arrives at the NIC, a little after now.
   *
   * @return false if it is lost: there is no NIC, or it does not keep up
   */
  public boolean receive(byte[] frame) {
    if (nic == null || frames.size() >= MOST_FRAMES) {
      return false;
    }
    frames.add(frame);
    if (frameArrives.deadline() == Long.MAX_VALUE) {
      frameArrives.at(scheduler.nanos() + FRAME_NANOS);
    }
    return true;
  }

  private void feedNic() {
    if (nic == null || nicTransport == null) {
      return;
    }
    while (!frames.isEmpty() && nic.receive(frames.peek(), nicTransport)) {
      frames.remove();
    }
  }

  public PhysicalMemory memory() {
    return memory;
  }

  public List<Cpu> cpus() {
    return List.copyOf(cpus);
  }

  public Counters counters() {
    long exceptions = 0;
    long interrupts = 0;
    long tlbMisses = 0;
    var byClass = new TreeMap<Integer, Long>();
    var undefined = new TreeMap<Integer, Long>();
    for (Cpu cpu : cpus) {
      exceptions += cpu.counters().exceptions();
      interrupts += cpu.counters().interrupts();
      tlbMisses += cpu.counters().tlbMisses();
      cpu.exceptionClasses().forEach((kind, times) -> byClass.merge(kind, times, Long::sum));
      cpu.undefinedWords().forEach((word, times) -> undefined.merge(word, times, Long::sum));
    }
    return new Counters(
        scheduler.instructions(),
        scheduler.nanos(),
        scheduler.skippedNanos(),
        exceptions,
        interrupts,
        tlbMisses,
        byClass,
        memory.accesses(),
        undefined);
  }

  /** A hash of all state that the future depends on, as SHA-256 in hexadecimal. */
  public String stateHash() {
    var hash = new StateHash();
    save(hash);
    return hash.hex();
  }

  /** Writes all state that the future depends on; what {@link #restore} reads. */
  public void save(StateWriter out) {
    out.part("virt 1");
    out.put(configuration.cpus());
    out.put(off);
    scheduler.save(out);
    cpus.forEach(cpu -> cpu.save(out));
    devices.forEach(device -> device.save(out));
    out.part("wires");
    var waiting = new byte[typed.size()];
    int n = 0;
    for (byte value : typed) {
      waiting[n++] = value;
    }
    out.put(waiting);
    out.put(frames.size());
    frames.forEach(out::put);
    memory.save(out);
  }

  /** What it has beside its configuration, for messages and to compare. */
  String making() {
    List<String> alarms = scheduler.alarms();
    return "virtio devices %s, alarms %s"
        .formatted(virtioDevices, alarms.subList(ownAlarms, alarms.size()));
  }

  /** Writes what each start puts into RAM, and where it begins. */
  void saveStart(StateWriter out) {
    out.part("start");
    out.put(entry);
    out.put(argument);
    out.put(loads.size());
    for (Load load : loads) {
      out.put(load.what.getBytes(StandardCharsets.UTF_8));
      out.put(load.address);
      out.put(load.bytes);
    }
  }

  /** Takes back what {@link #saveStart} wrote, instead of what it was told before. */
  void restoreStart(StateReader in) {
    in.part("start");
    entry = in.get();
    argument = in.get();
    loads.clear();
    for (long left = in.get(); left > 0; left--) {
      String what = new String(in.getBytes(), StandardCharsets.UTF_8);
      long address = in.get();
      loads.add(new Load(what, address, in.getBytes()));
    }
  }

  /**
   * Takes the state of a machine of the same making.
   *
   * @throws BringupException (configuration) if it is of another one
   */
  public void restore(StateReader in) {
    in.part("virt 1");
    long count = in.get();
    if (count != cpus.size()) {
      throw BringupException.configuration(
          "the snapshot is of a machine with %d CPUs, not %d".formatted(count, cpus.size()));
    }
    off = in.getBoolean();
    resetAsked = false;
    scheduler.restore(in);
    // Memory comes last, as it is large; CPUs translate anew whenever they look.
    cpus.forEach(cpu -> cpu.restore(in));
    devices.forEach(device -> device.restore(in));
    in.part("wires");
    typed.clear();
    for (byte value : in.getBytes()) {
      typed.add(value);
    }
    frames.clear();
    for (long left = in.get(); left > 0; left--) {
      frames.add(in.getBytes());
    }
    memory.restore(in);
  }

  @Override
  public void close() {
    memory.close();
  }
}
