package dev.bringup.power;

import dev.bringup.config.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An outlet that is a whole number in a PDU's SNMP tree, by Net-SNMP's programs {@code snmpset} and
 * {@code snmpget} (versions 1, 2c and 3).
 */
final class SnmpOutlet implements PowerSwitch {
  private static final String HINT =
      "check address, \"oid\", community and rights; try snmpget by hand (Debian package snmp)";

  private static final Pattern OID = Pattern.compile("\\.?\\d{1,10}(\\.\\d{1,10}){1,127}");
  private static final List<String> KEYS =
      Stream.concat(
              Stream.of(
                  "host",
                  "port",
                  "oid",
                  "on",
                  "off",
                  "state-oid",
                  "state-on",
                  "state-off",
                  "tools"),
              SnmpConfiguration.KEYS.stream())
          .toList();

  private static final int MAX_VALUE = Integer.MAX_VALUE;

  /** Where an order goes, or a state comes from, and what the numbers there mean. */
  private record Variable(String oid, int on, int off) {}

  private final Program program;
  private final String snmpset;
  private final String snmpget;
  private final String agent;
  private final Variable order;
  private final Variable state;
  private final SnmpConfiguration configuration;

  private SnmpOutlet(
      DriverSettings settings, Variable order, Variable state, SnmpConfiguration configuration) {
    this.order = order;
    this.state = state;
    this.configuration = configuration;
    String host = settings.host();
    agent =
        "%s:%s:%d"
            .formatted(
                host.contains(":") ? "udp6" : "udp",
                DriverSettings.bracketed(host),
                settings.port(161));
    snmpset = settings.tool("snmpset");
    snmpget = settings.tool("snmpget");
    Duration within = settings.within(Duration.ofSeconds(6));
    var outlet = new Outlet("SNMP outlet " + order.oid() + " at " + host, configuration.secrets());
    program = new Program(outlet, within, configuration.write(outlet));
  }

  static PowerSwitch open(YamlNode.Mapping map) {
    var settings = DriverSettings.of("snmp", map, KEYS.toArray(String[]::new));
    var order =
        new Variable(
            oid(settings, "oid"),
            settings.number("on", 0, MAX_VALUE, 1),
            settings.number("off", 0, MAX_VALUE, 2));
    var state =
        new Variable(
            settings.find("state-oid").isPresent() ? oid(settings, "state-oid") : order.oid(),
            settings.number("state-on", 0, MAX_VALUE, order.on()),
            settings.number("state-off", 0, MAX_VALUE, order.off()));
    if (order.on() == order.off() || state.on() == state.off()) {
      throw map.wrong("on and off are the same number");
    }
    return new SnmpOutlet(settings, order, state, new SnmpConfiguration(settings));
  }

  private static String oid(DriverSettings settings, String key) {
    String oid = settings.text(key);
    if (!OID.matcher(oid).matches()) {
      throw settings
          .find(key)
          .orElseThrow()
          .wrong("\"" + key + "\" is an object identifier in numbers: 1.3.6.1.4.1.318.1.1...");
    }
    return oid.startsWith(".") ? oid : "." + oid;
  }

  @Override
  public String outlet() {
    return program.outlet().name();
  }

  @Override
  public void set(boolean on) {
    var _ = run(snmpset, order.oid(), "i", "" + (on ? order.on() : order.off()));
  }

  @Override
  public PowerState read() {
    String said = run(snmpget, state.oid());
    String value = said.strip();
    if (value.equals("" + state.on())) {
      return PowerState.ON;
    }
    if (value.equals("" + state.off())) {
      return PowerState.OFF;
    }
    throw program.outlet().garbage(said, state.on() + " (on) or " + state.off() + " (off)");
  }

  private String run(String tool, String... rest) {
    // two requests, and some of the limit for the programs themselves
    double timeout = Math.max(program.within().toMillis() / 3000.0, 0.01);
    var command = new ArrayList<>(List.of(tool, "-r", "1", "-t"));
    command.add(String.format(Locale.ROOT, "%.3f", timeout));
    command.addAll(List.of("-Oqve", agent)); // the value alone, a number also where it has a name
    command.addAll(List.of(rest));
    Program.Result result = program.run(command, "install the Debian package snmp");
    if (result.exit() == 0) {
      return result.out();
    }
    if (result.err().contains("Timeout: No Response")) {
      throw program.outlet().silent(program.within());
    }
    throw program.failed(result, HINT);
  }

  @Override
  public void close() {
    configuration.close();
  }
}
