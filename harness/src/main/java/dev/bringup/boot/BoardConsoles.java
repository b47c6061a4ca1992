package dev.bringup.boot;

import dev.bringup.board.Board;
import dev.bringup.board.BootStage;
import dev.bringup.console.CommandResult;
import dev.bringup.console.ConsolePattern;
import dev.bringup.console.ConsoleWatcher;
import dev.bringup.console.Cursor;
import dev.bringup.console.Expectation;
import dev.bringup.console.Outcome;
import dev.bringup.console.Screen;
import dev.bringup.console.ScreenView;
import dev.bringup.console.ShellPrompt;
import dev.bringup.console.SubConsole;
import dev.bringup.console.SubConsoles;
import dev.bringup.console.XenInput;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The consoles of Xen, dom0 and the guests that Xen started, which share the board's UART, and the
 * screen that a terminal at that UART would show. Made when a step first asks. Belongs to one
 * thread.
 */
public final class BoardConsoles {
  /** UEFI draws for up to 50 rows on a serial terminal. */
  private static final int SCREEN_ROWS = 50;

  private final Board board;
  private final BoardWatch watch;
  private final Prompts prompts;
  private final Supplier<BootStage> stage;
  private final Map<String, Cursor> cursors = new HashMap<>();
  private final Map<String, Shell> shells = new HashMap<>();
  private @Nullable SubConsoles consoles;
  private @Nullable ScreenView screen;
  private long bootOffset;

  /** A shell and the watcher of the stage in which it was found. */
  private record Shell(ShellPrompt prompt, ConsoleWatcher whole) {}

  BoardConsoles(Board board, BoardWatch watch, Prompts prompts, Supplier<BootStage> stage) {
    this.board = board;
    this.watch = watch;
    this.prompts = prompts;
    this.stage = stage;
  }

  /** A boot begins at {@code offset}; what was before does not count any more. */
  void boot(long offset) {
    bootOffset = offset;
    cursors.clear();
    shells.clear();
    screen = null;
  }

  private SubConsoles consoles() {
    SubConsoles known = consoles;
    if (known == null) {
      known = SubConsoles.of(board.console().recording());
      consoles = known;
    }
    return known;
  }

  /**
   * Gives Xen's input to a console: {@code xen}, {@code dom0} or {@code dom1} and so on.
   *
   * @throws BootFailure if something bad is seen on the way
   */
  public void giveInput(String name) {
    var input = new XenInput(consoles(), board.console()::write);
    watch.guarded(
        stage.get(),
        () -> {
          input.giveTo(name, watch.watcher());
          return name;
        });
  }

  /** What is typed to dom0 gets there, if somebody else was given the input before. */
  void giveInputToDom0() {
    if (consoles != null && !consoles.input().equals(SubConsoles.FIRMWARE)) {
      giveInput(SubConsoles.DOM0);
    }
  }

  /** Types a line and Enter to a console, after giving it the input. */
  public void type(String name, String line) {
    giveInput(name);
    prompts.keyboard().typeBlindly(watch.watcher(), line);
  }

  /**
   * Waits until a console says {@code text}, behind what was awaited of it before in this boot.
   *
   * @throws BootFailure if something bad is seen on the UART first
   */
  public void await(String name, String text, Duration limit) {
    SubConsole console = consoles().console(name);
    Cursor cursor = cursors.computeIfAbsent(name, _ -> console.cursor(bootOffset));
    var watcher = new ConsoleWatcher(console, watch.watcher());
    Outcome.Matched _ =
        watch.guarded(
            stage.get(),
            () ->
                watcher.require(
                    Expectation.of(ConsolePattern.literal(text)), cursor, deadline(limit)));
  }

  /** Runs a command in the shell at a console, after giving it the input. */
  public CommandResult run(String name, String command, Duration limit) {
    giveInput(name);
    ConsoleWatcher whole = watch.watcher();
    Shell shell = shells.get(name);
    if (shell == null || shell.whole() != whole) {
      var watcher = new ConsoleWatcher(consoles().console(name), whole);
      shell = new Shell(prompts.shell(watcher), whole);
      shells.put(name, shell);
    }
    ShellPrompt prompt = shell.prompt();
    return watch.guarded(stage.get(), () -> prompt.run(command, limit));
  }

  /** Waits until the screen shows what {@code shows} looks for; returns the screen. */
  public Screen awaitScreen(String awaited, Predicate<Screen> shows, Duration limit) {
    ScreenView known = screen;
    if (known == null) {
      known = new ScreenView(new Screen(Screen.USUAL_COLUMNS, SCREEN_ROWS, _ -> {}), bootOffset);
      screen = known;
    }
    ScreenView view = known;
    return watch.guarded(
        stage.get(),
        () -> {
          view.await(watch.watcher(), awaited, shows, deadline(limit));
          return view.screen();
        });
  }

  private long deadline(Duration limit) {
    return board.clock().nanos() + limit.toNanos();
  }
}
