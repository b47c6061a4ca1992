package dev.bringup.transport;

import dev.bringup.transport.ComPortMessage.Control;
import dev.bringup.transport.ComPortMessage.Sender;
import dev.bringup.transport.TelnetOptions.Side;
import java.util.Optional;
import java.util.Set;

/**
 * The server's side of a telnet connection with COM-PORT (RFC 2217), without its socket. Every
 * question gets an answer, because clients such as pyserial wait for it. Pure; not thread-safe.
 */
public final class TelnetServerSession {

  /** What the session is about: the line, and the way back to the client. */
  public interface Port {
    /** The client's data, at least one byte; valid during the call. */
    void typed(byte[] bytes, int from, int length);

    /** Begins or ends a BREAK; false if it could not be done. */
    boolean setBreak(boolean on);

    /** Sets a line to the board if there is one. */
    void set(ControlLine line, boolean on);

    /** The line as it is; empty if it has no settings, then the client's are taken as they come. */
    Optional<LineSettings> settings();

    /** The lines from the board; a board without any has all that say "ready". */
    ModemLines modemLines();

    /** The client takes no data for now, or takes it again. */
    void suspended(boolean on);

    /** Sends to the client. */
    void reply(byte[] bytes);
  }

  private static final Set<Integer> HERE =
      Set.of(Telnet.BINARY, Telnet.ECHO, Telnet.SGA, Telnet.COM_PORT);
  private static final Set<Integer> THERE = Set.of(Telnet.BINARY, Telnet.SGA, Telnet.COM_PORT);

  private final String signature;
  private final Port port;
  private final TelnetDecoder decoder = new TelnetDecoder();
  private final TelnetOptions options = new TelnetOptions(HERE, THERE);
  private final TelnetDecoder.Handler handler = new Handler();

  // What a client set on a line without settings.
  private ComPortMessage baudRate;
  private ComPortMessage dataSize;
  private ComPortMessage parity;
  private ComPortMessage stopSize;
  private int flow;
  private boolean breakOn;
  private boolean dtr = true;
  private boolean rts = true;

  /**
   * @param signature what clients are told when they ask who this is
   */
  public TelnetServerSession(String signature, Port port) {
    this.signature = signature;
    this.port = port;
    LineSettings line = port.settings().orElse(LineSettings.DEFAULT);
    baudRate = new ComPortMessage.BaudRate(line.baud());
    dataSize = new ComPortMessage.DataSize(line.dataBits());
    parity = new ComPortMessage.Parity(Rfc2217Values.of(line.parity()));
    stopSize = new ComPortMessage.StopSize(Rfc2217Values.of(line.stopBits()));
    flow = Rfc2217Values.of(line.flowControl());
  }

  /** Sends what opens the talk: eight bits both ways, and the echo is the board's. */
  public void begin() {
    port.reply(options.ask(Side.HERE, Telnet.ECHO));
    port.reply(options.ask(Side.HERE, Telnet.SGA));
    port.reply(options.ask(Side.HERE, Telnet.BINARY));
    port.reply(options.ask(Side.THERE, Telnet.BINARY));
  }

  /**
   * Reads on.
   *
   * @throws TelnetFormatException if the client breaks the protocol; the connection is useless
   */
  public void received(byte[] bytes, int from, int length) throws TelnetFormatException {
    decoder.decode(bytes, from, length, handler);
  }

  /**
   * Data as this client wants it now. BINARY counts from where it was offered (RFC 854: a command
   * stands where it takes effect), unless the client refuses.
   */
  public byte[] data(byte[] bytes, int from, int length) {
    boolean binary =
        options.isOn(Side.HERE, Telnet.BINARY) || options.isOpen(Side.HERE, Telnet.BINARY);
    return Telnet.data(bytes, from, length, binary);
  }

  /** Whether the client speaks RFC 2217. */
  public boolean hasComPort() {
    return options.isOn(Side.THERE, Telnet.COM_PORT) || options.isOn(Side.HERE, Telnet.COM_PORT);
  }

  private void answer(ComPortMessage message) {
    port.reply(message.encode(Sender.SERVER));
  }

