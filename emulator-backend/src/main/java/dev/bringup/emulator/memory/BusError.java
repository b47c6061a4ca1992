package dev.bringup.emulator.memory;

/** Nothing answers at a physical address: the CPU takes an external abort. Has no stack trace. */
public final class BusError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BusError(long address) {
    super("nothing at physical address 0x" + Long.toHexString(address), null, false, false);
  }
}
