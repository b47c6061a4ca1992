package dev.bringup.power;

import dev.bringup.config.YamlNode;
import tools.jackson.databind.JsonNode;

/**
 * A switch of a Shelly of the second generation or later, by JSON-RPC over HTTP (Shelly's "Gen2+
 * Device API", components "Switch" and "RPC protocol"); switches count from 0. A device with a
 * password asks for Digest with SHA-256 and the user {@code admin}.
 */
record ShellySwitch(OutletHttp http, int id) implements PowerSwitch {

  /** Opens a switch of any generation, as the settings say. */
  static PowerSwitch open(YamlNode.Mapping map) {
    var settings =
        DriverSettings.of(
            "shelly", map, "host", "port", "outlet", "generation", "user", "password");
    int id = settings.number("outlet", 0, 15, 0);
    OutletHttp http = OutletHttp.open(settings, "outlet " + id + " of shelly", 80, "admin");
    return settings.number("generation", 1, 9, 2) == 1
        ? new ShellyRelay(http, id)
        : new ShellySwitch(http, id);
  }

  @Override
  public String outlet() {
    return http.outlet().name();
  }

  @Override
  public PowerState read() {
    String said = call("Switch.GetStatus", "{\"id\":" + id + "}");
    return ShellyRelay.state(result(said).path("output"))
        .orElseThrow(() -> http.outlet().garbage(said, "\"output\" with true or false"));
  }

  @Override
  public void set(boolean on) {
    var _ = result(call("Switch.Set", "{\"id\":%d,\"on\":%b}".formatted(id, on)));
  }

  private String call(String method, String parameters) {
    return http.post(
        "/rpc", "{\"id\":1,\"method\":\"%s\",\"params\":%s}".formatted(method, parameters));
  }

  private JsonNode result(String said) {
    JsonNode answer = http.outlet().json(said);
    if (answer.has("error")) {
      throw http.outlet()
          .refused(
              "", answer.path("error").toString(), "check \"outlet\" (from 0) and \"password\"");
    }
    if (!answer.path("result").isObject()) {
      throw http.outlet().garbage(said, "a \"result\"");
    }
    return answer.path("result");
  }
}
