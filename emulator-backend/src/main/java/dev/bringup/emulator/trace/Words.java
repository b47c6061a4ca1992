package dev.bringup.emulator.trace;

import dev.bringup.emulator.aarch64.Cpu;
import dev.bringup.emulator.machine.VirtMachine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/** Reads instructions as a debugger does. */
final class Words {
  private Words() {}

  /** The word at a virtual address as {@code cpu} has it mapped; empty if nothing is there. */
  static OptionalInt at(VirtMachine machine, Cpu cpu, long address) {
    var bytes = new byte[4];
    long physical = (address & 3) == 0 ? cpu.physical(address) : -1;
    return physical != -1 && machine.look(physical, bytes, 0, bytes.length)
        ? OptionalInt.of(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt())
        : OptionalInt.empty();
  }
}
