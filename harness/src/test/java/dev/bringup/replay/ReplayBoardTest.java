package dev.bringup.replay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.bringup.board.Board;
import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BoardSite;
import dev.bringup.board.BootStage;
import dev.bringup.board.FaultInjection;
import dev.bringup.board.MachineInspection;
import dev.bringup.board.RecordedScenarios;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.MarkTokens;
import dev.bringup.console.Recording;
import dev.bringup.console.RunMark;
import dev.bringup.console.RunMark.Failed.Deed;
import dev.bringup.fault.LineFault;
import dev.bringup.fault.Occurrence;
import dev.bringup.power.PowerState;
import dev.bringup.tftp.TftpJson;
import dev.bringup.tftp.TftpOutcome;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.time.FakeClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A recording does its board's part, and says where it cannot. */
@Timeout(60)
class ReplayBoardTest {
  private static final BoardFile FILE =
      BoardCatalog.load(Path.of(System.getProperty("bringup.root", ".."), "boards"))
          .board("emu-virt");
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @TempDir private Path folder;
  private final FakeClock then = new FakeClock();
  private @Nullable Recording recorded;
  private @Nullable Board board;

  @AfterEach
  void close() {
    if (board != null) {
      board.close();
    }
    if (recorded != null) {
      recorded.close();
    }
  }

  // What happened when it was recorded.

  private Recording recorded() {
    Recording known = recorded;
    if (known == null) {
      known = Recording.toFile("desk", then, folder.resolve("desk.rec"), problem -> {});
      recorded = known;
    }
    return known;
  }

  private void after(long seconds) {
    recorded();
    then.advance(Duration.ofSeconds(seconds));
  }

  private void said(String text) {
    recorded().append(text.getBytes(ISO_8859_1));
  }

  private void typed(String text) {
    recorded().typed(text.getBytes(ISO_8859_1));
  }

  private void mark(String text) {
    recorded().mark(text);
  }

  private void scenario(String name) {
    mark(new RunMark.ScenarioBegins(name).text());
  }

  /** Power at 1 s, a prompt at 3 s, "help" typed at 5 s, its echo and answer at 6 s, off at 9 s. */
  private void aShortSession() {
    after(1);
    mark(ConsoleEvent.Mark.POWER_ON);
    after(2);
    said("=> ");
    after(2);
    typed("he");
    said("he");
    typed("lp\r");
    after(1);
    said("lp\r\nno help\r\n=> ");
    after(3);
    mark(ConsoleEvent.Mark.POWER_OFF);
  }

