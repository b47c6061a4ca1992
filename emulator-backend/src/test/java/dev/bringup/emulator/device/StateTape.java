package dev.bringup.emulator.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Keeps the state of something for the test that restores it, and insists on the order. */
public final class StateTape {
  private final Deque<Object> values = new ArrayDeque<>();

  private StateTape() {}

  /** Saves one thing and restores another, which must take all that there is. */
  public static void copy(Consumer<StateWriter> save, Consumer<StateReader> restore) {
    var tape = new StateTape();
    save.accept(tape.new Writer());
    restore.accept(tape.new Reader());
    assertThat(tape.values).isEmpty();
  }

  static void copy(Device from, Device to) {
    copy(from::save, to::restore);
  }

  private final class Writer implements StateWriter {
    @Override
    public void part(String name) {
      values.add(name);
    }

    @Override
    public void put(long value) {
      values.add(value);
    }

    @Override
    public void put(byte[] bytes) {
      values.add(bytes.clone());
    }
  }

  private final class Reader implements StateReader {
    @Override
    public void part(String name) {
      assertThat(values.remove()).isEqualTo(name);
    }

    @Override
    public long get() {
      return (long) values.remove();
    }

    @Override
    public byte[] getBytes() {
      return (byte[]) values.remove();
    }
  }
}
