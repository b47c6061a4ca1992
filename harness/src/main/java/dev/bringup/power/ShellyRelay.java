package dev.bringup.power;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A relay of a Shelly of the first generation (Shelly's "Gen1 Device API reference", {@code
 * /relay/{index}}); relays count from 0.
 */
record ShellyRelay(OutletHttp http, int relay) implements PowerSwitch {

  @Override
  public String outlet() {
    return http.outlet().name();
  }

  @Override
  public PowerState read() {
    return ask("");
  }

  @Override
  public void set(boolean on) {
    var _ = ask(on ? "?turn=on" : "?turn=off");
  }

  private PowerState ask(String order) {
    String said = http.get("/relay/" + relay + order);
    return state(http.outlet().json(said).path("ison"))
        .orElseThrow(() -> http.outlet().garbage(said, "\"ison\" with true or false"));
  }

  /** True is on, false is off, and nothing else is a state. */
  static Optional<PowerState> state(JsonNode node) {
    return node.isBoolean()
        ? Optional.of(node.booleanValue() ? PowerState.ON : PowerState.OFF)
        : Optional.empty();
  }
}
