package dev.bringup.transport;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * One opening of a {@link Transport}, from {@code open} until the wire is lost or {@link #close}.
 * Bytes pass unchanged in both directions.
 *
 * <p>One thread reads, any number write; {@code close} may come from any thread and ends what the
 * others wait for.
 */
public interface Connection extends AutoCloseable {

  /** What a kind of wire can do beside carrying bytes. */
  enum Ability {
    /** A BREAK reaches the board. */
    BREAK,
    /** DTR and RTS can be set, and CTS, DSR, RI and DCD be seen. */
    MODEM_LINES
  }

  /** What was opened, with the name of the moment: {@code /dev/ttyUSB1}. */
  String name();

  Set<Ability> abilities();

  /**
   * Waits for what the wire says next. Once it is {@link WireEvent.Lost} or {@link
   * WireEvent.Closed}, it stays so.
   *
   * @throws dev.bringup.verdict.BringupException (cancelled) if the thread is interrupted
   */
  WireEvent next();

  /**
   * Sends bytes; those of one call stay together. Returns when the wire took them, which may be
   * before the board has them: see {@link #drain}.
   *
   * @throws dev.bringup.verdict.BringupException (infrastructure) if the wire is lost or closed
   */
  void write(byte[] bytes);

  /**
   * Waits until all written bytes have left, as far as this kind of wire can tell: a serial port's
   * driver has sent them, a telnet server has dealt with them, a kernel has taken them for raw TCP
   * or a program. What lies in the buffers behind that cannot be seen.
   *
   * @return false if that is not known after {@code limit}, as with a far end that does not read
   * @throws dev.bringup.verdict.BringupException (infrastructure) if the wire is lost or closed
   */
  boolean drain(Duration limit);

  /**
   * Begins or ends a BREAK.
   *
   * @throws dev.bringup.verdict.BringupException (infrastructure) if the wire is lost or closed;
   *     (configuration) without {@link Ability#BREAK}
   */
  void setBreak(boolean on);

  /**
   * Sets a line to the board.
   *
   * @throws dev.bringup.verdict.BringupException (infrastructure) if the wire is lost or closed;
   *     (configuration) without {@link Ability#MODEM_LINES}
   */
  void set(ControlLine line, boolean on);

  /** The lines from the board as last seen; empty as long as nothing is known. */
  Optional<ModemLines> modemLines();

  /** Gives the wire back. What was written and has not left is lost. May be repeated. */
  @Override
  void close();
}
