package dev.bringup.emulator.device;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/**
 * The distributor of a GICv2 (IHI 0048B, 4.3): which interrupts there are for each CPU.
 *
 * <p>Bits of interrupts are kept in words of 32: first one word of SGIs and PPIs for each CPU, then
 * those of the SPIs that all CPUs share.
 */
final class GicDistributor extends GicRegisters {
  /** As many as QEMU's virt has: 16 SGIs, 16 PPIs, 256 SPIs. */
  static final int INTERRUPTS = 288;

  static final int SGIS = 16;
  static final int PRIVATE = 32;

  /** No interrupt (IHI 0048B, 3.2.5). */
  static final int SPURIOUS = 1023;

  /** The GIC-400 has 32 priorities. */
  static final int PRIORITY_BITS = 0xf8;

  private static final int CTLR = 0x000;
  private static final int TYPER = 0x004;
  private static final int IIDR = 0x008;
  private static final int IGROUPR = 0x080;
  private static final int ISENABLER = 0x100;
  private static final int ICENABLER = 0x180;
  private static final int ISPENDR = 0x200;
  private static final int ICPENDR = 0x280;
  private static final int ISACTIVER = 0x300;
  private static final int ICACTIVER = 0x380;
  private static final int IPRIORITYR = 0x400;
  private static final int ITARGETSR = 0x800;
  private static final int ICFGR = 0xc00;
  private static final int SGIR = 0xf00;
  private static final int CPENDSGIR = 0xf10;
  private static final int SPENDSGIR = 0xf20;
  private static final int PIDR4 = 0xfd0;

  /** PIDR4 to 7, PIDR0 to 3, CIDR0 to 3; PIDR2 says GICv2 (GIC-400, DDI 0471B, 3.2). */
  private static final int[] IDENTIFICATION = {4, 0, 0, 0, 0x90, 0xb4, 0x2b, 0, 0xd, 0xf0, 5, 0xb1};

  private static final int GIC_400 = 0x0200_143b;
  private static final int ENABLE_GROUPS = 3;
  private static final int SGI_BITS = 0xffff;
  private static final int WORDS = INTERRUPTS / 32;

  private final int cpus;
  private final IntSupplier currentCpu;
  private final IntConsumer changed;

  private int control;
  private final int[] enabled;
  private final int[] group1;
  private final int[] active;

  /** Pending by an edge or by software; of SGIs, those with a source. */
  private final int[] latched;

  /** The levels of the wires. */
  private final int[] wires;

  /** Edge-triggered, others follow their wires. */
  private final int[] edge;

  private final byte[] priorities;

  /** For each CPU the words of the interrupts that may go to it. */
  private final int[][] targets;

  /** For each CPU and SGI the CPUs that sent it. */
  private final byte[] sources;

  /** Computed from the rest: what each CPU's interface is offered. */
  private final int[] highest;

  /**
   * @param currentCpu who accesses
   * @param changed called with a CPU when {@link #highest} may have changed for it
   */
  GicDistributor(int cpus, IntSupplier currentCpu, IntConsumer changed) {
    this.cpus = cpus;
    this.currentCpu = currentCpu;
    this.changed = changed;
    int words = cpus + WORDS - 1;
    enabled = new int[words];
    group1 = new int[words];
    active = new int[words];
    latched = new int[words];
    wires = new int[words];
    edge = new int[words];
    priorities = new byte[words * 32];
    targets = new int[cpus][WORDS];
    sources = new byte[cpus * SGIS];
    highest = new int[cpus];
    powerOn();
  }

  private int word(int cpu, int n) {
    return n == 0 ? cpu : cpus + n - 1;
  }

  private int index(int cpu, int id) {
    return word(cpu, id >>> 5) * 32 + (id & 31);
  }

  private static boolean bit(int[] words, int index) {
    return (words[index >>> 5] >>> index & 1) != 0;
  }

