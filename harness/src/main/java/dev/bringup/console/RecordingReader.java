package dev.bringup.console;

import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * Opens the file of a recording: of a finished run, of one that is still going (as far as it had
 * come) or of one that was killed. An incomplete record at the end is left out and reported as a
 * fact; damage before the end is an error. Memory is bounded by the number of records, not by their
 * bytes, which stay in the file.
 */
public final class RecordingReader {
  /**
   * What a file held.
   *
   * @param recording closed; its times are nanoseconds since the start of the recording
   * @param startedAt wall time of the start
   * @param complete whether the wire's end was recorded
   * @param facts what a reader should know, one sentence each
   */
  public record Contents(
      Recording recording, Instant startedAt, boolean complete, List<String> facts) {
    public Contents {
      facts = List.copyOf(facts);
    }
  }

  private final Path path;
  private final InputStream in;
  private final List<Recording.Chunk> chunks = new ArrayList<>();
  private final List<ConsoleEvent> events = new ArrayList<>();
  private final List<String> facts = new ArrayList<>();
  private long position;
  private long end;
  private long lastNanos;
  private boolean complete;
  private long unknown;

  private RecordingReader(Path path, InputStream in) {
    this.path = path;
    this.in = in;
  }

  /**
   * Reads a recording's file.
   *
   * @throws BringupException (configuration) if there is no such file, or with file and offset if
   *     it is no recording or is damaged before its end; (infrastructure) if it cannot be read
   */
  public static Contents open(Path path) {
    try (var in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
      return new RecordingReader(path, in).read();
    } catch (NoSuchFileException e) {
      throw BringupException.configuration(path + ": no such file");
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot read the recording " + path + ": " + e.getMessage(),
          "check that the file exists and may be read",
          e);
    }
  }

  private Contents read() throws IOException {
    byte[] fixed = in.readNBytes(RecordingFile.HEADER_SIZE);
    if (fixed.length < RecordingFile.HEADER_SIZE
        || !Arrays.equals(fixed, 0, 8, RecordingFile.MAGIC, 0, 8)) {
      throw damaged(0, "this is not a recording");
    }
    ByteBuffer header = ByteBuffer.wrap(fixed, 8, fixed.length - 8);
    int version = header.getShort() & 0xffff;
    if (version != RecordingFile.VERSION) {
      throw damaged(8, "a recording of version " + version + ", only version 1 is known");
    }
    int nameLength = header.getShort() & 0xffff;
    final Instant startedAt = Instant.ofEpochMilli(header.getLong());
    byte[] rest = in.readNBytes(nameLength + RecordingFile.CRC_SIZE);
    byte[] whole = Arrays.copyOf(fixed, fixed.length + nameLength);
    if (rest.length < nameLength + RecordingFile.CRC_SIZE) {
      throw damaged(fixed.length, "the header is incomplete");
    }
    System.arraycopy(rest, 0, whole, fixed.length, nameLength);
    if (ByteBuffer.wrap(rest).getInt(nameLength) != RecordingFile.crc(whole, 0, whole.length)) {
      throw damaged(0, "the header's checksum is wrong");
    }
    position = (long) whole.length + RecordingFile.CRC_SIZE;
    while (!complete && readRecord()) {}
    if (complete && in.read() >= 0) {
      throw damaged(position, "there is more behind the record that ends the recording");
    }
    if (unknown > 0) {
      facts.add(unknown + " records of an unknown type were left out");
    }
    if (!complete) {
      facts.add("the recording was not ended: its run is still going or was killed");
    }
    String name = new String(rest, 0, nameLength, StandardCharsets.UTF_8);
    var recording =
        Recording.stored(
            name, new StoppedClock(lastNanos), RecordingFile.readOnly(path), chunks, events, end);
    return new Contents(recording, startedAt, complete, facts);
  }

  /** Reads one record; false at the end of the file or at a torn tail. */
  private boolean readRecord() throws IOException {
    byte[] head = in.readNBytes(RecordingFile.RECORD_HEADER_SIZE);
    if (head.length == 0) {
      return false;
    }
    if (head.length < RecordingFile.RECORD_HEADER_SIZE) {
      return torn(head.length);
    }
    ByteBuffer fields = ByteBuffer.wrap(head);
    byte type = fields.get();
    long nanos = fields.getLong();
    int length = fields.getInt();
    if (type == 0 && length == 0 && nanos == 0) {
      return zeros(); // space that was allotted but never written, as a power cut leaves it
    }
    if (length < 0 || length > RecordingFile.MAX_PAYLOAD) {
      throw damaged(position, "a record has the impossible length " + length);
    }
    byte[] rest = in.readNBytes(length + RecordingFile.CRC_SIZE);
    if (rest.length < length + RecordingFile.CRC_SIZE) {
      return torn(head.length + rest.length);
    }
    byte[] whole = Arrays.copyOf(head, head.length + length);
    System.arraycopy(rest, 0, whole, head.length, length);
    if (ByteBuffer.wrap(rest).getInt(length) != RecordingFile.crc(whole, 0, whole.length)) {
      in.mark(1);
      if (in.read() < 0) {
        return torn(whole.length + RecordingFile.CRC_SIZE);
      }
      throw damaged(position, "a record's checksum is wrong");
    }
    accept(type, nanos, rest, length);
    position += RecordingFile.recordSize(length);
    return true;
  }

  private void accept(byte type, long nanos, byte[] payload, int length) {
    lastNanos = Math.max(lastNanos, nanos);
    switch (type) {
      case RecordingFile.BYTES -> bytes(nanos, length);
      case RecordingFile.TYPED ->
          events.add(
              new ConsoleEvent.Typed(
                  end, nanos, new String(payload, 0, length, StandardCharsets.ISO_8859_1)));
      case RecordingFile.MARK ->
          events.add(
              new ConsoleEvent.Mark(
                  end, nanos, new String(payload, 0, length, StandardCharsets.UTF_8)));
      case RecordingFile.END -> complete = true;
      default -> unknown++;
    }
  }

  private void bytes(long nanos, int length) {
    if (length == 0) {
      return;
    }
    if (chunks.isEmpty() || chunks.getLast().isFull()) {
      chunks.add(Recording.Chunk.stored(position));
    }
    if (!chunks.getLast().grow(nanos, length)) {
      throw damaged(position, "a record crosses a chunk of " + Recording.Chunk.SIZE + " bytes");
    }
    end += length;
  }

  private boolean zeros() throws IOException {
    long n = RecordingFile.RECORD_HEADER_SIZE;
    for (int b = in.read(); b >= 0; b = in.read(), n++) {
      if (b != 0) {
        throw damaged(position, "a record has the type 0");
      }
    }
    return torn(n);
  }

  private boolean torn(long bytes) {
    facts.add(
        "the last "
            + bytes
            + " bytes, from byte "
            + position
            + " on, are an incomplete record and were left out");
    return false;
  }

  private BringupException damaged(long at, String what) {
    return new BringupException(
        FailureKind.CONFIGURATION,
        path + ": at byte " + at + ": " + what,
        "take an undamaged console.rec; what was recorded before that byte is intact",
        null);
  }

  /** The clock of a recording whose board is gone: nothing more will ever happen. */
  private record StoppedClock(long nanos) implements BoardClock {
    @Override
    public void await(Lock lock, Condition changed, long deadline) {}
  }
}
