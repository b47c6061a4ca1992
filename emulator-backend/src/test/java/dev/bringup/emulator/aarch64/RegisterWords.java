package dev.bringup.emulator.aarch64;

import java.util.stream.IntStream;

/** The words of MSR, Rt 0, for all system registers that the CPU has. */
public final class RegisterWords {
  private RegisterWords() {}

  public static int[] writes() {
    return IntStream.range(0x8000, 0x1_0000)
        .filter(key -> SystemRegister.of(key) != null)
        .map(key -> 0xd500_0000 | key << 5)
        .toArray();
  }
}
