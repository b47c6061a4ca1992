package dev.bringup.emulator.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;

/** Keeps a device's state for the test that restores it, and insists on the order. */
final class StateTape {
  private final Deque<Object> values = new ArrayDeque<>();

  /** Saves {@code from} and restores {@code to}, which must take all that there is. */
  static void copy(Device from, Device to) {
    var tape = new StateTape();
    from.save(tape.new Writer());
    to.restore(tape.new Reader());
    assertThat(tape.values).isEmpty();
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

    @Override
    public void get(long[] into) {
      assertThat(get()).isEqualTo(into.length);
      for (int i = 0; i < into.length; i++) {
        into[i] = get();
      }
    }

    @Override
    public void get(int[] into) {
      assertThat(get()).isEqualTo(into.length);
      for (int i = 0; i < into.length; i++) {
        into[i] = (int) get();
      }
    }
  }
}
