package dev.bringup.tftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.fault.PacketFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TftpResponderTest {
  private static final InetSocketAddress BOARD = client(2000);
  private static final InetSocketAddress OTHER = client(2001);
  private static final int FIRST = 49152;
  private static final long SECOND = 1_000_000_000L;
  private static final TftpOutcome DONE = new TftpOutcome.Completed();

  @TempDir private Path folder;
  private final List<TftpTransfer> finished = new ArrayList<>();
  private final List<String> started = new ArrayList<>();
  private final TransferListener listener =
      new TransferListener() {
        @Override
        public void started(TransferStarted transfer) {
          started.add(transfer.file());
        }

        @Override
        public void finished(TftpTransfer transfer) {
          finished.add(transfer);
        }
      };
  private final ResponderWire wire = new ResponderWire();
  private StagedFiles files = new StagedFiles();
  private ClientQuirks quirks = ClientQuirks.NONE;
  private TftpResponder server = new TftpResponder(files, address -> quirks, listener);
  private long now = 5 * SECOND;

  @BeforeEach
  void begin() {
    files = new StagedFiles(folder);
    server = new TftpResponder(files, address -> quirks, listener);
  }

  @Test
  void aFileIsReadBlockByBlockFromAPortOfItsOwn() {
    byte[] content = random(1300);
    files.stage("Image", content);
    send(BOARD, 69, read("Image"));
    assertThat(started).containsExactly("Image");
    for (int block = 1; block <= 3; block++) {
      assertThat(finished).isEmpty();
      ResponderWire.Sent data = wire.next();
      assertThat(data.port()).isEqualTo(FIRST);
      assertThat(data.client()).isEqualTo(BOARD);
      assertThat(data.packet()).isEqualTo(data(block, content, 512));
      assertThat(wire.silent()).isTrue();
      now += 1000;
      send(BOARD, FIRST, new TftpPacket.Ack(block));
    }
    assertThat(finished)
        .containsExactly(
            new TftpTransfer(
                5 * SECOND,
                Instant.ofEpochSecond(5),
                BOARD,
                TftpTransfer.Direction.READ,
                "Image",
                "octet",
                Map.of(),
                Map.of(),
                1300,
                0,
                Duration.ofNanos(3000),
                Sha256.of(content),
                DONE));
    assertThat(server.deadline()).isEqualTo(Long.MAX_VALUE);
    assertThat(wire.silent()).isTrue();
  }

  @Test
  void aFileOnDiskIsSentAsItIs() throws Exception {
    byte[] content = random(200_000);
    files.stage("Image", Files.write(folder.resolve("there"), content));
    assertThat(readAll(read("Image", "blksize", "1468"))).isEqualTo(content);
    assertThat(finished.getFirst().sha256()).isEqualTo(Sha256.of(content));
  }

  @Test
  void aFileThatIsWrittenAppearsWithItsLastBlock() throws Exception {
    byte[] content = random(700);
    send(BOARD, 69, new TftpPacket.Write("log", "octet", Map.of()));
    assertThat(wire.next()).isEqualTo(new ResponderWire.Sent(FIRST, BOARD, new TftpPacket.Ack(0)));
    send(BOARD, FIRST, data(1, content, 512));
    assertThat(wire.next().packet()).isEqualTo(new TftpPacket.Ack(1));
    assertThat(folder.resolve("log")).doesNotExist();
    send(BOARD, FIRST, data(2, content, 512));
    assertThat(wire.next().packet()).isEqualTo(new TftpPacket.Ack(2));
    assertThat(folder.resolve("log")).hasBinaryContent(content);
    assertThat(finished).singleElement().returns(DONE, TftpTransfer::outcome);
    assertThat(finished.getFirst().sha256()).isEqualTo(Sha256.of(content));

    send(BOARD, FIRST, data(2, content, 512));
    assertThat(wire.next().packet()).as("our ACK was lost").isEqualTo(new TftpPacket.Ack(2));
    now = server.deadline();
    server.tick(now);
    assertThat(server.deadline()).isEqualTo(Long.MAX_VALUE);
    assertThat(finished).hasSize(1);
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("log"));
    }
  }

  @Test
  void refusalsComeFromThePortOfRequests() {
    send(BOARD, 69, read("missing"));
    assertError(wire.next(), 69, TftpErrorCode.FILE_NOT_FOUND);
    send(BOARD, 69, new TftpPacket.Read("x", "mail", Map.of()));
    assertError(wire.next(), 69, TftpErrorCode.ILLEGAL_OPERATION);
    send(BOARD, 69, new TftpPacket.Write("../out", "octet", Map.of()));
    assertError(wire.next(), 69, TftpErrorCode.ACCESS_VIOLATION);
    assertThat(finished).hasSize(3);
    assertThat(finished.getFirst().outcome())
        .isEqualTo(new TftpOutcome.Refused(1, "File not found"));
    assertThat(started).isEmpty();
    assertThat(server.deadline()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void optionsAreGrantedAsFarAsTheClientsQuirksLetThem() {
    quirks = ClientQuirks.NONE.withMaxBlksize(1000);
    byte[] content = random(1500);
    files.stage("Image", content);
    send(
        BOARD,
        69,
        read("Image", "timeout", "3", "tsize", "0", "blksize", "1468", "windowsize", "2"));
    assertThat(wire.next().packet())
        .isEqualTo(
            new TftpPacket.OptionAck(
                Map.of("timeout", "3", "tsize", "1500", "blksize", "1000", "windowsize", "2")));
    assertThat(server.deadline()).isEqualTo(now + 3 * SECOND);
    send(BOARD, FIRST, new TftpPacket.Ack(0));
    assertThat(wire.all()).containsExactly(data(1, content, 1000), data(2, content, 1000));
    send(BOARD, FIRST, new TftpPacket.Ack(2));
    assertThat(finished.getFirst().granted()).containsEntry("blksize", "1000");
  }

  @Test
  void aPlainServerIsPlayedForClientsThatNeedOne() {
    quirks = ClientQuirks.NONE.ignoringOptions().strippingLeadingSlash();
    files.stage("Image", random(10));
    send(BOARD, 69, read("/Image", "blksize", "1468"));
    assertThat(wire.next().packet()).isInstanceOf(TftpPacket.Data.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16})
  void aWindowIsSentForEachAck(int window) {
    byte[] content = random(100 * window * 3 + 50);
    files.stage("Image", content);
    send(BOARD, 69, read("Image", "blksize", "100", "windowsize", "" + window));
    assertThat(wire.all()).hasSize(1);
    for (int round = 0; round < 3; round++) {
      send(BOARD, FIRST, new TftpPacket.Ack(round * window));
      List<TftpPacket> packets = wire.all();
      assertThat(packets).hasSize(window);
      assertThat(packets.getLast()).isEqualTo(data((round + 1) * window, content, 100));
    }
    send(BOARD, FIRST, new TftpPacket.Ack(3 * window));
    assertThat(wire.all()).containsExactly(data(3 * window + 1, content, 100));
    send(BOARD, FIRST, new TftpPacket.Ack(3 * window + 1));
    assertThat(finished).singleElement().returns(DONE, TftpTransfer::outcome);
  }

  @Test
  void aGapInAWindowIsFilledFromTheBlockAfterIt() {
    byte[] content = random(100 * 10);
    files.stage("Image", content);
    send(BOARD, 69, read("Image", "blksize", "100", "windowsize", "8"));
    send(BOARD, FIRST, new TftpPacket.Ack(0));
    assertThat(wire.all()).hasSize(9);
    send(BOARD, FIRST, new TftpPacket.Ack(3));
    List<TftpPacket> again = wire.all();
    assertThat(again).hasSize(8);
    assertThat(again.getFirst()).isEqualTo(data(4, content, 100));
    send(BOARD, FIRST, new TftpPacket.Ack(11));
    assertThat(finished.getFirst().retransmitted()).isEqualTo(5);
  }

  @Test
  void aBlockIsSentAgainAtItsDeadlineAndTheClientGivenUpInTheEnd() {
    byte[] content = random(600);
    files.stage("Image", content);
    send(BOARD, 69, read("Image"));
    assertThat(wire.all()).hasSize(1);
    long begin = now;
    var times = new ArrayList<Long>();
    while (server.deadline() != Long.MAX_VALUE) {
      now = server.deadline() - 1;
      server.tick(now);
      assertThat(wire.silent()).isTrue();
      now = server.deadline();
      server.tick(now);
      times.add((now - begin) / SECOND);
      if (finished.isEmpty()) {
        assertThat(wire.all()).containsExactly(data(1, content, 512));
      }
    }
    assertThat(times).containsExactly(1L, 3L, 7L, 15L, 23L, 31L);
    assertThat(wire.silent()).isTrue();
    assertThat(finished.getFirst().outcome()).isEqualTo(new TftpOutcome.TimedOut());
    assertThat(finished.getFirst().retransmitted()).isEqualTo(5);
    assertThat(finished.getFirst().duration()).isEqualTo(Duration.ofSeconds(31));
    assertThat(finished.getFirst().sha256()).isNull();
  }

  @Test
  void aLostAckIsAskedForAgainByTheBlock() {
    byte[] content = random(600);
    files.stage("Image", content);
    send(BOARD, 69, read("Image"));
    assertThat(wire.all()).hasSize(1);
    now = server.deadline(); // the client's ACK 1 never came
    server.tick(now);
    assertThat(wire.all()).containsExactly(data(1, content, 512));
    send(BOARD, FIRST, new TftpPacket.Ack(1));
    assertThat(wire.all()).containsExactly(data(2, content, 512));
    send(BOARD, FIRST, new TftpPacket.Ack(1));
    assertThat(wire.silent()).as("one answer only").isTrue();
    send(BOARD, FIRST, new TftpPacket.Ack(2));
    assertThat(finished.getFirst().outcome()).isEqualTo(DONE);
    assertThat(finished.getFirst().retransmitted()).isEqualTo(1);
  }

  @Test
  void aRequestSentAgainIsAnsweredAgainFromTheSamePort() {
    files.stage("Image", random(600));
    send(BOARD, 69, read("Image"));
    ResponderWire.Sent first = wire.next();
    send(BOARD, 69, read("Image"));
    assertThat(wire.next()).isEqualTo(first);
    send(BOARD, FIRST, new TftpPacket.Ack(1));
    assertThat(wire.all()).hasSize(1);
    send(BOARD, 69, read("Image"));
    assertThat(wire.silent()).as("a duplicate that the network made").isTrue();
    send(BOARD, FIRST, new TftpPacket.Ack(2));
    assertThat(finished).singleElement().returns(DONE, TftpTransfer::outcome);
    assertThat(started).hasSize(1);
  }

  @Test
  void aClientThatBeginsAnewEndsItsEarlierTransfer() {
    files.stage("Image", random(600));
    files.stage("Other", random(10));
    send(BOARD, 69, read("Image"));
    send(BOARD, FIRST, new TftpPacket.Ack(1));
    assertThat(wire.all()).hasSize(2);
    now += SECOND;
    send(BOARD, 69, read("Image"));
    assertThat(wire.next().port()).as("after a silence").isEqualTo(FIRST + 1);
    send(BOARD, 69, read("Other"));
    assertThat(wire.next().port()).as("another file").isEqualTo(FIRST + 2);
    send(BOARD, FIRST + 2, new TftpPacket.Ack(1));
    assertThat(finished).extracting(TftpTransfer::file).containsExactly("Image", "Image", "Other");
    assertThat(finished)
        .extracting(TftpTransfer::outcome)
        .containsExactly(new TftpOutcome.TimedOut(), new TftpOutcome.TimedOut(), DONE);
  }

  @Test
  void whoeverIsNotATransfersClientIsToldSoAndTheTransferGoesOn() {
    files.stage("Image", random(600));
    assertThat(server.listensOn(FIRST)).isFalse();
    send(BOARD, 69, read("Image"));
    assertThat(wire.all()).hasSize(1);
    assertThat(server.listensOn(FIRST)).isTrue();
    assertThat(server.listensOn(FIRST + 1)).isFalse();
    send(OTHER, FIRST, new TftpPacket.Ack(1));
    ResponderWire.Sent error = wire.next();
    assertThat(error.client()).isEqualTo(OTHER);
    assertError(error, FIRST, TftpErrorCode.UNKNOWN_TRANSFER_ID);
    send(OTHER, FIRST, new TftpPacket.ErrorReply(5, "Unknown transfer ID"));
    assertThat(wire.silent()).as("an error is never answered").isTrue();
    send(BOARD, FIRST, new TftpPacket.Ack(1));
    send(BOARD, FIRST, new TftpPacket.Ack(2));
    assertThat(wire.all()).hasSize(1);
    assertThat(finished).singleElement().returns(DONE, TftpTransfer::outcome);
    send(BOARD, FIRST, new TftpPacket.Ack(2));
    assertThat(wire.silent()).as("the last block came twice, and so did its ACK").isTrue();
    send(OTHER, FIRST, new TftpPacket.Ack(2));
    assertError(wire.next(), FIRST, TftpErrorCode.UNKNOWN_TRANSFER_ID);
  }

  @Test
  void faultsStrikeThePacketsOfATransferAndDelaysEndInItsTime() {
    byte[] content = random(512 * 4);
    files.stage("Image", content);
    var faults = new TftpFaults((fault, file, block) -> {});
    faults.arm(TftpFaultsTest.at(1, new PacketFault.Effect.Doubled()), 1, false);
    faults.arm(TftpFaultsTest.at(2, new PacketFault.Effect.Late(Duration.ofMillis(30))), 1, false);
    faults.arm(TftpFaultsTest.at(3, new PacketFault.Effect.Lost()), 1, false);
    server = new TftpResponder(files, address -> quirks, listener, faults::path);
    send(BOARD, 69, read("Image"));
    assertThat(wire.all()).containsExactly(data(1, content, 512), data(1, content, 512));
    send(BOARD, FIRST, new TftpPacket.Ack(1));
    assertThat(wire.silent()).isTrue();
    assertThat(server.deadline()).isEqualTo(now + 30_000_000);
    now = server.deadline();
    server.tick(now);
    assertThat(wire.all()).containsExactly(data(2, content, 512));
    send(BOARD, FIRST, new TftpPacket.Ack(2));
    assertThat(wire.silent()).as("block 3 is lost").isTrue();
    now = server.deadline();
    server.tick(now);
    assertThat(wire.all()).as("and sent again").containsExactly(data(3, content, 512));
  }

  @Test
  void anErrorInTheMidstEndsTheTransferAndThePort() {
    files.stage("Image", random(2000));
    var faults = new TftpFaults((fault, file, block) -> {});
    faults.arm(TftpFaultsTest.at(2, new PacketFault.Effect.Refused(3, "no disk")), 1, false);
    server = new TftpResponder(files, address -> quirks, listener, faults::path);
    send(BOARD, 69, read("Image"));
    assertThat(wire.all()).hasSize(1);
    send(BOARD, FIRST, new TftpPacket.Ack(1));
    assertThat(wire.next().packet()).isEqualTo(new TftpPacket.ErrorReply(3, "no disk"));
    assertThat(finished)
        .singleElement()
        .returns(new TftpOutcome.Refused(3, "no disk"), TftpTransfer::outcome);
    assertThat(server.deadline()).isEqualTo(Long.MAX_VALUE);
    send(BOARD, FIRST, new TftpPacket.Ack(2));
    assertError(wire.next(), FIRST, TftpErrorCode.UNKNOWN_TRANSFER_ID);
  }

  @Test
  void anErrorFromTheClientEndsItsTransfer() {
    files.stage("Image", random(600));
    send(BOARD, 69, read("Image"));
    assertThat(wire.all()).hasSize(1);
    send(BOARD, FIRST, new TftpPacket.ErrorReply(0, "user break"));
    assertThat(finished.getFirst().outcome()).isEqualTo(new TftpOutcome.Aborted(0, "user break"));
    assertThat(wire.silent()).isTrue();
    assertThat(server.deadline()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void damageAndStrayPacketsAreAsGoodAsLost() {
    files.stage("Image", random(600));
    server.datagram(BOARD, 69, ByteBuffer.allocate(1), now, wire);
    server.datagram(BOARD, 69, ByteBuffer.wrap(new byte[] {0, 9, 0, 0}), now, wire);
    send(BOARD, 69, new TftpPacket.Ack(0));
    send(BOARD, 69, read("Image"));
    assertThat(wire.all()).hasSize(1);
    server.datagram(BOARD, FIRST, ByteBuffer.wrap(new byte[] {0, 4, 0}), now, wire);
    assertThat(wire.silent()).isTrue();
    assertThat(finished).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void blockNumbersWrapInFilesAbove32Megabytes(boolean toOne) {
    if (toOne) {
      quirks = ClientQuirks.NONE.wrappingToOne();
    }
    byte[] content = random(33 << 20);
    files.stage("big", content);
    send(BOARD, 69, read("big"));
    long offset = 0;
    int block = 0;
    while (finished.isEmpty()) {
      block = block == 65535 ? (toOne ? 1 : 0) : block + 1;
      TftpPacket.Data data = (TftpPacket.Data) wire.next().packet();
      assertThat(data.block()).isEqualTo(block);
      int length = data.payload().remaining();
      if (!data.payload().equals(ByteBuffer.wrap(content, (int) offset, length))) {
        throw new AssertionError("wrong bytes at " + offset);
      }
      offset += length;
      send(BOARD, FIRST, new TftpPacket.Ack(block));
    }
    assertThat(offset).isEqualTo(33 << 20);
    assertThat(finished.getFirst().bytes()).isEqualTo(33 << 20);
    assertThat(finished.getFirst().retransmitted()).isZero();
  }

  @Test
  void twoTransfersGoOnAtOnceEachAtItsOwnPace() {
    byte[] one = random(1500);
    byte[] two = random(600);
    files.stage("one", one);
    files.stage("two", two);
    send(BOARD, 69, read("one"));
    assertThat(wire.next().port()).isEqualTo(FIRST);
    now += SECOND / 2;
    send(OTHER, 69, read("two"));
    assertThat(wire.next().port()).isEqualTo(FIRST + 1);
    assertThat(server.deadline()).isEqualTo(now + SECOND / 2);
    now += SECOND / 2;
    server.tick(now);
    ResponderWire.Sent again = wire.next();
    assertThat(again.port()).isEqualTo(FIRST);
    assertThat(again.packet()).isEqualTo(data(1, one, 512));
    assertThat(wire.silent()).isTrue();
    assertThat(server.deadline()).as("of the other").isEqualTo(now + SECOND / 2);
    send(OTHER, FIRST + 1, new TftpPacket.Ack(1));
    send(BOARD, FIRST, new TftpPacket.Ack(1));
    assertThat(wire.all()).containsExactly(data(2, two, 512), data(2, one, 512));
    send(OTHER, FIRST + 1, new TftpPacket.Ack(2));
    send(BOARD, FIRST, new TftpPacket.Ack(2));
    send(BOARD, FIRST, new TftpPacket.Ack(3));
    assertThat(finished).extracting(TftpTransfer::file).containsExactly("two", "one");
  }

  @Test
  void clientsThatAreGoneTimeOutAtOnce() throws Exception {
    files.stage("Image", random(600));
    send(BOARD, 69, read("Image"));
    send(OTHER, 69, new TftpPacket.Write("log", "octet", Map.of()));
    assertThat(wire.all()).hasSize(2);
    server.clientsGone(now);
    assertThat(finished)
        .extracting(TftpTransfer::outcome)
        .containsExactly(new TftpOutcome.TimedOut(), new TftpOutcome.TimedOut());
    assertThat(wire.silent()).isTrue();
    assertThat(server.deadline()).isEqualTo(Long.MAX_VALUE);
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
    send(BOARD, 69, read("Image"));
    assertThat(wire.next().port()).isEqualTo(FIRST + 2);
  }

  @Test
  void aServerThatStopsSaysSo() {
    files.stage("Image", random(600));
    send(BOARD, 69, read("Image"));
    assertThat(wire.all()).hasSize(1);
    server.stop(now);
    assertError(wire.next(), FIRST, TftpErrorCode.UNDEFINED);
    assertThat(finished.getFirst().outcome())
        .isEqualTo(new TftpOutcome.Refused(0, "Server stopped"));
    assertThat(server.deadline()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void portsAreHandedOutInOrderAndThoseInUseSkipped() {
    files.stage("Image", random(600));
    files.stage("small", random(1));
    send(OTHER, 69, read("Image"));
    assertThat(wire.next().port()).isEqualTo(FIRST);
    for (int port = FIRST + 1; port <= 65535; port++) {
      send(BOARD, 69, read("small"));
      assertThat(wire.next().port()).isEqualTo(port);
      send(BOARD, port, new TftpPacket.Ack(1));
    }
    send(BOARD, 69, read("small"));
    assertThat(wire.next().port()).isEqualTo(FIRST + 1);
    assertThat(server.listensOn(FIRST + 2)).isTrue();
    assertThat(server.listensOn(65536)).isFalse();
    assertThat(server.listensOn(FIRST - 1)).isFalse();
  }

  @Test
  void moreTransfersThanAnyBoardNeedsAreRefused() {
    files.stage("Image", random(600));
    for (int port = 1; port <= 1024; port++) {
      send(client(port), 69, read("Image"));
    }
    assertThat(wire.all()).hasSize(1024);
    send(client(1025), 69, read("Image"));
    assertError(wire.next(), 69, TftpErrorCode.UNDEFINED);
  }

  @Test
  void aFileThatShrinksEndsItsTransferWithAnError() throws Exception {
    Path path = Files.write(folder.resolve("there"), random(200_000));
    files.stage("Image", path);
    send(BOARD, 69, read("Image", "blksize", "60000"));
    send(BOARD, FIRST, new TftpPacket.Ack(0));
    assertThat(wire.all()).hasSize(2);
    Files.write(path, random(10));
    send(BOARD, FIRST, new TftpPacket.Ack(1));
    assertError(wire.next(), FIRST, TftpErrorCode.UNDEFINED);
    assertThat(finished.getFirst().outcome())
        .isEqualTo(new TftpOutcome.Refused(0, "File cannot be read any more"));
    assertThat(server.deadline()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aFaultInSomebodysFilesIsAnsweredAndStopsNoOtherTransfer() {
    var broken =
        new TftpResponder(
            new TftpFiles() {
              @Override
              public TftpContent open(InetSocketAddress client, String name) {
                if (name.equals("open")) {
                  throw new IllegalStateException("open");
                }
                return new Broken();
              }

              @Override
              public TftpUpload create(InetSocketAddress client, String name, OptionalLong size) {
                throw new IllegalStateException("create");
              }
            },
            address -> ClientQuirks.NONE,
            listener);
    assertThatThrownBy(() -> broken.datagram(BOARD, 69, encoded(read("open")), now, wire))
        .hasMessage("open");
    assertError(wire.next(), 69, TftpErrorCode.UNDEFINED);
    assertThatThrownBy(() -> broken.datagram(BOARD, 69, encoded(read("read")), now, wire))
        .hasMessage("read");
    assertError(wire.next(), FIRST, TftpErrorCode.UNDEFINED);
    assertThat(broken.deadline()).isEqualTo(Long.MAX_VALUE);
    assertThat(finished).hasSize(2);
  }

  @Test
  void aListenerThatFailsHoldsUpNothing() {
    files.stage("Image", random(10));
    var deaf =
        new TftpResponder(
            files,
            address -> quirks,
            transfer -> {
              throw new IllegalStateException("deaf");
            });
    deaf.datagram(BOARD, 69, encoded(read("Image")), now, wire);
    assertThat(wire.all()).hasSize(1);
    assertThatThrownBy(() -> deaf.datagram(BOARD, FIRST, encoded(new TftpPacket.Ack(1)), now, wire))
        .hasMessage("deaf");
    assertThat(deaf.deadline()).isEqualTo(Long.MAX_VALUE);
    deaf.datagram(BOARD, 69, encoded(read("Image")), now, wire);
    assertThat(wire.next().port()).isEqualTo(FIRST + 1);
  }

  private record Broken() implements TftpContent {
    @Override
    public long size() {
      return 10;
    }

    @Override
    public int read(long position, ByteBuffer target) {
      throw new IllegalStateException("read");
    }

    @Override
    public String sha256() throws IOException {
      throw new IOException("no hash");
    }

    @Override
    public void close() {}
  }

  private byte[] readAll(TftpPacket.Request request) {
    var content = new ByteArrayOutputStream();
    send(BOARD, 69, request);
    while (finished.isEmpty()) {
      ResponderWire.Sent sent = wire.next();
      int block = 0;
      if (sent.packet() instanceof TftpPacket.Data data) {
        block = data.block();
        byte[] bytes = new byte[data.payload().remaining()];
        data.payload().get(bytes);
        content.writeBytes(bytes);
      }
      send(BOARD, sent.port(), new TftpPacket.Ack(block));
    }
    return content.toByteArray();
  }

  private void send(InetSocketAddress from, int port, TftpPacket packet) {
    server.datagram(from, port, encoded(packet), now, wire);
  }

  private static ByteBuffer encoded(TftpPacket packet) {
    return ByteBuffer.wrap(TftpCodec.encode(packet));
  }

  private static TftpPacket.Read read(String file, String... options) {
    var map = new LinkedHashMap<String, String>();
    for (int i = 0; i < options.length; i += 2) {
      map.put(options[i], options[i + 1]);
    }
    return new TftpPacket.Read(file, "octet", map);
  }

  private static TftpPacket.Data data(int block, byte[] content, int blksize) {
    int from = (block - 1) * blksize;
    int length = Math.min(blksize, content.length - from);
    return new TftpPacket.Data(block, ByteBuffer.wrap(content, from, length).slice());
  }

  private static void assertError(ResponderWire.Sent sent, int port, TftpErrorCode code) {
    assertThat(sent.port()).isEqualTo(port);
    assertThat(sent.packet()).isInstanceOf(TftpPacket.ErrorReply.class);
    assertThat(((TftpPacket.ErrorReply) sent.packet()).code()).isEqualTo(code.code());
  }

  private static InetSocketAddress client(int port) {
    return new InetSocketAddress(InetAddress.ofLiteral("192.168.76.2"), port);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
