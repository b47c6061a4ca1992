package dev.bringup.wired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BoardSite;
import dev.bringup.board.FaultInjection;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Recording;
import dev.bringup.fault.LineFault;
import dev.bringup.fault.LineFault.Direction;
import dev.bringup.fault.LineFault.Effect;
import dev.bringup.fault.Occurrence.At;
import dev.bringup.fault.Occurrence.Since;
import dev.bringup.fault.PacketFault;
import dev.bringup.power.PowerState;
import dev.bringup.power.PowerSwitch;
import dev.bringup.time.BoardClock;
import dev.bringup.transport.Pty;
import dev.bringup.transport.WireEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.commons.net.tftp.TFTP;
import org.apache.commons.net.tftp.TFTPClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Faults between a board at the end of a real wire and its recording. */
@Timeout(120)
class WiredFaultsTest {
  @TempDir private Path folder;
  private final Outlet outlet = new Outlet();
  private Pty far;
  private Optional<HostNetwork> network = Optional.empty();
  private WiredBoard board;
  private FaultInjection faults;
  private Recording recording;

  /** Obeys at once, and tells. */
  private static final class Outlet implements PowerSwitch {
    private final BlockingQueue<Boolean> orders = new LinkedBlockingQueue<>();
    private volatile boolean on;

    @Override
    public String outlet() {
      return "outlet";
    }

    @Override
    public PowerState read() {
      return on ? PowerState.ON : PowerState.OFF;
    }

    @Override
    public void set(boolean value) {
      on = value;
      orders.add(value);
    }
  }

  @BeforeEach
  void open() throws IOException {
    Assumptions.assumeTrue(
        System.getProperty("os.name", "").equals("Linux"), "pseudo terminals need Linux");
    Path boards = Files.createDirectory(folder.resolve("boards"));
    far = Pty.make();
    Path link = Files.createSymbolicLink(folder.resolve("board"), far.path());
    Files.writeString(
        boards.resolve("desk.yaml"),
        """
        description: at the end of a wire
        architecture: arm64
        cpus: 1
        memory: 1 GiB
        memory-map: {ram: 0x40000000, script: 0x40200000, load: 0x40400000}
        stages: {firmware: {mark: {literal: Banner}, within: 20 s}}
        drivers:
          console: {driver: pty, path: "%s"}
          power: {driver: manual}
          network: {driver: tftp, listen: "127.0.0.1:0", server: 127.0.0.1, board: 127.0.0.1}
        """
            .formatted(link));
    BoardFile file = BoardCatalog.load(boards).board("desk");
    var site =
        new BoardSite(
            Optional.empty(),
            Optional.empty(),
            (set, name) -> link,
            problem -> {
              throw problem;
            });
    network = HostNetwork.of(file, BoardClock.system());
    board = WiredBoard.open(file, site, outlet, network);
    faults = board.capability(FaultInjection.class).orElseThrow();
    recording = board.console().recording();
  }

  @AfterEach
  void close() {
    if (board != null) {
      board.close();
      far.close();
    }
  }

