package dev.bringup.power;

import java.time.Duration;

/**
 * An outlet with what every driver's settings can say.
 *
 * @param told switches
 * @param shown says the state; often the same
 */
record BoardOutlet(PowerSwitch told, PowerSwitch shown, Duration offFor) implements PowerSwitch {

  @Override
  public String outlet() {
    return told.outlet();
  }

  @Override
  public PowerState read() {
    return shown.read();
  }

  @Override
  public void set(boolean on) {
    told.set(on);
  }

  @Override
  public void watch(Runnable changed) {
    told.watch(changed);
  }

  @Override
  public void close() {
    try {
      told.close();
    } finally {
      shown.close();
    }
  }
}
