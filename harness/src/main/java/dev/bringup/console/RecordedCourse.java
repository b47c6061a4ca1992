package dev.bringup.console;

import java.util.ArrayList;
import java.util.List;

/** What a finished recording holds, in the order in which it happened. */
public final class RecordedCourse {
  private RecordedCourse() {}

  /** One thing that happened. */
  public sealed interface Entry {
    /** The number of console bytes received before this. */
    long offset();

    /** When, in the time of the recording. */
    long nanos();
  }

  /** The board said {@code length} bytes, at least 1, all at once. */
  public record Said(long offset, long nanos, int length) implements Entry {}

  /** Something else: bytes were typed, or a mark was made. */
  public record Happened(ConsoleEvent event) implements Entry {
    @Override
    public long offset() {
      return event.offset();
    }

    @Override
    public long nanos() {
      return event.nanos();
    }
  }

  /** All of it. The bytes stay in the recording. */
  public static List<Entry> of(Recording recording) {
    List<Entry> entries = new ArrayList<>();
    recording.follow(
        new Recording.Follower() {
          private long offset;

          @Override
          public void bytes(long nanos, byte[] bytes, int from, int length) {
            entries.add(new Said(offset, nanos, length));
            offset += length;
          }

          @Override
          public void event(ConsoleEvent event) {
            entries.add(new Happened(event));
          }

          @Override
          public void end(long nanos) {}
        });
    return List.copyOf(entries);
  }
}
