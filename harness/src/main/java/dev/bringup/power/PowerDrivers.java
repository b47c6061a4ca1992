package dev.bringup.power;

import dev.bringup.config.Words;
import dev.bringup.config.YamlNode;
import dev.bringup.verdict.BringupException;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The switch that a board file names under {@code drivers.power}. {@code docs/board-files.md} lists
 * the settings.
 */
public final class PowerDrivers {
  private static final Duration MAX_OFF_FOR = Duration.ofMinutes(10);

  /** Makes a switch from its settings. */
  interface Driver {
    PowerSwitch open(YamlNode.Mapping settings);
  }

  private PowerDrivers() {}

  static SortedMap<String, Driver> drivers() {
    var drivers = new TreeMap<String, Driver>();
    drivers.put("command", CommandOutlet::open);
    drivers.put("gpio", GpioLine::open);
    drivers.put("manual", ManualPower::open);
    drivers.put("netio", NetioOutlet::open);
    drivers.put("pdudaemon", PduDaemonOutlet::open);
    drivers.put("shelly", ShellySwitch::open);
    drivers.put("snmp", SnmpOutlet::open);
    drivers.put("tasmota", TasmotaOutlet::open);
    drivers.put("uhubctl", UsbHubPort::open);
    drivers.put("usb-relay", UsbRelay::open);
    return drivers;
  }

  /**
   * Makes the switch ready and leaves it as it is; most drivers talk to it only when it is read or
   * told.
   *
   * @throws BringupException (configuration) if there is no such driver or its settings are wrong
   */
  @SuppressWarnings("DoNotCallSuggester") // the drivers come next
  public static PowerSwitch open(String driver, YamlNode.Mapping settings) {
    SortedMap<String, Driver> drivers = drivers();
    Driver named = drivers.get(driver);
    if (named == null) {
      throw settings
          .get("driver")
          .wrong(
              "there is no power driver "
                  + Words.quote(driver)
                  + Words.suggestion(driver, drivers.keySet(), "there is"));
    }
    Duration offFor = settings.find("off-for").map(YamlNode::duration).orElse(Duration.ZERO);
    if (offFor.compareTo(MAX_OFF_FOR) > 0) {
      throw settings.get("off-for").wrong("\"off-for\" is at most 10 min");
    }
    Optional<PowerSwitch> shown =
        settings
            .find("state-from")
            .map(YamlNode::map)
            .map(other -> open(other.get("driver").text(), other));
    try {
      PowerSwitch told = named.open(settings);
      return new BoardOutlet(told, shown.orElse(told), offFor);
    } catch (RuntimeException e) {
      shown.ifPresent(PowerSwitch::close);
      throw e;
    }
  }
}
