package dev.bringup.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.bringup.artifact.BootFiles;
import dev.bringup.artifact.BootPlan;
import dev.bringup.artifact.BootSet;
import dev.bringup.boot.BootConfiguration;
import dev.bringup.boot.BootFailure;
import dev.bringup.boot.BootSession;
import dev.bringup.console.CommandResult;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.ConsolePattern;
import dev.bringup.console.ConsoleWatcher;
import dev.bringup.console.Expectation;
import dev.bringup.console.Outcome;
import dev.bringup.console.Recording;
import dev.bringup.fault.LineFault;
import dev.bringup.fault.Occurrence;
import dev.bringup.power.PowerState;
import dev.bringup.tftp.TftpOutcome;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a board must do, whatever its backend: emulated, on a wire or behind an agent. A backend
 * extends this with a way to open boards whose firmware ends in a U-Boot prompt and which have a
 * network.
 */
public abstract class BackendContractSuite {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(40);

  /**
   * A board of the kind under test without power, opened anew; each call gives another one of that
   * kind, and all may be open at the same time.
   */
  protected abstract Board open();

  /** Whether nothing of a closed board is left on this host: no process, socket or folder. */
  protected abstract void assertNothingIsLeft();

  @Test
  void theConsoleIsRecordedFromBeforePowerOnToTheFirstByte() {
    try (Board board = open()) {
      Recording recording = board.console().recording();
      assertThat(recording.end()).isZero();
      assertThat(marks(recording, ConsoleEvent.Mark.POWER_ON)).isEmpty();

      board.power().on();
      Outcome.Matched banner = awaitBanner(board, 0);

      List<ConsoleEvent.Mark> on = marks(recording, ConsoleEvent.Mark.POWER_ON);
      assertThat(on).hasSize(1);
      assertThat(on.getFirst().offset()).isZero();
      assertThat(on.getFirst().nanos()).isLessThanOrEqualTo(recording.timeAt(0));
      assertThat(recording.text(0, banner.start())).as("before the banner").isBlank();
    }
  }

  @Test
  void aCursorThatIsAttachedLateSeesAllAndReadingTakesNothingAway() {
    try (BootSession session = atBootloader()) {
      Board board = session.board();
      long end = session.recording().end();
      Outcome.Matched first = awaitBanner(board, 0);
      Outcome.Matched second = awaitBanner(board, 0);
      assertThat(first.start()).isEqualTo(second.start()).isLessThan(end);
      // Sentinel typed after the reads: what the board says next comes behind what it said before.
      CommandResult echo = session.runInBootloader("echo sentinel", COMMAND_LIMIT);
      assertThat(echo.output()).contains("sentinel");
      assertThat(echo.start()).isGreaterThanOrEqualTo(end);
    }
  }

  @Test
  void bytesOfAnEarlierBootLieBeforeTheMarkOfTheNextPowerOn() {
    try (Board board = open()) {
      Recording recording = board.console().recording();
      board.power().on();
      Outcome.Matched first = awaitBanner(board, 0);
      board.power().off();
      final long firstEnd = recording.end();

      board.power().on();
      long mark = recording.lastMark(ConsoleEvent.Mark.POWER_ON).orElseThrow();
      assertThat(mark).isEqualTo(firstEnd).isGreaterThanOrEqualTo(first.end());
      Outcome.Matched second = awaitBanner(board, mark);
      assertThat(second.start()).isGreaterThanOrEqualTo(mark);
      assertThat(marks(recording, ConsoleEvent.Mark.POWER_ON)).hasSize(2);
    }
  }

