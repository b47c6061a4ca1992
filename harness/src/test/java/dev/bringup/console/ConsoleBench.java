package dev.bringup.console;

import static dev.bringup.console.ConsolePattern.literal;
import static dev.bringup.console.ConsolePattern.prompt;
import static dev.bringup.console.ConsolePattern.regex;

import dev.bringup.board.BoardCatalog;
import dev.bringup.board.Mark;
import dev.bringup.time.BoardClock;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast consoles are searched. Prints figures, judges none. {@code dev/bench/console.py} does
 * the same log with pexpect; {@code --log FILE} writes that log.
 */
final class ConsoleBench {
  private static final PrintStream OUT = System.out;
  private static final int MIB = 1 << 20;

  /** Twenty that a boot to dom0 would watch; the last one is the one that comes. */
  private static final List<ConsolePattern> PATTERNS =
      List.of(
          regex("Kernel panic - not syncing: .*"),
          regex("Internal error: Oops.*"),
          regex("Unable to handle kernel .* at virtual address"),
          literal("BUG: "),
          literal("watchdog: BUG: soft lockup"),
          literal("rcu: INFO: rcu_sched detected stalls"),
          regex("Out of memory: Killed process \\d+"),
          regex("Panic on CPU \\d+:"),
          literal("Reboot in five seconds..."),
          literal("Bad Linux ARM64 Image magic!"),
          regex("TFTP error: '.*' \\(\\d+\\)"),
          literal("Synchronous Abort"),
          literal("### ERROR ### Please RESET the board ###"),
          regex("U-Boot \\d{4}\\.\\d\\d"),
          literal("Attempted to kill init"),
          regex("VFS: Unable to mount root fs on .*"),
          literal("blk_update_request: I/O error"),
          regex("^Xen \\d+\\.\\d+"),
          prompt("prompt", "=> "),
          regex("login: $"));

