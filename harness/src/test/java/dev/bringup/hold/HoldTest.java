package dev.bringup.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bringup.console.ConsoleEvent;
import dev.bringup.hold.HoldMessage.From;
import dev.bringup.hold.HoldMessage.Wish;
import dev.bringup.power.PowerState;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One process holds a board, others attach to it. */
@Timeout(60)
class HoldTest {
  private final LampBoard board = new LampBoard();
  private final Path folder;
  private final HoldPlace place;
  private final HoldServer server;

  HoldTest(@TempDir Path folder) {
    this.folder = folder;
    place = HoldPlace.of("lamp", Map.of("XDG_RUNTIME_DIR", folder.toString()));
    server = HoldServer.start(place, board, false);
  }

  @AfterEach
  void giveBack() {
    server.close();
    board.close();
  }

  private Person attach(From from, String name) {
    return new Person(place, from, name);
  }

  @Test
  void allReadFromWhereTheyWantAndWhatIsTypedIsSeenByAll() {
    board.say("past ");
    try (Person early = attach(From.START, "Ada");
        Person late = attach(From.NOW, "Bob")) {
      early.await("past ");
      late.type("hello");
      assertThat(early.await("hello")).isEqualTo("past hello");
      assertThat(late.await("hello")).isEqualTo("hello");
      assertThat(late.look().attached()).isEqualTo(2);
    }
  }

  @Test
  void oneTypesAndTakingTheKeyboardOverIsSeenByAllAndRecorded() {
    try (Person ada = attach(From.NOW, "Ada");
        Person bob = attach(From.NOW, "Bob")) {
      ada.type("a");
      bob.awaitNotice("the keyboard is with Ada");
      bob.await("a");

      bob.type("lost");
      bob.awaitNotice("nothing was typed: the keyboard is with Ada");
      assertThatExceptionOfType(BringupException.class)
          .isThrownBy(() -> bob.ask(new HoldMessage.Keyboard(Wish.IF_FREE)))
          .withMessage("the keyboard is with Ada");
      assertThat(bob.look().mine()).isFalse();

      bob.ask(new HoldMessage.Keyboard(Wish.TAKE));
      ada.awaitNotice("the keyboard is with Bob");
      assertThat(bob.look().mine()).isTrue();
      bob.type("b");
      assertThat(ada.await("b")).isEqualTo("ab");

      bob.ask(new HoldMessage.Keyboard(Wish.TAKE_OR_GIVE_BACK));
      ada.awaitNotice("the keyboard is free; Bob had it");
      ada.type("c");
      assertThat(bob.await("c")).isEqualTo("abc");
    }
    assertThat(board.console().recording().events())
        .filteredOn(ConsoleEvent.Mark.class::isInstance)
        .extracting(event -> ((ConsoleEvent.Mark) event).text())
        .startsWith(
            "the keyboard is with Ada",
            "the keyboard is with Bob",
            "the keyboard is free; Bob had it",
            "the keyboard is with Ada");
  }

  @Test
  void whoLeavesLeavesTheKeyboard() {
    try (Person bob = attach(From.NOW, "Bob")) {
      try (Person ada = attach(From.NOW, "Ada")) {
        ada.type("a");
        ada.await("a");
      }
      bob.awaitNotice("the keyboard is free; Ada had it");
      bob.type("b");
      assertThat(bob.await("b")).isEqualTo("ab");
    }
  }

  @Test
  void anExportedLineIsHeardWhileItHasTheKeyboard() {
    var line = server.line("telnet client");
    line.write(new byte[] {'t'});
    try (Person ada = attach(From.START, "Ada")) {
      ada.ask(new HoldMessage.Keyboard(Wish.TAKE));
      assertThatExceptionOfType(BringupException.class)
          .isThrownBy(() -> line.write(new byte[] {'x'}))
          .withMessage("the keyboard is with Ada");
      ada.type("a");
      assertThat(ada.await("a")).isEqualTo("ta");
    }
  }

  /** Xen takes every byte as an order; the R of a late answer would reboot the board. */
  @Test
  void whatATerminalAnswersIsNoOrderToXen() {
    board.say(" Xen 4.17.4-pre\r\n(XEN) Xen version 4.17.4-pre\r\n");
    try (Person ada = attach(From.NOW, "Ada")) {
      assertThat(ada.look().input()).isEqualTo("xen");
      ada.type("h\033[24;8Rq");
      ada.await("hq");
      board.say(
          "\r\n(XEN) *** Serial input to DOM0 (type 'CTRL-a' three times to switch input)\r\n");
      assertThat(ada.look().input()).isEqualTo("dom0");
      ada.type("\033[1;1R!");
      ada.await("!");
    }
    assertThat(typed()).isEqualTo("hq\033[1;1R!");
  }

