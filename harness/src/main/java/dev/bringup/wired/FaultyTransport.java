package dev.bringup.wired;

import dev.bringup.board.BoardFaults;
import dev.bringup.fault.LineFaults;
import dev.bringup.fault.LineFaults.Piece;
import dev.bringup.transport.Connection;
import dev.bringup.transport.ControlLine;
import dev.bringup.transport.LineSettings;
import dev.bringup.transport.ModemLines;
import dev.bringup.transport.Transport;
import dev.bringup.transport.WireEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A real wire with a board's faults between it and whoever records it. A port that a fault takes
 * away is given back for as long, and opened again like one that was plugged in again.
 *
 * <p>Whoever reads a connection must have recorded all that it gave before asking for more, so that
 * the marks of faults stand where they struck.
 */
record FaultyTransport(Transport good, BoardFaults faults) implements Transport {

  @Override
  public String name() {
    return good.name();
  }

  @Override
  public Connection open() {
    Duration gone = faults.portGoneFor();
    if (gone.isPositive()) {
      throw BoardFaults.portGone("cannot open " + good.name(), gone);
    }
    Connection opened = good.open();
    faults.portOpened();
    return new FaultyConnection(opened, faults);
  }

  @Override
  public Optional<LineSettings> line() {
    return good.line();
  }

  private static final class FaultyConnection implements Connection {
    private final Connection good;
    private final BoardFaults faults;
    private @Nullable WireEvent lost; // of whoever reads

    private FaultyConnection(Connection good, BoardFaults faults) {
      this.good = good;
      this.faults = faults;
    }

    @Override
    public WireEvent next() {
      while (lost == null) {
        switch (faults.next()) {
          case Piece.Bytes left -> {
            return new WireEvent.Received(ByteBuffer.wrap(left.bytes()));
          }
          case Piece.Strike strike -> {
            faults.record(strike);
            if (strike.consequence() == LineFaults.Consequence.PORT_GONE) {
              lost = new WireEvent.Lost("an injected fault: " + strike.what());
            }
          }
          case null -> {
            WireEvent event = good.next();
            if (!(event instanceof WireEvent.Received(ByteBuffer bytes))) {
              return event;
            }
            var said = new byte[bytes.remaining()];
            bytes.get(said);
            faults.say(said, 0, said.length);
          }
        }
      }
      return lost;
    }

    @Override
    public void write(byte[] bytes) {
      faults.send(bytes, good::write);
    }

    @Override
    public String name() {
      return good.name();
    }

    @Override
    public Set<Ability> abilities() {
      return good.abilities();
    }

    @Override
    public boolean drain(Duration limit) {
      return good.drain(limit);
    }

    @Override
    public void setBreak(boolean on) {
      good.setBreak(on);
    }

    @Override
    public void set(ControlLine line, boolean on) {
      good.set(line, on);
    }

    @Override
    public Optional<ModemLines> modemLines() {
      return good.modemLines();
    }

    @Override
    public void close() {
      good.close();
    }
  }
}
