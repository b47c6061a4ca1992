package dev.bringup.emulator.aarch64;

/**
 * Who this CPU says it is: a Cortex-A72 r0p3 (its Technical Reference Manual, section 4.3), without
 * what is not modelled: AArch32, EL3, the performance monitors, cryptography, GICv3's registers.
 */
final class Identification {
  private static final long MIDR = 0x410f_d083L;

  /** Data caches are 64 bytes a line; DC ZVA clears as much. */
  static final int LINE = 64;

  private Identification() {}

  static long mpidr(int cpu) {
    return 0x8000_0000L | cpu;
  }

  /** The value of an identification register, as EL2 sees it. */
  static long value(SystemRegister register, CpuState s) {
    return switch (register) {
      case MIDR_EL1 -> MIDR;
      case MPIDR_EL1 -> mpidr(s.number);
      // AArch64 at EL0, EL1 and EL2; floating point and Advanced SIMD are there
      case ID_AA64PFR0_EL1 -> s.hasEl2 ? 0x111 : 0x011;
      // 6 breakpoints, 4 watchpoints, 2 that match a context
      case ID_AA64DFR0_EL1 -> 0x1030_5006L;
      case ID_AA64ISAR0_EL1 -> 0x1_0000; // CRC32
      // 44 bits of address, 16 bits of ASID, granules of 4 and 64 KiB
      case ID_AA64MMFR0_EL1 -> 0x1024;
      // Lines of 64 bytes; reservation of 64 bytes; instruction cache by physical address
      case CTR_EL0 -> 0x8444_c004L;
      case CLIDR_EL1 -> 0x0a20_0023;
      case CCSIDR_EL1 -> cache(s.sys(SystemRegister.CSSELR_EL1));
      default -> 0;
    };
  }

  private static long cache(long selected) {
    return switch ((int) selected & 15) {
      case 0 -> 0x701f_e00aL; // 32 KiB of data
      case 1 -> 0x201f_e012L; // 48 KiB of instructions
      case 2 -> 0x70ff_e07aL; // 1 MiB for both
      default -> 0;
    };
  }
}
