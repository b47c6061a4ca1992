package dev.bringup.power;

import dev.bringup.config.ConfigurationException;
import dev.bringup.config.Words;
import dev.bringup.config.YamlNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A password, community or passphrase. Board files say where it stands, {@code {env: NAME}} or
 * {@code {file: PATH}}, and no message shows it. Immutable.
 */
final class Secret {
  private static final int MAX_BYTES = 1024;

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /**
   * Reads the secret from where {@code reference} says; a file's path is relative to the board file
   * or type in which it is written, and only its first line counts.
   *
   * @throws ConfigurationException if it is not there, is empty, has control characters, or stands
   *     in the board file itself
   */
  static Secret read(YamlNode reference) {
    if (!(reference instanceof YamlNode.Mapping map)) {
      // without what is written there
      throw reference.wrong(
          "a secret does not stand in a board file; say where it does: {env: NAME} or {file:"
              + " PATH}");
    }
    map.requireKnown("a secret", Set.of("env", "file"));
    if (map.entries().size() != 1) {
      throw reference.wrong("a secret is either {env: NAME} or {file: PATH}");
    }
    String value =
        map.find("env").map(Secret::fromEnvironment).orElseGet(() -> fromFile(map.get("file")));
    if (value.isEmpty() || value.chars().anyMatch(Character::isISOControl)) {
      throw reference.wrong(
          "the secret named here " + (value.isEmpty() ? "is empty" : "has control characters"));
    }
    return new Secret(value);
  }

  private static String fromEnvironment(YamlNode name) {
    @Nullable String value = System.getenv(name.text());
    if (value == null) {
      throw name.wrong("there is no environment variable " + Words.quote(name.text()));
    }
    return value;
  }

  private static String fromFile(YamlNode name) {
    Path path;
    try {
      path = Path.of(name.at().file()).resolveSibling(name.text());
    } catch (InvalidPathException e) {
      throw name.wrong(Words.quote(name.text()) + " is no name of a file");
    }
    if (!Files.isRegularFile(path)) {
      throw name.wrong("there is no file " + Words.quote(path.toString()));
    }
    try (InputStream in = Files.newInputStream(path)) {
      String start = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
      return start.lines().findFirst().orElse("");
    } catch (IOException e) {
      throw name.wrong("the file " + Words.quote(path.toString()) + " cannot be read");
    }
  }

  /** The secret itself, for the wire and nothing else. */
  String reveal() {
    return value;
  }

  /** The secret as it stands in the query of a URL. */
  String inUrl() {
    return OutletHttp.encoded(value);
  }

  /** {@code text} with stars where it repeats the secret, as devices that echo requests do. */
  String hideIn(String text) {
    return text.replace(inUrl(), "***").replace(value, "***");
  }

  @Override
  public String toString() {
    return "***";
  }
}