  /** A message to a client that speaks RFC 2217, for example {@link ComPortMessage.Suspend}. */
  public void tell(ComPortMessage message) {
    if (hasComPort()) {
      answer(message);
    }
  }

  private final class Handler implements TelnetDecoder.Handler {
    @Override
    public void data(byte[] bytes, int from, int length) {
      port.typed(bytes, from, length);
    }

    @Override
    public void command(int command) {
      switch (command) {
        case Telnet.BREAK -> {
          if (port.setBreak(true)) {
            var _ = port.setBreak(false);
          }
        }
        case Telnet.ARE_YOU_THERE -> port.reply(Telnet.command(Telnet.NOP));
        default -> {}
      }
    }

    @Override
    public void negotiation(int verb, int option) {
      boolean before = hasComPort();
      Optional<byte[]> due = options.received(verb, option);
      decoder.binary(options.isOn(Side.THERE, Telnet.BINARY));
      due.ifPresent(port::reply);
      if (!before && hasComPort()) {
        answer(ComPortMessage.ModemState.of(port.modemLines()));
      }
    }

    @Override
    public void subnegotiation(int option, byte[] payload) throws TelnetFormatException {
      if (option == Telnet.COM_PORT) {
        told(ComPortMessage.decode(payload, Sender.CLIENT));
      }
    }
  }

  private void told(ComPortMessage message) {
    boolean free = port.settings().isEmpty();
    switch (message) {
      case ComPortMessage.Signature(String text) -> {
        if (text.isEmpty()) {
          answer(new ComPortMessage.Signature(signature));
        }
      }
      case ComPortMessage.BaudRate(long value) -> {
        baudRate = free && value != 0 ? message : baudRate;
        answer(baudRate);
      }
      case ComPortMessage.DataSize(int value) -> {
        dataSize = free && value != 0 ? message : dataSize;
        answer(dataSize);
      }
      case ComPortMessage.Parity(int value) -> {
        parity = free && value != 0 ? message : parity;
        answer(parity);
      }
      case ComPortMessage.StopSize(int value) -> {
        stopSize = free && value != 0 ? message : stopSize;
        answer(stopSize);
      }
      case ComPortMessage.Control(int value) -> answer(new Control(control(value, free)));
      case ComPortMessage.Suspend() -> port.suspended(true);
      case ComPortMessage.Resume() -> port.suspended(false);
      // Nothing is thrown away here and no line state is reported; the client wants to hear yes.
      case ComPortMessage.Purge _,
          ComPortMessage.LineStateMask _,
          ComPortMessage.ModemStateMask _ ->
          answer(message);
      case ComPortMessage.LineState _, ComPortMessage.ModemState _, ComPortMessage.Unknown _ -> {}
    }
  }

  private int control(int value, boolean free) {
    switch (value) {
      case Control.NO_FLOW, Control.XON_XOFF, Control.RTS_CTS -> flow = free ? value : flow;
      case Control.BREAK_ON -> breakOn = port.setBreak(true);
      case Control.BREAK_OFF -> {
        var _ = port.setBreak(false);
        breakOn = false;
      }
      case Control.DTR_ON, Control.DTR_OFF -> {
        dtr = value == Control.DTR_ON;
        port.set(ControlLine.DTR, dtr);
      }
      case Control.RTS_ON, Control.RTS_OFF -> {
        rts = value == Control.RTS_ON;
        port.set(ControlLine.RTS, rts);
      }
      default -> {}
    }
    return switch (value) {
      case Control.ASK_FLOW, Control.NO_FLOW, Control.XON_XOFF, Control.RTS_CTS -> flow;
      case Control.ASK_BREAK, Control.BREAK_ON, Control.BREAK_OFF ->
          breakOn ? Control.BREAK_ON : Control.BREAK_OFF;
      case Control.ASK_DTR, Control.DTR_ON, Control.DTR_OFF ->
          dtr ? Control.DTR_ON : Control.DTR_OFF;
      case Control.ASK_RTS, Control.RTS_ON, Control.RTS_OFF ->
          rts ? Control.RTS_ON : Control.RTS_OFF;
      default -> value; // inbound flow control and the like: nothing to do, but answered
    };
  }
}
