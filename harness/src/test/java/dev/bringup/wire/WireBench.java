package dev.bringup.wire;

import dev.bringup.console.Recording;
import dev.bringup.time.BoardClock;
import dev.bringup.transport.LineSettings;
import dev.bringup.transport.Pty;
import dev.bringup.transport.SerialPortName;
import dev.bringup.transport.SerialTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;

/**
 * Many serial consoles at once. {@code talk N SECONDS BAUD} plays the boards: makes N pseudo
 * terminals, prints their paths, waits for a line on standard input, speaks on each at the baud
 * rate and prints what it said. {@code record FOLDER PATH...} records each with the code for real
 * boards until a line comes on standard input. {@code dev/bench/wires} puts the two together, and
 * pySerial in the recorder's place. Prints figures, judges none.
 */
final class WireBench {
  private static final PrintStream OUT = System.out;
  private static final int BITS_A_BYTE = 10;
  private static final Duration STEP = Duration.ofMillis(10);

  private WireBench() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (args[0].equals("talk")) {
      talk(Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]), in);
    } else {
      record(Path.of(args[1]), List.of(args).subList(2, args.length), in);
    }
  }

  private static void talk(int count, int seconds, int baud, BufferedReader in)
      throws IOException, InterruptedException {
    var boards = new ArrayList<Pty>();
    for (int i = 0; i < count; i++) {
      boards.add(Pty.make());
      OUT.println(boards.getLast().path());
    }
    OUT.flush();
    in.readLine();
    var done = new CountDownLatch(count);
    var said = new String[count];
    for (int i = 0; i < count; i++) {
      int board = i;
      Thread.ofPlatform()
          .start(() -> {
            said[board] = speak(boards.get(board), board, seconds, baud);
            done.countDown();
          });
    }
    done.await();
    for (String line : said) {
      OUT.println(line);
    }
    OUT.flush();
    in.readLine();
    boards.forEach(Pty::close);
  }

  /** Says what a board of this number says, and returns how much with its check sum. */
  private static String speak(Pty board, int number, int seconds, int baud) {
    BoardClock clock = BoardClock.system();
    long perStep = (long) baud / BITS_A_BYTE * STEP.toMillis() / 1000;
    long steps = Duration.ofSeconds(seconds).dividedBy(STEP);
    var random = new Random(number);
    var crc = new CRC32();
    long begin = clock.nanos();
    long longest = 0;
    for (long step = 0; step < steps; step++) {
      var bytes = new byte[(int) perStep];
      random.nextBytes(bytes);
      long due = begin + step * STEP.toNanos();
      long early = due - clock.nanos();
      if (early > 0) {
        LockSupport.parkNanos(early);
      }
      long before = clock.nanos();
      board.connection().write(bytes);
      longest = Math.max(longest, clock.nanos() - before);
      crc.update(bytes);
    }
    double took = (clock.nanos() - begin) / 1e9;
    return String.format(
        Locale.ROOT,
        "%s %d %08x %.3f s, waited at most %.1f ms",
        board.path(),
        steps * perStep,
        crc.getValue(),
        took,
        longest / 1e6);
  }

  private static void record(Path folder, List<String> paths, BufferedReader in)
      throws IOException {
    var recorders = new ArrayList<WireRecorder>();
    for (String path : paths) {
      var transport = new SerialTransport(SerialPortName.parse(path), LineSettings.of(1_500_000));
      Path file = folder.resolve(path.replace('/', '_') + ".rec");
      Recording recording =
          Recording.toFile(
              path,
              BoardClock.system(),
              file,
              problem -> {
                throw problem;
              });
      recorders.add(WireRecorder.start(transport, recording));
    }
    OUT.println("recording");
    OUT.flush();
    var cpu = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    long cpuBefore = cpu.getProcessCpuTime();
    long begin = BoardClock.system().nanos();
    in.readLine();
    double cores =
        (double) (cpu.getProcessCpuTime() - cpuBefore) / (BoardClock.system().nanos() - begin);
    for (WireRecorder recorder : recorders) {
      Recording recording = recorder.recording();
      var crc = new CRC32();
      var buffer = new byte[64 * 1024];
      long end = recording.end();
      for (long at = 0; at < end; ) {
        int read = recording.read(at, buffer, 0, (int) Math.min(buffer.length, end - at));
        crc.update(buffer, 0, read);
        at += read;
      }
      OUT.printf(Locale.ROOT, "%s %d %08x%n", recording.name(), end, crc.getValue());
      recorder.close();
    }
    OUT.printf(Locale.ROOT, "cores %.2f%n", cores);
    OUT.flush();
    for (String path : paths) {
      Files.deleteIfExists(folder.resolve(path.replace('/', '_') + ".rec"));
    }
  }
}
