package dev.bringup.emulator.machine.bare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.device.StateReader;
import dev.bringup.emulator.device.StateWriter;
import dev.bringup.emulator.machine.VirtMachine;
import java.util.ArrayDeque;
import java.util.Deque;

/** A machine's state in memory, to be taken back once; insists on the order. */
final class Snapshot {
  private final Deque<Object> values = new ArrayDeque<>();

  private Snapshot() {}

  static Snapshot of(VirtMachine machine) {
    var snapshot = new Snapshot();
    machine.save(snapshot.new Writer());
    return snapshot;
  }

  /** Gives it to a machine, which must take all that there is. */
  void restore(VirtMachine machine) {
    machine.restore(new Reader());
    assertThat(values).isEmpty();
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