  /** The level of an interrupt's wire; {@code cpu} counts for PPIs only. */
  void wire(int cpu, int id, boolean level) {
    int word = word(cpu, id >>> 5);
    int bit = 1 << id;
    if (((wires[word] & bit) != 0) == level) {
      return;
    }
    wires[word] ^= bit;
    if (level) {
      latched[word] |= edge[word] & bit;
    }
    if (id < PRIVATE) {
      update(cpu);
    } else {
      update();
    }
  }

  /** The pending interrupt of the highest priority that is for a CPU, or {@link #SPURIOUS}. */
  int highest(int cpu) {
    return highest[cpu];
  }

  /** 0 is the highest, {@link #PRIORITY_BITS} the lowest. */
  int priority(int cpu, int id) {
    return priorities[index(cpu, id)] & 0xff;
  }

  boolean isGroup1(int cpu, int id) {
    return bit(group1, index(cpu, id));
  }

  /** An interrupt as the acknowledge register shows it: of SGIs with the CPU that sent it. */
  int withSource(int cpu, int id) {
    return id < SGIS
        ? id | Integer.numberOfTrailingZeros(sources[cpu * SGIS + id] & 0xff) << 10
        : id;
  }

  /** A pending interrupt becomes active. One whose wire is high stays pending, too. */
  void acknowledge(int cpu, int id) {
    int word = word(cpu, id >>> 5);
    if (id < SGIS) {
      int sgi = cpu * SGIS + id;
      setSources(cpu, id, sources[sgi] & (sources[sgi] - 1));
    } else {
      latched[word] &= ~(1 << id);
    }
    active[word] |= 1 << id;
    update();
  }

  void deactivate(int cpu, int id) {
    active[word(cpu, id >>> 5)] &= ~(1 << id);
    update();
  }

  private void setSources(int cpu, int sgi, int from) {
    sources[cpu * SGIS + sgi] = (byte) from;
    if ((from & 0xff) != 0) {
      latched[cpu] |= 1 << sgi;
    } else {
      latched[cpu] &= ~(1 << sgi);
    }
  }

  private int pending(int word) {
    return latched[word] | (wires[word] & ~edge[word]);
  }

  private void update() {
    for (int cpu = 0; cpu < cpus; cpu++) {
      update(cpu);
    }
  }

  private void update(int cpu) {
    highest[cpu] = findHighest(cpu);
    changed.accept(cpu);
  }

  /** Of several of the same priority the one with the lowest number. */
  private int findHighest(int cpu) {
    int best = SPURIOUS;
    int bestPriority = 0x100;
    for (int n = 0; n < WORDS; n++) {
      int word = word(cpu, n);
      int ready = pending(word) & enabled[word] & ~active[word] & targets[cpu][n] & forwarded(word);
      while (ready != 0) {
        int bit = Integer.numberOfTrailingZeros(ready);
        int priority = priorities[word * 32 + bit] & 0xff;
        if (priority < bestPriority) {
          best = n * 32 + bit;
          bestPriority = priority;
        }
        ready &= ready - 1;
      }
    }
    return best;
  }

  /** The interrupts whose group is enabled. */
  private int forwarded(int word) {
    return switch (control) {
      case 0 -> 0;
      case 1 -> ~group1[word];
      case 2 -> group1[word];
      default -> -1;
    };
  }

  @Override
  int readWord(int offset) {
    int cpu = currentCpu.getAsInt();
    if (offset >= IGROUPR && offset < IPRIORITYR) {
      int n = offset >>> 2 & 31;
      return n < WORDS ? readBits(offset & ~0x7f, word(cpu, n)) : 0;
    }
    if (offset >= IPRIORITYR && offset < IPRIORITYR + INTERRUPTS) {
      int index = index(cpu, offset - IPRIORITYR);
      return bytes(priorities, index);
    }
    if (offset >= ITARGETSR && offset < ITARGETSR + INTERRUPTS) {
      return readTargets(cpu, offset - ITARGETSR);
    }
    if (offset >= ICFGR && offset < ICFGR + INTERRUPTS / 4) {
      return readConfiguration(cpu, (offset - ICFGR) * 4);
    }
    if (offset >= CPENDSGIR && offset < SPENDSGIR + SGIS) {
      return bytes(sources, cpu * SGIS + (offset & 0xc));
    }
    if (offset >= PIDR4 && offset < 0x1000) {
      return IDENTIFICATION[(offset - PIDR4) / 4];
    }
    return switch (offset) {
      case CTLR -> control;
      case TYPER -> (cpus - 1) << 5 | (WORDS - 1);
      case IIDR -> GIC_400;
      default -> 0;
    };
  }