  private void transferred(
      long startNanos, String file, TftpOutcome outcome, @Nullable String sha) {
    var transfer =
        new TftpTransfer(
            startNanos,
            Instant.EPOCH,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
            TftpTransfer.Direction.READ,
            file,
            "octet",
            Map.of(),
            Map.of(),
            1,
            0,
            Duration.ZERO,
            sha,
            outcome);
    try {
      Path traces = folder.resolve("desk.tftp.jsonl");
      String before = Files.exists(traces) ? Files.readString(traces) : "";
      Files.writeString(traces, before + TftpJson.line(transfer) + "\n");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  // What is done now.

  private Board replay() {
    recorded().close();
    return replay(folder.resolve("desk.rec"));
  }

  private Board replay(Path file) {
    var site =
        new BoardSite(
            Optional.empty(),
            Optional.empty(),
            (set, name) -> {
              throw new AssertionError("no file is needed, not even " + name);
            },
            problem -> {
              throw problem;
            });
    Board opened = ReplayBackend.of(file).open(FILE, site);
    board = opened;
    return opened;
  }

  private static void type(Board board, String text) {
    board.console().write(text.getBytes(ISO_8859_1));
  }

  /** What the board says up to a deadline in its own time. */
  private static String saysUntil(Board board, long nanos) {
    Recording recording = board.console().recording();
    long end = recording.end();
    while (recording.awaitBeyond(end, nanos)) {
      end = recording.end();
    }
    return recording.text(0, recording.end());
  }

  private static String saysAtOnce(Board board) {
    Recording recording = board.console().recording();
    long end = recording.end();
    assertThat(recording.awaitBeyond(end, Long.MAX_VALUE)).isTrue();
    return recording.text(end, recording.end());
  }

  private static RecordedScenarios scenarios(Board board) {
    return board.capability(RecordedScenarios.class).orElseThrow();
  }

  private static BoardNetwork network(Board board) {
    return board.capability(BoardNetwork.class).orElseThrow();
  }

  @Test
  void allHappensAgainAtItsOwnTime() {
    aShortSession();
    Board board = replay();
    Recording recording = board.console().recording();

    assertThat(board.power().get()).isEqualTo(PowerState.OFF);
    board.power().on();
    assertThat(board.clock().nanos()).isEqualTo(SECOND);
    assertThat(saysAtOnce(board)).isEqualTo("=> ");
    assertThat(board.clock().nanos()).isEqualTo(3 * SECOND);
    type(board, "he");
    assertThat(board.clock().nanos()).isEqualTo(5 * SECOND);
    assertThat(saysAtOnce(board)).isEqualTo("he");
    type(board, "lp\r");
    assertThat(saysAtOnce(board)).isEqualTo("lp\nno help\n=> ");
    assertThat(recording.timeAt(recording.end())).isEqualTo(6 * SECOND);
    board.power().off();
    assertThat(board.clock().nanos()).isEqualTo(9 * SECOND);
    assertThat(board.power().get()).isEqualTo(PowerState.OFF);
    assertThat(recording.events()).isEqualTo(recorded().events());
    assertThat(scenarios(board).divergence()).isEmpty();
  }

  @Test
  void whatIsTypedMayComeInOtherPieces() {
    aShortSession();
    Board board = replay();
    board.power().on();
    type(board, "h");
    type(board, "elp");
    type(board, "\r");
    assertThat(saysAtOnce(board)).endsWith("no help\n=> ");
  }

  @Test
  void allThatWasThereBeforeTypingIsThereAgain() {
    aShortSession();
    Board board = replay();
    board.power().on();
    type(board, "help\r");
    assertThat(board.console().recording().text(0, 100)).isEqualTo("=> he");
  }

  @Test
  void aDeadlineBeforeTheNextThingIsReachedAtItsOwnTime() {
    aShortSession();
    Board board = replay();
    board.power().on();
    Recording recording = board.console().recording();
    assertThat(recording.awaitBeyond(0, 2 * SECOND)).isFalse();
    assertThat(board.clock().nanos()).isEqualTo(2 * SECOND);
    assertThat(saysUntil(board, 5 * SECOND)).as("up to when somebody typed").isEqualTo("=> ");
    assertThat(scenarios(board).divergence()).isEmpty();
  }

  @Test
  void aBoardThatGoesOffByItselfDoesSoAgain() {
    aShortSession();
    Board board = replay();
    board.power().on();
    type(board, "help\r");
    assertThat(saysUntil(board, 9 * SECOND)).endsWith("=> ");
    assertThat(board.power().get()).isEqualTo(PowerState.OFF);
    assertThat(board.console().recording().isSilenced()).isTrue();
  }

  @Test
  void anotherCommandIsNotAnswered() {
    aShortSession();
    Board board = replay();
    board.power().on();
    assertThatExceptionOfType(BringupException.class)
        .isThrownBy(() -> type(board, "hello\r"))
        .matches(left -> left.kind() == FailureKind.UNKNOWN)
        .withMessage(
            "replay of %s: at offset 5 \"help\" was typed, but now \"hello\" is typed;"
                    .formatted(folder.resolve("desk.rec"))
                + " the recording does not hold what this step needs");
  }

  @Test
  void aReplayThatHasLeftItsRecordingSaysSoToTheEnd() {
    aShortSession();
    Board board = replay();
    board.power().on();
    assertThatThrownBy(() -> type(board, "x")).isInstanceOf(BringupException.class);
    BringupException why = scenarios(board).divergence().orElseThrow();
    assertThatThrownBy(() -> type(board, "help")).isSameAs(why);
    assertThatThrownBy(() -> saysAtOnce(board)).isSameAs(why);
    board.power().off();
    assertThatThrownBy(() -> board.power().on()).isSameAs(why);
  }

  @Test
  void whoWaitsWhereSomethingWasDoneIsTold() {
    aShortSession();
    Board board = replay();
    board.power().on();
    assertThatThrownBy(() -> saysUntil(board, 6 * SECOND))
        .hasMessageContaining("at offset 3 \"help\" was typed, but now the step waits");
  }

  @Test
  void powerThatWasNotSuppliedIsToldAndPowerThatWasNotCutIsNot() {
    aShortSession();
    Board board = replay();
    board.power().on();
    board.power().off();
    assertThat(board.power().get()).isEqualTo(PowerState.OFF);
    assertThat(scenarios(board).divergence()).isEmpty();
    assertThatThrownBy(() -> board.power().on())
        .hasMessageContaining("\"help\" was typed, but now the board is switched on");
  }

  @Test
  void theEndIsToldAndSoIsAnEndThatCameTooSoon() throws IOException {
    aShortSession();
    Board whole = replay();
    assertThatThrownBy(() -> type(whole, "early"))
        .hasMessageContaining("the board was switched on, but now \"early\" is typed");
    scenarios(whole).begin("next");
    whole.power().on();
    type(whole, "help\r");
    assertThatThrownBy(() -> saysUntil(whole, 10 * SECOND))
        .hasMessageContaining("the recording ends, but now the step waits");

    byte[] bytes = Files.readAllBytes(folder.resolve("desk.rec"));
    Path torn = folder.resolve("torn.rec");
    Files.write(torn, Arrays.copyOf(bytes, bytes.length - 20));
    Board cut = replay(torn);
    cut.power().on();
    type(cut, "help\r");
    assertThatThrownBy(() -> saysUntil(cut, 10 * SECOND))
        .hasMessageContaining("the recording was cut off, but now the step waits");
  }

  @Test
  void aRecordingCutAnywhereEndsInOneClearStatement() throws IOException {
    aShortSession();
    recorded().close();
    byte[] bytes = Files.readAllBytes(folder.resolve("desk.rec"));
    Path torn = folder.resolve("torn.rec");
    int header = 0;
    int told = 0;
    for (int length = 0; length < bytes.length; length++) {
      Files.write(torn, Arrays.copyOf(bytes, length));
      try {
        Board cut = replay(torn);
        cut.power().on();
        type(cut, "help\r");
        String all = saysUntil(cut, 8 * SECOND);
        assertThat(all).isEqualTo("=> help\nno help\n=> ");
        cut.close();
      } catch (BringupException e) {
        if (e.kind() == FailureKind.CONFIGURATION) {
          assertThat(e).hasMessageStartingWith(torn + ": at byte ");
          header++;
        } else {
          assertThat(e.kind()).isEqualTo(FailureKind.UNKNOWN);
          assertThat(e).hasMessageContaining("the recording was cut off, but now ");
          told++;
        }
      }
    }
    assertThat(header).as("in the header").isBetween(20, 40);
    assertThat(told).isGreaterThan(100);
  }

  @Test
  void theWordsThatMarkCommandsAreThoseOfTheRecording() {
    mark(ConsoleEvent.Mark.POWER_ON);
    typed("env; br=dea");
    typed("\u0003env; br=deadbeef:$?; setenv br; echo BR:$br:$br \r");
    typed("_br() { \"$1\"; }\r");
    typed("_br 00c0ffee 'ls' .\r");
    Board board = replay();
    var tokens = new MarkTokens(board.marks());
    board.power().on();
    assertThat(tokens.get()).isEqualTo("deadbeef");
    type(board, "env; br=dea\u0003env; br=deadbeef:$?; setenv br; echo BR:$br:$br \r");
    assertThat(tokens.get()).isEqualTo("00c0ffee");
  }

  @Test
  void scenariosAreFoundByNameAndFindTheBoardAsItWas() {
    scenario("first");
    mark(ConsoleEvent.Mark.POWER_ON);
    typed("one\r");
    said("1");
    after(1);
    scenario("second");
    mark(new RunMark.AtStage("bootloader", "=> ").text());
    typed("two\r");
    said("2");
    scenario("third");
    typed("three\r");
    said("3");
    Board board = replay();

    assertThat(scenarios(board).begin("second")).contains(BootStage.BOOTLOADER);
    assertThat(board.power().get()).isEqualTo(PowerState.ON);
    assertThat(board.console().recording().text(0, 100)).as("its line").isEqualTo("=> ");
    type(board, "two\r");
    assertThat(saysAtOnce(board)).isEqualTo("2");
    assertThat(scenarios(board).begin("third")).as("as the second left it").isEmpty();
    assertThatThrownBy(() -> type(board, "four\r")).hasMessageContaining("\"three\" was typed");
    assertThat(scenarios(board).begin("second")).contains(BootStage.BOOTLOADER);
    type(board, "two\r");
    assertThat(scenarios(board).begin("third, renamed")).isEqualTo(Optional.empty());
    type(board, "three\r");
    assertThat(saysAtOnce(board)).isEqualTo("3");
    assertThat(scenarios(board).begin("first")).as("needs a boot").contains(BootStage.OFF);
    assertThat(board.power().get()).isEqualTo(PowerState.OFF);
    board.power().on();
    assertThatThrownBy(() -> saysUntil(board, Long.MAX_VALUE))
        .hasMessageContaining("\"one\" was typed, but now the step waits");
  }

  @Test
  void whoeverWaitsPastTheScenarioIsTold() {
    scenario("first");
    mark(ConsoleEvent.Mark.POWER_ON);
    said("1");
    scenario("second");
    said("2");
    Board board = replay();
    assertThat(scenarios(board).begin("first")).isEmpty();
    board.power().on();
    assertThatThrownBy(() -> saysUntil(board, SECOND))
        .hasMessageContaining("the scenario \"second\" begins, but now the step waits");
  }

  @Test
  void whoIsAboutToTypeSeesAllThatWasThereByThen() {
    aShortSession();
    Board board = replay();
    board.power().on();
    board.clock().catchUp();
    Recording recording = board.console().recording();
    assertThat(recording.text(0, 100)).isEqualTo("=> ");
    assertThat(board.clock().nanos()).as("no later than it came").isEqualTo(3 * SECOND);
    type(board, "help\r");
    board.clock().catchUp();
    assertThat(recording.text(0, 100)).as("nobody typed after that").isEqualTo("=> he");
  }

  @Test
  void whatWhoeverTypesHasNotedIsForHimToNoteAgain() {
    mark(ConsoleEvent.Mark.POWER_ON);
    typed("a");
    mark(ConsoleEvent.Mark.TYPED_AGAIN);
    mark("typing slowed to 4 characters at a time because characters were lost");
    mark("input to dom0");
    mark("marked: by a person");
    said("b");
    Board board = replay();
    board.power().on();
    type(board, "a");
    assertThat(saysAtOnce(board)).isEqualTo("b");
    assertThat(board.console().recording().events())
        .filteredOn(event -> event instanceof ConsoleEvent.Mark)
        .extracting(event -> ((ConsoleEvent.Mark) event).text())
        .containsExactly(ConsoleEvent.Mark.POWER_ON, "marked: by a person");
  }

  private static final LineFault LOST =
      new LineFault(
          LineFault.Direction.FROM_BOARD, new Occurrence.Every(5), new LineFault.Effect.Lost(1));

  private static FaultInjection faults(Board board) {
    return board.capability(FaultInjection.class).orElseThrow();
  }

  private void aSessionWithAFault() {
    mark(new RunMark.FaultArmed(LOST.words(), 7).text());
    mark(ConsoleEvent.Mark.POWER_ON);
    after(1);
    said("1234");
    mark(ConsoleEvent.Mark.FAULT + "1 byte from the board lost (console byte 5)");
    said("6");
    mark(ConsoleEvent.Mark.FAULT + "the serial port is back");
    mark(new RunMark.FaultsDisarmed().text());
    typed("x");
  }

  @Test
  void aFaultThatIsAskedForAgainStrikesWhereItStruck() {
    aSessionWithAFault();
    Board board = replay();
    faults(board).arm(LOST, 7);
    board.power().on();
    assertThat(faults(board).strikes()).isEmpty();
    assertThat(saysUntil(board, SECOND)).startsWith("1234");
    faults(board).disarm();
    assertThat(faults(board).strikes())
        .extracting(FaultInjection.Strike::what, FaultInjection.Strike::offset)
        .containsExactly(
            tuple("1 byte from the board lost (console byte 5)", 4L),
            tuple("the serial port is back", 5L));
    type(board, "x");
    assertThat(scenarios(board).divergence()).isEmpty();
  }

  @Test
  void aFaultThatWasNotAskedForThenOrIsNotNowIsTold() {
    aSessionWithAFault();
    String was = "the fault \"" + LOST.words() + "\" was armed with seed 7, but now ";
    Board other = replay();
    assertThatThrownBy(() -> faults(other).arm(LOST, 8))
        .hasMessageContaining(was + "the fault \"" + LOST.words() + "\" is armed with seed 8");
    faults(other).disarm();
    Board none = replay();
    assertThatThrownBy(() -> none.power().on())
        .hasMessageContaining(was + "the board is switched on");
    Board lasting = replay();
    faults(lasting).arm(LOST, 7);
    lasting.power().on();
    assertThatThrownBy(() -> type(lasting, "x"))
        .hasMessageContaining("faults were taken back, but now \"x\" is typed");
  }

  private static String failed(Deed deed, boolean begun) {
    return new RunMark.Failed(deed, begun, FailureKind.INFRASTRUCTURE, "it is gone", "look").text();
  }

  @Test
  void whatFailedFailsAgainAndWhatWasSentBeforeIsSentBefore() {
    mark(failed(Deed.POWER_ON, false));
    mark(ConsoleEvent.Mark.POWER_ON);
    after(1);
    mark(failed(Deed.TYPING, false));
    typed("abc");
    after(1);
    mark(failed(Deed.TYPING, true));
    mark(failed(Deed.POWER_OFF, false));
    said("late");
    mark(ConsoleEvent.Mark.POWER_OFF);
    Board board = replay();
    assertThatThrownBy(() -> board.power().on()).satisfies(ReplayBoardTest::isGone);
    board.power().on();
    assertThatThrownBy(() -> type(board, "abc")).satisfies(ReplayBoardTest::isGone);
    assertThat(board.clock().nanos()).isEqualTo(SECOND);
    type(board, "ab");
    assertThatThrownBy(() -> type(board, "c")).satisfies(ReplayBoardTest::isGone);
    assertThat(board.clock().nanos()).isEqualTo(2 * SECOND);
    assertThatThrownBy(() -> board.power().off()).satisfies(ReplayBoardTest::isGone);
    assertThat(board.power().get()).isEqualTo(PowerState.ON);
    board.power().off();
    assertThat(board.console().recording().text(0, 100)).isEqualTo("late");
    assertThat(scenarios(board).divergence()).isEmpty();
  }

  private static void isGone(Throwable failure) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            BringupException.class,
            gone -> {
              assertThat(gone.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
              assertThat(gone).hasMessage("it is gone");
              assertThat(gone.hint()).contains("look");
            });
  }

  @Test
  void theSwitchSaysAtTheSameReadingWhatItSaidOtherwiseThanTold() {
    mark(ConsoleEvent.Mark.POWER_ON);
    said("a");
    mark(new RunMark.PowerReads("off", 2).text());
    mark(new RunMark.PowerReads(RunMark.PowerReads.NOTHING, 4).text());
    mark(failed(Deed.POWER_READING, false));
    Board board = replay();
    board.power().on();
    assertThat(board.power().get()).isEqualTo(PowerState.ON);
    assertThat(board.power().get()).isEqualTo(PowerState.OFF);
    assertThat(board.power().get()).isEqualTo(PowerState.ON);
    assertThatThrownBy(() -> board.power().get()).satisfies(ReplayBoardTest::isGone);
  }

  @Test
  void aScenarioEndsWithAllThatWasSeenByThen() {
    scenario("first");
    mark(ConsoleEvent.Mark.POWER_ON);
    said("seen, though nobody waited");
    mark(new RunMark.ScenarioEnds().text());
    said("not any more");
    Board board = replay();
    assertThat(scenarios(board).begin("first")).isEmpty();
    board.power().on();
    scenarios(board).end();
    assertThat(board.console().recording().text(0, 100)).isEqualTo("seen, though nobody waited");
    scenarios(board).end();
    assertThat(scenarios(board).divergence()).isEmpty();
  }

  @Test
  void transfersAreThereOnceTheBoardHasAskedForThem() throws NoSuchAlgorithmException {
    byte[] content = {1, 2, 3};
    String sha = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    transferred(2 * SECOND, "file", new TftpOutcome.Completed(), sha);
    transferred(3 * SECOND, "none", new TftpOutcome.Refused(1, "File not found"), null);
    mark(ConsoleEvent.Mark.POWER_ON);
    after(4);
    said("loaded");
    Board board = replay();
    network(board).stage("file", content);
    board.power().on();
    assertThat(network(board).transfers()).isEmpty();
    assertThat(board.console().recording().awaitBeyond(0, 2 * SECOND)).isFalse();
    assertThat(network(board).transfers()).extracting(TftpTransfer::file).containsExactly("file");
    assertThat(saysAtOnce(board)).isEqualTo("loaded");
    assertThat(network(board).transfers()).hasSize(2);
    assertThat(network(board).tracesTransfers()).isTrue();
  }

  @Test
  void whatTheBoardLoadedMustBeStagedAgain() {
    transferred(2 * SECOND, "file", new TftpOutcome.Completed(), "0".repeat(64));
    transferred(3 * SECOND, "none", new TftpOutcome.Refused(1, "File not found"), null);
    mark(ConsoleEvent.Mark.POWER_ON);
    after(4);
    said("loaded");
    Board missing = replay();
    missing.power().on();
    assertThatThrownBy(() -> saysAtOnce(missing))
        .hasMessageContaining("asked for \"file\", which was staged then and is missing now");
    Board other = replay();
    network(other).stage("file", new byte[1]);
    other.power().on();
    assertThatThrownBy(() -> saysAtOnce(other))
        .hasMessageContaining("loaded \"file\", which has another content now");
    assertThat(scenarios(other).divergence()).isPresent();
  }

  @Test
  void withoutTracesNothingIsKnownOfTransfers() throws IOException {
    aShortSession();
    assertThat(network(replay()).tracesTransfers()).isFalse();
    Files.writeString(folder.resolve("desk.tftp.jsonl"), "{\n");
    assertThatThrownBy(this::replay)
        .hasMessageStartingWith(folder.resolve("desk.tftp.jsonl") + ":1: not a line of tftp.jsonl");
  }

  @Test
  void aRecordingHasNoMachineInside() {
    aShortSession();
    assertThat(replay().capability(MachineInspection.class)).isEmpty();
  }

  @Test
  void anInterruptEndsTheWait() {
    aShortSession();
    Board board = replay();
    board.power().on();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> saysAtOnce(board))
        .isInstanceOfSatisfying(
            BringupException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CANCELLED));
    assertThat(Thread.interrupted()).isTrue();
  }
}