  @Test
  void switchingOnOrOffTwiceIsSwitchingOnce() {
    try (Board board = open()) {
      Recording recording = board.console().recording();
      PowerControl power = board.power();
      power.off();
      assertThat(power.get()).isEqualTo(PowerState.OFF);
      assertThat(actions(recording)).as("nothing happened yet").isEmpty();

      power.on();
      assertThat(power.get()).isEqualTo(PowerState.ON);
      Outcome.Matched banner = awaitBanner(board, 0);
      power.on();
      assertThat(power.get()).isEqualTo(PowerState.ON);
      assertThat(marks(recording, ConsoleEvent.Mark.POWER_ON)).hasSize(1);

      power.off();
      power.off();
      assertThat(power.get()).isEqualTo(PowerState.OFF);
      assertThat(marks(recording, ConsoleEvent.Mark.POWER_OFF)).hasSize(1);
      assertThat(count(board, banner.end())).as("banners after the second on").isZero();

      power.cycle();
      assertThat(power.get()).isEqualTo(PowerState.ON);
      power.cycle();
      long mark = recording.lastMark(ConsoleEvent.Mark.POWER_ON).orElseThrow();
      awaitBanner(board, mark);
      assertThat(marks(recording, ConsoleEvent.Mark.POWER_ON)).hasSize(3);
      assertThat(marks(recording, ConsoleEvent.Mark.POWER_OFF)).hasSize(2);
    }
  }

  @Test
  void whatWasSaidBeforeOffIsRecordedWhenOffReturnsAndNothingAfterwards() {
    try (BootSession session = atBootloader()) {
      Board board = session.board();
      Recording recording = session.recording();
      // The board is talking when its power goes.
      board.console().write("help\r".getBytes(StandardCharsets.US_ASCII));
      assertThat(recording.awaitBeyond(recording.end() + 200, deadline(board, LIMIT))).isTrue();
      board.power().off();

      final long end = recording.end();
      assertThat(marks(recording, ConsoleEvent.Mark.POWER_OFF).getLast().offset()).isEqualTo(end);
      board.power().on();
      assertThat(marks(recording, ConsoleEvent.Mark.POWER_ON).getLast().offset()).isEqualTo(end);
      board.power().off();
      long closedAt = recording.end();
      board.close();
      assertThat(recording.end()).isEqualTo(closedAt);
      assertThat(recording.isClosed()).isTrue();
    }
  }

  @Test
  void whatIsTypedToABoardWithoutPowerGoesNowhere() {
    try (var session = new BootSession(open(), stage -> {})) {
      Recording recording = session.recording();
      byte[] typed = "echo lost words\r".getBytes(StandardCharsets.US_ASCII);
      session.board().console().write(typed);
      assertThat(recording.end()).isZero();
      assertThat(actions(recording))
          .as("what was typed is recorded all the same")
          .singleElement()
          .isInstanceOf(ConsoleEvent.Typed.class);

      session.bootTo(BootStage.BOOTLOADER, Optional.empty(), Optional.empty());
      session.board().power().off();
      session.board().console().write(typed);
      session.bootTo(BootStage.BOOTLOADER, Optional.empty(), Optional.empty());
      assertThat(recording.text(0, recording.end())).doesNotContain("lost words");
    }
  }

  @Test
  void stagedFilesReachTheBoardUnchangedAndEachTransferIsRecorded(@TempDir Path folder)
      throws IOException {
    byte[] early = random(1, 200_001);
    byte[] late = random(2, 3 * 512);
    byte[] onDisk = random(3, 70_000);
    Path file = Files.write(folder.resolve("on disk"), onDisk);
    try (var session = new BootSession(open(), stage -> {})) {
      BoardNetwork network = network(session);
      network.stage("early", early);
      session.bootTo(BootStage.BOOTLOADER, Optional.empty(), Optional.empty());
      run(session, "setenv autoload no");
      run(session, "dhcp");
      assertThat(run(session, "echo ${ipaddr}")).contains(network.boardAddress());

      assertThat(crcOf(session, "early")).isEqualTo(crc(early));
      network.stage("early", late);
      assertThat(crcOf(session, "early")).as("replaced while running").isEqualTo(crc(late));
      network.stage("dir/later", file);
      assertThat(crcOf(session, "dir/later")).isEqualTo(crc(onDisk));
      assertThat(network.staged()).containsExactlyInAnyOrder("early", "dir/later");
      network.unstage("early");
      network.unstage("never staged");
      assertThat(network.staged()).containsExactly("dir/later");
      assertThat(
              session
                  .runInBootloader("tftpboot ${loadaddr} early", Duration.ofSeconds(30))
                  .output())
          .contains("File not found");

      List<TftpTransfer> transfers = transfers(session, 4);
      assertThat(transfers)
          .extracting(TftpTransfer::file)
          .containsExactly("early", "early", "dir/later", "early");
      assertThat(transfers.subList(0, 3))
          .extracting(TftpTransfer::sha256)
          .containsExactly(sha256(early), sha256(late), sha256(onDisk));
      assertThat(transfers.subList(0, 3))
          .extracting(TftpTransfer::bytes)
          .containsExactly((long) early.length, (long) late.length, (long) onDisk.length);
      assertThat(transfers.getLast().outcome()).isInstanceOf(TftpOutcome.Refused.class);
    }
  }

