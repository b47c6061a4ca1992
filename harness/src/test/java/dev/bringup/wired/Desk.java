package dev.bringup.wired;

import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardSite;
import dev.bringup.config.YamlFile;
import dev.bringup.config.YamlNode;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Recording;
import dev.bringup.power.PowerState;
import dev.bringup.power.PowerSwitch;
import dev.bringup.transport.Pty;
import dev.bringup.transport.WireEvent;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A desk with one board on it, whose words, wire and outlet the test plays. What {@link #onPower}
 * does runs on a thread of its own from power-on.
 */
public final class Desk {
  private static final Duration LIMIT = Duration.ofSeconds(50);

  /** The backend is made by a service loader on the thread of the run. */
  private static final ThreadLocal<Desk> PRESENT = new ThreadLocal<>();

  /** What the board's file would name: a link to the pseudo terminal of the moment. */
  public final Path link;

  public Runnable onPower = () -> {};

  /** Done before the order to switch on returns, so that all that follows comes after it. */
  public Runnable withPower = () -> {};

  public Runnable onPowerCut = () -> {};
  public boolean poweredByBoard;

  /** The outlet refuses to switch. */
  public boolean stuck;

  /** The outlet confirms that it is on, and is off ever after. */
  public boolean fallsOff;

  public final PowerSwitch outlet = new Outlet();
  private @Nullable Pty pty;
  private @Nullable Thread board;
  private volatile @Nullable Recording recording;

  public Desk(Path link) {
    this.link = link;
    plug();
  }

  /** A desk in a folder, with a board file that knows a kernel panic; skips where it cannot be. */
  public static Desk knowingPanics(Path folder) throws IOException {
    Assumptions.assumeTrue(
        System.getProperty("os.name", "").equals("Linux"), "pseudo terminals need Linux");
    writeBoard(
        folder,
        """
        bad-patterns:
          panic: {literal: Kernel panic, verdict: product failure, reason: it panicked}
        """);
    return new Desk(folder.resolve("wire"));
  }

  /**
   * Writes {@code boards/desk.yaml}: a bootloader with a countdown, and drivers.
   *
   * @param more lines behind the drivers: more of them, or other keys
   * @return the folder of boards
   */
  public static Path writeBoard(Path folder, String more) throws IOException {
    Path boards = Files.createDirectories(folder.resolve("boards"));
    Files.writeString(
        boards.resolve("desk.yaml"),
        """
        description: what the test makes of it
        architecture: arm64
        cpus: 1
        memory: 1 GiB
        memory-map: {ram: 0x40000000, script: 0x40200000, load: 0x40400000}
        stages:
          firmware: {mark: {literal: Banner}, within: 30 s}
          bootloader: {mark: {prompt: true}, within: 2 s}
        bootloader:
          kind: u-boot
          prompt: '=> '
          autoboot: {mark: Hit any key, key: ' '}
        drivers:
          console: {driver: pty, path: wire}
          power: {driver: test}
        """
            + more);
    return boards;
  }

  /** Sees no backend but that of this desk. */
  public ClassLoader loader(Path folder) throws IOException {
    PRESENT.set(this);
    Path services = folder.resolve("services");
    Files.writeString(services, DeskBackend.class.getName());
    URL url = services.toUri().toURL();
    return new ClassLoader(getClass().getClassLoader()) {
      @Override
      public Enumeration<URL> getResources(String name) throws IOException {
        return name.equals("META-INF/services/" + BoardBackend.class.getName())
            ? Collections.enumeration(List.of(url))
            : super.getResources(name);
      }
    };
  }

  public synchronized void plug() {
    try {
      Pty made = Pty.make();
      pty = made;
      Files.createSymbolicLink(link, made.path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public synchronized void plugIfAbsent() {
    if (pty == null) {
      plug();
    }
  }

  /** Takes the wire away, and waits until the recorder has seen it. */
  public void cut() {
    Recording heard = Objects.requireNonNull(recording);
    long deadline = heard.clock().nanos() + LIMIT.toNanos();
    long before = losses(heard);
    unplug();
    while (losses(heard) == before) {
      if (deadline - heard.clock().nanos() <= 0) {
        throw new AssertionError("the recorder did not see that the wire is lost");
      }
      Thread.onSpinWait();
    }
  }

  private static long losses(Recording heard) {
    return heard.events().stream()
        .filter(event ->
            event instanceof ConsoleEvent.Mark mark
                && mark.text().equals(ConsoleEvent.Mark.WIRE_LOST))
        .count();
  }

  public synchronized void unplug() {
    try {
      Files.deleteIfExists(link);
      if (pty != null) {
        pty.close();
        pty = null;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized Pty pty() {
    return Objects.requireNonNull(pty, "the wire is unplugged");
  }

  /** The board says something. */
  public void say(String text) {
    sayBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The board says something. */
  public void sayBytes(byte[] bytes) {
    pty().connection().write(bytes);
  }

  /** The board waits until something is typed. */
  public void awaitKey() {
    WireEvent event = pty().connection().next();
    if (!(event instanceof WireEvent.Received)) {
      throw new AssertionError("no key was pressed: " + event);
    }
  }

  /** Waits until this many bytes of the board were recorded. */
  public void awaitHeard(long bytes) {
    Recording heard = Objects.requireNonNull(recording);
    long deadline = heard.clock().nanos() + LIMIT.toNanos();
    while (heard.end() < bytes) {
      if (!heard.awaitBeyond(heard.end(), deadline) && heard.end() < bytes) {
        throw new AssertionError("only " + heard.end() + " bytes of " + bytes + " were heard");
      }
    }
  }

  /** Ends what the board does, and takes the wire away. */
  public void putAway() {
    PRESENT.remove();
    Thread last = board;
    if (last != null) {
      last.interrupt();
    }
    unplug();
  }

  /** The outlet that the board gets its power from. */
  private final class Outlet implements PowerSwitch {
    private volatile PowerState state = PowerState.OFF;

    @Override
    public String outlet() {
      return "outlet 3 of the test's strip";
    }

    @Override
    public PowerState read() {
      PowerState now = state;
      if (fallsOff && now == PowerState.ON) {
        state = PowerState.OFF;
      }
      return now;
    }

    @Override
    public void set(boolean on) {
      if (stuck) {
        throw BringupException.infrastructure(outlet() + " does not obey", "look at it");
      }
      if (on == (state == PowerState.ON)) {
        return;
      }
      state = on ? PowerState.ON : PowerState.OFF;
      if (on) {
        withPower.run();
        board = Thread.ofVirtual().start(onPower);
      } else {
        onPowerCut.run();
      }
    }
  }

  private BoardFile.Driver console() {
    YamlNode.Mapping settings =
        YamlFile.parse(
                "desk",
                "{driver: pty, path: \"%s\", powered-by-board: %s}".formatted(link, poweredByBoard))
            .map();
    return new BoardFile.Driver("pty", settings);
  }

  /** Opens the board of the desk. */
  public static final class DeskBackend implements BoardBackend {
    private final Desk desk = PRESENT.get();

    @Override
    public String engine() {
      return WIRED;
    }

    @Override
    public List<Class<?>> capabilities(BoardFile file) {
      return List.of();
    }

    @Override
    public Board open(BoardFile file, BoardSite site) {
      Board opened =
          WiredBoard.open(
              file.with(null, Map.of("console", desk.console())),
              site,
              desk.outlet,
              Optional.empty());
      desk.recording = opened.console().recording();
      return opened;
    }
  }
}
