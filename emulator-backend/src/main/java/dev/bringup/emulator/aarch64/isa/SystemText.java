package dev.bringup.emulator.aarch64.isa;

import static dev.bringup.emulator.aarch64.isa.Syntax.bits;
import static dev.bringup.emulator.aarch64.isa.Syntax.d;
import static dev.bringup.emulator.aarch64.isa.Syntax.hex;
import static dev.bringup.emulator.aarch64.isa.Syntax.immediate;
import static dev.bringup.emulator.aarch64.isa.Syntax.is64;
import static dev.bringup.emulator.aarch64.isa.Syntax.line;
import static dev.bringup.emulator.aarch64.isa.Syntax.mnemonic;
import static dev.bringup.emulator.aarch64.isa.Syntax.n;
import static dev.bringup.emulator.aarch64.isa.Syntax.register;
import static dev.bringup.emulator.aarch64.isa.Syntax.signedBits;
import static dev.bringup.emulator.aarch64.isa.Syntax.x;

import java.util.List;

/** Branches, exceptions and system instructions (C4.1.3). */
final class SystemText {
  /** By CRm; the others have a number only. */
  private static final List<String> BARRIERS =
      List.of(
          "#0", "oshld", "oshst", "osh", "#4", "nshld", "nshst", "nsh", "#8", "ishld", "ishst",
          "ish", "#12", "ld", "st", "sy");

  private static final List<String> HINTS =
      List.of("nop", "yield", "wfe", "wfi", "sev", "sevl", "dgh");

  private SystemText() {}

  static String text(Opcode opcode, int word, Place place) {
    String name = mnemonic(opcode);
    return switch (opcode) {
      case B_COND ->
          line("b." + Syntax.condition(word), place.target(signedBits(word, 5, 19) * 4L));
      case B, BL -> line(name, place.target(signedBits(word, 0, 26) * 4L));
      case CBZ, CBNZ ->
          line(name, register(is64(word), d(word)), place.target(signedBits(word, 5, 19) * 4L));
      case TBZ, TBNZ -> {
        int bit = (is64(word) ? 32 : 0) + bits(word, 19, 5);
        yield line(
            name,
            register(is64(word), d(word)),
            immediate(bit),
            place.target(signedBits(word, 5, 14) * 4L));
      }
      case BR, BLR -> line(name, x(n(word)));
      case RET -> n(word) == 30 ? name : line(name, x(n(word)));
      case SVC, HVC, SMC, BRK, HLT -> line(name, hex(bits(word, 5, 16)));
      case DCPS1, DCPS2, DCPS3 ->
          bits(word, 5, 16) == 0 ? name : line(name, hex(bits(word, 5, 16)));
      case HINT -> hint(bits(word, 5, 7));
      case CLREX, ISB -> crm(word) == 15 ? name : line(name, immediate(crm(word)));
      case DSB -> dataSynchronization(crm(word));
      case DMB -> line(name, BARRIERS.get(crm(word)));
      case MSR_IMM -> processState(word);
      case MSR_REG -> line("msr", SystemNames.register(bits(word, 5, 16), false), x(d(word)));
      case MRS -> line("mrs", x(d(word)), SystemNames.register(bits(word, 5, 16), true));
      case SYS -> system(word);
      case SYSL -> line("sysl", x(d(word)), systemOperands(word));
      default -> name; // ERET, DRPS
    };
  }

  private static int crm(int word) {
    return bits(word, 8, 4);
  }

  private static String hint(int number) {
    if (number == 20) {
      return "csdb";
    }
    return number < HINTS.size() ? HINTS.get(number) : line("hint", immediate(number));
  }

  /** DSB #0 and #4 are the speculation barriers SSBB and PSSBB (C6.2). */
  private static String dataSynchronization(int domain) {
    return switch (domain) {
      case 0 -> "ssbb";
      case 4 -> "pssbb";
      default -> line("dsb", BARRIERS.get(domain));
    };
  }

  private static String processState(int word) {
    String field =
        switch (bits(word, 16, 3) << 3 | bits(word, 5, 3)) {
          case 5 -> "SPSel";
          case 0x1e -> "DAIFSet";
          case 0x1f -> "DAIFClr";
          default -> "";
        };
    // other fields came with later versions: written as the encoding that they are
    return field.isEmpty()
        ? line("msr", SystemNames.generic(bits(word, 5, 14)), "xzr")
        : line("msr", field, immediate(crm(word)));
  }

  private static String system(int word) {
    SystemNames.Operation operation = SystemNames.operation(bits(word, 5, 14));
    if (operation != null) {
      return operation.hasRegister()
          ? line(operation.name(), operation.argument(), x(d(word)))
          : line(operation.name(), operation.argument());
    }
    return d(word) == 31
        ? line("sys", systemOperands(word))
        : line("sys", systemOperands(word), x(d(word)));
  }

  private static String systemOperands(int word) {
    return "#%d, c%d, c%d, #%d"
        .formatted(bits(word, 16, 3), bits(word, 12, 4), crm(word), bits(word, 5, 3));
  }
}
