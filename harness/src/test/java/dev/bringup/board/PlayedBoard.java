package dev.bringup.board;

import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Recording;
import dev.bringup.power.PowerState;
import dev.bringup.time.BoardClock;
import java.util.Optional;
import java.util.Random;

/**
 * A board that a test plays, in memory. Its outlet obeys and is marked in the recording; what the
 * test's class says at power-on and answers to {@link #write} is all that it does. Its capabilities
 * are the interfaces that its class implements.
 */
public abstract class PlayedBoard implements Board, Console, PowerControl {
  private final BoardFile file;
  private final Recording recording;
  private PowerState power = PowerState.OFF;

  protected PlayedBoard(BoardFile file, BoardClock clock) {
    this.file = file;
    this.recording = Recording.inMemory(file.name(), clock);
  }

  @Override
  public final BoardFile file() {
    return file;
  }

  @Override
  public final BoardClock clock() {
    return recording.clock();
  }

  @Override
  public final Recording recording() {
    return recording;
  }

  @Override
  public final Console console() {
    return this;
  }

  @Override
  public final PowerControl power() {
    return this;
  }

  @Override
  public final PowerState get() {
    return power;
  }

  @Override
  public void on() {
    power = PowerState.ON;
    recording.mark(ConsoleEvent.Mark.POWER_ON);
  }

  @Override
  public final void off() {
    if (power == PowerState.ON) {
      recording.mark(ConsoleEvent.Mark.POWER_OFF);
    }
    power = PowerState.OFF;
  }

  @Override
  public void write(byte[] bytes) {
    // nobody listens
  }

  @Override
  public <C> Optional<C> capability(Class<C> capability) {
    return capability.isInstance(this) ? Optional.of(capability.cast(this)) : Optional.empty();
  }

  @Override
  public final Random marks() {
    return new Random(3);
  }

  @Override
  public void close() {
    off();
    recording.close();
  }
}
