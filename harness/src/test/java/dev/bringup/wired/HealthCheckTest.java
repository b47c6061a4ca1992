package dev.bringup.wired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile;
import dev.bringup.power.PowerState;
import dev.bringup.transport.Connection;
import dev.bringup.transport.LineSettings;
import dev.bringup.transport.PtyTransport;
import dev.bringup.transport.Transport;
import dev.bringup.verdict.BringupException;
import dev.bringup.wired.HealthCheck.Check;
import dev.bringup.wired.HealthCheck.Limits;
import dev.bringup.wired.HealthCheck.Result;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A board on the test's desk is looked at, with one thing wrong at a time. */
@Timeout(180)
class HealthCheckTest {
  private static final Duration LONG = Duration.ofSeconds(40);
  private static final Duration SHORT = Duration.ofSeconds(2);

  /** For boards of which everything is awaited that they do. */
  private static final Limits PATIENT = new Limits(LONG, LONG, LONG, LONG);

  @TempDir private Path folder;
  private Desk desk;
  private Limits limits = PATIENT;
  private String network = "";

  @BeforeAll
  static void needsLinux() {
    Assumptions.assumeTrue(
        System.getProperty("os.name", "").equals("Linux"), "pseudo terminals need Linux");
  }

  @BeforeEach
  void setUp() {
    desk = new Desk(folder.resolve("wire"));
    desk.onPower = this::bootToPrompt;
  }

  @AfterEach
  void putAway() {
    desk.putAway();
  }

  /** A bootloader that counts down, and echoes what is typed at its prompt. */
  private void bootToPrompt() {
    desk.say("U-Boot 2026.01 (Jan 01 2026)\r\nDRAM: 2 GiB\r\nHit any key to stop autoboot: 3");
    desk.awaitKey();
    desk.say("\r\n=> ");
    desk.awaitKey();
    desk.say(" ");
  }

  private BoardFile board() throws IOException {
    return BoardCatalog.load(Desk.writeBoard(folder, network)).board("desk");
  }

  private Map<String, Check> check(boolean powerCycle) throws IOException {
    return check(powerCycle, _ -> new PtyTransport(desk.link));
  }

  private Map<String, Check> check(boolean powerCycle, IntFunction<Transport> console)
      throws IOException {
    var check =
        new HealthCheck(
            board(), console, desk.poweredByBoard, () -> desk.outlet, powerCycle, limits);
    var byName = new LinkedHashMap<String, Check>();
    check.run().forEach(each -> byName.put(each.name(), each));
    return byName;
  }

  private static Check check(Map<String, Check> checks, String name) {
    return Objects.requireNonNull(checks.get(name), name);
  }

  private static Result result(Map<String, Check> checks, String name) {
    return check(checks, name).result();
  }

  @Test
  void aSoundBoardIsFoundSoundAndItsPowerIsPutBack() throws IOException {
    Map<String, Check> checks = check(true);

    assertThat(checks)
        .containsOnlyKeys(
            "power", "console", "power-cycle", "output", "baud", "echo", "tftp", "address", "disk");
    for (String good : List.of("power", "console", "power-cycle", "output", "baud", "echo")) {
      assertThat(result(checks, good)).as("%s", checks.get(good)).isEqualTo(Result.OK);
    }
    assertThat(result(checks, "tftp")).isEqualTo(Result.NOT_CHECKED);
    assertThat(HealthCheck.isHealthy(List.copyOf(checks.values()))).isTrue();
    assertThat(desk.outlet.read()).isEqualTo(PowerState.OFF);
  }

  @Test
  void withoutPowerCycleNothingIsTouchedAndItSaysSo() throws IOException {
    Map<String, Check> checks = check(false);

    assertThat(result(checks, "console")).isEqualTo(Result.OK);
    assertThat(result(checks, "echo")).isEqualTo(Result.NOT_CHECKED);
    assertThat(check(checks, "echo").fact()).contains("the board is off", "--power-cycle");
    assertThat(desk.outlet.read()).isEqualTo(PowerState.OFF);
  }

  @Test
  void aConsoleThatSomebodyElseHasKeepsTheCheckFromTouchingTheBoard() throws IOException {
    try (Connection somebody = new PtyTransport(desk.link).open()) {
      Map<String, Check> checks = check(true);

      assertThat(somebody.name()).contains("pty");
      assertThat(result(checks, "console")).isEqualTo(Result.FAILED);
      assertThat(check(checks, "console").next()).contains("another program has it open");
      assertThat(checks).doesNotContainKey("power-cycle");
      assertThat(desk.outlet.read()).isEqualTo(PowerState.OFF);
    }
  }

  @Test
  void aMissingPortIsFailedWithItsName() throws IOException {
    desk.unplug();
    Map<String, Check> checks = check(true);

    assertThat(result(checks, "console")).isEqualTo(Result.FAILED);
    assertThat(check(checks, "console").fact()).contains(desk.link.toString());
  }

  @Test
  void aWireThatTheBoardPowersIsAwaitedAfterPowerOn() throws IOException {
    desk.unplug();
    desk.poweredByBoard = true;
    desk.onPower =
        () -> {
          desk.plugIfAbsent();
          bootToPrompt();
        };
    Map<String, Check> checks = check(true);

    assertThat(result(checks, "console")).isEqualTo(Result.NOT_CHECKED);
    assertThat(result(checks, "echo")).isEqualTo(Result.OK);
  }

