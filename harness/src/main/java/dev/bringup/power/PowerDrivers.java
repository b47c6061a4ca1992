package dev.bringup.power;

import dev.bringup.config.Words;
import dev.bringup.config.YamlNode;
import dev.bringup.verdict.BringupException;

/** The switch that a board file names under {@code drivers.power}. */
public final class PowerDrivers {
  private PowerDrivers() {}

  /**
   * Opens the switch and leaves it as it is.
   *
   * @throws BringupException (configuration) if there is no such driver or its settings are wrong;
   *     (infrastructure) if it cannot be reached
   */
  @SuppressWarnings("DoNotCallSuggester") // the drivers come next
  public static PowerSwitch open(String driver, YamlNode.Mapping settings) {
    throw settings.get("driver").wrong("there is no power driver " + Words.quote(driver));
  }
}
