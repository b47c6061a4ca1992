package dev.bringup.power;

import dev.bringup.config.YamlNode;
import java.time.Duration;
import java.util.Optional;

/**
 * An outlet that pdudaemon switches, by its HTTP listener (pdudaemon's README, "HTTP listener"). It
 * answers when it has talked to the PDU, also if that failed, and cannot say what state an outlet
 * has: {@code state-from} in the board file names who can.
 */
record PduDaemonOutlet(OutletHttp http, String query) implements PowerSwitch {

  static PowerSwitch open(YamlNode.Mapping map) {
    var settings = DriverSettings.of("pdudaemon", map, "host", "port", "pdu", "outlet", "alias");
    String host = settings.host();
    String what;
    String query;
    if (settings.find("alias").isPresent()) {
      for (String other : new String[] {"pdu", "outlet"}) {
        settings
            .find(other)
            .ifPresent(node -> {
              throw node.wrong("\"alias\" says which outlet is meant; leave \"" + other + "\" out");
            });
      }
      String alias = settings.text("alias");
      what = "outlet " + alias;
      query = "alias=" + OutletHttp.encoded(alias);
    } else {
      String pdu = settings.text("pdu");
      int number = settings.number("outlet", 0, 9999);
      what = "outlet " + number + " of " + pdu;
      query = "hostname=" + OutletHttp.encoded(pdu) + "&port=" + number;
    }
    Outlet outlet = Outlet.named(what + " through pdudaemon at " + host);
    // it tries a PDU that fails five times with 5 s between
    var http =
        new OutletHttp(
            outlet,
            host,
            settings.port(16421),
            settings.within(Duration.ofSeconds(60)),
            Optional.empty());
    return new PduDaemonOutlet(http, query);
  }

  @Override
  public String outlet() {
    return http.outlet().name();
  }

  @Override
  public PowerState read() {
    return PowerState.UNKNOWN;
  }

  @Override
  public void set(boolean on) {
    String said = http.get("/power/control/" + (on ? "on" : "off") + "?" + query);
    if (!said.startsWith("OK")) {
      throw http.outlet().garbage(said, "OK");
    }
  }
}
