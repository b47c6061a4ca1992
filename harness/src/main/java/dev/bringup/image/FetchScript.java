package dev.bringup.image;

import dev.bringup.verdict.BringupException;
import java.util.regex.Pattern;

/**
 * Makes the U-Boot script that lies on a board's own medium and fetches the script that boots it:
 * it asks DHCP for an address, loads the other script from a server and runs it. It says what it
 * does in the manner of {@link BootScript}: {@code BRINGUP: running NAME} if all went well, else
 * what failed and {@link BootScript#STOPPED}.
 */
public final class FetchScript {
  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
  private static final Pattern ADDRESS = Pattern.compile(BYTE + ("\\." + BYTE).repeat(3));

  /**
   * What to fetch.
   *
   * @param server IPv4 address of the TFTP server, in dotted form, whatever DHCP says
   * @param loadCommand U-Boot's command before address and name, such as {@code tftpboot}
   * @param address where the other script goes; not where this one lies
   * @param name of the other script on the server
   */
  public record Plan(String server, String loadCommand, long address, String name) {
    public Plan {
      if (!ADDRESS.matcher(server).matches()) {
        throw BringupException.configuration(
            "\"%s\" is no IPv4 address; right is for example 192.168.1.10"
                .formatted(ImageBytes.printable(server)));
      }
      BootFile.plain(name, 1); // checks the name
    }
  }

  private FetchScript() {}

  /** The script's commands; equal plans give equal texts. */
  public static String write(Plan plan) {
    String address = ScriptWriter.hex(plan.address());
    var script =
        new ScriptWriter("# Fetches %s from %s and runs it.".formatted(plan.name(), plan.server()));
    // Else DHCP itself loads what its own server names.
    script.step("setenv autoload no", "autoload cannot be set");
    script.step("dhcp", "DHCP gave no address");
    script.step("setenv serverip " + plan.server(), "serverip cannot be set");
    script.step(
        "%s %s %s".formatted(plan.loadCommand(), address, plan.name()),
        "load of %s from %s failed".formatted(plan.name(), plan.server()));
    script.say("running " + plan.name());
    script.step("source " + address, plan.name() + " failed");
    return script.end();
  }
}
