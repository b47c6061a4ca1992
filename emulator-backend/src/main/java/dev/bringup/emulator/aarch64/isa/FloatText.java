package dev.bringup.emulator.aarch64.isa;

import static dev.bringup.emulator.aarch64.isa.Syntax.a;
import static dev.bringup.emulator.aarch64.isa.Syntax.bits;
import static dev.bringup.emulator.aarch64.isa.Syntax.d;
import static dev.bringup.emulator.aarch64.isa.Syntax.fp;
import static dev.bringup.emulator.aarch64.isa.Syntax.immediate;
import static dev.bringup.emulator.aarch64.isa.Syntax.is64;
import static dev.bringup.emulator.aarch64.isa.Syntax.line;
import static dev.bringup.emulator.aarch64.isa.Syntax.m;
import static dev.bringup.emulator.aarch64.isa.Syntax.mnemonic;
import static dev.bringup.emulator.aarch64.isa.Syntax.n;
import static dev.bringup.emulator.aarch64.isa.Syntax.register;
import static dev.bringup.emulator.aarch64.isa.Syntax.x;

/** Scalar floating point (C4.1.6, from conversion to fixed point on). */
final class FloatText {
  private static final String TYPES = "sd?h";

  private FloatText() {}

  static String text(Opcode opcode, int word) {
    String name = mnemonic(opcode);
    String fd = fp(word, d(word));
    String fn = fp(word, n(word));
    String fm = fp(word, m(word));
    String rd = register(is64(word), d(word));
    String rn = register(is64(word), n(word));
    return switch (opcode) {
      case SCVTF_GENERAL_FIXED, UCVTF_GENERAL_FIXED -> line(name, fd, rn, fraction(word));
      case FCVTZS_GENERAL_FIXED, FCVTZU_GENERAL_FIXED -> line(name, rd, fn, fraction(word));
      case SCVTF_GENERAL, UCVTF_GENERAL, FMOV_FROM_GENERAL -> line(name, fd, rn);
      case FCVTNS_GENERAL,
          FCVTNU_GENERAL,
          FCVTPS_GENERAL,
          FCVTPU_GENERAL,
          FCVTMS_GENERAL,
          FCVTMU_GENERAL,
          FCVTZS_GENERAL,
          FCVTZU_GENERAL,
          FCVTAS_GENERAL,
          FCVTAU_GENERAL,
          FMOV_TO_GENERAL ->
          line(name, rd, fn);
      case FMOV_TOP_TO_GENERAL -> line(name, x(d(word)), Syntax.element(3, n(word), 1));
      case FMOV_TOP_FROM_GENERAL -> line(name, Syntax.element(3, d(word), 1), x(n(word)));
      case FMOV_SCALAR,
          FABS_SCALAR,
          FNEG_SCALAR,
          FSQRT_SCALAR,
          FRINTN_SCALAR,
          FRINTP_SCALAR,
          FRINTM_SCALAR,
          FRINTZ_SCALAR,
          FRINTA_SCALAR,
          FRINTX_SCALAR,
          FRINTI_SCALAR ->
          line(name, fd, fn);
      case FCVT_SCALAR ->
          line(
              name,
              TYPES.charAt(bits(word, 15, 2)) + String.valueOf(d(word)),
              TYPES.charAt(bits(word, 22, 2)) + String.valueOf(n(word)));
      case FCMP, FCMPE -> line(name, fn, fm);
      case FCMP_ZERO, FCMPE_ZERO -> line(name, fn, "#0.0");
      case FMOV_SCALAR_IMM -> line(name, fd, Syntax.fpImmediate(bits(word, 13, 8)));
      case FCCMP, FCCMPE -> line(name, fn, fm, immediate(word & 15), condition(word));
      case FCSEL -> line(name, fd, fn, fm, condition(word));
      case FMADD, FMSUB, FNMADD, FNMSUB -> line(name, fd, fn, fm, fp(word, a(word)));
      default -> line(name, fd, fn, fm);
    };
  }

  private static String condition(int word) {
    return Syntax.condition(bits(word, 12, 4));
  }

  private static String fraction(int word) {
    return immediate(64 - bits(word, 10, 6));
  }
}
