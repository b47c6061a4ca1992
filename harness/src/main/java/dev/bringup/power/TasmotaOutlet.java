package dev.bringup.power;

import dev.bringup.config.YamlNode;
import tools.jackson.databind.JsonNode;

/**
 * A relay of a device that runs Tasmota, by its web requests (Tasmota's documentation, page
 * "Commands", sections "With Web Requests" and "Control"). Devices with one relay call it {@code
 * POWER}, others {@code POWER1} and so on.
 */
record TasmotaOutlet(OutletHttp http, String login, int number) implements PowerSwitch {

  static PowerSwitch open(YamlNode.Mapping map) {
    var settings = DriverSettings.of("tasmota", map, "host", "port", "outlet", "user", "password");
    int number = settings.number("outlet", 1, 32, 1);
    String user = settings.optionalText("user").orElse("admin");
    String login =
        settings
            .secret("password")
            .map(secret -> "user=" + OutletHttp.encoded(user) + "&password=" + secret.inUrl() + "&")
            .orElse("");
    return new TasmotaOutlet(
        OutletHttp.open(settings, "outlet " + number + " of tasmota", 80, user), login, number);
  }

  @Override
  public String outlet() {
    return http.outlet().name();
  }

  @Override
  public PowerState read() {
    return command("Power" + number);
  }

  @Override
  public void set(boolean on) {
    var _ = command("Power" + number + (on ? "%20On" : "%20Off"));
  }

  private PowerState command(String command) {
    String said = http.get("/cm?" + login + "cmnd=" + command);
    JsonNode answer = http.outlet().json(said);
    if (answer.has("WARNING")) {
      throw http.outlet().refused("", said, "check \"user\" and \"password\"");
    }
    JsonNode state = answer.path("POWER" + number);
    if (state.isMissingNode() && number == 1) {
      state = answer.path("POWER");
    }
    return switch (state.asString("")) {
      case "ON" -> PowerState.ON;
      case "OFF" -> PowerState.OFF;
      default -> throw http.outlet().garbage(said, "the state ON or OFF of POWER" + number);
    };
  }
}
