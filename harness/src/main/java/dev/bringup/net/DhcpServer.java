package dev.bringup.net;

import static dev.bringup.net.DhcpMessage.OPTION_REQUESTED_IP;
import static dev.bringup.net.DhcpMessage.OPTION_SERVER_ID;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The server's side of DHCP (RFC 2131) and BOOTP (RFC 951), without a socket. Not thread-safe.
 *
 * <p>A lease belongs to the NIC's address and not to the client identifier (RFC 2131, section 4.2):
 * firmware, bootloader and kernel send different identifiers, and a board should keep its address
 * through all of its boot stages.
 */
final class DhcpServer {
  private static final Duration OFFER_LIFE = Duration.ofSeconds(60);

  private final LanConfig lan;
  private final Map<MacAddress, Lease> leases = new LinkedHashMap<>();
  private final Set<Ipv4Address> declined = new HashSet<>();

  DhcpServer(LanConfig lan) {
    this.lan = lan;
  }

  /** Answers a client's message, or stays silent. */
  Optional<Answer> handle(DhcpMessage request, DhcpConfig config, long now) {
    if (request.operation() != DhcpMessage.REQUEST) {
      return Optional.empty();
    }
    leases.values().removeIf(lease -> now - lease.end() >= 0);
    if (request.isBootp()) {
      return bootp(request, config, now);
    }
    return switch (request.type().orElse(null)) {
      case DISCOVER -> discover(request, config, now);
      case REQUEST -> request(request, config, now);
      case INFORM -> Optional.of(inform(request, config));
      case RELEASE -> {
        leases.remove(request.clientMac(), leaseOf(request.clientMac(), request.clientIp()));
        yield Optional.empty();
      }
      case DECLINE -> {
        request
            .address(OPTION_REQUESTED_IP)
            .map(address -> leaseOf(request.clientMac(), address))
            .filter(lease -> leases.remove(request.clientMac(), lease))
            .ifPresent(lease -> declined.add(lease.address()));
        yield Optional.empty();
      }
      case OFFER, ACK, NAK -> Optional.empty();
      case null -> Optional.empty();
    };
  }

  /** The leases that were acknowledged and have not ended. */
  Map<MacAddress, Ipv4Address> bound(long now) {
    var bound = new LinkedHashMap<MacAddress, Ipv4Address>();
    leases.forEach((mac, lease) -> {
      if (lease.bound() && now - lease.end() < 0) {
        bound.put(mac, lease.address());
      }
    });
    return bound;
  }

  private Optional<Answer> bootp(DhcpMessage request, DhcpConfig config, long now) {
    // BOOTP leases have no end; the board's next client on the same NIC gets the same address.
    return choose(request, config)
        .map(address -> {
          bind(request.clientMac(), address, config, now);
          return answer(request, config, address, new TreeMap<>(), true);
        });
  }

  private Optional<Answer> discover(DhcpMessage request, DhcpConfig config, long now) {
    return choose(request, config)
        .map(address -> {
          Lease old = leases.get(request.clientMac());
          if (old == null || !old.bound() || !old.address().equals(address)) {
            long end = now + OFFER_LIFE.toNanos();
            leases.put(request.clientMac(), new Lease(address, false, end));
          }
          return answer(
              request,
              config,
              address,
              leaseOptions(request, config, DhcpMessage.Type.OFFER),
              false);
        });
  }

  private Optional<Answer> request(DhcpMessage request, DhcpConfig config, long now) {
    Optional<Ipv4Address> server = request.address(OPTION_SERVER_ID);
    if (server.isPresent() && !server.get().equals(lan.serverIp())) {
      Lease offer = leases.get(request.clientMac());
      if (offer != null && !offer.bound()) {
        leases.remove(request.clientMac());
      }
      return Optional.empty();
    }
    Ipv4Address wanted = request.address(OPTION_REQUESTED_IP).orElse(request.clientIp());
    if (!isFor(request.clientMac(), wanted, config)) {
      return Optional.of(nak(request, "address " + wanted + " is not this board's"));
    }
    bind(request.clientMac(), wanted, config, now);
    return Optional.of(
        answer(request, config, wanted, leaseOptions(request, config, DhcpMessage.Type.ACK), true));
  }

  private Answer inform(DhcpMessage request, DhcpConfig config) {
    var options = options(request, config, DhcpMessage.Type.ACK);
    return answer(request, config, Ipv4Address.ANY, options, false);
  }

  private void bind(MacAddress mac, Ipv4Address address, DhcpConfig config, long now) {
    leases.put(mac, new Lease(address, true, now + config.leaseTime().toNanos()));
  }

  private Lease leaseOf(MacAddress mac, Ipv4Address address) {
    Lease lease = leases.get(mac);
    return lease != null && lease.address().equals(address)
        ? lease
        : new Lease(address, false, Long.MIN_VALUE);
  }

  /** The board's own address, else the one that it asks for, else the first free one. */
  private Optional<Ipv4Address> choose(DhcpMessage request, DhcpConfig config) {
    MacAddress mac = request.clientMac();
    Ipv4Address fixed = config.staticLeases().get(mac);
    if (fixed != null) {
      return Optional.of(fixed);
    }
    Lease old = leases.get(mac);
    if (old != null && isFor(mac, old.address(), config)) {
      return Optional.of(old.address());
    }
    Optional<Ipv4Address> wanted =
        request.address(OPTION_REQUESTED_IP).filter(address -> isFor(mac, address, config));
    if (wanted.isPresent()) {
      return wanted;
    }
    var taken = new HashMap<Ipv4Address, MacAddress>();
    leases.forEach((owner, lease) -> taken.put(lease.address(), owner));
    Ipv4Address candidate = lan.network().plus(1);
    while (candidate.compareTo(lan.broadcast()) < 0) {
      if (lan.isBoardAddress(candidate)
          && !taken.containsKey(candidate)
          && !declined.contains(candidate)
          && !config.staticLeases().containsValue(candidate)) {
        return Optional.of(candidate);
      }
      candidate = candidate.plus(1);
    }
    return Optional.empty();
  }

