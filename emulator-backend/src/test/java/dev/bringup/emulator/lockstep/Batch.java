package dev.bringup.emulator.lockstep;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Short programs, each with a state to begin with, a slot for its code and a window of memory. All
 * around the code are BRK instructions, so that a program ends wherever it goes.
 */
public final class Batch {
  public static final int PROGRAMS = 512;

  /** Where code may be, 2 MiB. */
  public static final long CODE = 0x0100_0000;

  /** Where data may be, 2 MiB; the windows are at its end, so that nothing is behind the last. */
  public static final long DATA = 0x0200_0000;

  public static final int REGION = 0x20_0000;

  /** Not a power of two: some programs cross a page. */
  public static final int SLOT_WORDS = 15;

  public static final long SLOTS = CODE + REGION / 2;
  public static final int SLOTS_BYTES = PROGRAMS * SLOT_WORDS * 4;
  public static final int WINDOW = 512;
  public static final int WINDOWS_BYTES = PROGRAMS * WINDOW;
  public static final long WINDOWS = DATA + REGION - WINDOWS_BYTES;

  /** Where there is nothing, 16 MiB. */
  public static final long NOTHING = 0x0300_0000;

  static final int BRK = 0xd4200000;

  /** How many words before a program are BRK. */
  static final int FIRST_WORD = 3;

  static final int MOST_WORDS = SLOT_WORDS - FIRST_WORD - 1;

  /** A program; {@code before.pc} is its first word. */
  public record Program(List<Integer> words, GuestState before) {
    public Program {
      words = List.copyOf(words);
    }
  }

  private final List<Program> programs = new ArrayList<>();
  private final byte[] windows = new byte[WINDOWS_BYTES];

  static long start(int number) {
    return SLOTS + 4L * (number * SLOT_WORDS + FIRST_WORD);
  }

  static long window(int number) {
    return WINDOWS + (long) number * WINDOW;
  }

  void add(Program program) {
    programs.add(program);
  }

  public List<Program> programs() {
    return List.copyOf(programs);
  }

  /** Memory before the first program runs; its owner fills it. */
  public byte[] windows() {
    return windows;
  }

  public byte[] slots() {
    ByteBuffer slots = ByteBuffer.allocate(SLOTS_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Program program : programs) {
      int end = slots.position() + 4 * SLOT_WORDS;
      for (int i = 0; i < FIRST_WORD; i++) {
        slots.putInt(BRK);
      }
      program.words.forEach(slots::putInt);
      while (slots.position() < end) {
        slots.putInt(BRK);
      }
    }
    return slots.array();
  }

  /** States and memory after all programs. */
  public static final class Results {
    private final List<GuestState> states;
    private final byte[] windows;

    public Results(List<GuestState> states, byte[] windows) {
      this.states = List.copyOf(states);
      this.windows = windows;
    }

    public List<GuestState> states() {
      return states;
    }

    public byte[] windows() {
      return windows;
    }
  }
}
