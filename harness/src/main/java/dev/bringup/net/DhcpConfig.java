package dev.bringup.net;

import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the LAN tells a board that asks by DHCP or BOOTP.
 *
 * @param staticLeases addresses that belong to one NIC each; other NICs get the first free one
 * @param nextServer where boot files come from ({@code siaddr}, option 66); empty for the LAN's
 *     server
 * @param bootFile the file to fetch ({@code file}, option 67), at most 127 bytes; empty for none
 * @param hostName option 12; empty for none
 * @param domain option 15; empty for none
 * @param dnsServers option 6
 * @param leaseTime option 51, from one second to 2^31 - 1 seconds
 */
public record DhcpConfig(
    Map<MacAddress, Ipv4Address> staticLeases,
    Optional<Ipv4Address> nextServer,
    String bootFile,
    String hostName,
    String domain,
    List<Ipv4Address> dnsServers,
    Duration leaseTime) {

  public DhcpConfig {
    staticLeases = Map.copyOf(staticLeases);
    dnsServers = List.copyOf(dnsServers);
    checkText("boot file name", bootFile, 127);
    checkText("host name", hostName, 255);
    checkText("domain", domain, 255);
    if (leaseTime.toSeconds() < 1 || leaseTime.toSeconds() > Integer.MAX_VALUE) {
      throw BringupException.configuration(
          "DHCP lease time " + leaseTime + " is not between 1 s and 2^31 - 1 s");
    }
    if (staticLeases.values().stream().distinct().count() != staticLeases.size()) {
      throw BringupException.configuration("two static DHCP leases have the same address");
    }
  }

  private static void checkText(String what, String text, int most) {
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(text)
        || text.chars().anyMatch(c -> c < ' ')
        || text.length() > most) {
      throw BringupException.configuration(
          "DHCP " + what + " \"" + text + "\" is not at most " + most + " ASCII characters");
    }
  }

  /** Any free address for a day, the LAN's server as next server, no boot file. */
  public static DhcpConfig defaults() {
    return new DhcpConfig(Map.of(), Optional.empty(), "", "", "", List.of(), Duration.ofDays(1));
  }

  /** This, with another boot file. */
  public DhcpConfig withBootFile(String name) {
    return new DhcpConfig(staticLeases, nextServer, name, hostName, domain, dnsServers, leaseTime);
  }

  /** This, with other static leases. */
  public DhcpConfig withStaticLeases(Map<MacAddress, Ipv4Address> leases) {
    return new DhcpConfig(leases, nextServer, bootFile, hostName, domain, dnsServers, leaseTime);
  }
}
