package dev.bringup.emulator.aarch64;

import dev.bringup.emulator.aarch64.isa.Decoder;
import dev.bringup.emulator.aarch64.isa.Opcode;

/**
 * The syndrome of an access that stage 2 forbade: it tells a hypervisor which register was loaded
 * or stored, so that it can stand in for a device (D13.2.37, ISS of a data abort, ISV and below).
 */
final class DataAbort {
  private static final int ISV = 1 << 24;
  private static final int SIGN_EXTENDS = 1 << 21;
  private static final int SIXTY_FOUR = 1 << 15;
  private static final int ACQUIRE_RELEASE = 1 << 14;

  private DataAbort() {}

  /**
   * Completes the syndrome of {@code fault} where that is due.
   *
   * @param at the address of the instruction
   */
  static void describe(GuestFault fault, Interpreter cpu, long at) {
    boolean isStage2 =
        fault.exceptionClass == Exceptions.DATA_ABORT_LOWER && fault.intermediate >= 0;
    if (!isStage2 || (fault.syndrome & (Mmu.S1PTW | Maintenance.CM)) != 0) {
      return;
    }
    int exceptionClass = fault.exceptionClass;
    int syndrome = fault.syndrome;
    int target = fault.target;
    long address = fault.address;
    long intermediate = fault.intermediate;
    int description = 0;
    try {
      description = description(cpu.instruction(at));
    } catch (GuestFault _) {
      // The page of the instruction has gone: the fault stands without a description.
    }
    fault.of(exceptionClass, syndrome | description).at(address).to(target);
    fault.intermediate = intermediate;
  }

  private static int description(int word) {
    Opcode opcode = Decoder.decode(word);
    int size = word >>> 30;
    int opc = word >>> 22 & 3;
    return switch (opcode) {
      case STR, STUR, STTR, STR_REG, LDR, LDUR, LDTR, LDR_REG -> of(word, size, size == 3, false);
      case LDRS, LDURS, LDTRS, LDRS_REG -> of(word, size, opc == 2, true);
      case LDR_LIT -> of(word, 2 + size, size == 1, false);
      case LDRSW_LIT -> of(word, 2, true, true);
      case LDAR, STLR -> of(word, size, size == 3, false) | ACQUIRE_RELEASE;
      default -> 0;
    };
  }

  private static int of(int word, int size, boolean wide, boolean signExtends) {
    return ISV
        | size << 22
        | (signExtends ? SIGN_EXTENDS : 0)
        | (word & 31) << 16
        | (wide ? SIXTY_FOUR : 0);
  }
}
