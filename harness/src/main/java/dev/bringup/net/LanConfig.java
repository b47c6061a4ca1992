package dev.bringup.net;

import dev.bringup.verdict.BringupException;
import java.time.Duration;

/**
 * The shape of a bench LAN. Each LAN is alone with its board, so all of them may look the same.
 *
 * @param serverIp the LAN's one host: gateway, DHCP server and front of all forwarded services
 * @param prefixLength of the subnet, 16 to 30
 * @param serverMac the host's Ethernet address, not a group address
 * @param flowIdle how long a UDP flow lives without a datagram, in the board's time
 * @param maxFlows how many UDP flows (board address and port) exist at once, each with a host
 *     socket; the one that was idle longest gives way; 1 to 4096
 * @param unheardFrames how many frames may go to the board without one coming back, from 1 on;
 *     further ones are dropped. U-Boot's virtio driver (2023.01) gives buffers back without telling
 *     QEMU, so that its NIC is deaf for good once 31 frames lie unread, as they do when a TFTP
 *     server repeats itself to a board that went back to its prompt
 */
public record LanConfig(
    Ipv4Address serverIp,
    int prefixLength,
    MacAddress serverMac,
    Duration flowIdle,
    int maxFlows,
    int unheardFrames,
    DhcpConfig dhcp) {

  public LanConfig {
    if (prefixLength < 16 || prefixLength > 30) {
      throw BringupException.configuration(
          "bench LAN prefix length " + prefixLength + " is not between 16 and 30");
    }
    if (!isHost(serverIp, serverIp, prefixLength)) {
      throw BringupException.configuration(
          serverIp + " is not a host address in its /" + prefixLength);
    }
    if (serverMac.isGroup()) {
      throw BringupException.configuration(serverMac + " is a group address, not a host's");
    }
    if (flowIdle.isNegative() || flowIdle.isZero() || maxFlows < 1 || maxFlows > 4096) {
      throw BringupException.configuration(
          "bench LAN flows need a life above zero and a number from 1 to 4096");
    }
    if (unheardFrames < 1) {
      throw BringupException.configuration("bench LAN that sends no frame to its board");
    }
    checkLeases(dhcp, serverIp, prefixLength);
  }

  /**
   * 192.168.76.1/24, boards from 192.168.76.2 on, flows live for five minutes, no bound on frames.
   */
  public static LanConfig defaults() {
    return new LanConfig(
        Ipv4Address.parse("192.168.76.1"),
        24,
        MacAddress.parse("02:62:72:69:6e:01"),
        Duration.ofMinutes(5),
        256,
        Integer.MAX_VALUE,
        DhcpConfig.defaults());
  }

  /** This, with other DHCP answers. */
  public LanConfig withDhcp(DhcpConfig other) {
    return new LanConfig(
        serverIp, prefixLength, serverMac, flowIdle, maxFlows, unheardFrames, other);
  }

  /** This, for a board whose NIC gets stuck when more than {@code frames} lie unread. */
  public LanConfig withUnheardFrames(int frames) {
    return new LanConfig(serverIp, prefixLength, serverMac, flowIdle, maxFlows, frames, dhcp);
  }

  Ipv4Address mask() {
    return new Ipv4Address(-1 << (32 - prefixLength));
  }

  Ipv4Address network() {
    return new Ipv4Address(serverIp.bits() & mask().bits());
  }

  Ipv4Address broadcast() {
    return new Ipv4Address(serverIp.bits() | ~mask().bits());
  }

  /** Whether a board may have this address. */
  boolean isBoardAddress(Ipv4Address address) {
    return !address.equals(serverIp) && isHost(address, serverIp, prefixLength);
  }

  private static boolean isHost(Ipv4Address address, Ipv4Address server, int prefixLength) {
    int host = ~(-1 << (32 - prefixLength));
    return ((address.bits() ^ server.bits()) & ~host) == 0
        && (address.bits() & host) != 0
        && (address.bits() & host) != host;
  }

  private static void checkLeases(DhcpConfig dhcp, Ipv4Address server, int prefixLength) {
    for (Ipv4Address address : dhcp.staticLeases().values()) {
      if (address.equals(server) || !isHost(address, server, prefixLength)) {
        throw BringupException.configuration(
            "static DHCP lease "
                + address
                + " is not a board's address beside "
                + server
                + "/"
                + prefixLength);
      }
    }
  }
}
