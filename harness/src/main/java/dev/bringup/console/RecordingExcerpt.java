package dev.bringup.console;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/** Part of a recording as a recording of its own, with the original times. */
public final class RecordingExcerpt {
  private static final int PART = 1 << 20;

  private RecordingExcerpt() {}

  /**
   * Writes the bytes from {@code from} up to {@code to}, and the events among them, to {@code
   * file}. Offsets in the excerpt count from {@code from}, its times from {@link Recording#timeAt}.
   * It ends now if it goes to the recording's end: that nothing more was said for a while is part
   * of it.
   *
   * @throws BringupException (infrastructure) if the file cannot be written
   */
  public static void write(Recording recording, long from, long to, Path file) {
    long start = recording.timeAt(from);
    RecordingFile out =
        RecordingFile.create(file, recording.name(), Instant.now().toEpochMilli(), start);
    try {
      long done = from;
      for (ConsoleEvent event : recording.events()) {
        if (event.offset() < from || event.offset() > to) {
          continue;
        }
        done = bytes(recording, from, done, event.offset(), out);
        switch (event) {
          case ConsoleEvent.Typed typed -> {
            byte[] sent = typed.bytes().getBytes(StandardCharsets.ISO_8859_1);
            out.write(RecordingFile.TYPED, typed.nanos(), sent, 0, sent.length, sent.length);
          }
          case ConsoleEvent.Mark mark -> {
            byte[] text = mark.text().getBytes(StandardCharsets.UTF_8);
            out.write(RecordingFile.MARK, mark.nanos(), text, 0, text.length, text.length);
          }
        }
      }
      bytes(recording, from, done, to, out);
      long end = to < recording.end() ? recording.timeAt(to) : recording.clock().nanos();
      out.write(RecordingFile.END, end, new byte[0], 0, 0, 0);
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot write the recording " + file + ": " + e.getMessage(),
          "check that the folder is writable and the disk is not full",
          e);
    } finally {
      out.finishWriting();
    }
  }

  /** Writes the bytes up to {@code to}, one record for each time of arrival. */
  private static long bytes(
      Recording recording, long from, long position, long to, RecordingFile out)
      throws IOException {
    for (long at = position; at < to; ) {
      byte[] part = recording.bytes(at, Math.min(to, at + PART));
      if (part.length == 0) {
        break;
      }
      int begin = 0;
      while (begin < part.length) {
        long nanos = recording.timeAt(at + begin);
        int stop = begin + 1;
        while (stop < part.length && recording.timeAt(at + stop) == nanos) {
          stop++;
        }
        int room = (int) (Recording.Chunk.SIZE - (at + begin - from) % Recording.Chunk.SIZE);
        out.write(RecordingFile.BYTES, nanos, part, begin, stop - begin, room);
        begin = stop;
      }
      at += part.length;
    }
    return Math.max(position, to);
  }
}
