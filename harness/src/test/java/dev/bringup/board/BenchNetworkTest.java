package dev.bringup.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.net.LinkBoard;
import dev.bringup.tftp.TftpOutcome;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.time.FakeClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network of a board in this process; that of QEMU is tested with its machine. */
class BenchNetworkTest {
  private static final BoardFile.Network PLAIN = new BoardFile.Network("dhcp", 1, null, null);

  @TempDir private Path uploads;
  @TempDir private Path folder;
  private final FakeClock clock = new FakeClock();
  private final LinkBoard board = new LinkBoard(clock::nanos);
  private final List<BringupException> problems = new ArrayList<>();
  private BenchNetwork network;

  @BeforeEach
  void open() {
    network =
        BenchNetwork.inProcess(
            board, PLAIN, uploads, clock, Optional.empty(), problems::add, _ -> null);
  }

  @AfterEach
  void close() {
    network.close();
  }

  @Test
  void aBoardIsToldItsAddressAndItsBootFile() {
    board.boot();
    assertThat(board.address()).isEqualTo(network.boardAddress());
    network.close();
    var withBootFile = new BoardFile.Network("dhcp", 1, "boot.scr", null);
    network =
        BenchNetwork.inProcess(
            board, withBootFile, uploads, clock, Optional.empty(), problems::add, _ -> null);
    assertThat(board.boot()).isEqualTo("boot.scr");
  }

  @Test
  void filesCanBeStagedReplacedAndTakenAwayWhileTheBoardRuns() throws Exception {
    board.boot();
    board.askFor(2000, "Image");
    assertThat(outcome(0)).isEqualTo(new TftpOutcome.Refused(1, "File not found"));
    board.lose();
    network.stage("Image", new byte[] {1, 2});
    board.askFor(2001, "Image");
    network.stage("Image", Files.write(folder.resolve("file"), new byte[] {3}));
    assertThat(board.read(2001)).as("the file that was asked for").containsExactly(1, 2);
    board.askFor(2002, "Image");
    assertThat(board.read(2002)).containsExactly(3);
    assertThat(network.staged()).containsExactly("Image");
    network.unstage("Image");
    board.askFor(2003, "Image");
    assertThat(outcome(3)).isEqualTo(new TftpOutcome.Refused(1, "File not found"));
    assertThat(network.staged()).isEmpty();
  }

  @Test
  void aTransferIsThereAsSoonAsTheLastAckIs() {
    board.boot();
    clock.advance(Duration.ofMillis(7));
    network.stage("Image", new byte[700]);
    board.askFor(2000, "Image");
    assertThat(network.transfers()).isEmpty();
    board.read(2000);
    TftpTransfer transfer = network.transfers().getFirst();
    assertThat(transfer.outcome()).isEqualTo(new TftpOutcome.Completed());
    assertThat(transfer.startNanos()).isEqualTo(7_000_000);
    assertThat(transfer.client().getAddress().getHostAddress()).isEqualTo(network.boardAddress());
    assertThat(transfer.client().getPort()).isEqualTo(2000);
    assertThat(transfer.sha256()).hasSize(64);
  }

  @Test
  void whatTheBoardWritesIsReceived() {
    board.boot();
    assertThat(network.received("log")).isEmpty();
    byte[] log = new byte[1024];
    log[1023] = 9;
    board.write(2000, "log", log);
    assertThat(network.received("log")).hasValue(log);
    assertThat(network.received("../" + folder.getFileName())).isEmpty();
  }

  @Test
  void aBlockThatIsNotAcknowledgedComesAgainAtTheDeadline() {
    board.boot();
    network.stage("Image", new byte[] {5});
    assertThat(network.deadline()).isEqualTo(Long.MAX_VALUE);
    board.askFor(2000, "Image");
    board.lose();
    assertThat(network.deadline()).isEqualTo(1_000_000_000);
    clock.advance(Duration.ofNanos(999_999_999));
    network.tick();
    assertThat(board.waiting()).isZero();
    clock.advance(Duration.ofNanos(1));
    network.tick();
    assertThat(board.read(2000)).containsExactly(5);
    assertThat(network.deadline()).isEqualTo(Long.MAX_VALUE);
    assertThat(network.transfers().getFirst().retransmitted()).isEqualTo(1);
  }

  @Test
  void powerOffEndsWhatIsUnderWayAndTheBoardBootsAgain() {
    board.boot();
    network.stage("Image", new byte[700]);
    board.askFor(2000, "Image");
    board.unplug();
    assertThat(outcome(0)).isEqualTo(new TftpOutcome.TimedOut());
    assertThat(network.deadline()).isEqualTo(Long.MAX_VALUE);
    board.plug();
    board.boot();
    board.askFor(2000, "Image");
    assertThat(board.read(2000)).hasSize(700);
  }

  @Test
  void closingEndsWhatIsUnderWay() {
    board.boot();
    network.stage("Image", new byte[700]);
    board.askFor(2000, "Image");
    network.close();
    assertThat(outcome(0)).isEqualTo(new TftpOutcome.Refused(0, "Server stopped"));
  }

  @Test
  void theRecordingHoldsAllFramesInTheBoardsTime() throws Exception {
    network.close();
    Path file = folder.resolve("lan.pcapng");
    clock.advance(Duration.ofSeconds(3));
    network =
        BenchNetwork.inProcess(
            board, PLAIN, uploads, clock, Optional.of(file), problems::add, _ -> null);
    clock.advance(Duration.ofNanos(11));
    board.boot();
    network.close();
    var in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int packets = 0;
    for (int at = 0; at < in.limit(); at += in.getInt(at + 4)) {
      if (in.getInt(at) == 6) { // enhanced packet block
        long time = ((long) in.getInt(at + 12) << 32) | (in.getInt(at + 16) & 0xffff_ffffL);
        assertThat(time).isEqualTo(3_000_000_011L);
        packets++;
      }
    }
    assertThat(packets).isEqualTo(4).isEqualTo(board.frames().size());
  }

  @Test
  void aRecordingThatCannotBeWrittenUnplugsTheWire() {
    var other = new LinkBoard(clock::nanos);
    Optional<Path> nowhere = Optional.of(folder.resolve("no/lan.pcapng"));
    assertThatThrownBy(() ->
            BenchNetwork.inProcess(other, PLAIN, uploads, clock, nowhere, problems::add, _ -> null))
        .isInstanceOf(BringupException.class);
    assertThat(other.closed()).isTrue();
  }

  /** A pipe whose reader has gone refuses what is written, as a full disk does. */
  @Test
  void aPacketRecordingThatCanNoLongerBeWrittenIsToldOnceAndTheNetworkGoesOn() throws Exception {
    Path pipe = folder.resolve("pipe");
    Assumptions.assumeTrue(
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "mkfifo fails");
    var opened = new CountDownLatch(1);
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              try (InputStream in = Files.newInputStream(pipe)) {
                opened.await();
                assertThat(in.read()).isNotNegative();
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    network.close();
    network =
        BenchNetwork.inProcess(
            board, PLAIN, uploads, clock, Optional.of(pipe), problems::add, _ -> null);
    opened.countDown();
    reader.join();
    board.boot();
    board.boot();

    assertThat(board.address()).isEqualTo(network.boardAddress());
    assertThat(problems)
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
          assertThat(problem).hasMessageContaining("packets").hasMessageContaining("recorded");
        });
  }

  private TftpOutcome outcome(int index) {
    return network.transfers().get(index).outcome();
  }
}
