package dev.bringup.console;

import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * The consoles that share a board's UART while Xen owns it, each with a recording of its own that
 * grows on the very thread on which the UART's does. Thread-safe.
 */
public final class SubConsoles {
  /** What speaks before Xen: ROM, firmware and bootloader. */
  public static final String FIRMWARE = "firmware";

  public static final String XEN = "xen";
  public static final String DOM0 = "dom0";

  private static final Pattern DOMAIN = Pattern.compile("dom(0|[1-9]\\d{0,4})");

  private final Recording board;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, SubConsole> consoles = new TreeMap<>(); // guarded by lock
  private final List<ConsoleEvent.Mark> marks = new ArrayList<>(); // guarded by lock
  private boolean ended; // guarded by lock
  private final ConsoleSplitter splitter; // used by whoever appends to the board's recording
  private volatile String input = FIRMWARE;

  private SubConsoles(Recording board) {
    this.board = board;
    this.splitter = new ConsoleSplitter(0, this::take);
  }

  /** The consoles of {@code board}: of what it said so far and of what it will say. */
  public static SubConsoles of(Recording board) {
    var consoles = new SubConsoles(board);
    board.follow(consoles.new Following());
    return consoles;
  }

  /** The UART's recording. */
  public Recording board() {
    return board;
  }

  /**
   * The console of that name, which may have said nothing yet.
   *
   * @throws BringupException (configuration) if no console can have that name
   */
  public SubConsole console(String name) {
    if (!name.equals(FIRMWARE) && !name.equals(XEN) && !DOMAIN.matcher(name).matches()) {
      throw BringupException.configuration(
          "there is no sub-console \"%s\"; there are firmware, xen, dom0, dom1 and so on"
              .formatted(name));
    }
    lock.lock();
    try {
      return consoles.computeIfAbsent(name, this::begin);
    } finally {
      lock.unlock();
    }
  }

  private SubConsole begin(String name) {
    var recording = Recording.inMemory(board.name() + " " + name, board.clock());
    marks.forEach(mark -> recording.mark(mark.nanos(), mark.text()));
    if (ended) {
      recording.close();
    }
    return new SubConsole(name, recording);
  }

  /** The names of the consoles that said something or were asked for. */
  public List<String> names() {
    lock.lock();
    try {
      return List.copyOf(consoles.keySet());
    } finally {
      lock.unlock();
    }
  }

  private List<SubConsole> all() {
    lock.lock();
    try {
      return List.copyOf(consoles.values());
    } finally {
      lock.unlock();
    }
  }

  /** The name of the console that gets what is typed, as far as the board has said. */
  public String input() {
    return input;
  }

  /** When what the splitter is fed came. */
  private long nanos;

  private void take(int console, long offset, byte[] bytes, int from, int count) {
    // Whoever reads that the input was moved finds it moved.
    input = name(splitter.input());
    console(name(console)).append(offset, nanos, bytes, from, count);
  }

  private static String name(int console) {
    return switch (console) {
      case ConsoleSplitter.FIRMWARE -> FIRMWARE;
      case ConsoleSplitter.XEN -> XEN;
      default -> "dom" + console;
    };
  }

  /** Goes along with the board's recording. */
  private final class Following implements Recording.Follower {
    @Override
    public void bytes(long at, byte[] bytes, int from, int length) {
      nanos = at;
      splitter.feed(bytes, from, length);
      input = name(splitter.input());
      all().forEach(console -> console.recording().stir());
    }

    @Override
    public void event(ConsoleEvent event) {
      nanos = event.nanos();
      switch (event) {
        case ConsoleEvent.Typed typed ->
            console(input)
                .recording()
                .typed(nanos, typed.bytes().getBytes(StandardCharsets.ISO_8859_1));
        case ConsoleEvent.Mark mark -> mark(mark);
      }
    }

    private void mark(ConsoleEvent.Mark mark) {
      switch (mark.text()) {
        case ConsoleEvent.Mark.POWER_ON -> splitter.restart();
        case ConsoleEvent.Mark.POWER_OFF -> splitter.finish();
        default -> {}
      }
      input = name(splitter.input());
      lock.lock();
      try {
        marks.add(mark);
        consoles.values().forEach(console -> console.recording().mark(nanos, mark.text()));
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void end(long at) {
      nanos = at;
      splitter.finish();
      lock.lock();
      try {
        ended = true;
        consoles.values().forEach(console -> console.recording().close());
      } finally {
        lock.unlock();
      }
    }
  }
}
