package dev.bringup.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bringup.artifact.BootPlan;
import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BootStage;
import dev.bringup.board.PlayedBoard;
import dev.bringup.console.CommandResult;
import dev.bringup.console.FakeBoard;
import dev.bringup.console.ShellPrompt;
import dev.bringup.console.SlowBoard;
import dev.bringup.units.ByteSize;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest's shell and dom0's share one wire, and what one says is never taken for the other's. */
class GuestConsolesTest {
  private static final Path ROOT = Path.of(System.getProperty("bringup.root", ".."));
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final BootPlan.Shell DOM0 = new BootPlan.Shell("dom0 is ready", "dom0# ");

  @TempDir private Path folder;

  private Xen xen;
  private GuestConsoles consoles;
  private ShellPrompt dom0;
  private BootPlan.Guest guest;

  @BeforeEach
  void startXen() throws IOException {
    start("guest# ");
  }

  private void start(String guestPrompt) throws IOException {
    Files.createDirectories(folder.resolve("types"));
    for (String type : List.of("arm64-boot.yaml", "virt-arm64.yaml")) {
      Files.write(
          folder.resolve("types/" + type),
          Files.readAllBytes(ROOT.resolve("boards/types/" + type)));
    }
    Files.writeString(folder.resolve("xen.yaml"), "type: virt-arm64\nmachine: {engine: none}\n");
    xen = new Xen(BoardCatalog.load(folder).board("xen"), new SlowBoard(64, 10_000), guestPrompt);
    var failures = new BootFailures(xen);
    var watch = new BoardWatch(xen, failures);
    var prompts = new Prompts(xen);
    consoles = new GuestConsoles(xen, watch, failures, prompts);
    dom0 = prompts.shell(watch.watcher());
    guest =
        new BootPlan.Guest(
            "guest1",
            BootPlan.Guest.Start.XL,
            false,
            "Image",
            "guest.cpio.gz",
            "",
            ByteSize.parse("128 MiB"),
            1,
            new BootPlan.Shell("guest is ready", guestPrompt));
  }

  private StageWait inTime() {
    long now = xen.clock().nanos();
    return new StageWait(BootStage.GUEST, xen.recording().end(), now, now + LIMIT.toNanos());
  }

  private CommandResult inGuest(String command) {
    return consoles.run(guest, DOM0, dom0, BootStage.DOM0, shell -> shell.run(command, LIMIT));
  }

  private CommandResult inDom0(String command) {
    consoles.detach(DOM0);
    return dom0.run(command, LIMIT);
  }

  private BootFailure failureInGuest(String command) {
    return catchThrowableOfType(BootFailure.class, () -> inGuest(command));
  }

  private void requireGone(BootFailure failure) {
    assertThat(failure.evidence().cause()).isEqualTo("guest gone");
    assertThat(failure.kind()).isEqualTo(FailureKind.PRODUCT);
    assertThat(xen.ranInDom0).doesNotContain("id");
    assertThat(inDom0("who").output()).isEqualTo("dom0\n");
  }

  @Test
  void commandsGoToTheGuestAndToDom0InTurn() throws IOException {
    for (String prompt : List.of("guest# ", "# ", DOM0.prompt(), "dom0# guest# ")) {
      start(prompt);
      assertThat(consoles.attach(guest, inTime(), dom0).groups()).isNotEmpty();
      assertThat(inGuest("who").output()).as(prompt).isEqualTo("guest\n");
      assertThat(inDom0("who").output()).as(prompt).isEqualTo("dom0\n");
      assertThat(inGuest("who").output()).as(prompt).isEqualTo("guest\n");
      assertThat(consoles.isAtShell(guest, inTime(), DOM0, dom0)).isTrue();
    }
  }

  @Test
  void aPromptThatTheGuestHasChangedSaysNothingAgainstIt() {
    assertThat(consoles.attach(guest, inTime(), dom0).groups()).isNotEmpty();
    assertThat(inGuest("PS1=/tmp:").output()).isEqualTo("guest\n");
    assertThat(inDom0("who").output()).isEqualTo("dom0\n");
    assertThat(inGuest("who").output()).isEqualTo("guest\n");
  }

  @Test
  void whatDom0AnswersForADestroyedGuestIsNotTheGuests() {
    assertThat(consoles.attach(guest, inTime(), dom0).groups()).isNotEmpty();
    assertThat(inDom0("xl destroy guest1").exitCode()).isZero();

    requireGone(failureInGuest("id"));
    assertThat(consoles.isAtShell(guest, inTime(), DOM0, dom0)).isFalse();
  }

