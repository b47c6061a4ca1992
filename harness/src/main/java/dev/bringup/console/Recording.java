package dev.bringup.console;

import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that one console said since the wire was opened, append-only, with the time of each byte.
 *
 * <p>Offsets count received bytes; events ({@link ConsoleEvent}) sit at an offset. The owner of the
 * wire appends, any number of threads read. Bytes never change and are never lost: a recording with
 * a file keeps its last {@value #RESIDENT_CHUNKS} chunks of {@value Chunk#SIZE} bytes in memory and
 * reads older ones back from the file, one without a file keeps all in memory. When the file can no
 * longer be written, recording goes on in memory.
 */
public final class Recording implements AutoCloseable {
  static final int RESIDENT_CHUNKS = 128;

  private final String name;
  private final BoardClock clock;
  private final long startNanos;
  private final Consumer<BringupException> problems;

  /** Keeps bytes, events and file records in one order; taken before {@link #lock}. */
  private final ReentrantLock appending = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Chunk> chunks = new ArrayList<>();
  private final List<ConsoleEvent> events = new ArrayList<>();
  private final @Nullable RecordingFile file;
  private boolean fileFailed;
  private long end;
  private boolean closed;
  private boolean unpowered;
  private int holdingBack;

  /** How often those who wait were told to look up though nothing came here. */
  private long stirs;

  private final List<Follower> followers = new ArrayList<>(); // guarded by appending

  private final ReentrantLock reloading = new ReentrantLock();
  private int reloadedIndex = -1;
  private byte[] reloaded = {};

  /**
   * Goes along with a recording, on the thread that appends; what it is told is in the recording
   * already.
   */
  interface Follower {
    void bytes(long nanos, byte[] bytes, int from, int length);

    void event(ConsoleEvent event);

    /** The wire has ended. */
    void end(long nanos);
  }

  private Recording(
      String name,
      BoardClock clock,
      @Nullable RecordingFile file,
      Consumer<BringupException> problems) {
    this.name = name;
    this.clock = clock;
    this.file = file;
    this.startNanos = file == null ? clock.nanos() : file.startNanos();
    this.problems = problems;
  }

  /** A recording that lives as long as this process. */
  public static Recording inMemory(String name, BoardClock clock) {
    return new Recording(name, clock, null, problem -> {});
  }

  /**
   * A recording that is also written to {@code file}, one write per append, so that a killed
   * process loses nothing that it had received.
   *
   * @param problems told once if the file can no longer be written; called on the appending thread
   * @throws BringupException (infrastructure) if the file cannot be created
   */
  public static Recording toFile(
      String name, BoardClock clock, Path file, Consumer<BringupException> problems) {
    long wallMillis = Instant.now().toEpochMilli();
    return withFile(
        name, clock, RecordingFile.create(file, name, wallMillis, clock.nanos()), problems);
  }

  static Recording withFile(
      String name, BoardClock clock, RecordingFile file, Consumer<BringupException> problems) {
    return new Recording(name, clock, file, problems);
  }

  /** A finished recording whose bytes stay in {@code file}. */
  static Recording stored(
      String name,
      BoardClock clock,
      RecordingFile file,
      List<Chunk> chunks,
      List<ConsoleEvent> events,
      long end) {
    var recording = new Recording(name, clock, file, problem -> {});
    recording.chunks.addAll(chunks);
    recording.events.addAll(events);
    recording.end = end;
    recording.closed = true;
    return recording;
  }

  /** What is recorded, for messages: a board and its console. */
  public String name() {
    return name;
  }

  /**
   * Where the times in this recording's file count from, in the time of {@link #clock()}; without a
   * file, when it was made.
   */
  public long startNanos() {
    return startNanos;
  }

  /** The clock that stamps this recording. */
  public BoardClock clock() {
    return clock;
  }

  /** Appends received bytes. */
  public void append(byte[] bytes) {
    append(bytes, 0, bytes.length);
  }

  /** Appends received bytes. */
  public void append(ByteBuffer bytes) {
    var copy = new byte[bytes.remaining()];
    bytes.get(copy);
    append(copy);
  }

  /** Appends received bytes and wakes all that wait for them. */
  public void append(byte[] bytes, int from, int length) {
    append(clock.nanos(), bytes, from, length);
  }

  /** As {@link #append(byte[], int, int)}, for bytes that came at {@code nanos}. */
  void append(long nanos, byte[] bytes, int from, int length) {
    if (length == 0) {
      return;
    }
    appending.lock();
    try {
      requireOpen();
      long filePosition = write(RecordingFile.BYTES, nanos, bytes, from, length);
      lock.lock();
      try {
        int done = 0;
        while (done < length) {
          Chunk chunk = chunkForAppend(filePosition);
          int n = chunk.append(nanos, bytes, from + done, length - done);
          done += n;
          if (filePosition >= 0) {
            filePosition += RecordingFile.recordSize(n);
          } else {
            chunk.filePosition = -1; // not all of it is in the file
          }
        }
        end += length;
        signal();
      } finally {
        lock.unlock();
      }
      followers.forEach(follower -> follower.bytes(nanos, bytes, from, length));
    } finally {
      appending.unlock();
    }
  }

  private Chunk chunkForAppend(long filePosition) {
    if (!chunks.isEmpty() && !chunks.getLast().isFull()) {
      return chunks.getLast();
    }
    var chunk = new Chunk(filePosition);
    chunks.add(chunk);
    int old = chunks.size() - 1 - RESIDENT_CHUNKS;
    if (old >= 0 && chunks.get(old).filePosition >= 0) {
      chunks.get(old).evict();
    }
    return chunk;
  }

  /** Notes bytes that were sent to the board. */
  public void typed(byte[] bytes) {
    typed(clock.nanos(), bytes);
  }

  /** As {@link #typed(byte[])}, for bytes that were sent at {@code nanos}. */
  void typed(long nanos, byte[] bytes) {
    appending.lock();
    try {
      write(RecordingFile.TYPED, nanos, bytes, 0, bytes.length);
      add(new ConsoleEvent.Typed(end(), nanos, new String(bytes, StandardCharsets.ISO_8859_1)));
    } finally {
      appending.unlock();
    }
  }

  /** Notes a fact at the present end, for example {@link ConsoleEvent.Mark#POWER_ON}. */
  public long mark(String text) {
    return mark(clock.nanos(), text);
  }

  /** As {@link #mark(String)}, for a fact of {@code nanos}. */
  long mark(long nanos, String text) {
    appending.lock();
    try {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      write(RecordingFile.MARK, nanos, utf8, 0, utf8.length);
      long offset = end();
      add(new ConsoleEvent.Mark(offset, nanos, text));
      return offset;
    } finally {
      appending.unlock();
    }
  }

  private void add(ConsoleEvent event) {
    requireOpen();
    lock.lock();
    try {
      events.add(event);
      if (event instanceof ConsoleEvent.Mark mark) {
        switch (mark.text()) {
          case ConsoleEvent.Mark.POWER_OFF -> unpowered = true;
          case ConsoleEvent.Mark.POWER_ON -> unpowered = false;
          default -> {}
        }
        signal();
      }
    } finally {
      lock.unlock();
    }
    followers.forEach(follower -> follower.event(event));
  }

  /** Writes to the file if there is one; returns the record's position or -1. */
  private long write(byte type, long nanos, byte[] bytes, int from, int length) {
    if (file == null || fileFailed || isClosed()) {
      return -1;
    }
    try {
      int room = (int) (Chunk.SIZE - end() % Chunk.SIZE);
      return file.write(type, nanos, bytes, from, length, room);
    } catch (IOException e) {
      fileFailed = true;
      problems.accept(
          BringupException.infrastructure(
              "the recording of "
                  + name
                  + " can no longer be written to "
                  + file.path()
                  + " ("
                  + e.getMessage()
                  + "); it goes on in memory",
              "free disk space; what was written so far can be read",
              e));
      return -1;
    }
  }

  private void requireOpen() {
    if (isClosed()) {
      throw new IllegalStateException("the recording of " + name + " is closed");
    }
  }

  /** The wire has ended: no more bytes will come. Waiting readers are woken. May be repeated. */
  @Override
  public void close() {
    appending.lock();
    try {
      if (isClosed()) {
        return;
      }
      long nanos = clock.nanos();
      write(RecordingFile.END, nanos, new byte[0], 0, 0);
      lock.lock();
      try {
        closed = true;
        signal();
      } finally {
        lock.unlock();
      }
      followers.forEach(follower -> follower.end(nanos));
      if (file != null) {
        file.finishWriting();
      }
    } finally {
      appending.unlock();
    }
  }

  /** Tells {@code follower} all that was so far, in order, and from now on all that comes. */
  void follow(Follower follower) {
    appending.lock();
    try {
      long done = 0;
      for (ConsoleEvent event : events()) {
        replay(follower, done, event.offset());
        follower.event(event);
        done = event.offset();
      }
      replay(follower, done, end());
      if (isClosed()) {
        follower.end(timeAt(end()));
      }
      followers.add(follower);
    } finally {
      appending.unlock();
    }
  }

  private void replay(Follower follower, long from, long to) {
    var block = new byte[Chunk.SIZE];
    for (long at = from; at < to; ) {
      int n = read(at, block, 0, (int) Math.min(to - at, Math.min(sameTime(at), block.length)));
      follower.bytes(timeAt(at), block, 0, n);
      at += n;
    }
  }

  /** How many bytes from {@code offset} on are known to have come together. */
  private int sameTime(long offset) {
    lock.lock();
    try {
      return chunks.get((int) (offset / Chunk.SIZE)).sameTime((int) (offset % Chunk.SIZE));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Does appends, marks and the like, which whoever waits here sees together and not one by one.
   */
  public void together(Runnable appends) {
    lock.lock();
    try {
      holdingBack++;
    } finally {
      lock.unlock();
    }
    try {
      appends.run();
    } finally {
      lock.lock();
      try {
        holdingBack--;
        signal();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Called with the lock. */
  private void signal() {
    if (holdingBack == 0) {
      changed.signalAll();
    }
  }

  /** Makes those who wait for bytes look up: something that they care for happened elsewhere. */
  void stir() {
    lock.lock();
    try {
      stirs++;
      signal();
    } finally {
      lock.unlock();
    }
  }

  /** How often there was a {@link #stir} so far. */
  long stirs() {
    lock.lock();
    try {
      return stirs;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the wire has ended. */
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether nothing more can come as things are: the wire has ended, or the last power mark says
   * that the board is off.
   */
  public boolean isSilenced() {
    lock.lock();
    try {
      return closed || unpowered;
    } finally {
      lock.unlock();
    }
  }

  /** The offset of the first byte. */
  public long start() {
    return 0;
  }

  /** The offset behind the last byte received so far. */
  public long end() {
    lock.lock();
    try {
      return end;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Copies what is there from {@code offset} on.
   *
   * @return the number of bytes copied, 0 if nothing has arrived there yet
   */
  public int read(long offset, byte[] into, int from, int length) {
    if (offset < 0) {
      throw new IllegalArgumentException("offset " + offset);
    }
    int copied = 0;
    while (copied < length) {
      long at = offset + copied;
      int index = (int) (at / Chunk.SIZE);
      int inChunk = (int) (at % Chunk.SIZE);
      byte[] data;
      int n;
      lock.lock();
      try {
        n = (int) Math.min(length - copied, Math.min(end - at, Chunk.SIZE - inChunk));
        if (n <= 0) {
          return copied;
        }
        data = chunks.get(index).data;
      } finally {
        lock.unlock();
      }
      if (data == null) {
        copyReloaded(index, inChunk, into, from + copied, n);
      } else {
        // Bytes below the end never change, so they are copied without the lock.
        System.arraycopy(data, inChunk, into, from + copied, n);
      }
      copied += n;
    }
    return copied;
  }

  private void copyReloaded(int index, int inChunk, byte[] into, int from, int n) {
    reloading.lock();
    try {
      if (reloadedIndex != index) {
        Chunk chunk = chunks.get(index);
        reloaded = Objects.requireNonNull(file).reload(chunk.filePosition, chunk.size);
        reloadedIndex = index;
      }
      System.arraycopy(reloaded, inChunk, into, from, n);
    } finally {
      reloading.unlock();
    }
  }

  /** The bytes from {@code from} up to {@code to}, or to the end if that comes first. */
  public byte[] bytes(long from, long to) {
    int wanted = Math.toIntExact(Math.max(0, Math.min(to, end()) - from));
    var bytes = new byte[wanted];
    int n = read(from, bytes, 0, wanted);
    return n == wanted ? bytes : Arrays.copyOf(bytes, n);
  }

  /** The text from {@code from} up to {@code to} as {@link ConsoleText} shows it. */
  public String text(long from, long to) {
    return ConsoleText.of(bytes(from, to));
  }

  /**
   * When the byte at {@code offset} arrived; for the end and beyond, when the last one did.
   *
   * @return nanoseconds in the time of {@link #clock()}
   */
  public long timeAt(long offset) {
    lock.lock();
    try {
      if (end == 0) {
        return clock.nanos();
      }
      long at = Math.clamp(offset, 0, end - 1);
      return chunks.get((int) (at / Chunk.SIZE)).timeAt((int) (at % Chunk.SIZE));
    } finally {
      lock.unlock();
    }
  }

  /** Marks and typed bytes so far, in order. */
  public List<ConsoleEvent> events() {
    lock.lock();
    try {
      return List.copyOf(events);
    } finally {
      lock.unlock();
    }
  }

  /** The offset of the last mark with this text. */
  public OptionalLong lastMark(String text) {
    for (ConsoleEvent event : events().reversed()) {
      if (event instanceof ConsoleEvent.Mark mark && mark.text().equals(text)) {
        return OptionalLong.of(mark.offset());
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Waits until there are bytes behind {@code offset}, the wire ends or the deadline is reached.
   *
   * @param deadline in the time of {@link #clock()}
   * @return whether there are bytes behind {@code offset}
   * @throws BringupException (cancelled) if the thread is interrupted
   */
  public boolean awaitBeyond(long offset, long deadline) {
    return await(offset, deadline, false, 0);
  }

  /** Waits until all up to {@code offset} has come, nothing more can come, or the deadline. */
  void awaitEnd(long offset, long deadline) {
    while (end() < offset && !isSilenced() && awaitBeyond(end(), deadline)) {
      // until enough has come
    }
  }

  /**
   * As {@link #awaitBeyond}, but also ends when {@link #isSilenced()} or when there were other
   * {@link #stirs} than those the caller has seen.
   */
  boolean awaitWhilePowered(long offset, long stirsSeen, long deadline) {
    return await(offset, deadline, true, stirsSeen);
  }

  private boolean await(long offset, long deadline, boolean onlyPowered, long stirsSeen) {
    try {
      lock.lockInterruptibly();
      try {
        while (end <= offset
            && !closed
            && !(onlyPowered && (unpowered || stirs != stirsSeen))
            && deadline - clock.nanos() > 0) {
          clock.await(lock, changed, deadline);
        }
        return end > offset;
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BringupException.cancelled("interrupted while waiting for " + name);
    }
  }

  /**
   * Waits until the marks say that the board has power, or that it has none, or until the recording
   * is closed. A board without any mark yet counts as powered.
   *
   * @throws BringupException (cancelled) if the thread is interrupted
   */
  public void awaitPower(boolean powered) {
    try {
      lock.lockInterruptibly();
      try {
        while (!closed && unpowered == powered) {
          changed.await();
        }
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BringupException.cancelled("interrupted while waiting for " + name);
    }
  }

  /** A cursor at {@code offset}. */
  public Cursor cursor(long offset) {
    return new Cursor(this, offset);
  }

  /** A run of {@value #SIZE} bytes with the times at which they came. */
  static final class Chunk {
    static final int SIZE = 64 * 1024;

    /** Where in the file the chunk's first record begins; -1 if it is not there. */
    long filePosition;

    byte @Nullable [] data;
    int size;
    private int[] starts = new int[8];
    private long[] times = new long[8];
    private int timeCount;

    private Chunk(long filePosition, byte @Nullable [] data) {
      this.filePosition = filePosition;
      this.data = data;
    }

    Chunk(long filePosition) {
      this(filePosition, new byte[SIZE]);
    }

    /** A chunk whose bytes are in the file only. */
    static Chunk stored(long filePosition) {
      return new Chunk(filePosition, null);
    }

    /** Counts bytes that are in the file only; false if they do not fit. */
    boolean grow(long nanos, int length) {
      if (length > SIZE - size) {
        return false;
      }
      noteTime(nanos);
      size += length;
      return true;
    }

    boolean isFull() {
      return size == SIZE;
    }

    int append(long nanos, byte[] bytes, int from, int length) {
      int n = Math.min(length, SIZE - size);
      System.arraycopy(bytes, from, Objects.requireNonNull(data), size, n);
      noteTime(nanos);
      size += n;
      return n;
    }

    /** Notes that the bytes from the present size on came at {@code nanos}. */
    void noteTime(long nanos) {
      if (timeCount > 0 && times[timeCount - 1] == nanos) {
        return;
      }
      if (timeCount == times.length) {
        starts = Arrays.copyOf(starts, timeCount * 2);
        times = Arrays.copyOf(times, timeCount * 2);
      }
      starts[timeCount] = size;
      times[timeCount++] = nanos;
    }

    long timeAt(int index) {
      int found = Arrays.binarySearch(starts, 0, timeCount, index);
      return times[found >= 0 ? found : -found - 2];
    }

    /** How many bytes from {@code index} on came at the same time. */
    int sameTime(int index) {
      int found = Arrays.binarySearch(starts, 0, timeCount, index);
      int next = found >= 0 ? found + 1 : -found - 1;
      return (next < timeCount ? starts[next] : size) - index;
    }

    /** Leaves the bytes to the file and keeps their times to the millisecond. */
    void evict() {
      data = null;
      int kept = 0;
      for (int i = 0; i < timeCount; i++) {
        if (kept == 0 || times[i] - times[kept - 1] >= 1_000_000) {
          starts[kept] = starts[i];
          times[kept++] = times[i];
        }
      }
      timeCount = kept;
      starts = Arrays.copyOf(starts, timeCount);
      times = Arrays.copyOf(times, timeCount);
    }
  }
}