  private String typed() {
    var typed = new StringBuilder();
    for (ConsoleEvent event : board.console().recording().events()) {
      if (event instanceof ConsoleEvent.Typed each) {
        typed.append(each.bytes());
      }
    }
    return typed.toString();
  }

  @Test
  void allMaySwitchThePowerAndTheAnswerComesWhenItIsConfirmed() {
    try (Person ada = attach(From.NOWHERE, "Ada")) {
      assertThat(ada.look().power()).isEqualTo(PowerState.OFF);
      ada.ask(new HoldMessage.Power(HoldMessage.Switch.ON));
      assertThat(board.power().get()).isEqualTo(PowerState.ON);
      ada.ask(new HoldMessage.Power(HoldMessage.Switch.CYCLE));
      ada.ask(new HoldMessage.Power(HoldMessage.Switch.OFF));
      assertThat(ada.look().power()).isEqualTo(PowerState.OFF);
    }
    try (Person bob = attach(From.START, "Bob")) {
      assertThat(bob.await("boot 2")).startsWith("boot 1\r\nboot 2");
    }
  }

  @Test
  void aReaderOfResetsSeesTheBootThatIsHisWhicheverOfTheTwoComesFirst() {
    try (Person reset = attach(From.NOWHERE, "reset")) {
      try (Person console = attach(From.RESET, "console")) {
        reset.ask(new HoldMessage.Reset());
        assertThat(console.await("boot 1\r\n")).isEqualTo("boot 1\r\n");
        reset.ask(new HoldMessage.Reset());
        assertThat(console.await("boot 2\r\n")).isEqualTo("boot 1\r\nboot 2\r\n");
      }
      awaitReaders(0);
      board.say("nobody reads this");
      reset.ask(new HoldMessage.Reset());
      board.say("=> ");
      try (Person console = attach(From.RESET, "console")) {
        assertThat(console.await("=> ")).isEqualTo("boot 3\r\n=> ");
        board.say("after");
        console.await("after");
      }
      awaitReaders(0);
      try (Person console = attach(From.RESET, "console")) {
        reset.ask(new HoldMessage.Reset());
        assertThat(console.await("boot 4\r\n")).as("the third was read").isEqualTo("boot 4\r\n");
      }
    }
  }

  private void awaitReaders(int count) {
    while (server.readers() != count) {
      Thread.onSpinWait();
    }
  }

  @Test
  void theRecordingIsSearchedBackwards() {
    board.say("first Panic here\r\n\u001b[31msecond panic\u001b[m\r\n" + "x".repeat(200_000));
    try (Person ada = attach(From.NOWHERE, "Ada")) {
      ada.ask(new HoldMessage.Search("PANIC", Long.MAX_VALUE));
      ada.awaitNotice("30: second panic");
      ada.ask(new HoldMessage.Search("panic", 30));
      ada.awaitNotice("6: first Panic here");
      assertThat(ada.ask(new HoldMessage.Search("panic", 6))).isEqualTo("not found");
      assertThat(ada.ask(new HoldMessage.Search("", 6))).isEqualTo("not found");
    }
  }

  @Test
  void aTextThatIsCutByABlockIsFound() {
    board.say("y".repeat(70_000) + "needle" + "x".repeat(64 * 1024 - 3));
    try (Person ada = attach(From.NOWHERE, "Ada")) {
      assertThat(ada.ask(new HoldMessage.Search("needle", Long.MAX_VALUE))).isEmpty();
    }
  }

  @Test
  void marksAreKeptAndOtherConsolesCanBeRead() {
    try (Person ada = attach(From.NOW, "Ada")) {
      ada.ask(new HoldMessage.Mark("here"));
      assertThat(ada.ask(new HoldMessage.Watch("xen")))
          .isEqualTo("only to read: lamp: Xen does not run, so nothing can be typed to \"xen\"");
      board.say("U-Boot\r\n(XEN) Xen version 4.17\r\n(XEN) up\r\n");
      assertThat(ada.await("up")).doesNotContain("U-Boot");
      ada.ask(new HoldMessage.Watch(HoldMessage.Watch.ALL));
      board.say("(XEN) down\r\n");
      assertThat(ada.await("(XEN) down")).doesNotContain("U-Boot");
      assertThatExceptionOfType(BringupException.class)
          .isThrownBy(() -> ada.ask(new HoldMessage.Watch("domino")))
          .withMessageContaining("there is no sub-console \"domino\"");
      assertThatExceptionOfType(BringupException.class)
          .isThrownBy(() -> ada.ask(new HoldMessage.Break()))
          .matches(e -> e.kind() == FailureKind.CONFIGURATION)
          .withMessage("this console has no BREAK");
    }
    assertThat(board.console().recording().events().toString()).contains("marked: here");
  }

