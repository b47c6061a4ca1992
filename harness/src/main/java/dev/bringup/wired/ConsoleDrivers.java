package dev.bringup.wired;

import dev.bringup.board.BoardFile;
import dev.bringup.config.Words;
import dev.bringup.config.YamlNode;
import dev.bringup.transport.CommandTransport;
import dev.bringup.transport.LineSettings;
import dev.bringup.transport.LineSettings.AtOpen;
import dev.bringup.transport.LineSettings.FlowControl;
import dev.bringup.transport.PtyTransport;
import dev.bringup.transport.Rfc2217Transport;
import dev.bringup.transport.SerialPortName;
import dev.bringup.transport.SerialTransport;
import dev.bringup.transport.TcpTransport;
import dev.bringup.transport.TelnetTransport;
import dev.bringup.transport.Transport;
import dev.bringup.verdict.BringupException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The way to a board's UART that its file names under {@code drivers.console}. {@code
 * docs/board-files.md} lists the settings.
 */
final class ConsoleDrivers {
  private static final Set<String> NAMES =
      Set.of("serial", "rfc2217", "telnet", "tcp", "pty", "command");

  /** What every driver may have beside its own settings. */
  private static final Set<String> COMMON = Set.of("driver", "powered-by-board");

  private ConsoleDrivers() {}

  /**
   * Makes the transport without opening it.
   *
   * @param baud the board's, for wires that have a speed
   * @throws BringupException (configuration) if the settings are wrong; the message has the place
   */
  static Transport transport(BoardFile.Driver driver, int baud) {
    YamlNode.Mapping settings = driver.settings();
    return switch (driver.driver()) {
      case "serial" -> {
        known(driver, "port", "frame", "flow-control", "dtr", "rts");
        yield new SerialTransport(
            at(settings.get("port"), SerialPortName::parse), line(settings, baud));
      }
      case "rfc2217" -> {
        known(driver, "host", "port", "frame", "flow-control", "dtr", "rts");
        yield new Rfc2217Transport(host(settings), port(settings), line(settings, baud));
      }
      case "telnet" -> {
        known(driver, "host", "port");
        yield new TelnetTransport(host(settings), port(settings));
      }
      case "tcp" -> {
        known(driver, "host", "port");
        yield new TcpTransport(host(settings), port(settings));
      }
      case "pty" -> {
        known(driver, "path");
        yield new PtyTransport(Path.of(settings.get("path").text()));
      }
      case "command" -> {
        known(driver, "command");
        yield new CommandTransport(settings.get("command").texts());
      }
      default ->
          throw settings
              .get("driver")
              .wrong(
                  "there is no console driver "
                      + Words.quote(driver.driver())
                      + Words.suggestion(driver.driver(), new TreeSet<>(NAMES), "there is"));
    };
  }

  /** Whether the wire comes and goes with the board's power, as a USB console on the board does. */
  static boolean poweredByBoard(BoardFile.Driver driver) {
    return driver.settings().find("powered-by-board").map(YamlNode::bool).orElse(false);
  }

  private static void known(BoardFile.Driver driver, String... keys) {
    var known = new TreeSet<>(List.of(keys));
    known.addAll(COMMON);
    driver.settings().requireKnown("the console driver " + driver.driver(), known);
  }

  private static String host(YamlNode settings) {
    return settings.get("host").text();
  }

  private static int port(YamlNode settings) {
    YamlNode port = settings.get("port");
    if (port.integer() < 1 || port.integer() > 0xffff) {
      throw port.wrong("\"port\" is " + port.text() + "; there are 1 to 65535");
    }
    return port.integer();
  }

  private static LineSettings line(YamlNode settings, int baud) {
    LineSettings line =
        settings
            .find("frame")
            .map(frame -> at(frame, text -> LineSettings.parse(baud + " " + text)))
            .orElseGet(() -> LineSettings.of(baud));
    FlowControl flow =
        settings
            .find("flow-control")
            .map(node -> choice(node, FlowControl.class))
            .orElse(FlowControl.NONE);
    return line.with(flow).lines(atOpen(settings, "dtr"), atOpen(settings, "rts"));
  }

  private static AtOpen atOpen(YamlNode settings, String key) {
    return settings.find(key).map(node -> choice(node, AtOpen.class)).orElse(AtOpen.KEEP);
  }

  private static <E extends Enum<E>> E choice(YamlNode node, Class<E> among) {
    for (E each : among.getEnumConstants()) {
      if (word(each).equals(node.text())) {
        return each;
      }
    }
    var words = new TreeSet<String>();
    for (E each : among.getEnumConstants()) {
      words.add(word(each));
    }
    throw node.wrong(
        "there is no " + Words.quote(node.text()) + "; there is " + String.join(", ", words));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private interface Parser<T> {
    T parse(String text);
  }

  /** Parses, and says where the text stands if that fails. */
  private static <T> T at(YamlNode node, Parser<T> parser) {
    try {
      return parser.parse(node.text());
    } catch (BringupException e) {
      throw node.wrong(String.valueOf(e.getMessage()));
    }
  }
}