  private ConsoleBench() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length == 2 && args[0].equals("--log")) {
      Files.write(Path.of(args[1]), log(4 * MIB));
      return;
    }
    byte[] log = log(64 * MIB);
    search(log);
    splitAndDetect();
    latency();
    manyConsoles();
  }

  /** Kernel-like lines without any of the patterns but the last. */
  static byte[] log(int size) {
    var random = new Random(1);
    String[] words = {
      "usb", "eth0:", "device", "registered", "0x%08x", "using", "Linux", "driver", "BU", "reset",
      "virtio_blk", "clk:", "mmc0:", "new", "high", "speed", "link", "up", "Kernel", "memory"
    };
    var text = new StringBuilder(size + 200);
    while (text.length() < size - 8) {
      text.append(
          String.format(Locale.ROOT, "[%5d.%06d] ", text.length() / 1000, random.nextInt(999_999)));
      for (int n = 4 + random.nextInt(8); n > 0; n--) {
        text.append(
            String.format(Locale.ROOT, words[random.nextInt(words.length)], random.nextInt()));
        text.append(n == 1 ? "\r\n" : " ");
      }
    }
    return text.append("login: ").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void search(byte[] log) {
    var recording = Recording.inMemory("bench", BoardClock.system());
    recording.append(log);
    recording.close();
    var all = Expectation.anyOf(PATTERNS);
    var last = Expectation.of(PATTERNS.getLast());
    List<ConsolePattern> bad = PATTERNS.subList(0, PATTERNS.size() - 1);
    for (int round = 1; round <= 5; round++) {
      long start = threadNanos();
      var together =
          new ConsoleWatcher(recording, List.of(), 0)
              .await(all, recording.cursor(0), Long.MAX_VALUE);
      long middle = threadNanos();
      var apart =
          new ConsoleWatcher(recording, bad, 0).await(last, recording.cursor(0), Long.MAX_VALUE);
      long end = threadNanos();
      check(together, log.length);
      check(apart, log.length);
      OUT.printf(
          Locale.ROOT,
          "search, round %d: 20 patterns awaited %.0f MB/s; 1 awaited with 19 bad ones watched %.0f"
              + " MB/s%n",
          round,
          log.length * 1e3 / (middle - start),
          log.length * 1e3 / (end - middle));
    }
  }

  /** A real boot of Xen with two guests, over and over, with all shipped bad patterns. */
  private static void splitAndDetect() throws IOException {
    Path root = Path.of(System.getProperty("bringup.root", ".."));
    String boots = "harness/src/test/resources/dev/bringup/board/boots/clean/";
    byte[] boot = Files.readAllBytes(root.resolve(boots + "xen-dom0-two-guests.log"));
    var log = new byte[64 * MIB / boot.length * boot.length];
    for (int at = 0; at < log.length; at += boot.length) {
      System.arraycopy(boot, 0, log, at, boot.length);
    }
    List<ConsolePattern> bad = new ArrayList<>();
    for (var pattern : BoardCatalog.load(root.resolve("boards")).board("emu-virt").badPatterns()) {
      bad.add(
          switch (pattern.mark()) {
            case Mark.Literal(String text) -> literal(pattern.name(), text);
            case Mark.Regex(String syntax) -> regex(pattern.name(), syntax);
          });
    }
    var set = new PatternSet(bad);
    for (int round = 1; round <= 5; round++) {
      var given = new long[1];
      var splitter = new ConsoleSplitter(0, (_, _, _, _, count) -> given[0] += count);
      var detectors = new PatternScanner(set, 0, (byte) '\n');
      long start = threadNanos();
      for (int at = 0; at < log.length; at += 4096) {
        splitter.feed(log, at, Math.min(4096, log.length - at));
      }
      long middle = threadNanos();
      for (int at = 0; at < log.length; at += 4096) {
        if (detectors.feed(log, at, Math.min(4096, log.length - at)) != null) {
          throw new IllegalStateException("a clean boot is called bad");
        }
      }
      long end = threadNanos();
      OUT.printf(
          Locale.ROOT,
          "sub-consoles, round %d: told apart %.0f MB/s; %d bad patterns watched %.0f MB/s; both"
              + " %.0f MB/s%n",
          round,
          log.length * 1e3 / (middle - start),
          bad.size(),
          log.length * 1e3 / (end - middle),
          log.length * 1e3 / (end - start));
    }
  }

  private static void check(Outcome outcome, int end) {
    if (!(outcome instanceof Outcome.Matched matched) || matched.end() != end) {
      throw new IllegalStateException("found " + outcome);
    }
  }

  /** From the append of the last byte to the return of the wait, on another thread. */
  private static void latency() throws InterruptedException {
    var nanos = new long[2000];
    for (int i = 0; i < nanos.length; i++) {
      var recording = Recording.inMemory("bench", BoardClock.system());
      recording.append(
          "[    1.000000] usb 1-1: new device\r\n".getBytes(StandardCharsets.US_ASCII));
      var done = new long[1];
      var waiter =
          Thread.ofVirtual()
              .start(() -> {
                var outcome =
                    new ConsoleWatcher(recording, PATTERNS.subList(0, 18), 0)
                        .await(
                            Expectation.of(PATTERNS.get(18)),
                            recording.cursor(0),
                            System.nanoTime() + Duration.ofSeconds(5).toNanos());
                done[0] = System.nanoTime();
                check(outcome, (int) recording.end());
              });
      LockSupport.parkNanos(1_000_000);
      long appended = System.nanoTime();
      recording.append("=> ".getBytes(StandardCharsets.US_ASCII));
      waiter.join();
      nanos[i] = done[0] - appended;
    }
    Arrays.sort(nanos);
    OUT.printf(
        Locale.ROOT,
        "latency from last byte to match: p50 %.3f ms, p99 %.3f ms, most %.3f ms%n",
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6,
        nanos[nanos.length - 1] / 1e6);
  }

  /** 64 consoles at 150 KB/s each, in 1 KiB pieces, for ten seconds. */
  private static void manyConsoles() throws InterruptedException {
    byte[] log = log(2 * MIB);
    var ready = new CountDownLatch(64);
    List<Recording> recordings = new ArrayList<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 64; i++) {
        var recording = Recording.inMemory("console " + i, BoardClock.system());
        recordings.add(recording);
        executor.execute(() -> {
          ready.countDown();
          new ConsoleWatcher(recording, PATTERNS.subList(0, 19), 0)
              .await(
                  Expectation.of(PATTERNS.getLast()),
                  recording.cursor(0),
                  System.nanoTime() + Duration.ofSeconds(60).toNanos());
        });
      }
      ready.await();
      long cpu = cpuNanos();
      long start = System.nanoTime();
      // 1.5 MB for each console, a piece for each every 1024 / 150000 s.
      for (int piece = 0; piece < 1465; piece++) {
        for (Recording recording : recordings) {
          recording.append(log, piece * 1024, 1024);
        }
        long due = start + piece * 1_024_000_000_000L / 150_000;
        LockSupport.parkNanos(due - System.nanoTime());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      OUT.printf(
          Locale.ROOT,
          "64 consoles at 150 KB/s with 20 patterns each: %.2f of a core over %.1f s%n",
          (cpuNanos() - cpu) / 1e9 / seconds,
          seconds);
      recordings.forEach(Recording::close);
    }
  }

  /** CPU time, so that what else the machine does counts little. */
  private static long threadNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