  @Test
  void whoDoesNotReadHoldsUpNobody() {
    try (Person asleep = attach(From.START, "asleep");
        Person awake = attach(From.START, "awake")) {
      board.say("x".repeat(4_000_000));
      for (int i = 0; i < 50; i++) {
        awake.ask(new HoldMessage.Keyboard(Wish.TAKE));
        awake.ask(new HoldMessage.Keyboard(Wish.TAKE_OR_GIVE_BACK));
      }
      awake.type("end");
      awake.await("end");
      assertThat(asleep.await("end")).hasSize(4_000_003);
    }
  }

  @Test
  void whoSpeaksSomethingElseIsCutOff() throws IOException {
    try (var socket = SocketChannel.open(UnixDomainSocketAddress.of(place.socket()))) {
      socket.write(ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      assertThat(socket.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
    try (var socket = SocketChannel.open(UnixDomainSocketAddress.of(place.socket()))) {
      socket.write(ByteBuffer.wrap(HoldCodec.encode(new HoldMessage.Look())));
      assertThat(socket.read(ByteBuffer.allocate(1))).as("before attaching").isEqualTo(-1);
    }
    try (Person ada = attach(From.NOWHERE, "Ada")) {
      assertThat(ada.look().attached()).isZero();
    }
  }

  @Test
  void theEndIsToldToAllAndOnlyAHolderThatWaitsForItIsReleased() throws InterruptedException {
    try (Person ada = attach(From.NOW, "Ada")) {
      assertThatExceptionOfType(BringupException.class)
          .isThrownBy(() -> ada.ask(new HoldMessage.Release()))
          .matches(e -> e.kind() == FailureKind.CONFIGURATION)
          .withMessageContaining("not held in the background");
      Thread closing = Thread.startVirtualThread(server::close);
      ada.awaitEnd("lamp was given back by its holder");
      closing.join();
    }
    assertThat(HoldClient.attach(place, From.NOW, "late")).isEmpty();
    try (HoldServer background = HoldServer.start(place, board, true);
        Person ada = attach(From.NOWHERE, "Ada")) {
      ada.ask(new HoldMessage.Release());
      assertThat(background.awaitRelease(Duration.ofHours(1))).isEqualTo("it was released");
    }
  }

  @Test
  void aHolderInTheBackgroundEndsWhenNobodyIsThere() {
    assertThat(server.awaitRelease(Duration.ZERO)).isEqualTo("nobody was attached for 0 s");
  }

  @Test
  void nobodyElseMayEnter() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place.folder())))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place.socket())))
        .isEqualTo("rw-------");
    Path link = folder.resolve("elsewhere");
    Files.createDirectory(link);
    Path runtime = folder.resolve("runtime");
    Files.createDirectory(runtime);
    Files.createSymbolicLink(runtime.resolve("bringup"), link);
    assertThatExceptionOfType(BringupException.class)
        .isThrownBy(() -> HoldPlace.of("lamp", Map.of("XDG_RUNTIME_DIR", runtime.toString())))
        .withMessageContaining("belongs to somebody else");
  }

  @Test
  void aPlaceWhosePathIsTooLongForASocketIsRefused() {
    String runtime = folder.resolve("x".repeat(100)).toString();
    assertThatExceptionOfType(BringupException.class)
        .isThrownBy(() -> HoldPlace.of("lamp", Map.of("XDG_RUNTIME_DIR", runtime)))
        .withMessageContaining("too long for the path of a socket");
  }

  @Test
  void theLockOfAKilledProcessIsFree() throws Exception {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");
      assertThat(HoldLock.take(place, "this one")).isEmpty();
      assertThat(place.holder()).startsWith("the other one since 20");
    } finally {
      holder.destroyForcibly();
    }
    assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(place.holder()).as("nobody holds it").isEqualTo("somebody");
    try (HoldLock lock = HoldLock.take(place, "this one").orElseThrow()) {
      assertThat(lock).isNotNull();
      assertThat(place.holder()).startsWith("this one since 20");
      assertThat(HoldLock.take(place, "the same process")).isEmpty();
    }
    HoldLock.take(place, "again").orElseThrow().close();
  }

  /** A process that holds the lock until it is killed. */
  static final class LockHolder {
    private LockHolder() {}

    public static void main(String[] arguments) throws IOException {
      var place = HoldPlace.of("lamp", Map.of("XDG_RUNTIME_DIR", arguments[0]));
      var lock = HoldLock.take(place, "the other one");
      System.out.println(lock.isPresent() ? "held" : "not held");
      var _ = System.in.read();
    }
  }
}
