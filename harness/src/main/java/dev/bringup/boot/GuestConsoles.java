package dev.bringup.boot;

import dev.bringup.artifact.BootPlan;
import dev.bringup.board.Board;
import dev.bringup.board.BootStage;
import dev.bringup.console.ConsolePattern;
import dev.bringup.console.Outcome;
import dev.bringup.console.ShellPrompt;
import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The consoles of guests that dom0 has created. They share the board's one wire: what is typed goes
 * to dom0's shell, or to the one guest that {@code xl console} is attached to.
 */
final class GuestConsoles {
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);
  private static final Duration LEAVE_LIMIT = Duration.ofSeconds(10);
  private static final String LEAVE = "\u001d"; // Ctrl-]

  private final Board board;
  private final BoardWatch watch;
  private final Prompts prompts;
  private final Map<String, ShellPrompt> shells = new HashMap<>();
  private @Nullable String attached;

  GuestConsoles(Board board, BoardWatch watch, Prompts prompts) {
    this.board = board;
    this.watch = watch;
    this.prompts = prompts;
  }

  /** The board was switched off. */
  void clear() {
    shells.clear();
    attached = null;
  }

  boolean isAtShell(String guest) {
    return shells.containsKey(guest);
  }

  /**
   * Attaches to a guest from dom0's prompt and waits for its shell.
   *
   * @param dom0 dom0's shell
   * @return the guest's token
   */
  Outcome.Matched attach(BootPlan.Guest guest, StageWait wait, ShellPrompt dom0) {
    StageWait here = wait.behind(board.console().recording().end());
    attachTo(guest.name(), dom0);
    Outcome.Matched token =
        watch.await(here, ConsolePattern.literal("the guest's token", guest.shell().token()));
    watch.await(
        here.behind(token.end()),
        ConsolePattern.literal("the guest's prompt", guest.shell().prompt()));
    shells.put(guest.name(), prompts.shell(watch.watcher()));
    return token;
  }

  /**
   * The shell of a guest, attached to.
   *
   * @param dom0 dom0's shell
   */
  ShellPrompt shell(String guest, BootPlan.Shell plan, ShellPrompt dom0) {
    ShellPrompt shell = shells.get(guest);
    if (shell == null) {
      throw BringupException.configuration(
          "guest \"%s\" is not at its shell; first say: guest \"%s\" reaches its shell within 60 s"
              .formatted(guest, guest));
    }
    if (!guest.equals(attached)) {
      detach(plan);
      attachTo(guest, dom0);
      // A console that is attached again shows nothing before Enter.
      prompts.keyboard().typeBlindly(watch.watcher(), "");
    }
    return shell;
  }

  /** Leaves a guest's console, so that what is typed goes to dom0 again. */
  void detach(BootPlan.Shell dom0) {
    if (attached == null) {
      return;
    }
    attached = null;
    board.clock().catchUp();
    long now = board.clock().nanos();
    var wait =
        new StageWait(
            BootStage.DOM0, board.console().recording().end(), now, now + LEAVE_LIMIT.toNanos());
    board.console().write(LEAVE.getBytes(StandardCharsets.US_ASCII));
    watch.await(wait, ConsolePattern.literal("dom0's prompt", dom0.prompt()));
  }

  /** A guest was destroyed; the next one of its name is a new one. */
  void forget(String guest, BootPlan.Shell dom0) {
    shells.remove(guest);
    if (guest.equals(attached)) {
      detach(dom0);
    }
  }

  private void attachTo(String guest, ShellPrompt dom0) {
    long _ = watch.guarded(BootStage.DOM0, () -> dom0.start("xl console " + guest, COMMAND_LIMIT));
    attached = guest;
  }
}
