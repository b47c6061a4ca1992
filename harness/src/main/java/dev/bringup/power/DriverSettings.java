package dev.bringup.power;

import dev.bringup.config.ConfigurationException;
import dev.bringup.config.Words;
import dev.bringup.config.YamlNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What a board file says under {@code drivers.power}, read with the place of each mistake. */
final class DriverSettings {
  /** Read by {@link PowerDrivers} for every driver. */
  private static final Set<String> COMMON = Set.of("driver", "within", "off-for", "state-from");

  private static final Duration MAX_WITHIN = Duration.ofHours(1);
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}|[0-9A-Fa-f:.]{2,45}");

  private final YamlNode.Mapping map;

  private DriverSettings(YamlNode.Mapping map) {
    this.map = map;
  }

  /**
   * @param keys all that the driver reads beside the common ones
   * @throws ConfigurationException if there are others
   */
  static DriverSettings of(String driver, YamlNode.Mapping map, String... keys) {
    var known = new TreeSet<>(List.of(keys));
    known.addAll(COMMON);
    map.requireKnown("the power driver " + driver, known);
    return new DriverSettings(map);
  }

  Optional<YamlNode> find(String key) {
    return map.find(key);
  }

  /** A text that must be there. */
  String text(String key) {
    YamlNode node = map.get(key);
    if (node.text().isBlank()) {
      throw node.wrong("\"" + key + "\" is empty");
    }
    if (node.text().chars().anyMatch(Character::isISOControl)) {
      throw node.wrong("\"" + key + "\" has control characters");
    }
    return node.text();
  }

  Optional<String> optionalText(String key) {
    return map.find(key).map(_ -> text(key));
  }

  /** A whole number that must be there. */
  int number(String key, int least, int most) {
    YamlNode node = map.get(key);
    int number = node.integer();
    if (number < least || number > most) {
      throw node.wrong("\"%s\" is %d; there are %d to %d".formatted(key, number, least, most));
    }
    return number;
  }

  int number(String key, int least, int most, int otherwise) {
    return map.find(key).isPresent() ? number(key, least, most) : otherwise;
  }

  boolean flag(String key) {
    return map.find(key).map(YamlNode::bool).orElse(false);
  }

  /** One of {@code words}; the first if the key is not there. */
  String choice(String key, String... words) {
    Optional<YamlNode> node = map.find(key);
    if (node.isPresent() && !List.of(words).contains(node.get().text())) {
      throw node.get()
          .wrong(
              "\"%s\" is %s; it can be %s"
                  .formatted(key, Words.quote(node.get().text()), String.join(", ", words)));
    }
    return node.map(YamlNode::text).orElse(words[0]);
  }

  /** A program and its arguments. */
  List<String> command(String key) {
    YamlNode node = map.get(key);
    List<String> command = node.texts();
    if (command.isEmpty() || command.getFirst().isBlank()) {
      throw node.wrong("\"" + key + "\" needs a program: [PROGRAM, ARGUMENT, ...]");
    }
    if (command.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
      throw node.wrong("a word of \"" + key + "\" has a NUL character");
    }
    return command;
  }

  /** A name or address, without port. */
  String host() {
    String host = text("host");
    if (!HOST.matcher(host).matches()
        || URI.create("http://" + bracketed(host)).getHost() == null) {
      throw map.get("host").wrong(Words.quote(host) + " is neither a host's name nor an address");
    }
    return host;
  }

  /** As it stands before a port: an IPv6 address in brackets. */
  static String bracketed(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  int port(int otherwise) {
    return number("port", 1, 0xffff, otherwise);
  }

  Optional<Secret> secret(String key) {
    return map.find(key).map(Secret::read);
  }

  /** How long the far end may take for one answer. */
  Duration within(Duration otherwise) {
    Optional<YamlNode> node = map.find("within");
    Duration within = node.map(YamlNode::duration).orElse(otherwise);
    if (within.isZero() || within.compareTo(MAX_WITHIN) > 0) {
      throw node.orElse(map).wrong("\"within\" must be more than nothing and at most 1 h");
    }
    return within;
  }

  /** Where a tool is: in the folder {@code tools} if that is given, else on the PATH. */
  String tool(String name) {
    return optionalText("tools").map(folder -> Path.of(folder, name).toString()).orElse(name);
  }
}
