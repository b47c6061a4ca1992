package dev.bringup.hold;

import dev.bringup.board.Board;
import dev.bringup.board.BoardFile;
import dev.bringup.board.Console;
import dev.bringup.board.PowerControl;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Recording;
import dev.bringup.power.PowerState;
import dev.bringup.time.BoardClock;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A board that says how often it was switched on, and echoes what is typed. */
final class LampBoard implements Board {
  private final Recording recording = Recording.inMemory("lamp", BoardClock.system());
  private boolean on;
  private int boots;

  void say(String text) {
    recording.append(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public BoardFile file() {
    throw new UnsupportedOperationException("it has none");
  }

  @Override
  public BoardClock clock() {
    return recording.clock();
  }

  @Override
  public PowerControl power() {
    return new PowerControl() {
      @Override
      public PowerState get() {
        synchronized (recording) {
          return on ? PowerState.ON : PowerState.OFF;
        }
      }

      @Override
      public void on() {
        synchronized (recording) {
          if (!on) {
            on = true;
            recording.mark(ConsoleEvent.Mark.POWER_ON);
            say("boot " + ++boots + "\r\n");
          }
        }
      }

      @Override
      public void off() {
        synchronized (recording) {
          if (on) {
            on = false;
            recording.mark(ConsoleEvent.Mark.POWER_OFF);
          }
        }
      }
    };
  }

  @Override
  public Console console() {
    return new Console() {
      @Override
      public Recording recording() {
        return recording;
      }

      @Override
      public void write(byte[] bytes) {
        recording.typed(bytes);
        recording.append(bytes);
      }
    };
  }

  @Override
  public <C> Optional<C> capability(Class<C> capability) {
    return Optional.empty();
  }

  @Override
  public void close() {
    power().off();
    recording.close();
  }
}