  private boolean isFor(MacAddress mac, Ipv4Address address, DhcpConfig config) {
    Ipv4Address fixed = config.staticLeases().get(mac);
    if (fixed != null) {
      return fixed.equals(address);
    }
    return lan.isBoardAddress(address)
        && !declined.contains(address)
        && !config.staticLeases().containsValue(address)
        && leases.entrySet().stream()
            .allMatch(e -> e.getKey().equals(mac) || !e.getValue().address().equals(address));
  }

  private SortedMap<Integer, byte[]> leaseOptions(
      DhcpMessage request, DhcpConfig config, DhcpMessage.Type type) {
    var options = options(request, config, type);
    int seconds = (int) config.leaseTime().toSeconds();
    options.put(DhcpMessage.OPTION_LEASE_TIME, word(seconds));
    options.put(DhcpMessage.OPTION_RENEWAL_TIME, word(seconds / 2));
    options.put(DhcpMessage.OPTION_REBINDING_TIME, word((int) (seconds * 7L / 8)));
    return options;
  }

  private SortedMap<Integer, byte[]> options(
      DhcpMessage request, DhcpConfig config, DhcpMessage.Type type) {
    var options = new TreeMap<Integer, byte[]>();
    identify(request, options, type);
    options.put(DhcpMessage.OPTION_SUBNET_MASK, word(lan.mask().bits()));
    options.put(DhcpMessage.OPTION_ROUTER, word(lan.serverIp().bits()));
    if (request.wants(DhcpMessage.OPTION_BROADCAST)) {
      options.put(DhcpMessage.OPTION_BROADCAST, word(lan.broadcast().bits()));
    }
    if (!config.dnsServers().isEmpty() && request.wants(DhcpMessage.OPTION_DNS)) {
      var addresses = ByteBuffer.allocate(4 * config.dnsServers().size());
      config.dnsServers().forEach(address -> addresses.putInt(address.bits()));
      options.put(DhcpMessage.OPTION_DNS, addresses.array());
    }
    putText(request, options, DhcpMessage.OPTION_HOST_NAME, config.hostName());
    putText(request, options, DhcpMessage.OPTION_DOMAIN, config.domain());
    if (!config.bootFile().isEmpty()) {
      putText(request, options, DhcpMessage.OPTION_BOOT_FILE, config.bootFile());
      putText(request, options, DhcpMessage.OPTION_TFTP_SERVER, nextServer(config).toString());
    }
    return options;
  }

  private void identify(DhcpMessage request, Map<Integer, byte[]> options, DhcpMessage.Type type) {
    options.put(DhcpMessage.OPTION_TYPE, new byte[] {(byte) type.code});
    options.put(OPTION_SERVER_ID, word(lan.serverIp().bits()));
    byte[] client = request.options().get(DhcpMessage.OPTION_CLIENT_ID);
    if (client != null) {
      options.put(DhcpMessage.OPTION_CLIENT_ID, client); // RFC 6842
    }
  }

  private static void putText(
      DhcpMessage request, Map<Integer, byte[]> options, int option, String text) {
    if (!text.isEmpty() && request.wants(option)) {
      options.put(option, text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private Ipv4Address nextServer(DhcpConfig config) {
    return config.nextServer().orElse(lan.serverIp());
  }

  private static byte[] word(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private Answer answer(
      DhcpMessage request,
      DhcpConfig config,
      Ipv4Address yours,
      SortedMap<Integer, byte[]> options,
      boolean leased) {
    Ipv4Address to = request.clientIp();
    if (to.equals(Ipv4Address.ANY)) {
      to = request.broadcast() || yours.equals(Ipv4Address.ANY) ? Ipv4Address.BROADCAST : yours;
    }
    var message =
        new DhcpMessage(
            DhcpMessage.REPLY,
            request.transaction(),
            request.broadcast(),
            request.clientIp(),
            yours,
            nextServer(config),
            request.relay(),
            request.clientMac(),
            config.bootFile(),
            options);
    return new Answer(message, to, leased);
  }

  private Answer nak(DhcpMessage request, String why) {
    var options = new TreeMap<Integer, byte[]>();
    identify(request, options, DhcpMessage.Type.NAK);
    options.put(DhcpMessage.OPTION_MESSAGE, why.getBytes(StandardCharsets.US_ASCII));
    var message =
        new DhcpMessage(
            DhcpMessage.REPLY,
            request.transaction(),
            request.broadcast(),
            Ipv4Address.ANY,
            Ipv4Address.ANY,
            Ipv4Address.ANY,
            request.relay(),
            request.clientMac(),
            "",
            options);
    return new Answer(message, Ipv4Address.BROADCAST, false);
  }

  /**
   * @param to where the answer goes; a broadcast address or the board's
   * @param leased whether the board now owns the address
   */
  record Answer(DhcpMessage message, Ipv4Address to, boolean leased) {}

  private record Lease(Ipv4Address address, boolean bound, long end) {}
}
