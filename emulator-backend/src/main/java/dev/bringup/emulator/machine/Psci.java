package dev.bringup.emulator.machine;

import dev.bringup.emulator.aarch64.Cpu;
import dev.bringup.emulator.aarch64.Surroundings;
import java.util.List;

/**
 * The firmware's Power State Coordination Interface 1.1 (DEN 0022) and what it needs of the SMC
 * Calling Convention. Suspending is not modelled, as on QEMU: it is WFI that programs use.
 */
final class Psci implements Surroundings {
  private static final int VERSION = 0x8400_0000;
  private static final int CPU_OFF = 0x8400_0002;
  private static final int CPU_ON_32 = 0x8400_0003;
  private static final int AFFINITY_INFO_32 = 0x8400_0004;
  private static final int MIGRATE_INFO_TYPE = 0x8400_0006;
  private static final int SYSTEM_OFF = 0x8400_0008;
  private static final int SYSTEM_RESET = 0x8400_0009;
  private static final int FEATURES = 0x8400_000a;

  /** The same functions with 64-bit arguments. */
  private static final int WIDE = 0x4000_0000;

  private static final long VERSION_1_1 = 0x1_0001;
  private static final long NO_MIGRATION_NEEDED = 2;
  private static final long NOT_SUPPORTED = -1;
  private static final long INVALID_PARAMETERS = -2;
  private static final long ALREADY_ON = -4;
  private static final long AFFINITY_BITS = 0xff_00ff_ffffL;

  private final List<Cpu> cpus;
  private final PowerListener power;

  /** Whoever switches the whole machine. */
  interface PowerListener {
    void off();

    void reset();
  }

  /**
   * @param cpus all CPUs; may still grow when this is made
   */
  Psci(List<Cpu> cpus, PowerListener power) {
    this.cpus = cpus;
    this.power = power;
  }

  @Override
  public List<Cpu> cpus() {
    return cpus;
  }

  @Override
  public void firmwareCall(Cpu caller) {
    long result =
        switch ((int) caller.register(0)) {
          case VERSION -> VERSION_1_1;
          case CPU_OFF -> {
            caller.stop();
            yield 0;
          }
          case CPU_ON_32, CPU_ON_32 | WIDE ->
              turnOn(caller.register(1), caller.register(2), caller.register(3));
          case AFFINITY_INFO_32, AFFINITY_INFO_32 | WIDE -> {
            int target = find(caller.register(1));
            yield target < 0 || caller.register(2) != 0
                ? INVALID_PARAMETERS
                : cpus.get(target).isOff() ? 1 : 0;
          }
          case MIGRATE_INFO_TYPE -> NO_MIGRATION_NEEDED;
          case SYSTEM_OFF -> {
            power.off();
            yield 0;
          }
          case SYSTEM_RESET -> {
            power.reset();
            yield 0;
          }
          case FEATURES -> isKnown((int) caller.register(1)) ? 0 : NOT_SUPPORTED;
          default -> NOT_SUPPORTED;
        };
    caller.register(0, result);
  }

  private static boolean isKnown(int function) {
    return switch (function) {
      case VERSION,
          CPU_OFF,
          CPU_ON_32,
          CPU_ON_32 | WIDE,
          AFFINITY_INFO_32,
          AFFINITY_INFO_32 | WIDE,
          MIGRATE_INFO_TYPE,
          SYSTEM_OFF,
          SYSTEM_RESET,
          FEATURES ->
          true;
      default -> false;
    };
  }

  private long turnOn(long affinity, long entry, long context) {
    int target = find(affinity);
    if (target < 0 || (entry & 3) != 0) {
      return INVALID_PARAMETERS;
    }
    Cpu cpu = cpus.get(target);
    if (!cpu.isOff()) {
      return ALREADY_ON;
    }
    cpu.start(entry, context);
    return 0;
  }

  /** The CPU with an affinity, -1 if there is none. */
  private int find(long affinity) {
    long number = affinity & AFFINITY_BITS;
    return number < cpus.size() ? (int) number : -1;
  }
}