  @Test
  void aSilentBoardIsSuspectAndBothSidesAreNamed() throws IOException {
    limits = new Limits(SHORT, LONG, SHORT, LONG);
    desk.onPower = () -> {};
    Map<String, Check> checks = check(true);

    assertThat(result(checks, "output")).isEqualTo(Result.SUSPECT);
    assertThat(check(checks, "output").next()).contains("firmware", "wire");
    assertThat(result(checks, "baud")).isEqualTo(Result.NOT_CHECKED);
  }

  @Test
  void aBoardThatDoesNotHearUsIsSuspect() throws IOException {
    limits = new Limits(LONG, LONG, SHORT, LONG);
    desk.onPower = () -> desk.say("U-Boot 2026.01 (Jan 01 2026)\r\n=> ");
    Map<String, Check> checks = check(true);

    assertThat(result(checks, "echo")).isEqualTo(Result.SUSPECT);
    assertThat(check(checks, "echo").next()).contains("RX pin");
  }

  @Test
  void anOutletThatDoesNotObeyIsFailedByItsName() throws IOException {
    desk.stuck = true;
    Map<String, Check> checks = check(true);

    assertThat(result(checks, "power-cycle")).isEqualTo(Result.FAILED);
    assertThat(check(checks, "power-cycle").fact()).contains("outlet 3 of the test's strip");
    assertThat(result(checks, "echo")).isEqualTo(Result.NOT_CHECKED);
  }

  @Test
  void garbageIsAWrongBaudRateAndTheRightOneIsFoundByTrying() throws IOException {
    var rate = new int[1];
    desk.onPower =
        () -> {
          if (rate[0] == 57_600) {
            desk.say("U-Boot 2026.01 (Jan 01 2026 - 00:00:00 +0000)\r\n".repeat(3));
          } else {
            desk.sayBytes(garbage());
          }
        };
    Map<String, Check> checks =
        check(true, baud -> new AtRate(new PtyTransport(desk.link), baud, rate));

    assertThat(result(checks, "baud")).isEqualTo(Result.SUSPECT);
    assertThat(check(checks, "baud").fact()).contains("at 115200 baud");
    assertThat(check(checks, "baud").next()).contains("baud: 57600");
  }

  /** What 57600 baud look like at another rate: every value, and most of them no character. */
  private static byte[] garbage() {
    var bytes = new byte[200];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  /** A port that has a speed, and tells which it was opened with last. */
  @SuppressWarnings("ArrayRecordComponent") // the test reads what the transport wrote
  private record AtRate(Transport way, int baud, int[] rate) implements Transport {
    @Override
    public String name() {
      return way.name();
    }

    @Override
    public Optional<LineSettings> line() {
      return Optional.of(LineSettings.of(baud));
    }

    @Override
    public Connection open() {
      Connection opened = way.open();
      rate[0] = baud;
      return opened;
    }
  }

  @Test
  void theTftpPortIsTriedWithAFile() throws IOException {
    network =
        "  network: {driver: tftp, listen: 127.0.0.1:0, server: 127.0.0.1, board: 127.0.0.1}\n";
    Map<String, Check> checks = check(false);

    assertThat(result(checks, "tftp")).as("%s", checks.get("tftp")).isEqualTo(Result.OK);
    assertThat(result(checks, "address")).as("%s", checks.get("address")).isEqualTo(Result.OK);
  }

  @Test
  void aTakenTftpPortIsFailedAndAServerAddressOfAnotherHostIsSuspect() throws IOException {
    try (var taken =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      network =
          "  network: {driver: tftp, listen: 127.0.0.1:%d, server: 127.0.0.1, board: 127.0.0.1}\n"
              .formatted(taken.getLocalPort());
      Check tftp = check(check(false), "tftp");
      assertThat(tftp.result()).isEqualTo(Result.FAILED);
      assertThat(tftp.fact()).contains("cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
    network =
        "  network: {driver: tftp, listen: 127.0.0.1:0, server: 192.0.2.7, board: 127.0.0.1}\n";
    Check tftp = check(check(false), "tftp");
    assertThat(tftp.result()).isEqualTo(Result.SUSPECT);
    assertThat(tftp.fact()).contains("192.0.2.7", "none of this host");
  }

  @Test
  void aMistakeInTheBoardFileIsTheUsersAndNotTheBoards() {
    network = "  network: {driver: tftp, listen: nowhere, server: 127.0.0.1, board: 127.0.0.1}\n";
    assertThatThrownBy(() -> check(false))
        .isInstanceOf(BringupException.class)
        .hasMessageContaining("desk.yaml:")
        .hasMessageContaining("\"nowhere\" is no address to listen on");
  }

  @Test
  void textIsTextInAnyLanguageAndNoiseIsNot() {
    String menu = "\u001b[7m Start \u001b[0m\r\n\u2500\u2500 \u00dcbersicht \ud83d\ude00\n";
    assertThat(judged(menu.getBytes(StandardCharsets.UTF_8))).isEqualTo(Readability.Judgement.TEXT);
    assertThat(judged(garbage())).isEqualTo(Readability.Judgement.GARBAGE);
    assertThat(judged(new byte[100])).isEqualTo(Readability.Judgement.GARBAGE);
    assertThat(judged(new byte[3])).isEqualTo(Readability.Judgement.TOO_LITTLE);
  }

  private static Readability.Judgement judged(byte[] bytes) {
    return Readability.of(bytes).judgement();
  }
}
