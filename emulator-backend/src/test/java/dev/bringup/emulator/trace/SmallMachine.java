package dev.bringup.emulator.trace;

import dev.bringup.emulator.machine.VirtMachine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;

/** A machine with a few instructions in flash. */
final class SmallMachine {
  private SmallMachine() {}

  static VirtMachine with(int... words) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      bytes.putInt(word);
    }
    var machine =
        new VirtMachine(
            new VirtMachine.Configuration(1, 64 << 20, true, false, Instant.EPOCH),
            new VirtMachine.Flash("the program", bytes.array()),
            null,
            List.of(),
            new VirtMachine.Outside() {
              @Override
              public void console(int value) {}

              @Override
              public void frame(byte[] frame) {}

              @Override
              public void reset() {}
            });
    machine.bootFirmware();
    return machine;
  }
}
