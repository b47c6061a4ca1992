package dev.bringup.transport;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/** The few calls of the C library that Java has no word for: pseudo terminals. Linux only. */
final class Posix {
  /** Values of Linux on all architectures that have a JDK. */
  static final int O_RDWR = 2;

  static final int O_NOCTTY = 0x100;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;
  static final short POLLIN = 1;
  static final short POLLOUT = 4;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int EAGAIN = 11;
  private static final int F_SETFL = 4;
  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;

  /** Larger than any {@code struct termios}; only the C library looks inside, but for one field. */
  private static final int TERMIOS_SIZE = 256;

  /** {@code c_iflag} is the first word: a BREAK flushes both queues. */
  private static final int BRKINT = 2;

  private static final int PATH_SIZE = 256;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;
  private static final java.lang.foreign.AddressLayout POINTER = ValueLayout.ADDRESS;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPEN =
      handle("open", FunctionDescriptor.of(INT, POINTER, INT), Linker.Option.firstVariadicArg(2));
  private static final MethodHandle OPENPT =
      handle("posix_openpt", FunctionDescriptor.of(INT, INT));
  private static final MethodHandle GRANTPT = handle("grantpt", FunctionDescriptor.of(INT, INT));
  private static final MethodHandle UNLOCKPT = handle("unlockpt", FunctionDescriptor.of(INT, INT));
  private static final MethodHandle PTSNAME =
      handle("ptsname_r", FunctionDescriptor.of(INT, INT, POINTER, LONG));
  private static final MethodHandle READ =
      handle("read", FunctionDescriptor.of(LONG, INT, POINTER, LONG));
  private static final MethodHandle WRITE =
      handle("write", FunctionDescriptor.of(LONG, INT, POINTER, LONG));
  private static final MethodHandle POLL =
      handle("poll", FunctionDescriptor.of(INT, POINTER, LONG, INT));
  private static final MethodHandle PIPE = handle("pipe", FunctionDescriptor.of(INT, POINTER));
  private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(INT, INT));
  private static final MethodHandle FCNTL =
      handle("fcntl", FunctionDescriptor.of(INT, INT, INT, INT), Linker.Option.firstVariadicArg(2));
  private static final MethodHandle FLOCK = handle("flock", FunctionDescriptor.of(INT, INT, INT));
  private static final MethodHandle TCGETATTR =
      handle("tcgetattr", FunctionDescriptor.of(INT, INT, POINTER));
  private static final MethodHandle TCSETATTR =
      handle("tcsetattr", FunctionDescriptor.of(INT, INT, INT, POINTER));
  private static final MethodHandle CFMAKERAW =
      handle("cfmakeraw", FunctionDescriptor.of(INT, POINTER));
  private static final MethodHandle STRERROR =
      handle("strerror", FunctionDescriptor.of(POINTER, INT));

  private Posix() {}

  static boolean isAvailable() {
    return System.getProperty("os.name", "").equals("Linux");
  }

  /** A call that failed. */
  static final class Failure extends IOException {
    private static final long serialVersionUID = 1L;

    final int errno;

    Failure(String message, int errno) {
      super(message);
      this.errno = errno;
    }
  }

  /** Memory of one call, with the place for its errno. */
  private interface Call {
    long in(Arena arena, MemorySegment state) throws Throwable;
  }

  @SuppressWarnings("restricted") // --enable-native-access is in the launcher
  private static MethodHandle handle(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    var all = new Linker.Option[options.length + 1];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = Linker.Option.captureCallState("errno");
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, all);
  }

  private static long call(String what, Call call) throws Failure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long result = call.in(arena, state);
      if (result < 0) {
        int errno = (int) ERRNO.get(state, 0L);
        throw new Failure(what + ": " + text(arena, state, errno), errno);
      }
      return result;
    } catch (Failure e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(what, e);
    }
  }

  @SuppressWarnings("restricted")
  private static String text(Arena arena, MemorySegment state, int errno) throws Throwable {
    var words = (MemorySegment) STRERROR.invokeExact(state, errno);
    return words.reinterpret(PATH_SIZE, arena, null).getString(0, StandardCharsets.UTF_8);
  }

  static int open(String path, int flags) throws Failure {
    return (int)
        call(
            path, (arena, state) -> (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags));
  }

  /** A new pseudo terminal's master. */
  static int openMaster() throws Failure {
    int fd =
        (int)
            call(
                "posix_openpt",
                (arena, state) -> (int) OPENPT.invokeExact(state, O_RDWR | O_NOCTTY | O_CLOEXEC));
    call("grantpt", (arena, state) -> (int) GRANTPT.invokeExact(state, fd));
    call("unlockpt", (arena, state) -> (int) UNLOCKPT.invokeExact(state, fd));
    return fd;
  }

  static String slaveOf(int master) throws Failure {
    var name = new StringBuilder();
    call(
        "ptsname_r",
        (arena, state) -> {
          MemorySegment into = arena.allocate(PATH_SIZE);
          int failed = (int) PTSNAME.invokeExact(state, master, into, (long) PATH_SIZE);
          name.append(into.getString(0, StandardCharsets.UTF_8));
          return -failed;
        });
    return name.toString();
  }

  /** Bytes pass as they are. */
  static void makeRaw(int fd) throws Failure {
    call(
        "tcsetattr",
        (arena, state) -> {
          MemorySegment termios = arena.allocate(TERMIOS_SIZE, Long.BYTES);
          int got = (int) TCGETATTR.invokeExact(state, fd, termios);
          if (got < 0) {
            return got;
          }
          var _ = (int) CFMAKERAW.invokeExact(state, termios);
          return (int) TCSETATTR.invokeExact(state, fd, 0, termios);
        });
  }

  /** A BREAK that comes no longer throws away the bytes around it. */
  static void keepBytesAtBreak(int fd) throws Failure {
    call(
        "tcsetattr",
        (arena, state) -> {
          MemorySegment termios = arena.allocate(TERMIOS_SIZE, Long.BYTES);
          int got = (int) TCGETATTR.invokeExact(state, fd, termios);
          if (got < 0) {
            return got;
          }
          termios.set(INT, 0, termios.get(INT, 0) & ~BRKINT);
          return (int) TCSETATTR.invokeExact(state, fd, 0, termios);
        });
  }

  /** The lock that terminal programs take; fails when another one has it. */
  static void lock(int fd) throws Failure {
    call("flock", (arena, state) -> (int) FLOCK.invokeExact(state, fd, LOCK_EX | LOCK_NB));
  }

  static int read(int fd, byte[] into) throws Failure {
    return (int)
        call(
            "read",
            (arena, state) -> {
              MemorySegment buffer = arena.allocate(into.length);
              long count = (long) READ.invokeExact(state, fd, buffer, (long) into.length);
              if (count > 0) {
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, 0, (int) count);
              }
              return count;
            });
  }

  static int write(int fd, byte[] from, int start, int length) throws Failure {
    return (int)
        call(
            "write",
            (arena, state) -> {
              MemorySegment buffer = arena.allocate(Math.max(1, length));
              MemorySegment.copy(from, start, buffer, ValueLayout.JAVA_BYTE, 0, length);
              return (long) WRITE.invokeExact(state, fd, buffer, (long) length);
            });
  }

  /** From now on reads and writes say EAGAIN instead of waiting. */
  static void doNotBlock(int fd) throws Failure {
    call(
        "fcntl",
        (arena, state) -> (int) FCNTL.invokeExact(state, fd, F_SETFL, O_RDWR | O_NONBLOCK));
  }

  /** Two ends of a pipe, the one to read from first. */
  static int[] pipe() throws Failure {
    var ends = new int[2];
    call(
        "pipe",
        (arena, state) -> {
          MemorySegment into = arena.allocate(INT, 2);
          int result = (int) PIPE.invokeExact(state, into);
          ends[0] = into.getAtIndex(INT, 0);
          ends[1] = into.getAtIndex(INT, 1);
          return result;
        });
    return ends;
  }

  /** Waits until {@code fd} has one of {@code events} or {@code wake} can be read. */
  static short poll(int fd, short events, int wake) throws Failure {
    var happened = new short[1];
    call(
        "poll",
        (arena, state) -> {
          MemorySegment both = arena.allocate(16, Integer.BYTES); // two of struct pollfd
          both.set(INT, 0, fd);
          both.set(SHORT, 4, events);
          both.set(INT, 8, wake);
          both.set(SHORT, 12, POLLIN);
          int result = (int) POLL.invokeExact(state, both, 2L, -1);
          happened[0] = both.get(SHORT, 6);
          return result;
        });
    return happened[0];
  }

  static void close(int fd) {
    try {
      call("close", (arena, state) -> (int) CLOSE.invokeExact(state, fd));
    } catch (Failure e) {
      // Closed or not, it is not used again.
    }
  }
}
