package dev.bringup.console;

import dev.bringup.verdict.BringupException;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The file of a recording, {@code console.rec}: a header, then records. All numbers are big endian.
 *
 * <pre>
 * header  "BRINGREC"  u16 version = 1  u16 name length  i64 wall clock (ms since 1970)  name  u32 CRC-32
 * record  u8 type  i64 ns since the start  u32 length  payload  u32 CRC-32 of all before
 * </pre>
 *
 * <p>Types: 1 received bytes, 2 sent bytes, 3 mark (UTF-8), 4 end of the wire. Records of received
 * bytes never cross a multiple of {@link Recording.Chunk#SIZE} bytes of console output, so that a
 * chunk can be read back from the position of its first record.
 *
 * <p>Written with plain file writes, not through an interruptible channel: an interrupt of some
 * reader must not close the file under the recorder.
 */
final class RecordingFile {
  static final byte BYTES = 1;
  static final byte TYPED = 2;
  static final byte MARK = 3;
  static final byte END = 4;

  static final byte[] MAGIC = "BRINGREC".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 1;
  static final int HEADER_SIZE = 20;
  static final int RECORD_HEADER_SIZE = 13;
  static final int CRC_SIZE = 4;

  /** No record's payload is longer; longer ones are split when written. */
  static final int MAX_PAYLOAD = Recording.Chunk.SIZE;

  private final Path path;
  private final long startNanos;
  private final @Nullable RandomAccessFile out;
  private long position;

  private RecordingFile(Path path, long startNanos, @Nullable RandomAccessFile out, long position) {
    this.path = path;
    this.startNanos = startNanos;
    this.out = out;
    this.position = position;
  }

  static RecordingFile create(Path path, String name, long wallMillis, long startNanos) {
    try {
      Path parent = path.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      if (Files.isRegularFile(path)) {
        Files.delete(path); // and not emptied: somebody may be reading it
      }
      var out = new RandomAccessFile(path.toFile(), "rw");
      byte[] header = header(name, wallMillis);
      out.write(header);
      return new RecordingFile(path, startNanos, out, header.length);
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot create the recording " + path + ": " + e.getMessage(),
          "check that the folder can be written and has free space",
          e);
    }
  }

  /** A file that is there already and gets records without a header. */
  static RecordingFile onto(Path path, long startNanos) {
    try {
      return new RecordingFile(path, startNanos, new RandomAccessFile(path.toFile(), "rw"), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file that is only read. */
  static RecordingFile readOnly(Path path) {
    return new RecordingFile(path, 0, null, 0);
  }

  static byte[] header(String name, long wallMillis) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    byte[] shortened = utf8.length <= 0xffff ? utf8 : Arrays.copyOf(utf8, 0xffff);
    ByteBuffer header = ByteBuffer.allocate(HEADER_SIZE + shortened.length + CRC_SIZE);
    header.put(MAGIC).putShort((short) VERSION).putShort((short) shortened.length);
    header.putLong(wallMillis).put(shortened);
    return header.putInt(crc(header.array(), 0, header.position())).array();
  }

  static int crc(byte[] bytes, int from, int length) {
    var crc = new CRC32();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  static int recordSize(int payload) {
    return RECORD_HEADER_SIZE + payload + CRC_SIZE;
  }

  Path path() {
    return path;
  }

  /** What the times in the file count from. */
  long startNanos() {
    return startNanos;
  }

  /**
   * Appends one record, or several in one write if the payload exceeds {@code room} or the greatest
   * length.
   *
   * @return where the first one begins
   */
  long write(byte type, long nanos, byte[] bytes, int from, int length, int room)
      throws IOException {
    if (out == null) {
      throw new IOException("the file is open for reading only");
    }
    int first = Math.min(length, type == BYTES ? room : MAX_PAYLOAD);
    int more = length - first;
    int records = 1 + (more + MAX_PAYLOAD - 1) / MAX_PAYLOAD;
    ByteBuffer buffer = ByteBuffer.allocate(length + records * recordSize(0));
    int done = 0;
    for (int i = 0; i < records; i++) {
      int n = i == 0 ? first : Math.min(length - done, MAX_PAYLOAD);
      int start = buffer.position();
      buffer.put(type).putLong(nanos - startNanos).putInt(n).put(bytes, from + done, n);
      buffer.putInt(crc(buffer.array(), start, buffer.position() - start));
      done += n;
    }
    long at = position;
    out.write(buffer.array());
    position += buffer.capacity();
    return at;
  }

  void finishWriting() {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      // All records were written before; a failing close loses none of them.
    }
  }

  /** Reads {@code size} received bytes back, from the records that begin at {@code position}. */
  byte[] reload(long from, int size) {
    try (var in = new RandomAccessFile(path.toFile(), "r")) {
      var bytes = new byte[size];
      in.seek(from);
      int done = 0;
      while (done < size) {
        byte type = in.readByte();
        in.skipBytes(8);
        int length = in.readInt();
        if (type == BYTES) {
          if (length < 0 || length > size - done) {
            throw new EOFException("a record does not fit");
          }
          in.readFully(bytes, done, length);
          done += length;
          in.skipBytes(CRC_SIZE);
        } else {
          in.seek(in.getFilePointer() + length + CRC_SIZE);
        }
      }
      return bytes;
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot read the recording " + path + " back at " + from + ": " + e.getMessage(),
          "do not change or remove recordings of a run that is still going",
          e);
    }
  }
}