  private void arm(Direction direction, long number, Effect effect) {
    faults.arm(new LineFault(direction, new At(number, Since.POWER_ON), effect), 1);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void say(String text) {
    far.connection().write(ascii(text));
  }

  private String heard(int count) {
    var heard = new ByteArrayOutputStream();
    while (heard.size() < count) {
      switch (far.connection().next()) {
        case WireEvent.Received(var bytes) -> {
          while (bytes.hasRemaining()) {
            heard.write(bytes.get());
          }
        }
        case WireEvent end -> throw new AssertionError(end.toString());
      }
    }
    return heard.toString(StandardCharsets.US_ASCII);
  }

  private void awaitRecorded(String text) {
    long deadline = BoardClock.system().nanos() + Duration.ofSeconds(60).toNanos();
    for (long end = recording.end(); !recording.text(0, end).equals(text); end = recording.end()) {
      assertThat(recording.awaitBeyond(end, deadline)).as(recording.text(0, end)).isTrue();
    }
  }

  private List<String> marks() {
    return recording.events().stream()
        .filter(ConsoleEvent.Mark.class::isInstance)
        .map(event -> event.offset() + " " + ((ConsoleEvent.Mark) event).text())
        .filter(mark -> !mark.startsWith("0 wire: "))
        .toList();
  }

  @Test
  void bytesAreHurtOnBothWaysAndMarkedWhereThatWas() {
    arm(Direction.FROM_BOARD, 3, new Effect.Lost(2));
    arm(Direction.FROM_BOARD, 7, new Effect.Doubled());
    arm(Direction.FROM_BOARD, 8, new Effect.Late(Duration.ofMillis(50)));
    arm(Direction.TO_BOARD, 2, new Effect.Lost(1));
    board.power().on();
    say("abcdefgh");
    awaitRecorded("abefggh");
    board.console().write(ascii("xyz"));
    assertThat(heard(2)).isEqualTo("xz");
    assertThat(marks())
        .containsExactly(
            "0 power on",
            "2 fault: 2 bytes from the board lost (from console byte 3 on)",
            "4 fault: 1 byte from the board doubled (console byte 7)",
            "6 fault: bytes from the board late by 50 ms (from console byte 8 on)",
            "7 fault: 1 byte towards the board lost (typed byte 2)");
    assertThat(faults.strikes()).hasSize(4);
  }

  @Test
  void aPortThatIsGoneIsAGapAndIsOpenedAgain() {
    arm(Direction.FROM_BOARD, 4, new Effect.PortGone(Duration.ofMillis(300)));
    board.power().on();
    say("abcd");
    awaitRecorded("abc");
    long deadline = BoardClock.system().nanos() + Duration.ofSeconds(60).toNanos();
    while (marks().stream()
        .noneMatch(mark -> mark.startsWith("3 fault: the serial port is back"))) {
      assertThat(BoardClock.system().nanos()).isLessThan(deadline);
      var _ = recording.awaitBeyond(3, BoardClock.system().nanos() + 1_000_000);
    }
    say("again");
    awaitRecorded("abcagain");
    assertThat(marks())
        .containsExactly(
            "0 power on",
            "3 fault: the serial port is gone for 300 ms (from console byte 4 on)",
            "3 gap: wire lost",
            "3 wire lost: an injected fault: the serial port is gone for 300 ms (from console byte"
                + " 4 on)",
            "3 wire back: pty " + folder.resolve("board"),
            "3 fault: the serial port is back; what the board said meanwhile is lost, bytes: 1");
    board.console().write(ascii("x"));
    assertThat(heard(1)).isEqualTo("x");
  }

  @Test
  void powerIsCutByTheOutletAndWhatTheBoardStillSaysIsRecorded() throws InterruptedException {
    arm(Direction.FROM_BOARD, 3, new Effect.PowerCut());
    board.power().on();
    say("abcde");
    assertThat(outlet.orders.poll(60, TimeUnit.SECONDS)).isTrue();
    assertThat(outlet.orders.poll(60, TimeUnit.SECONDS)).isFalse();
    awaitRecorded("abcde");
    assertThat(board.power().get()).isEqualTo(PowerState.OFF);
    board.power().on();
    say("fgh");
    awaitRecorded("abcdefgh");
    assertThat(board.power().get()).as("once").isEqualTo(PowerState.ON);
    assertThat(marks()).contains("0 power on", "3 fault: power cut at console byte 3");
  }

  @Test
  void tftpOverRealSocketsIsHurtAndItsFaultsAreMarked() throws IOException {
    var content = new byte[5000];
    new Random(1).nextBytes(content);
    board.capability(BoardNetwork.class).orElseThrow().stage("Image", content);
    for (int block : List.of(2, 5)) {
      var effect = block == 2 ? new PacketFault.Effect.Doubled() : new PacketFault.Effect.Lost();
      faults.arm(new PacketFault("Image", new At(block, Since.POWER_ON), effect), 1);
    }
    InetSocketAddress server = network.orElseThrow().address();
    var client = new TFTPClient();
    client.setDefaultTimeout(Duration.ofSeconds(20));
    client.open();
    try {
      var got = new ByteArrayOutputStream();
      client.receiveFile("Image", TFTP.BINARY_MODE, got, server.getAddress(), server.getPort());
      assertThat(got.toByteArray()).isEqualTo(content);
    } finally {
      client.close();
    }
    assertThat(marks())
        .containsExactly(
            "0 fault: TFTP block 2 of \"Image\" doubled",
            "0 fault: TFTP block 5 of \"Image\" lost");
  }
}
