package dev.bringup.transport;

import com.fazecast.jSerialComm.SerialPort;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Loads jSerialComm's native part from a folder that only this user can write to: jSerialComm
 * itself unpacks it to a place where every user of the host could have put another library before.
 */
final class NativeSerial {
  /** What jSerialComm asks for a folder with its library. */
  private static final String PROPERTY = "jSerialComm.library.path";

  private static final boolean LOADED = loaded();

  private NativeSerial() {}

  static void load() {
    assert LOADED;
  }

  private static boolean loaded() {
    String resource = resource();
    if (resource == null || System.getProperty(PROPERTY) != null) {
      return !SerialPort.getVersion().isEmpty();
    }
    try (InputStream library = SerialPort.class.getResourceAsStream(resource)) {
      if (library == null) {
        return !SerialPort.getVersion().isEmpty();
      }
      Path folder = Files.createTempDirectory("bringup-serial");
      Path file = folder.resolve("libjSerialComm.so");
      try {
        Files.copy(library, file);
        System.setProperty(PROPERTY, folder.toString());
        return !SerialPort.getVersion().isEmpty();
      } finally {
        // It stays mapped.
        System.clearProperty(PROPERTY);
        Files.deleteIfExists(file);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot unpack jSerialComm's library", e);
    }
  }

  /** Null where jSerialComm shall do it its own way. */
  private static @Nullable String resource() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return null;
    }
    return switch (System.getProperty("os.arch", "")) {
      case "amd64" -> "/Linux/x86_64/libjSerialComm.so";
      case "aarch64" -> "/Linux/armv8_64/libjSerialComm.so";
      default -> null;
    };
  }
}
