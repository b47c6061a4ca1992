package dev.bringup.transport;

import dev.bringup.verdict.BringupException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which serial port is meant, by something that does not change when others are plugged in. */
public sealed interface SerialPortName {
  /** A path, best one that a udev rule makes: {@code /dev/board1}; {@code COM3} on Windows. */
  record AtPath(Path path) implements SerialPortName {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** A name in {@code /dev/serial/by-id}. */
  record ById(String id) implements SerialPortName {
    @Override
    public String toString() {
      return "id:" + id;
    }
  }

  /** The USB serial number of the adapter and the interface of it, 0 for the first. */
  record UsbSerial(String serial, int usbInterface) implements SerialPortName {
    @Override
    public String toString() {
      return "usb:" + serial + (usbInterface == 0 ? "" : ":" + usbInterface);
    }
  }

  /**
   * The sockets on the way from the host controller, as Linux writes them: {@code 1-1.4}, and the
   * interface of the adapter, 0 for the first. For adapters without a serial number.
   */
  record HubPath(String hubs, int usbInterface) implements SerialPortName {
    @Override
    public String toString() {
      return "hub:" + hubs + (usbInterface == 0 ? "" : ":" + usbInterface);
    }
  }

  /**
   * Reads {@code /dev/board1}, {@code id:usb-FTDI_TTL232R_FTABCDEF-if00-port0}, {@code
   * usb:FTABCDEF}, {@code usb:FTABCDEF:1}, {@code hub:1-1.4} or {@code hub:1-1.4:1}.
   *
   * @throws BringupException (configuration) if it is something else
   */
  static SerialPortName parse(String text) {
    Matcher form = Pattern.compile("(id|usb|hub):(.+?)(?::(\\d{1,2}))?").matcher(text);
    if (!form.matches()) {
      if (text.startsWith("/") || text.startsWith("COM")) {
        return new AtPath(Path.of(text));
      }
      throw BringupException.configuration(
          "\""
              + text
              + "\" names no serial port; right is /dev/NAME, id:NAME (as in"
              + " /dev/serial/by-id), usb:SERIAL[:INTERFACE] or hub:1-1.4[:INTERFACE]");
    }
    int number = form.group(3) == null ? 0 : Integer.parseInt(form.group(3));
    return switch (form.group(1)) {
      case "id" -> new ById(text.substring("id:".length()));
      case "usb" -> new UsbSerial(form.group(2), number);
      default -> new HubPath(form.group(2), number);
    };
  }
}
