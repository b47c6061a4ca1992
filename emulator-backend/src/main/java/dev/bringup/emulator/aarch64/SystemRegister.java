package dev.bringup.emulator.aarch64;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The system registers of this CPU by the manual's names (D13). A register is plain if reading it
 * is no more than giving its value to whoever may see it.
 */
enum SystemRegister {
  // Identification (D13.2): read-only, values in SystemRegisters
  MIDR_EL1(3, 0, 0, 0, 0, Kind.ID),
  MPIDR_EL1(3, 0, 0, 0, 5, Kind.ID),
  REVIDR_EL1(3, 0, 0, 0, 6, Kind.ID),
  ID_AA64PFR0_EL1(3, 0, 0, 4, 0, Kind.ID),
  ID_AA64DFR0_EL1(3, 0, 0, 5, 0, Kind.ID),
  ID_AA64ISAR0_EL1(3, 0, 0, 6, 0, Kind.ID),
  ID_AA64MMFR0_EL1(3, 0, 0, 7, 0, Kind.ID),
  CCSIDR_EL1(3, 1, 0, 0, 0, Kind.ID),
  CLIDR_EL1(3, 1, 0, 0, 1, Kind.ID),
  AIDR_EL1(3, 1, 0, 0, 7, Kind.ID),
  CSSELR_EL1(3, 2, 0, 0, 0, Kind.EL1),
  CTR_EL0(3, 3, 0, 0, 1, Kind.EL0_READ),
  DCZID_EL0(3, 3, 0, 0, 7, Kind.EL0_READ),
  VPIDR_EL2(3, 4, 0, 0, 0, Kind.EL2),
  VMPIDR_EL2(3, 4, 0, 0, 5, Kind.EL2),

  // Control, translation, faults
  SCTLR_EL1(3, 0, 1, 0, 0, Kind.EL1),
  ACTLR_EL1(3, 0, 1, 0, 1, Kind.EL1),
  CPACR_EL1(3, 0, 1, 0, 2, Kind.EL1),
  TTBR0_EL1(3, 0, 2, 0, 0, Kind.EL1),
  TTBR1_EL1(3, 0, 2, 0, 1, Kind.EL1),
  TCR_EL1(3, 0, 2, 0, 2, Kind.EL1),
  SPSR_EL1(3, 0, 4, 0, 0, Kind.PLAIN_EL1),
  ELR_EL1(3, 0, 4, 0, 1, Kind.PLAIN_EL1),
  SP_EL0(3, 0, 4, 1, 0, Kind.PLAIN_EL1),
  SPSEL(3, 0, 4, 2, 0, Kind.EL1),
  CURRENTEL(3, 0, 4, 2, 2, Kind.EL1_READ),
  AFSR0_EL1(3, 0, 5, 1, 0, Kind.EL1),
  AFSR1_EL1(3, 0, 5, 1, 1, Kind.EL1),
  ESR_EL1(3, 0, 5, 2, 0, Kind.EL1),
  FAR_EL1(3, 0, 6, 0, 0, Kind.EL1),
  PAR_EL1(3, 0, 7, 4, 0, Kind.PLAIN_EL1),
  MAIR_EL1(3, 0, 10, 2, 0, Kind.EL1),
  AMAIR_EL1(3, 0, 10, 3, 0, Kind.EL1),
  VBAR_EL1(3, 0, 12, 0, 0, Kind.PLAIN_EL1),
  ISR_EL1(3, 0, 12, 1, 0, Kind.EL1_READ),
  CONTEXTIDR_EL1(3, 0, 13, 0, 1, Kind.EL1),
  TPIDR_EL1(3, 0, 13, 0, 4, Kind.PLAIN_EL1),
  CNTKCTL_EL1(3, 0, 14, 1, 0, Kind.PLAIN_EL1),

  // For EL0
  NZCV(3, 3, 4, 2, 0, Kind.EL0),
  DAIF(3, 3, 4, 2, 1, Kind.EL0),
  FPCR(3, 3, 4, 4, 0, Kind.EL0),
  FPSR(3, 3, 4, 4, 1, Kind.EL0),
  TPIDR_EL0(3, 3, 13, 0, 2, Kind.PLAIN_EL0),
  TPIDRRO_EL0(3, 3, 13, 0, 3, Kind.PLAIN_EL0_READ),
  CNTFRQ_EL0(3, 3, 14, 0, 0, Kind.EL0),
  CNTPCT_EL0(3, 3, 14, 0, 1, Kind.EL0_READ),
  CNTVCT_EL0(3, 3, 14, 0, 2, Kind.EL0_READ),
  CNTP_TVAL_EL0(3, 3, 14, 2, 0, Kind.EL0),
  CNTP_CTL_EL0(3, 3, 14, 2, 1, Kind.EL0),
  CNTP_CVAL_EL0(3, 3, 14, 2, 2, Kind.EL0),
  CNTV_TVAL_EL0(3, 3, 14, 3, 0, Kind.EL0),
  CNTV_CTL_EL0(3, 3, 14, 3, 1, Kind.EL0),
  CNTV_CVAL_EL0(3, 3, 14, 3, 2, Kind.EL0),

