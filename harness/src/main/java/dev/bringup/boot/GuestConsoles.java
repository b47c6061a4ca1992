package dev.bringup.boot;

import dev.bringup.artifact.BootPlan;
import dev.bringup.board.Board;
import dev.bringup.board.BootStage;
import dev.bringup.console.CommandResult;
import dev.bringup.console.ConsolePattern;
import dev.bringup.console.Expectation;
import dev.bringup.console.Outcome;
import dev.bringup.console.Recording;
import dev.bringup.console.ShellPrompt;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The consoles of guests that dom0 has created. They share the board's one wire: what is typed goes
 * to dom0's shell, or to the one guest that {@code xl console} is attached to.
 */
final class GuestConsoles {
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);
  private static final Duration LEAVE_LIMIT = Duration.ofSeconds(10);

  /** How long a prompt is waited for that need not be the plan's any more. */
  private static final Duration PROMPT_LIMIT = Duration.ofSeconds(2);

  private static final String LEAVE = "\u001d"; // Ctrl-]

  /** A prompt that is further back is not looked for. */
  private static final int TAIL = 64 * 1024;

  private final Board board;
  private final BoardWatch watch;
  private final BootFailures failures;
  private final Prompts prompts;
  private final Map<String, ShellPrompt> shells = new HashMap<>();
  private BootPlan.@Nullable Guest attached;

  /** Where what the attached guest says begins. */
  private long attachedFrom;

  GuestConsoles(Board board, BoardWatch watch, BootFailures failures, Prompts prompts) {
    this.board = board;
    this.watch = watch;
    this.failures = failures;
    this.prompts = prompts;
  }

  /** The board was switched off. */
  void clear() {
    shells.clear();
    attached = null;
  }

  /**
   * Attaches to a guest from dom0's prompt and waits for its shell.
   *
   * @param dom0 dom0's shell
   * @return the guest's token
   */
  Outcome.Matched attach(BootPlan.Guest guest, StageWait wait, ShellPrompt dom0) {
    StageWait here = wait.behind(recording().end());
    attachTo(guest, dom0);
    return awaitShell(guest, here);
  }

  private Outcome.Matched awaitShell(BootPlan.Guest guest, StageWait here) {
    Outcome.Matched token = watch.await(here, token(guest));
    watch.await(here.behind(token.end()), prompt(guest));
    shells.put(guest.name(), prompts.shell(watch.watcher()));
    return token;
  }

  private static ConsolePattern token(BootPlan.Guest guest) {
    return ConsolePattern.literal("the guest's token", guest.shell().token());
  }

  private static ConsolePattern prompt(BootPlan.Guest guest) {
    return ConsolePattern.literal("the guest's prompt", guest.shell().prompt());
  }

  /**
   * Whether a guest that was at its shell is there still. One that was created anew since then says
   * its token again, and is waited for.
   *
   * @return false if it was not, or is gone; dom0 is at its prompt then
   */
  boolean isAtShell(BootPlan.Guest guest, StageWait wait, BootPlan.Shell plan, ShellPrompt dom0) {
    if (!shells.containsKey(guest.name())) {
      return false;
    }
    if (isAttachedTo(guest)) {
      return !hasEnded(plan);
    }
    attachAgain(guest, plan, dom0);
    ConsolePattern back = ConsolePattern.literal("dom0's prompt", plan.prompt());
    Outcome.Matched first =
        plan.prompt().equals(guest.shell().prompt())
            ? watch.await(wait.behind(attachedFrom), token(guest), prompt(guest))
            : watch.await(wait.behind(attachedFrom), back, token(guest), prompt(guest));
    if (first.pattern().equals(back)) {
      return !hasEnded(plan);
    }
    if (first.pattern().equals(token(guest))) {
      awaitShell(guest, wait.behind(attachedFrom));
    }
    return true;
  }

  /**
   * The shell of a guest, attached to.
   *
   * @param dom0 dom0's shell
   * @throws BootFailure if the guest is gone
   */
  ShellPrompt shell(BootPlan.Guest guest, BootPlan.Shell plan, ShellPrompt dom0) {
    ShellPrompt shell = shells.get(guest.name());
    if (shell == null) {
      throw BringupException.configuration(
          "guest \"%1$s\" is not at its shell; first say: guest \"%1$s\" reaches its shell within 60 s"
              .formatted(guest.name()));
    }
    if (!isAttachedTo(guest)) {
      attachAgain(guest, plan, dom0);
      awaitAnyPrompt(guest, plan);
    }
    if (hasEnded(plan)) {
      throw gone(guest);
    }
    return shell;
  }

  /** Whose prompt comes says whether there is a guest; a prompt that has changed says nothing. */
  private void awaitAnyPrompt(BootPlan.Guest guest, BootPlan.Shell plan) {
    if (!plan.prompt().equals(guest.shell().prompt())) {
      var either =
          Expectation.of(ConsolePattern.literal("dom0's prompt", plan.prompt()), prompt(guest));
      long deadline = board.clock().nanos() + PROMPT_LIMIT.toNanos();
      var _ = watch.watcher().await(either, recording().cursor(attachedFrom), deadline);
    }
  }

  /**
   * Runs a command in a guest's shell. When the guest goes, {@code xl console} ends, and what is
   * typed and read is dom0's: that is no answer of the guest.
   *
   * @throws BootFailure if the guest went before its command had ended
   */
  CommandResult run(
      BootPlan.Guest guest,
      BootPlan.Shell plan,
      ShellPrompt dom0,
      BootStage during,
      Function<ShellPrompt, CommandResult> command) {
    ShellPrompt shell = shell(guest, plan, dom0);
    long from = recording().end();
    CommandResult result;
    try {
      result = watch.guarded(during, () -> command.apply(shell));
    } catch (BootFailure e) {
      throw e;
    } catch (BringupException e) {
      boolean ofTheShell =
          switch (e.kind()) {
            case PRODUCT, INFRASTRUCTURE, UNKNOWN -> true;
            case CONFIGURATION, PROTOCOL, CANCELLED, BUG -> false;
          };
      if (ofTheShell && hasEnded(plan)) {
        throw gone(guest);
      }
      throw e;
    }
    if (hasEnded(plan) && recording().text(from, result.end()).contains(plan.prompt())) {
      throw gone(guest);
    }
    return result;
  }

  private boolean isAttachedTo(BootPlan.Guest guest) {
    return attached != null && attached.name().equals(guest.name());
  }

  /**
   * Whether dom0's prompt has come again since a guest was attached to, and no guest's behind it.
   */
  private boolean hasEnded(BootPlan.Shell dom0) {
    BootPlan.Guest guest = attached;
    if (guest == null) {
      return false;
    }
    long end = recording().end();
    String tail = recording().text(Math.max(attachedFrom, end - TAIL), end);
    String mine = guest.shell().prompt();
    int theirs = endOfLast(tail, dom0.prompt());
    int own = endOfLast(tail, mine);
    return theirs > own || (theirs == own && theirs >= 0 && dom0.prompt().length() > mine.length());
  }

  private static int endOfLast(String text, String prompt) {
    int at = text.lastIndexOf(prompt);
    return at < 0 ? -1 : at + prompt.length();
  }

  private BootFailure gone(BootPlan.Guest guest) {
    long end = recording().end();
    attached = null;
    shells.remove(guest.name());
    return failures.failure(
        BootStage.GUEST,
        FailureKind.PRODUCT,
        null,
        "guest gone",
        "guest \""
            + guest.name()
            + "\" is gone: its console has ended, and dom0's prompt came back",
        "",
        end,
        recording().timeAt(end),
        null);
  }

  private Recording recording() {
    return board.console().recording();
  }

  /** Leaves a guest's console, so that what is typed goes to dom0 again. */
  void detach(BootPlan.Shell dom0) {
    if (attached == null) {
      return;
    }
    boolean left = hasEnded(dom0);
    attached = null;
    if (left) {
      return;
    }
    board.clock().catchUp();
    long now = board.clock().nanos();
    var wait = new StageWait(BootStage.DOM0, recording().end(), now, now + LEAVE_LIMIT.toNanos());
    board.console().write(LEAVE.getBytes(StandardCharsets.US_ASCII));
    watch.await(wait, ConsolePattern.literal("dom0's prompt", dom0.prompt()));
  }

  /** A guest was destroyed; the next one of its name is a new one. */
  void forget(String guest, BootPlan.Shell dom0) {
    shells.remove(guest);
    if (attached != null && attached.name().equals(guest)) {
      detach(dom0);
    }
  }

  private void attachAgain(BootPlan.Guest guest, BootPlan.Shell plan, ShellPrompt dom0) {
    detach(plan);
    attachTo(guest, dom0);
    // A console that is attached again shows nothing before Enter.
    prompts.keyboard().typeBlindly(watch.watcher(), "");
  }

  private void attachTo(BootPlan.Guest guest, ShellPrompt dom0) {
    attachedFrom =
        watch.guarded(
            BootStage.DOM0, () -> dom0.start("xl console " + guest.name(), COMMAND_LIMIT));
    attached = guest;
  }
}
