package dev.bringup.emulator.aarch64.isa;

import static dev.bringup.emulator.aarch64.isa.Syntax.bit;
import static dev.bringup.emulator.aarch64.isa.Syntax.bits;
import static dev.bringup.emulator.aarch64.isa.Syntax.d;
import static dev.bringup.emulator.aarch64.isa.Syntax.line;
import static dev.bringup.emulator.aarch64.isa.Syntax.m;
import static dev.bringup.emulator.aarch64.isa.Syntax.mnemonic;
import static dev.bringup.emulator.aarch64.isa.Syntax.n;
import static dev.bringup.emulator.aarch64.isa.Syntax.registerOrSp;
import static dev.bringup.emulator.aarch64.isa.Syntax.x;

import java.util.function.IntFunction;

/** LD1 to LD4, ST1 to ST4 and LD1R to LD4R (C4.1.4). */
final class StructureText {
  private StructureText() {}

  static String text(Opcode opcode, int word) {
    String name = mnemonic(opcode);
    boolean is128 = bit(word, 30);
    int size = bits(word, 10, 2);
    if (!bit(word, 24)) {
      int count = registers(word);
      String list = list(d(word), count, register -> Syntax.vector(size, is128, register));
      return line(name, list, address(word, count * (is128 ? 16 : 8)));
    }
    int count = name.charAt(2) - '0';
    if (name.endsWith("r")) {
      String list = list(d(word), count, register -> Syntax.vector(size, is128, register));
      return line(name, list, address(word, count << size));
    }
    int elementSize = elementSize(word);
    String list =
        list(d(word), count, register -> "v" + register + "." + "bhsd".charAt(elementSize));
    int index = bits(word, 30, 1) << 3 | bits(word, 12, 1) << 2 | size;
    return line(
        name, list + "[" + (index >>> elementSize) + "]", address(word, count << elementSize));
  }

  /** How many registers the instruction has, of multiple structures. */
  private static int registers(int word) {
    return switch (bits(word, 12, 4)) {
      case 7 -> 1;
      case 8, 10 -> 2;
      case 4, 6 -> 3;
      default -> 4;
    };
  }

  /** Of single structures. */
  private static int elementSize(int word) {
    int size = bits(word, 14, 2);
    return size == 2 && bit(word, 10) ? 3 : size;
  }

  /** Registers in a row, after 31 comes 0. */
  static String list(int first, int count, IntFunction<String> form) {
    var text = new StringBuilder("{ ");
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ", ").append(form.apply((first + i) % 32));
    }
    return text.append(" }").toString();
  }

  private static String address(int word, int bytes) {
    String base = "[" + registerOrSp(true, n(word)) + "]";
    if (!bit(word, 23)) {
      return base;
    }
    return base + ", " + (m(word) == 31 ? "#" + bytes : x(m(word)));
  }
}