  // For EL2
  SCTLR_EL2(3, 4, 1, 0, 0, Kind.EL2),
  ACTLR_EL2(3, 4, 1, 0, 1, Kind.EL2),
  HCR_EL2(3, 4, 1, 1, 0, Kind.EL2),
  MDCR_EL2(3, 4, 1, 1, 1, Kind.EL2),
  CPTR_EL2(3, 4, 1, 1, 2, Kind.EL2),
  HSTR_EL2(3, 4, 1, 1, 3, Kind.EL2),
  HACR_EL2(3, 4, 1, 1, 7, Kind.EL2),
  TTBR0_EL2(3, 4, 2, 0, 0, Kind.EL2),
  TCR_EL2(3, 4, 2, 0, 2, Kind.EL2),
  VTTBR_EL2(3, 4, 2, 1, 0, Kind.EL2),
  VTCR_EL2(3, 4, 2, 1, 2, Kind.EL2),
  DACR32_EL2(3, 4, 3, 0, 0, Kind.EL2),
  SPSR_EL2(3, 4, 4, 0, 0, Kind.EL2),
  ELR_EL2(3, 4, 4, 0, 1, Kind.EL2),
  SP_EL1(3, 4, 4, 1, 0, Kind.EL2),
  SPSR_IRQ(3, 4, 4, 3, 0, Kind.EL2),
  SPSR_ABT(3, 4, 4, 3, 1, Kind.EL2),
  SPSR_UND(3, 4, 4, 3, 2, Kind.EL2),
  SPSR_FIQ(3, 4, 4, 3, 3, Kind.EL2),
  IFSR32_EL2(3, 4, 5, 0, 1, Kind.EL2),
  AFSR0_EL2(3, 4, 5, 1, 0, Kind.EL2),
  AFSR1_EL2(3, 4, 5, 1, 1, Kind.EL2),
  ESR_EL2(3, 4, 5, 2, 0, Kind.EL2),
  FPEXC32_EL2(3, 4, 5, 3, 0, Kind.EL2),
  FAR_EL2(3, 4, 6, 0, 0, Kind.EL2),
  HPFAR_EL2(3, 4, 6, 0, 4, Kind.EL2),
  MAIR_EL2(3, 4, 10, 2, 0, Kind.EL2),
  AMAIR_EL2(3, 4, 10, 3, 0, Kind.EL2),
  VBAR_EL2(3, 4, 12, 0, 0, Kind.EL2),
  RVBAR_EL2(3, 4, 12, 0, 1, Kind.EL2_READ),
  RMR_EL2(3, 4, 12, 0, 2, Kind.EL2),
  TPIDR_EL2(3, 4, 13, 0, 2, Kind.EL2),
  CNTVOFF_EL2(3, 4, 14, 0, 3, Kind.EL2),
  CNTHCTL_EL2(3, 4, 14, 1, 0, Kind.EL2),
  CNTHP_TVAL_EL2(3, 4, 14, 2, 0, Kind.EL2),
  CNTHP_CTL_EL2(3, 4, 14, 2, 1, Kind.EL2),
  CNTHP_CVAL_EL2(3, 4, 14, 2, 2, Kind.EL2),

