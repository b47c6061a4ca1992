package dev.bringup.power;

import dev.bringup.config.YamlNode;
import tools.jackson.databind.JsonNode;

/**
 * An output of a NETIO power socket by its JSON API (NETIO's "JSON API" description, application
 * note AN21): {@code /netio.json} is read and written, action 1 is on and 0 is off. Outputs count
 * from 1.
 */
record NetioOutlet(OutletHttp http, int number) implements PowerSwitch {

  static PowerSwitch open(YamlNode.Mapping map) {
    var settings = DriverSettings.of("netio", map, "host", "port", "outlet", "user", "password");
    int number = settings.number("outlet", 1, 64);
    return new NetioOutlet(
        OutletHttp.open(settings, "outlet " + number + " of netio", 80, "netio"), number);
  }

  @Override
  public String outlet() {
    return http.outlet().name();
  }

  @Override
  public PowerState read() {
    return state(http.get("/netio.json"));
  }

  @Override
  public void set(boolean on) {
    var _ =
        state(
            http.post(
                "/netio.json",
                "{\"Outputs\":[{\"ID\":%d,\"Action\":%d}]}".formatted(number, on ? 1 : 0)));
  }

  private PowerState state(String said) {
    for (JsonNode output : http.outlet().json(said).path("Outputs")) {
      if (output.path("ID").asInt(0) == number) {
        return switch (output.path("State").asInt(-1)) {
          case 1 -> PowerState.ON;
          case 0 -> PowerState.OFF;
          default -> throw http.outlet().garbage(output.toString(), "\"State\" with 0 or 1");
        };
      }
    }
    throw http.outlet().garbage(said, "an output with the ID " + number);
  }
}