  private int readBits(int register, int word) {
    return switch (register) {
      case IGROUPR -> group1[word];
      case ISENABLER, ICENABLER -> enabled[word];
      case ISPENDR, ICPENDR -> pending(word);
      default -> active[word];
    };
  }

  private static int bytes(byte[] from, int index) {
    int word = 0;
    for (int i = 3; i >= 0; i--) {
      word = word << 8 | (from[index + i] & 0xff);
    }
    return word;
  }

  /** With one CPU there is nothing to choose: reads as zero (IHI 0048B, 4.3.12). */
  private int readTargets(int cpu, int id) {
    if (cpus == 1) {
      return 0;
    }
    if (id < PRIVATE) {
      return (1 << cpu) * 0x0101_0101;
    }
    int word = 0;
    for (int i = 0; i < 4; i++) {
      for (int to = 0; to < cpus; to++) {
        if (bit(targets[to], id + i)) {
          word |= 1 << (i * 8 + to);
        }
      }
    }
    return word;
  }

  private int readConfiguration(int cpu, int id) {
    int bits = edge[word(cpu, id >>> 5)] >>> (id & 16);
    int word = 0;
    for (int i = 0; i < 16; i++) {
      word |= (bits >>> i & 1) << (i * 2 + 1);
    }
    return word;
  }

  @Override
  void writeWord(int offset, int value, int mask) {
    int cpu = currentCpu.getAsInt();
    if (offset >= IGROUPR && offset < IPRIORITYR) {
      int n = offset >>> 2 & 31;
      if (n < WORDS) {
        writeBits(offset & ~0x7f, word(cpu, n), value, mask);
      }
    } else if (offset >= IPRIORITYR && offset < IPRIORITYR + INTERRUPTS) {
      int index = index(cpu, offset - IPRIORITYR);
      for (int i = 0; i < 4; i++) {
        if ((mask >>> (i * 8) & 0xff) != 0) {
          priorities[index + i] = (byte) (value >>> (i * 8) & PRIORITY_BITS);
        }
      }
    } else if (offset >= ITARGETSR + PRIVATE && offset < ITARGETSR + INTERRUPTS) {
      writeTargets(offset - ITARGETSR, value, mask);
    } else if (offset >= ICFGR && offset < ICFGR + INTERRUPTS / 4) {
      writeConfiguration(cpu, (offset - ICFGR) * 4, value, mask);
    } else if (offset >= CPENDSGIR && offset < SPENDSGIR + SGIS) {
      writeSources(cpu, offset, value);
    } else if (offset == CTLR) {
      control = ((control & ~mask) | value) & ENABLE_GROUPS;
    } else if (offset == SGIR && mask == -1) {
      send(cpu, value);
    } else {
      return;
    }
    update();
  }

  private void writeBits(int register, int word, int value, int mask) {
    int notSgis = word < cpus ? value & ~SGI_BITS : value;
    switch (register) {
      case IGROUPR -> group1[word] = (group1[word] & ~mask) | value;
      case ISENABLER -> enabled[word] |= value;
      case ICENABLER -> enabled[word] &= ~notSgis; // SGIs are always enabled, as on the GIC-400
      case ISPENDR -> latched[word] |= notSgis;
      case ICPENDR -> latched[word] &= ~notSgis;
      case ISACTIVER -> active[word] |= value;
      case ICACTIVER -> active[word] &= ~value;
      default -> throw new AssertionError(register);
    }
  }

