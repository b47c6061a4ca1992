package dev.bringup.cli;

import dev.bringup.emulator.builtin.Emulator;
import dev.bringup.emulator.gdb.GdbServer;
import dev.bringup.emulator.trace.Symbols;
import dev.bringup.verdict.BringupException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options to look into the built-in machine: a debugger, a trace, counts. */
final class Inspection {
  private static final int HOTTEST = 20;

  @Option(
      names = "--gdb",
      paramLabel = "[ADDRESS:]PORT",
      description = {
        "Let GDB attach with \"target remote :PORT\"; 0 for any that is free.",
        "This host only, unless ADDRESS says otherwise: whoever connects controls the machine."
      })
  private @Nullable String gdb;

  @Option(names = "--gdb-wait", description = "Stand still until a debugger continues.")
  private boolean gdbWait;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Write each instruction that is executed into this file.")
  private @Nullable Path trace;

  @Option(
      names = "--trace-from",
      paramLabel = "N",
      description = "Begin the trace when so many instructions have been executed.")
  private @Nullable Long traceFrom;

  @Option(
      names = "--trace-count",
      paramLabel = "N",
      description = "Write so many instructions at the most.")
  private @Nullable Long traceCount;

  @Option(
      names = "--symbols",
      paramLabel = "FILE[@OFFSET]",
      description = {
        "Names for --trace and --profile, of a System.map, nm or an ELF file. May be repeated.",
        "OFFSET: from where the program was linked to where it runs, such as 0x3f000000."
      })
  private List<String> symbols = List.of();

  @Option(names = "--counters", description = "Say in the end what the machine has done.")
  private boolean counters;

  @Option(
      names = "--profile",
      description = "Say in the end where the machine was most often: one look in 16,381 ticks.")
  private boolean profile;

  @SuppressWarnings("NullAway.Init") // picocli injects options
  Inspection() {}

  /** Refuses options that make no sense together. */
  void check() {
    if (gdbWait && gdb == null) {
      throw BringupException.configuration("--gdb-wait needs --gdb: where GDB attaches");
    }
    if (gdb != null) {
      var _ = address(gdb);
    }
    if (trace == null && (traceFrom != null || traceCount != null)) {
      throw BringupException.configuration("--trace-from and --trace-count need a --trace");
    }
    if (trace == null && !profile && !symbols.isEmpty()) {
      throw BringupException.configuration("--symbols needs a --trace or a --profile");
    }
    if ((traceFrom != null && traceFrom < 0) || (traceCount != null && traceCount < 0)) {
      throw BringupException.configuration("--trace-from and --trace-count cannot be negative");
    }
  }

  boolean waits() {
    return gdbWait;
  }

  /** Runs the machine to its end, as the options say. */
  void run(Emulator emulator) throws IOException, InterruptedException {
    Symbols names = symbols();
    if (trace == null) {
      runWithDebugger(emulator);
    } else {
      try (BufferedWriter out = open(trace)) {
        emulator.trace(
            out,
            names,
            traceFrom == null ? 0 : traceFrom,
            traceCount == null ? Long.MAX_VALUE : traceCount);
        runWithDebugger(emulator);
      }
    }
    if (counters) {
      emulator.counters().forEach(System.err::println);
    }
    if (profile) {
      emulator.hottest(names, HOTTEST).forEach(System.err::println);
    }
  }

  private static BufferedWriter open(Path file) {
    try {
      return Files.newBufferedWriter(file);
    } catch (IOException e) {
      throw BringupException.configuration(
          "--trace %s cannot be written: %s".formatted(file, e.getMessage()));
    }
  }

  private void runWithDebugger(Emulator emulator) throws InterruptedException {
    if (gdb == null) {
      emulator.run();
      return;
    }
    try (GdbServer server = GdbServer.listen(address(gdb), emulator.debugTarget())) {
      System.err.println("gdb: target remote " + text(server.address()));
      emulator.run();
    }
  }

  private static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    int number = port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : -1;
    if (number < 0 || number > 0xffff) {
      throw BringupException.configuration(
          "--gdb %s: \"%s\" is no port, which is a number from 0 to 65535".formatted(text, port));
    }
    if (colon < 0) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), number);
    }
    var address = new InetSocketAddress(text.substring(0, colon), number);
    if (address.isUnresolved()) {
      throw BringupException.configuration("--gdb " + text + ": there is no such host");
    }
    return address;
  }

  private Symbols symbols() {
    Symbols all = Symbols.none();
    for (String text : symbols) {
      int at = text.lastIndexOf('@');
      long offset = at < 0 ? 0 : offset(text, text.substring(at + 1));
      Path file = Path.of(at < 0 ? text : text.substring(0, at));
      try {
        all = all.and(Symbols.read("--symbols " + file, Files.readAllBytes(file), offset));
      } catch (IOException e) {
        throw BringupException.configuration(
            "--symbols %s: %s"
                .formatted(
                    file,
                    Files.exists(file) ? "cannot be read: " + e.getMessage() : "no such file"));
      }
    }
    return all;
  }

  private static long offset(String option, String text) {
    if (!text.matches("-?0x[0-9a-fA-F]{1,16}")) {
      throw BringupException.configuration(
          "--symbols %s: \"%s\" is no offset, such as 0x3f000000".formatted(option, text));
    }
    boolean negative = text.startsWith("-");
    long value = Long.parseUnsignedLong(text.substring(negative ? 3 : 2), 16);
    return negative ? -value : value;
  }
}
