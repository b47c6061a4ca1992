package dev.bringup.power;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Version and secrets for Net-SNMP's programs, in a configuration file that only this user can read
 * (snmp.conf(5)): their arguments are for everybody to see. Gone when it is closed.
 */
final class SnmpConfiguration implements AutoCloseable {
  /** The board file's keys that are read here. */
  static final List<String> KEYS =
      List.of("version", "community", "user", "auth", "auth-passphrase", "priv", "priv-passphrase");

  /** The programs make this folder, and say so, if it is not there. */
  private static final String INDEXES = "cert_indexes";

  private final List<String> lines = new ArrayList<>();
  private final List<Secret> secrets = new ArrayList<>();
  private Optional<Path> folder = Optional.empty();

  /** Reads the settings; {@link #write} makes the file. */
  SnmpConfiguration(DriverSettings settings) {
    String version = settings.choice("version", "2c", "1", "3");
    lines.add("defVersion " + version);
    if (version.equals("3")) {
      refuse(settings, version, "community");
      version3(settings);
    } else {
      refuse(settings, version, "user", "auth", "auth-passphrase", "priv", "priv-passphrase");
      lines.add("defCommunity " + settings.secret("community").map(this::quoted).orElse("public"));
    }
  }

  private void version3(DriverSettings settings) {
    lines.add("defSecurityName " + quoted(settings.text("user")));
    Optional<Secret> auth = settings.secret("auth-passphrase");
    Optional<Secret> priv = settings.secret("priv-passphrase");
    if (priv.isPresent() && auth.isEmpty()) {
      throw settings
          .find("priv-passphrase")
          .orElseThrow()
          .wrong("\"priv-passphrase\" needs \"auth-passphrase\" beside it");
    }
    auth.ifPresent(secret -> {
      lines.add(
          "defAuthType "
              + settings.choice("auth", "SHA", "MD5", "SHA-224", "SHA-256", "SHA-384", "SHA-512"));
      lines.add("defAuthPassphrase " + quoted(secret));
    });
    priv.ifPresent(secret -> {
      lines.add("defPrivType " + settings.choice("priv", "AES", "DES"));
      lines.add("defPrivPassphrase " + quoted(secret));
    });
    lines.add(
        "defSecurityLevel "
            + (priv.isPresent() ? "authPriv" : auth.isPresent() ? "authNoPriv" : "noAuthNoPriv"));
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

  private String quoted(Secret secret) {
    secrets.add(secret);
    return quoted(secret.reveal());
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** All secrets among the settings. */
  List<Secret> secrets() {
    return List.copyOf(secrets);
  }

  /**
   * Writes the file.
   *
   * @return the environment in which the programs find it
   */
  Map<String, String> write(Outlet outlet) {
    try {
      Path made = Files.createTempDirectory("bringup-snmp");
      folder = Optional.of(made);
      Path file =
          Files.createFile(
              made.resolve("snmp.conf"),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.createDirectory(made.resolve(INDEXES));
      for (Path each : List.of(made, made.resolve(INDEXES), file)) {
        each.toFile().deleteOnExit(); // in reverse order
      }
      Files.write(file, lines, StandardOpenOption.TRUNCATE_EXISTING);
      return Map.of(
          "SNMPCONFPATH", made.toString(), "SNMP_PERSISTENT_DIR", made.toString(), "MIBS", "");
    } catch (IOException e) {
      throw BringupException.infrastructure(
          outlet.name() + ": cannot write the configuration of Net-SNMP's programs: " + e,
          "check the folder for temporary files",
          e);
    }
  }

  @Override
  public void close() {
    if (folder.isEmpty()) {
      return;
    }
    try {
      for (String name : List.of("snmp.conf", INDEXES, "")) {
        Files.deleteIfExists(folder.get().resolve(name));
      }
    } catch (IOException e) {
      // What else is in the folder belongs to nobody.
    }
  }
}