  @Test
  void aResetIsASecondBannerInTheSameBoot() {
    try (BootSession session = atBootloader()) {
      Board board = session.board();
      long before = session.recording().end();
      board.console().write("reset\r".getBytes(StandardCharsets.US_ASCII));
      awaitBanner(board, before);
      assertThat(marks(session.recording(), ConsoleEvent.Mark.POWER_ON)).hasSize(1);
      assertThat(board.power().get()).isEqualTo(PowerState.ON);
    }
  }

  @Test
  void aResetBehindTheBootloaderEndsTheBootWithinASecond(@TempDir Path folder) throws IOException {
    try (var session = new BootSession(open(), stage -> {})) {
      BootFailure failure =
          catchThrowableOfType(
              BootFailure.class,
              () ->
                  session.bootTo(
                      BootStage.KERNEL, Optional.of(resettingLinux(folder)), Optional.empty()));
      assertThat(failure).isNotNull();
      assertThat(failure.kind()).isEqualTo(FailureKind.PRODUCT);
      assertThat(failure.evidence().cause()).isEqualTo("unexpected reset");
      assertThat(failure.evidence().noticedAfter()).isLessThan(Duration.ofSeconds(1));
      assertThat(failure).hasMessageContaining("reset");
    }
  }

  @Test
  void aBoardThatSwitchesItselfOffHasNoPowerAndWaitsEndAtOnce() {
    try (BootSession session = atBootloader()) {
      Board board = session.board();
      Recording recording = session.recording();
      BootFailure failure =
          catchThrowableOfType(
              BootFailure.class, () -> session.runInBootloader("poweroff", Duration.ofMinutes(5)));
      assertThat(failure).isNotNull();
      assertThat(failure.evidence().cause()).isEqualTo("power lost");
      assertThat(board.power().get()).isEqualTo(PowerState.OFF);
      assertThat(marks(recording, ConsoleEvent.Mark.POWER_OFF)).hasSize(1);

      // Also a wait that nobody guards: its deadline is far away, but nothing can come any more.
      var watcher = new ConsoleWatcher(recording, List.of(), recording.end());
      Outcome outcome =
          watcher.await(
              Expectation.of(ConsolePattern.literal("never")),
              recording.cursor(recording.end()),
              deadline(board, Duration.ofMinutes(5)));
      assertThat(outcome).isInstanceOf(Outcome.Closed.class);

      board.power().on();
      awaitBanner(board, recording.lastMark(ConsoleEvent.Mark.POWER_ON).orElseThrow());
    }
  }

