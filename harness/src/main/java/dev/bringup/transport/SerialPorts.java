package dev.bringup.transport;

import com.fazecast.jSerialComm.SerialPort;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The serial ports of this host. On Linux the kernel's own description is read ({@code
 * /sys/class/tty}), which is there at once and also in containers without udev; elsewhere
 * jSerialComm is asked.
 */
public final class SerialPorts {
  private final Path dev;
  private final Path sys;

  private SerialPorts(Path dev, Path sys) {
    this.dev = dev;
    this.sys = sys;
  }

  /** Those of this host. */
  public static SerialPorts ofHost() {
    return new SerialPorts(Path.of("/dev"), Path.of("/sys"));
  }

  static SerialPorts in(Path dev, Path sys) {
    return new SerialPorts(dev, sys);
  }

  /**
   * A port on USB.
   *
   * @param serial the adapter's serial number; null if it has none
   * @param hubs the sockets on the way to it: {@code 1-1.4}
   */
  public record UsbPort(Path path, @Nullable String serial, String hubs, int usbInterface) {}

  /**
   * Where a port is now.
   *
   * @throws BringupException (infrastructure) if it is not plugged in or if two fit
   */
  public Path find(SerialPortName name) {
    return switch (name) {
      case SerialPortName.AtPath(Path path) -> existing(name, path);
      case SerialPortName.ById(String id) ->
          existing(name, dev.resolve("serial/by-id").resolve(id));
      case SerialPortName.UsbSerial(String serial, int number) ->
          only(name, port -> serial.equals(port.serial()) && port.usbInterface() == number);
      case SerialPortName.HubPath(String hubs, int number) ->
          only(name, port -> port.hubs().equals(hubs) && port.usbInterface() == number);
    };
  }

  private Path existing(SerialPortName name, Path path) {
    if (path.toString().startsWith("COM")) {
      return path;
    }
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw absent(name);
    }
  }

  private Path only(SerialPortName name, Predicate<UsbPort> fits) {
    List<UsbPort> found = usbPorts().stream().filter(fits).toList();
    if (found.isEmpty()) {
      throw absent(name);
    }
    if (found.size() > 1) {
      throw BringupException.infrastructure(
          "serial port " + name + " is ambiguous: " + words(found),
          "name it by its place instead, for example hub:" + found.getFirst().hubs());
    }
    return found.getFirst().path();
  }

  private BringupException absent(SerialPortName name) {
    List<UsbPort> there = usbPorts();
    return BringupException.infrastructure(
        "serial port " + name + " is not plugged in",
        there.isEmpty() ? "there is no USB serial port" : "there is " + words(there));
  }

  private static String words(List<UsbPort> ports) {
    return ports.stream()
        .map(port ->
            port.path()
                + (port.serial() == null ? "" : " usb:" + port.serial())
                + " hub:"
                + port.hubs()
                + (port.usbInterface() == 0 ? "" : ":" + port.usbInterface()))
        .collect(Collectors.joining(", "));
  }

  /** All ports on USB, by path. */
  public List<UsbPort> usbPorts() {
    Path terminals = sys.resolve("class/tty");
    var ports = new ArrayList<UsbPort>();
    if (Files.isDirectory(terminals)) {
      try (Stream<Path> all = Files.list(terminals)) {
        all.forEach(each -> described(each).ifPresent(ports::add));
      } catch (IOException e) {
        throw BringupException.infrastructure(
            "cannot list serial ports: " + e.getMessage(), "see /sys/class/tty", e);
      }
    } else {
      NativeSerial.load();
      for (SerialPort port : SerialPort.getCommPorts()) {
        ports.add(
            new UsbPort(
                Path.of(port.getSystemPortPath()),
                port.getSerialNumber(),
                port.getPortLocation(),
                0));
      }
    }
    ports.sort(Comparator.comparing(UsbPort::path));
    return List.copyOf(ports);
  }

  /** A terminal whose device lies in a USB interface. */
  private Optional<UsbPort> described(Path terminal) {
    try {
      Path at = terminal.resolve("device").toRealPath();
      while (at != null && !Files.exists(at.resolve("bInterfaceNumber"))) {
        at = at.getParent();
      }
      if (at == null) {
        return Optional.empty();
      }
      Path adapter = at.getParent();
      if (adapter == null) {
        return Optional.empty();
      }
      Path serial = adapter.resolve("serial");
      return Optional.of(
          new UsbPort(
              dev.resolve(String.valueOf(terminal.getFileName())),
              Files.exists(serial) ? Files.readString(serial).strip() : null,
              String.valueOf(adapter.getFileName()),
              Integer.parseInt(Files.readString(at.resolve("bInterfaceNumber")).strip(), 16)));
    } catch (IOException | NumberFormatException unplugged) {
      return Optional.empty(); // or a terminal without a device behind it
    }
  }
}
