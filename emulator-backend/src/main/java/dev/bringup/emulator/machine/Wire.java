package dev.bringup.emulator.machine;

import dev.bringup.emulator.device.InterruptLine;

/** A wire that is soldered later: parts of a machine that need each other are made one by one. */
final class Wire implements InterruptLine {
  private InterruptLine end = level -> {};

  void solder(InterruptLine to) {
    end = to;
  }

  @Override
  public void set(boolean level) {
    end.set(level);
  }
}
