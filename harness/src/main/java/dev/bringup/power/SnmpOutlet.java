package dev.bringup.power;

import dev.bringup.config.YamlNode;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An outlet that is a whole number in a PDU's SNMP tree, by Net-SNMP's programs {@code snmpset} and
 * {@code snmpget} (versions 1, 2c and 3). Their secrets go through a configuration file that only
 * this user can read, not through their arguments, which everybody can.
 */
final class SnmpOutlet implements PowerSwitch {
  private static final String HINT =
      "check address, \"oid\", community and rights; try snmpget by hand (Debian package snmp)";

  private static final Pattern OID = Pattern.compile("\\.?\\d{1,10}(\\.\\d{1,10}){1,127}");
  /** The programs make this folder, and say so, if it is not there. */
  private static final String INDEXES = "cert_indexes";

  private static final int MAX_VALUE = Integer.MAX_VALUE;

  /** Where an order goes, or a state comes from, and what the numbers there mean. */
  private record Variable(String oid, int on, int off) {}

  private final Program program;
  private final String snmpset;
  private final String snmpget;
  private final String agent;
  private final Variable order;
  private final Variable state;
  private final Path folder;

  private SnmpOutlet(
      Program program,
      String snmpset,
      String snmpget,
      String agent,
      Variable order,
      Variable state,
      Path folder) {
    this.program = program;
    this.snmpset = snmpset;
    this.snmpget = snmpget;
    this.agent = agent;
    this.order = order;
    this.state = state;
    this.folder = folder;
  }

  static PowerSwitch open(YamlNode.Mapping map) {
    var settings =
        DriverSettings.of(
            "snmp",
            map,
            "host",
            "port",
            "version",
            "community",
            "user",
            "auth",
            "auth-passphrase",
            "priv",
            "priv-passphrase",
            "oid",
            "on",
            "off",
            "state-oid",
            "state-on",
            "state-off",
            "tools");
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
    String host = settings.host();
    var secrets = new ArrayList<Secret>();
    List<String> configuration = configuration(settings, secrets);
    Outlet outlet = new Outlet("SNMP outlet " + order.oid() + " at " + host, secrets);
    Duration within = settings.within(Duration.ofSeconds(6));
    Path folder = write(outlet, configuration);
    var program =
        new Program(
            outlet,
            within,
            Map.of(
                "SNMPCONFPATH", folder.toString(), "SNMP_PERSISTENT_DIR", folder.toString(), "MIBS",
                ""));
    return new SnmpOutlet(
        program,
        settings.tool("snmpset"),
        settings.tool("snmpget"),
        (host.contains(":") ? "udp6:[" + host + "]:" : "udp:" + host + ":") + settings.port(161),
        order,
        state,
        folder);
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

  /** Lines of snmp.conf(5). */
  private static List<String> configuration(DriverSettings settings, List<Secret> secrets) {
    var lines = new ArrayList<String>();
    String version = settings.choice("version", "2c", "1", "3");
    lines.add("defVersion " + version);
    if (!version.equals("3")) {
      refuse(settings, version, "user", "auth", "auth-passphrase", "priv", "priv-passphrase");
      settings
          .secret("community")
          .ifPresentOrElse(
              community -> {
                secrets.add(community);
                lines.add("defCommunity " + quoted(community.reveal()));
              },
              () -> lines.add("defCommunity public"));
      return lines;
    }
    refuse(settings, version, "community");
    lines.add("defSecurityName " + quoted(settings.text("user")));
    Optional<Secret> auth = settings.secret("auth-passphrase");
    Optional<Secret> priv = settings.secret("priv-passphrase");
    auth.ifPresent(secret -> {
      secrets.add(secret);
      lines.add(
          "defAuthType "
              + settings.choice("auth", "SHA", "MD5", "SHA-224", "SHA-256", "SHA-384", "SHA-512"));
      lines.add("defAuthPassphrase " + quoted(secret.reveal()));
    });
    priv.ifPresent(secret -> {
      secrets.add(secret);
      lines.add("defPrivType " + settings.choice("priv", "AES", "DES"));
      lines.add("defPrivPassphrase " + quoted(secret.reveal()));
    });
    if (priv.isPresent() && auth.isEmpty()) {
      throw settings
          .find("priv-passphrase")
          .orElseThrow()
          .wrong("\"priv-passphrase\" needs \"auth-passphrase\" beside it");
    }
    lines.add(
        "defSecurityLevel "
            + (priv.isPresent() ? "authPriv" : auth.isPresent() ? "authNoPriv" : "noAuthNoPriv"));
    return lines;
  }

  private static void refuse(DriverSettings settings, String version, String... keys) {
    for (String key : keys) {
      settings
          .find(key)
          .ifPresent(node -> {
            throw node.wrong("SNMP version " + version + " has no \"" + key + "\"");
          });
    }
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static Path write(Outlet outlet, List<String> lines) {
    try {
      Path folder = Files.createTempDirectory("bringup-snmp");
      Path file =
          Files.createFile(
              folder.resolve("snmp.conf"),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.createDirectory(folder.resolve(INDEXES));
      for (Path each : List.of(folder, folder.resolve(INDEXES), file)) {
        each.toFile().deleteOnExit(); // in reverse order
      }
      Files.write(file, lines, StandardOpenOption.TRUNCATE_EXISTING);
      return folder;
    } catch (IOException e) {
      throw BringupException.infrastructure(
          outlet.name() + ": cannot write the configuration of Net-SNMP's programs: " + e,
          "check the folder for temporary files",
          e);
    }
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
    try {
      Files.deleteIfExists(folder.resolve("snmp.conf"));
      Files.deleteIfExists(folder.resolve(INDEXES));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // What else is in the folder belongs to nobody.
    }
  }
}