  private void writeTargets(int id, int value, int mask) {
    if (cpus == 1) {
      return;
    }
    for (int i = 0; i < 4; i++) {
      if ((mask >>> (i * 8) & 0xff) == 0) {
        continue;
      }
      int bit = 1 << (id + i);
      for (int to = 0; to < cpus; to++) {
        int[] words = targets[to];
        if ((value >>> (i * 8 + to) & 1) != 0) {
          words[id >>> 5] |= bit;
        } else {
          words[id >>> 5] &= ~bit;
        }
      }
    }
  }

  private void writeConfiguration(int cpu, int id, int value, int mask) {
    if (id < SGIS) {
      return;
    }
    int word = word(cpu, id >>> 5);
    for (int i = 0; i < 16; i++) {
      if ((mask >>> (i * 2 + 1) & 1) != 0) {
        int bit = 1 << (id + i);
        edge[word] = (value >>> (i * 2 + 1) & 1) != 0 ? edge[word] | bit : edge[word] & ~bit;
      }
    }
  }

  private void writeSources(int cpu, int offset, int value) {
    for (int i = 0; i < 4; i++) {
      int sgi = (offset & 0xc) + i;
      int old = sources[cpu * SGIS + sgi] & 0xff;
      int bits = (value >>> (i * 8)) & ((1 << cpus) - 1);
      setSources(cpu, sgi, offset < SPENDSGIR ? old & ~bits : old | bits);
    }
  }

  /** A software generated interrupt (IHI 0048B, 4.3.15). */
  private void send(int cpu, int value) {
    int to =
        switch (value >>> 24 & 3) {
          case 0 -> value >>> 16 & 0xff;
          case 1 -> ~(1 << cpu);
          case 2 -> 1 << cpu;
          default -> 0;
        };
    int sgi = value & 15;
    for (int n = 0; n < cpus; n++) {
      if ((to >>> n & 1) != 0) {
        setSources(n, sgi, sources[n * SGIS + sgi] | (1 << cpu));
      }
    }
  }

  @Override
  public void reset() {
    powerOn();
    update();
  }

  /** The wires stay as they are: they belong to the devices at their other ends. */
  private void powerOn() {
    control = 0;
    Arrays.fill(enabled, 0);
    Arrays.fill(group1, 0);
    Arrays.fill(active, 0);
    Arrays.fill(latched, 0);
    Arrays.fill(edge, 0);
    Arrays.fill(priorities, (byte) 0);
    Arrays.fill(sources, (byte) 0);
    Arrays.fill(highest, SPURIOUS);
    for (int cpu = 0; cpu < cpus; cpu++) {
      enabled[cpu] = SGI_BITS;
      edge[cpu] = SGI_BITS;
      Arrays.fill(targets[cpu], cpus == 1 ? -1 : 0);
      targets[cpu][0] = -1;
    }
  }

  @Override
  public void save(StateWriter out) {
    out.part("GICD");
    out.put(control);
    out.put(enabled);
    out.put(group1);
    out.put(active);
    out.put(latched);
    out.put(wires);
    out.put(edge);
    out.put(priorities);
    out.put(sources);
    for (int[] words : targets) {
      out.put(words);
    }
  }

  @Override
  public void restore(StateReader in) {
    in.part("GICD");
    control = (int) in.get();
    in.get(enabled);
    in.get(group1);
    in.get(active);
    in.get(latched);
    in.get(wires);
    in.get(edge);
    System.arraycopy(in.getBytes(), 0, priorities, 0, priorities.length);
    System.arraycopy(in.getBytes(), 0, sources, 0, sources.length);
    for (int[] words : targets) {
      in.get(words);
    }
    for (int cpu = 0; cpu < cpus; cpu++) {
      highest[cpu] = findHighest(cpu);
    }
  }
}
