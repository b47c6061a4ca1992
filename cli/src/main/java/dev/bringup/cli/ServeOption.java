package dev.bringup.cli;

import dev.bringup.hold.HeldBoard;
import dev.bringup.verdict.BringupException;
import dev.bringup.wire.ConsoleServer;
import dev.bringup.wire.ConsoleServer.From;
import dev.bringup.wire.ConsoleServer.Options;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Ways to a console for programs on this host and others. */
final class ServeOption {
  private static final int MOST = 0xffff;

  @Option(
      names = "--serve",
      paramLabel = "URL",
      description = {
        "Export the console: telnet://127.0.0.1:4001 (with RFC 2217) or tcp://127.0.0.1:4002.",
        "Port 0 takes a free one. Nobody is asked who he is. May be repeated."
      })
  private List<String> urls = List.of();

  @Option(
      names = "--serve-read-only",
      paramLabel = "URL",
      description = "The same for clients that only read. May be repeated.")
  private List<String> readOnlyUrls = List.of();

  boolean isGiven() {
    return !urls.isEmpty() || !readOnlyUrls.isEmpty();
  }

  /** What is asked for, before anything is opened. */
  List<Options> options() {
    return Stream.concat(
            urls.stream().map(url -> parse("--serve", url)),
            readOnlyUrls.stream().map(url -> parse("--serve-read-only", url).withoutWriter()))
        .toList();
  }

  private static Options parse(String option, String url) {
    try {
      var uri = URI.create(url);
      String scheme = String.valueOf(uri.getScheme());
      Options options =
          switch (scheme) {
            case "telnet" -> Options.telnet();
            case "tcp" -> Options.raw();
            default -> throw new IllegalArgumentException("there are telnet:// and tcp://");
          };
      if (uri.getHost() == null || uri.getPort() < 0 || uri.getPort() > MOST) {
        throw new IllegalArgumentException("a host and a port from 0 to 65535 are needed");
      }
      var address = new InetSocketAddress(uri.getHost(), uri.getPort());
      if (address.isUnresolved()) {
        throw new IllegalArgumentException("there is no host " + uri.getHost());
      }
      return options.at(address).from(From.START);
    } catch (IllegalArgumentException e) {
      throw BringupException.configuration("%s %s: %s".formatted(option, url, e.getMessage()));
    }
  }

  /** Exports the console of a board until it is closed; says where. */
  List<ConsoleServer> start(HeldBoard held, List<Options> all) {
    var servers = new ArrayList<ConsoleServer>();
    for (Options options : all) {
      String scheme = options.protocol() == ConsoleServer.Protocol.TELNET ? "telnet" : "tcp";
      ConsoleServer server =
          ConsoleServer.start(
              held.board().console().recording(), held.server().line(scheme + " client"), options);
      servers.add(server);
      InetSocketAddress at = server.address();
      System.err.printf(
          "bringup: console at %s://%s:%d%s%n",
          scheme,
          at.getAddress().getHostAddress(),
          at.getPort(),
          options.readOnly() ? ", only to read" : "");
    }
    return servers;
  }
}