  @Test
  void aGuestThatGoesWhileNobodyTypesIsGoneForAllThatComesNext() {
    assertThat(consoles.attach(guest, inTime(), dom0).groups()).isNotEmpty();
    assertThat(inGuest("who").output()).isEqualTo("guest\n");
    xen.endGuest();
    assertThat(consoles.isAtShell(guest, inTime(), DOM0, dom0)).isFalse();
    assertThat(inDom0("who").output()).isEqualTo("dom0\n");
    requireGone(failureInGuest("id"));
    assertThatThrownBy(() -> inGuest("id")).hasMessageContaining("is not at its shell");
  }

  @Test
  void aGuestThatGoesDuringItsCommandDidNotEndIt() {
    assertThat(consoles.attach(guest, inTime(), dom0).groups()).isNotEmpty();
    requireGone(failureInGuest("poweroff"));
  }

  @Test
  void aGuestThatWasCreatedAgainIsWaitedForUntilItSaysItsToken() {
    assertThat(consoles.attach(guest, inTime(), dom0).groups()).isNotEmpty();
    assertThat(inDom0("xl destroy guest1").exitCode()).isZero();
    assertThat(inDom0("xl create guest1").exitCode()).isZero();

    assertThat(consoles.isAtShell(guest, inTime(), DOM0, dom0)).isTrue();
    assertThat(xen.recording().text(0, xen.recording().end()).split("guest is ready")).hasSize(3);
    assertThat(inGuest("who").output()).isEqualTo("guest\n");
  }

  /** dom0 and one guest behind {@code xl console}. */
  private static final class Xen extends PlayedBoard {
    private final SlowBoard slow;
    private final String guestPrompt;
    private final FakeBoard dom0;
    private final List<String> ranInDom0 = new ArrayList<>();
    private @Nullable FakeBoard guest;
    private boolean created = true;
    private boolean attached;
    private String changedPrompt = "";

    private Xen(BoardFile file, SlowBoard slow, String guestPrompt) {
      super(file, slow);
      this.slow = slow;
      this.guestPrompt = guestPrompt;
      on();
      dom0 =
          FakeBoard.atShell(recording(), () -> attached ? "" : DOM0.prompt(), this::answerOfDom0);
      slow.running(this::type);
    }

    private FakeBoard.Reply answerOfDom0(String command) {
      ranInDom0.add(command);
      return switch (command) {
        case "xl destroy guest1" -> {
          created = false;
          guest = null;
          yield new FakeBoard.Reply("", 0);
        }
        case "xl create guest1" -> {
          created = true;
          yield new FakeBoard.Reply("", 0);
        }
        case "xl console guest1" -> attach();
        default -> new FakeBoard.Reply("dom0\n", 0);
      };
    }

    private FakeBoard.Reply attach() {
      if (!created) {
        return new FakeBoard.Reply("guest1 is an invalid domain identifier (rc=-6)\n", 1);
      }
      attached = true;
      if (guest == null) {
        changedPrompt = "";
        say("guest is ready\r\n");
        guest =
            FakeBoard.atShell(
                recording(),
                () -> attached ? changedPrompt.isEmpty() ? guestPrompt : changedPrompt : "",
                this::answerOfGuest);
      }
      return new FakeBoard.Reply("", 0);
    }

    private FakeBoard.Reply answerOfGuest(String command) {
      if (command.equals("poweroff")) {
        endGuest();
        return new FakeBoard.Reply("", 0);
      }
      if (command.startsWith("PS1=")) {
        changedPrompt = command.substring(4);
      }
      return new FakeBoard.Reply("guest\n", 0);
    }

    /** The guest is no more, and so {@code xl console} ends. */
    private void endGuest() {
      created = false;
      guest = null;
      leave();
    }

    private void leave() {
      attached = false;
      say(DOM0.prompt());
    }

    private void say(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      recording().append(bytes, 0, bytes.length);
    }

    private void type(byte[] bytes) {
      FakeBoard reader = guest;
      if (!attached || reader == null) {
        dom0.write(bytes);
      } else if (bytes[0] == 0x1d) {
        leave();
      } else {
        reader.write(bytes);
      }
    }

    @Override
    public void write(byte[] bytes) {
      slow.write(bytes);
    }
  }
}
