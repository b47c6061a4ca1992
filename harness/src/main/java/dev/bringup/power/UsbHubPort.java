package dev.bringup.power;

import dev.bringup.config.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The VBUS of a port of a USB hub, by the program uhubctl (its README; outputs as of 2.5). A USB 3
 * port is two ports, one of them on the hub's USB 2 half: uhubctl switches both, and there is no
 * power when both say so.
 */
record UsbHubPort(Program program, String tool, String hub, int port) implements PowerSwitch {
  private static final String HINT =
      "run uhubctl by hand: the hub must switch ports and this user may need a udev rule";

  private static final Pattern LOCATION = Pattern.compile("\\d{1,3}(-\\d{1,3}(\\.\\d{1,3})*)?");

  static PowerSwitch open(YamlNode.Mapping map) {
    var settings = DriverSettings.of("uhubctl", map, "hub", "port", "tools");
    String hub = settings.text("hub");
    if (!LOCATION.matcher(hub).matches()) {
      throw map.get("hub").wrong("\"hub\" is a location as uhubctl shows it: 1-1.4");
    }
    int port = settings.number("port", 1, 31);
    var outlet = Outlet.named("port " + port + " of USB hub " + hub);
    return new UsbHubPort(
        new Program(outlet, settings.within(Duration.ofSeconds(20)), Map.of()),
        settings.tool("uhubctl"),
        hub,
        port);
  }

  @Override
  public String outlet() {
    return program.outlet().name();
  }

  @Override
  public void set(boolean on) {
    var _ = run("-a", on ? "on" : "off");
  }

  @Override
  public PowerState read() {
    String said = run();
    // "  Port 2: 0503 power highspeed enable connect [...]", "  Port 2: 0000 off"
    Matcher line =
        Pattern.compile("(?m)^ *Port " + port + ": [0-9a-f]{4} (power|off)\\b").matcher(said);
    boolean found = false;
    boolean power = false;
    while (line.find()) {
      found = true;
      power |= line.group(1).equals("power");
    }
    if (!found) {
      throw program.outlet().garbage(said, "a line \"Port " + port + ": ... power\" or off");
    }
    return power ? PowerState.ON : PowerState.OFF;
  }

  private String run(String... action) {
    var command = new ArrayList<>(List.of(tool, "-l", hub, "-p", "" + port));
    command.addAll(List.of(action));
    return program.runWell(command, HINT).out();
  }
}