  @Test
  void injectedFaultsStrikeWhereTheyShallAndAreMarkedAndEndWhenTakenBack() {
    try (var session = new BootSession(open(), stage -> {})) {
      Board board = session.board();
      Recording recording = session.recording();
      FaultInjection faults = board.capability(FaultInjection.class).orElseThrow();
      faults.arm(fromBoard(1, new LineFault.Effect.Lost(1)), 1);
      faults.arm(fromBoard(150, new LineFault.Effect.PowerCut()), 1);
      BootFailure failure =
          catchThrowableOfType(
              BootFailure.class,
              () -> session.bootTo(BootStage.BOOTLOADER, Optional.empty(), Optional.empty()));
      assertThat(failure).isNotNull();
      assertThat(failure.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
      assertThat(failure.evidence().cause()).isEqualTo("power lost");
      assertThat(failure).hasMessageContaining("power cut at console byte 150");
      assertThat(board.power().get()).isEqualTo(PowerState.OFF);
      assertThat(faults.strikes())
          .extracting(FaultInjection.Strike::what, FaultInjection.Strike::offset)
          .containsExactly(
              tuple("1 byte from the board lost (console byte 1)", 0L),
              tuple("power cut at console byte 150", 149L));
      for (FaultInjection.Strike strike : faults.strikes()) {
        assertThat(marks(recording, ConsoleEvent.Mark.FAULT + strike.what()))
            .extracting(ConsoleEvent.Mark::offset)
            .containsExactly(strike.offset());
      }

      LineFault everyTyped =
          new LineFault(
              LineFault.Direction.TO_BOARD, new Occurrence.Every(5), new LineFault.Effect.Lost(1));
      faults.arm(everyTyped, 1);
      faults.disarm();
      session.bootTo(BootStage.BOOTLOADER, Optional.empty(), Optional.empty());
      assertThat(run(session, "echo nothing is missing")).contains("nothing is missing");
      assertThat(faults.strikes()).hasSize(2);
    }
  }

  private static LineFault fromBoard(long number, LineFault.Effect effect) {
    return new LineFault(
        LineFault.Direction.FROM_BOARD,
        new Occurrence.At(number, Occurrence.Since.POWER_ON),
        effect);
  }

  @Test
  void aClosedBoardLeavesNothingBehindAndAnotherCanBeOpenedAtOnce() {
    Board first = open();
    first.power().on();
    awaitBanner(first, 0);
    final long said = first.console().recording().end();
    first.close();
    first.close();
    assertThat(first.console().recording().isClosed()).isTrue();
    assertThat(first.console().recording().end()).isGreaterThanOrEqualTo(said);
    assertThat(first.power().get()).isEqualTo(PowerState.OFF);
    assertThatThrownBy(() -> first.power().on()).isInstanceOf(BringupException.class);
    assertNothingIsLeft();

    try (Board second = open()) {
      assertThat(second.console().recording().end()).isZero();
      second.power().on();
      awaitBanner(second, 0);
    }
    assertNothingIsLeft();
  }

  @Test
  @SuppressWarnings("try") // closing one before the other is the point
  void twoBoardsOfOneKindDoNotDisturbEachOther() {
    byte[] forFirst = random(4, 30_000);
    byte[] forSecond = random(5, 30_000);
    try (BootSession first = atBootloader();
        BootSession second = atBootloader()) {
      network(first).stage("who", forFirst);
      network(second).stage("who", forSecond);
      for (BootSession each : List.of(first, second)) {
        run(each, "setenv autoload no");
        run(each, "dhcp");
      }
      assertThat(crcOf(first, "who")).isEqualTo(crc(forFirst));
      assertThat(crcOf(second, "who")).isEqualTo(crc(forSecond));
      assertThat(network(first).transfers()).hasSize(1);
      assertThat(network(second).transfers()).hasSize(1);

      first.board().close();
      assertThat(second.board().power().get()).isEqualTo(PowerState.ON);
      assertThat(run(second, "echo still here")).contains("still here");
    }
  }

  private BootSession atBootloader() {
    var session = new BootSession(open(), stage -> {});
    try {
      session.bootTo(BootStage.BOOTLOADER, Optional.empty(), Optional.empty());
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static String run(BootSession session, String command) {
    CommandResult result = session.runInBootloader(command, COMMAND_LIMIT);
    assertThat(result.exitCode()).as(command + ": " + result.output()).isZero();
    return result.output();
  }

  /** Loads a file over the network and lets the board compute its check sum. */
  private static String crcOf(BootSession session, String name) {
    String address = session.board().file().memoryMap().load().toString();
    run(session, "tftpboot " + address + " " + name);
    String said = run(session, "crc32 " + address + " ${filesize}");
    return said.substring(said.indexOf("==> ") + 4).strip();
  }

  private static Outcome.Matched awaitBanner(Board board, long from) {
    Recording recording = board.console().recording();
    return new ConsoleWatcher(recording, List.of(), from)
        .require(Expectation.of(banner(board)), recording.cursor(from), deadline(board, LIMIT));
  }

  /** How often the firmware's banner is in what a board that is off said from {@code from} on. */
  private static int count(Board board, long from) {
    Recording recording = board.console().recording();
    var watcher = new ConsoleWatcher(recording, List.of(), from);
    var cursor = recording.cursor(from);
    int count = 0;
    while (watcher.await(Expectation.of(banner(board)), cursor, deadline(board, LIMIT))
        instanceof Outcome.Matched) {
      count++;
    }
    return count;
  }

  private static ConsolePattern banner(Board board) {
    BoardFile.Stage firmware = board.file().stages().get(BootStage.FIRMWARE);
    assertThat(firmware).as("the board's stage firmware").isNotNull();
    return switch (firmware.mark()) {
      case Mark.Literal(String text) -> ConsolePattern.literal(text);
      case Mark.Regex(String regex) -> ConsolePattern.regex(regex);
      case Mark.Prompt() -> throw new AssertionError("the firmware's mark must be a text");
    };
  }

  private static long deadline(Board board, Duration limit) {
    return board.clock().nanos() + limit.toNanos();
  }

  private static List<ConsoleEvent.Mark> marks(Recording recording, String text) {
    return recording.events().stream()
        .filter(ConsoleEvent.Mark.class::isInstance)
        .map(ConsoleEvent.Mark.class::cast)
        .filter(mark -> mark.text().equals(text))
        .toList();
  }

  /** What was done to the board; a recording may also hold facts about its wire. */
  private static List<ConsoleEvent> actions(Recording recording) {
    return recording.events().stream()
        .filter(event ->
            !(event instanceof ConsoleEvent.Mark mark)
                || mark.text().equals(ConsoleEvent.Mark.POWER_ON)
                || mark.text().equals(ConsoleEvent.Mark.POWER_OFF))
        .toList();
  }

  /** Linux by its header; what it does is to ask the firmware for a reset (PSCI SYSTEM_RESET). */
  private static BootConfiguration resettingLinux(Path folder) throws IOException {
    ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0x14000010); // b 64
    image.putLong(16, image.capacity()); // image size
    image.putLong(24, 0xa); // little endian, 4 KiB pages, may lie anywhere
    image.put(56, "ARMd".getBytes(StandardCharsets.US_ASCII));
    image.putInt(64, 0x52b08000); // movz w0, #0x8400, lsl #16
    image.putInt(68, 0x72800120); // movk w0, #9
    image.putInt(72, 0xd4000003); // smc #0
    image.putInt(76, 0x14000000); // b .
    var set =
        new BootSet(
            "resetting",
            "the contract suite",
            "a kernel that resets",
            "arm64",
            Map.of(),
            List.of(),
            Map.of(),
            Map.of(),
            Optional.of(
                new BootPlan.Linux("Image", "ramdisk", "", new BootPlan.Shell("never", "# "))));
    var files = new TreeMap<String, BootFiles.BootFile>();
    for (var each : Map.of("Image", image.array(), "ramdisk", random(6, 512)).entrySet()) {
      Path file = Files.write(folder.resolve(each.getKey()), each.getValue());
      files.put(
          each.getKey(),
          new BootFiles.BootFile(
              each.getKey(), file, each.getValue().length, sha256(each.getValue())));
    }
    return BootConfiguration.of(new BootFiles(set, files, List.of(), Optional.empty()));
  }

  private static byte[] random(long seed, int length) {
    var bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String crc(byte[] bytes) {
    var crc = new CRC32();
    crc.update(bytes);
    return "%08x".formatted(crc.getValue());
  }

  /** The transfers once there are so many: a server may tell of one a little after it ended. */
  private static List<TftpTransfer> transfers(BootSession session, int count) {
    long limit = deadline(session.board(), Duration.ofSeconds(10));
    while (network(session).transfers().size() < count && session.board().clock().nanos() < limit) {
      var _ =
          session
              .recording()
              .awaitBeyond(Long.MAX_VALUE, deadline(session.board(), Duration.ofMillis(10)));
    }
    return network(session).transfers();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static BoardNetwork network(BootSession session) {
    return session.board().capability(BoardNetwork.class).orElseThrow();
  }
}
