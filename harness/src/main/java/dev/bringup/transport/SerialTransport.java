package dev.bringup.transport;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import dev.bringup.transport.LineSettings.AtOpen;
import dev.bringup.verdict.BringupException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A serial port of this host, found anew at each opening, so that an adapter that was unplugged is
 * the same one under whatever name it returns. Nobody else may have it open: an advisory lock keeps
 * out other terminal programs.
 */
public final class SerialTransport implements Transport {
  private final SerialPortName port;
  private final LineSettings settings;
  private final SerialPorts ports;

  /** A port of this host. */
  public SerialTransport(SerialPortName port, LineSettings settings) {
    this(port, settings, SerialPorts.ofHost());
  }

  SerialTransport(SerialPortName port, LineSettings settings, SerialPorts ports) {
    this.port = port;
    this.settings = settings;
    this.ports = ports;
  }

  @Override
  public String name() {
    return "serial port " + port;
  }

  @Override
  public Optional<LineSettings> line() {
    return Optional.of(settings);
  }

  @Override
  public Connection open() {
    NativeSerial.load();
    Path path = ports.find(port);
    SerialPort serial = atPath(path);
    configure(serial);
    if (!serial.openPort(0)) {
      throw cannotOpen(path, serial.getLastErrorCode());
    }
    // Bytes of a board that goes off end in what looks like a BREAK: they are wanted.
    if (Posix.isAvailable()) {
      keepBytesAtBreak(path);
    }
    String now = path.toString();
    boolean real = !now.startsWith("/dev/pts/");
    return SerialConnection.of(
        port.toString().equals(now) ? name() : name() + " (" + now + ")", serial, real);
  }

  private SerialPort atPath(Path path) {
    try {
      return SerialPort.getCommPort(path.toString());
    } catch (SerialPortInvalidPortException e) {
      throw BringupException.infrastructure(
          name() + " cannot be used: " + e.getMessage(), "check that it is a serial port", e);
    }
  }

  private void configure(SerialPort serial) {
    serial.setComPortParameters(
        settings.baud(),
        settings.dataBits(),
        switch (settings.stopBits()) {
          case ONE -> SerialPort.ONE_STOP_BIT;
          case ONE_AND_A_HALF -> SerialPort.ONE_POINT_FIVE_STOP_BITS;
          case TWO -> SerialPort.TWO_STOP_BITS;
        },
        switch (settings.parity()) {
          case NONE -> SerialPort.NO_PARITY;
          case ODD -> SerialPort.ODD_PARITY;
          case EVEN -> SerialPort.EVEN_PARITY;
          case MARK -> SerialPort.MARK_PARITY;
          case SPACE -> SerialPort.SPACE_PARITY;
        });
    serial.setFlowControl(
        switch (settings.flowControl()) {
          case NONE -> SerialPort.FLOW_CONTROL_DISABLED;
          case RTS_CTS -> SerialPort.FLOW_CONTROL_RTS_ENABLED | SerialPort.FLOW_CONTROL_CTS_ENABLED;
          case XON_XOFF ->
              SerialPort.FLOW_CONTROL_XONXOFF_IN_ENABLED
                  | SerialPort.FLOW_CONTROL_XONXOFF_OUT_ENABLED;
        });
    serial.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, 0, 0);
    // Before it is open, these say how it shall be opened.
    switch (settings.dtr()) {
      case ON -> serial.setDTR();
      case OFF -> serial.clearDTR();
      case KEEP -> {}
    }
    if (settings.rts() != AtOpen.KEEP) {
      var _ = settings.rts() == AtOpen.ON ? serial.setRTS() : serial.clearRTS();
    }
  }

  private static void keepBytesAtBreak(Path path) {
    try {
      int fd =
          Posix.open(
              path.toString(), Posix.O_RDWR | Posix.O_NOCTTY | Posix.O_NONBLOCK | Posix.O_CLOEXEC);
      try {
        Posix.keepBytesAtBreak(fd);
      } finally {
        Posix.close(fd);
      }
    } catch (Posix.Failure e) {
      // Unplugged at this moment: the reader says so.
    }
  }

  private BringupException cannotOpen(Path path, int errno) {
    String hint =
        switch (errno) {
          case 13 -> "add yourself to the group that owns it, often dialout, and log in again";
          case 11, 16 -> "another program has it open: see fuser " + path;
          default -> "error " + errno + " of the system; see dmesg";
        };
    return BringupException.infrastructure("cannot open " + name() + " at " + path, hint);
  }
}