  // Debug, as far as software looks (D13.3); watching is not modelled, see Cpu
  MDSCR_EL1(2, 0, 0, 2, 2, Kind.DEBUG),
  MDCCINT_EL1(2, 0, 0, 2, 0, Kind.DEBUG),
  OSDTRRX_EL1(2, 0, 0, 0, 2, Kind.DEBUG),
  OSDTRTX_EL1(2, 0, 0, 3, 2, Kind.DEBUG),
  OSECCR_EL1(2, 0, 0, 6, 2, Kind.DEBUG),
  MDRAR_EL1(2, 0, 1, 0, 0, Kind.DEBUG_READ),
  OSLAR_EL1(2, 0, 1, 0, 4, Kind.DEBUG_WRITE),
  OSLSR_EL1(2, 0, 1, 1, 4, Kind.DEBUG_READ),
  OSDLR_EL1(2, 0, 1, 3, 4, Kind.DEBUG),
  DBGPRCR_EL1(2, 0, 1, 4, 4, Kind.DEBUG),
  DBGCLAIMSET_EL1(2, 0, 7, 8, 6, Kind.DEBUG),
  DBGCLAIMCLR_EL1(2, 0, 7, 9, 6, Kind.DEBUG),
  DBGAUTHSTATUS_EL1(2, 0, 7, 14, 6, Kind.DEBUG_READ),
  MDCCSR_EL0(2, 3, 0, 1, 0, Kind.EL0_READ),
  DBGBVR0_EL1(2, 0, 0, 0, 4, Kind.DEBUG),
  DBGBVR1_EL1(2, 0, 0, 1, 4, Kind.DEBUG),
  DBGBVR2_EL1(2, 0, 0, 2, 4, Kind.DEBUG),
  DBGBVR3_EL1(2, 0, 0, 3, 4, Kind.DEBUG),
  DBGBVR4_EL1(2, 0, 0, 4, 4, Kind.DEBUG),
  DBGBVR5_EL1(2, 0, 0, 5, 4, Kind.DEBUG),
  DBGBCR0_EL1(2, 0, 0, 0, 5, Kind.DEBUG),
  DBGBCR1_EL1(2, 0, 0, 1, 5, Kind.DEBUG),
  DBGBCR2_EL1(2, 0, 0, 2, 5, Kind.DEBUG),
  DBGBCR3_EL1(2, 0, 0, 3, 5, Kind.DEBUG),
  DBGBCR4_EL1(2, 0, 0, 4, 5, Kind.DEBUG),
  DBGBCR5_EL1(2, 0, 0, 5, 5, Kind.DEBUG),
  DBGWVR0_EL1(2, 0, 0, 0, 6, Kind.DEBUG),
  DBGWVR1_EL1(2, 0, 0, 1, 6, Kind.DEBUG),
  DBGWVR2_EL1(2, 0, 0, 2, 6, Kind.DEBUG),
  DBGWVR3_EL1(2, 0, 0, 3, 6, Kind.DEBUG),
  DBGWCR0_EL1(2, 0, 0, 0, 7, Kind.DEBUG),
  DBGWCR1_EL1(2, 0, 0, 1, 7, Kind.DEBUG),
  DBGWCR2_EL1(2, 0, 0, 2, 7, Kind.DEBUG),
  DBGWCR3_EL1(2, 0, 0, 3, 7, Kind.DEBUG);

  /** Who may do what. */
  private enum Kind {
    ID(1, 9, false),
    EL0_READ(0, 9, false),
    EL0(0, 0, false),
    PLAIN_EL0(0, 0, true),
    PLAIN_EL0_READ(0, 1, true),
    EL1(1, 1, false),
    EL1_READ(1, 9, false),
    PLAIN_EL1(1, 1, true),
    EL2(2, 2, false),
    EL2_READ(2, 9, false),
    DEBUG(1, 1, false),
    DEBUG_READ(1, 9, false),
    DEBUG_WRITE(9, 1, false);

    private final int readableFrom;
    private final int writableFrom;
    private final boolean plain;

    Kind(int readableFrom, int writableFrom, boolean plain) {
      this.readableFrom = readableFrom;
      this.writableFrom = writableFrom;
      this.plain = plain;
    }
  }

  private static final Map<Integer, SystemRegister> BY_KEY = byKey();

  private final int key;
  private final Kind kind;

  SystemRegister(int op0, int op1, int crn, int crm, int op2, Kind kind) {
    this.key = op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2;
    this.kind = kind;
  }

  private static Map<Integer, SystemRegister> byKey() {
    var map = new HashMap<Integer, SystemRegister>();
    for (SystemRegister register : values()) {
      if (map.put(register.key, register) != null) {
        throw new IllegalStateException(register + " stands twice in the table");
      }
    }
    return Map.copyOf(map);
  }

  /** Op0, op1, CRn, CRm and op2 of an MRS or MSR. */
  static int key(int word) {
    return word >>> 5 & 0xffff;
  }

  static @Nullable SystemRegister of(int key) {
    return BY_KEY.get(key);
  }

  /** The lowest exception level that may read it; 9 for none. */
  int readableFrom() {
    return kind.readableFrom;
  }

  /** The lowest exception level that may write it; 9 for none. */
  int writableFrom() {
    return kind.writableFrom;
  }

  boolean isPlain() {
    return kind.plain;
  }

  boolean isDebug() {
    return key >>> 14 == 2;
  }
}
