package dev.bringup.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads one YAML document with the positions of all its keys and values.
 *
 * <p>Only what a configuration file needs is accepted: one UTF-8 document of at most {@value
 * #MAX_BYTES} bytes, nested at most {@value YamlTree#MAX_DEPTH} deep, each key once, and neither
 * anchors and aliases (a small file can name gigabytes with them) nor tags.
 */
public final class YamlFile {
  static final int MAX_BYTES = 256 * 1024;

  private YamlFile() {}

  /**
   * Reads {@code path}; problems name it as it is given here.
   *
   * @throws ConfigurationException with one line that says where and what
   */
  public static YamlNode read(Path path) {
    byte[] bytes;
    String file = path.toString();
    try {
      if (Files.isDirectory(path)) {
        throw new ConfigurationException(Position.of(file), "is a folder, not a file");
      }
      // a pipe could keep us waiting for ever
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw new ConfigurationException(Position.of(file), "is not a regular file");
      }
      try (InputStream in = Files.newInputStream(path)) {
        bytes = in.readNBytes(MAX_BYTES + 1);
      }
    } catch (NoSuchFileException e) {
      throw new ConfigurationException(Position.of(file), "there is no such file");
    } catch (AccessDeniedException e) {
      throw new ConfigurationException(Position.of(file), "may not be read by this user");
    } catch (IOException e) {
      throw new ConfigurationException(Position.of(file), "cannot be read: " + e.getMessage());
    }
    return parse(file, bytes);
  }

  /**
   * Reads a document from memory.
   *
   * @param file the name that problems show
   * @throws ConfigurationException with one line that says where and what
   */
  public static YamlNode parse(String file, byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new ConfigurationException(
          Position.of(file), "is too long; at most " + MAX_BYTES / 1024 + " KiB can be read");
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ConfigurationException(Position.of(file), "is not UTF-8 text");
    }
    return parse(file, text);
  }

  /** Reads a document from memory, as {@link #parse(String, byte[])} does. */
  public static YamlNode parse(String file, String text) {
    return new YamlTree(file, text.startsWith("\uFEFF") ? text.substring(1) : text).read();
  }
}
