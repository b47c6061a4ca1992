package dev.bringup.emulator.device;

/** A level-sensitive wire from a device to an interrupt controller or to a CPU. */
@FunctionalInterface
public interface InterruptLine {
  /** Sets the level; setting it again to the same is harmless. */
  void set(boolean level);
}
