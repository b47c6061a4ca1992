package dev.bringup.emulator.qemu;

import dev.bringup.board.BenchNetwork;
import dev.bringup.board.Board;
import dev.bringup.board.BoardFaults;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardFolder;
import dev.bringup.board.BoardSite;
import dev.bringup.board.Console;
import dev.bringup.board.PowerControl;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Recording;
import dev.bringup.net.UnixSocketFrameLink;
import dev.bringup.power.PowerState;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A board whose power switch starts and kills an emulator. */
final class QemuBoard implements Board {
  private static final int CONNECT_SECONDS = 20;

  private final BoardFile file;
  private final List<String> command;
  private final BoardFolder folder;
  private final BoardSite site;
  private final Recording recording;
  private final BoardFaults faults;
  private final ConsoleSocket console;
  private final Optional<BenchNetwork> network;
  private final Power power = new Power();

  private QemuBoard(
      BoardFile file,
      List<String> command,
      BoardFolder folder,
      BoardSite site,
      Recording recording,
      BoardFaults faults,
      ConsoleSocket console,
      Optional<BenchNetwork> network) {
    this.file = file;
    this.command = command;
    this.folder = folder;
    this.site = site;
    this.recording = recording;
    this.faults = faults;
    this.console = console;
    this.network = network;
    faults.cutBy(() -> Thread.ofVirtual().name("power fault of " + file.name()).start(power::cut));
  }

  static QemuBoard open(BoardFile file, QemuSettings settings, BoardSite site) {
    settings.requireProgram(file);
    Path firmware = site.bootSets().file(settings.firmwareSet(), settings.firmwareFile());
    BoardFolder folder = BoardFolder.create();
    try {
      return open(file, settings, firmware, site, folder);
    } catch (RuntimeException e) {
      folder.delete();
      throw e;
    }
  }

  private static QemuBoard open(
      BoardFile file, QemuSettings settings, Path firmware, BoardSite site, BoardFolder folder) {
    BoardClock clock = BoardClock.system();
    Path consoleSocket = folder.path().resolve("console");
    Path networkSocket = folder.path().resolve("lan");
    List<String> command = settings.command(file, firmware, consoleSocket, networkSocket);
    Recording recording =
        site.recording()
            .map(path -> Recording.toFile(file.name(), clock, path, site.problems()))
            .orElseGet(() -> Recording.inMemory(file.name(), clock));
    try {
      var faults = new BoardFaults(recording, file.faults(), true);
      Optional<BenchNetwork> network =
          Optional.ofNullable(file.network())
              .map(of ->
                  BenchNetwork.open(
                      UnixSocketFrameLink.listen(networkSocket),
                      of,
                      folder.uploads(),
                      clock,
                      site.capture(),
                      site.problems(),
                      site.tftp(),
                      faults::path));
      var console = new ConsoleSocket(consoleSocket, recording, faults);
      return new QemuBoard(file, command, folder, site, recording, faults, console, network);
    } catch (RuntimeException e) {
      recording.close();
      throw e;
    }
  }

  @Override
  public BoardFile file() {
    return file;
  }

  @Override
  public BoardClock clock() {
    return recording.clock();
  }

  @Override
  public PowerControl power() {
    return power;
  }

  @Override
  public Console console() {
    return console;
  }

  @Override
  public <C> Optional<C> capability(Class<C> capability) {
    return capability.isInstance(faults)
        ? Optional.of(capability.cast(faults))
        : network.filter(capability::isInstance).map(capability::cast);
  }

  @Override
  public void close() {
    if (!power.offForGood()) {
      return;
    }
    try {
      network.ifPresent(BenchNetwork::close);
    } finally {
      recording.close();
      folder.delete();
    }
  }

  private final class Power implements PowerControl {
    private final ReentrantLock switching = new ReentrantLock();
    private @Nullable QemuProcess process; // guarded by switching
    private ConsoleSocket.@Nullable Connection connection; // guarded by switching
    private boolean closed; // guarded by switching

    @Override
    public PowerState get() {
      switching.lock();
      try {
        noticeEnd();
        return process == null ? PowerState.OFF : PowerState.ON;
      } finally {
        switching.unlock();
      }
    }

    @Override
    public void on() {
      switching.lock();
      try {
        noticeEnd();
        if (closed) {
          throw BringupException.cancelled(file.name() + " was closed before it was switched on");
        }
        if (process == null) {
          start();
        }
      } finally {
        switching.unlock();
      }
    }

    private void start() {
      faults.powerOn();
      recording.mark(ConsoleEvent.Mark.POWER_ON);
      ConsoleSocket.Connection wire = console.listen();
      QemuProcess started = start(wire);
      connection = wire;
      process = started;
      var _ = Thread.ofVirtual().name("power " + file.name()).start(() -> noticeEndOf(started));
      for (int second = 0; second < CONNECT_SECONDS; second++) {
        try {
          wire.connected().get(1, TimeUnit.SECONDS);
          return;
        } catch (TimeoutException e) {
          if (!started.isAlive()) {
            break;
          }
        } catch (ExecutionException e) {
          break;
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          started.kill();
          noticeEnd();
          throw BringupException.cancelled("interrupted while switching on " + file.name());
        }
      }
      started.kill();
      noticeEnd();
      throw BringupException.infrastructure(
          "%s: the emulator did not start: %s".formatted(file.name(), why(started)),
          "run its command by hand: " + String.join(" ", command));
    }

    private QemuProcess start(ConsoleSocket.Connection wire) {
      try {
        return QemuProcess.start(file.name(), command);
      } catch (RuntimeException e) {
        wire.drain();
        recording.mark(ConsoleEvent.Mark.POWER_OFF);
        throw e;
      }
    }

    @Override
    public void off() {
      switching.lock();
      try {
        noticeEnd();
        if (process != null) {
          faults.powerOff();
          process.kill();
          noticeEnd();
        }
      } finally {
        switching.unlock();
      }
    }

    /** A fault cuts the power, unless it was switched in the meantime. */
    private void cut() {
      switching.lock();
      try {
        if (faults.isCut()) {
          off();
        }
      } catch (BringupException e) {
        site.problems().accept(e);
      } finally {
        switching.unlock();
      }
    }

    /** Off, and never on again; false if that was so before. */
    private boolean offForGood() {
      switching.lock();
      try {
        off();
        boolean first = !closed;
        closed = true;
        return first;
      } finally {
        switching.unlock();
      }
    }

    /** A board that ends by itself has no power from that moment on, and not when asked next. */
    private void noticeEndOf(QemuProcess started) {
      started.awaitEnd();
      switching.lock();
      try {
        if (process == started) {
          noticeEnd();
        }
      } finally {
        switching.unlock();
      }
    }

    /**
     * The emulator ends when its power is cut, when the board switches itself off, or by a fault.
     */
    private void noticeEnd() {
      if (process == null || process.isAlive() || connection == null) {
        return;
      }
      connection.drain();
      if (process.failed()) {
        recording.mark("emulator ended: " + why(process));
      }
      recording.mark(ConsoleEvent.Mark.POWER_OFF);
      process = null;
      connection = null;
    }

    private static String why(QemuProcess process) {
      String messages = process.messages();
      return messages.isEmpty()
          ? "no message, exit status " + process.exitStatus().map(String::valueOf).orElse("none")
          : messages.lines().reduce((first, second) -> second).orElse(messages);
    }
  }
}
