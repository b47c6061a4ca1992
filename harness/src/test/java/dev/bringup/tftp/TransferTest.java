package dev.bringup.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.tftp.TransferSimulation.Fate;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TransferTest {
  private static final long SECOND = 1_000_000_000L;

  private static TftpOptions options(int blksize, int windowsize) {
    return new TftpOptions(blksize, windowsize, 1, Map.of());
  }

  private static byte[] content(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** What was sent, in short: {@code D1} for DATA 1, {@code A0}, {@code E4}, {@code O}. */
  private static final class Sent implements Outbox {
    private final List<String> packets = new ArrayList<>();

    @Override
    public void data(int block, long offset, int length) {
      packets.add("D" + block);
    }

    @Override
    public void packet(TftpPacket packet) {
      packets.add(
          switch (packet) {
            case TftpPacket.Ack ack -> "A" + ack.block();
            case TftpPacket.ErrorReply error -> "E" + error.code();
            case TftpPacket.OptionAck _ -> "O";
            default -> packet.toString();
          });
    }

    String take() {
      String all = String.join(" ", packets);
      packets.clear();
      return all;
    }
  }

  private static TftpPacket ack(int block) {
    return new TftpPacket.Ack(block);
  }

  private static TftpPacket data(int block, int length) {
    return new TftpPacket.Data(block, ByteBuffer.allocate(length));
  }

  private static void arrivesWhole(TransferSimulation simulation, String how) {
    var result = simulation.run();
    assertThat(result.received().bytes.toByteArray())
        .as(() -> how + "\n" + simulation.trace())
        .isEqualTo(simulation.content);
    assertThat(result.received().commits).as(how).isEqualTo(1);
    assertThat(result.receiver().outcome()).as(how).isEqualTo(new TftpOutcome.Completed());
    assertThat(result.receiver().closed()).as(how).isTrue();
    // A lost last ACK is repaired while the receiver dallies, so the sender knows as well.
    assertThat(result.sender().outcome())
        .as(() -> how + "\n" + simulation.trace())
        .isEqualTo(new TftpOutcome.Completed());
  }

  @Test
  void everyPacketInTurnMayBeLostDoubledOrLate() {
    for (int blksize : List.of(8, 512, 1468)) {
      for (int window : List.of(1, 2, 8)) {
        for (int size : List.of(0, 1, blksize - 1, blksize, blksize * 3 + 1, blksize * 20)) {
          byte[] content = content(size);
          var options = options(blksize, window);
          var smooth = new TransferSimulation(content, options, false, n -> Fate.ARRIVES);
          arrivesWhole(smooth, "smooth");
          for (int hit = 0; hit < smooth.packets(); hit++) {
            for (Fate fate : List.of(Fate.LOST, Fate.DOUBLED, Fate.LATE)) {
              int chosen = hit;
              var simulation =
                  new TransferSimulation(
                      content, options, false, n -> n == chosen ? fate : Fate.ARRIVES);
              String how =
                  "%d bytes, blksize %d, window %d, packet %d %s"
                      .formatted(size, blksize, window, hit, fate);
              arrivesWhole(simulation, how);
              assertThat(simulation.packets())
                  .as(() -> how + " must not echo on\n" + simulation.trace())
                  .isLessThanOrEqualTo(smooth.packets() + 4 * window + 4);
            }
          }
        }
      }
    }
  }

  @Test
  void aBadNetworkOnlySlowsTransfersDown() {
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      int window = List.of(1, 2, 8).get(random.nextInt(3));
      byte[] content = content(512 * 30 + random.nextInt(600));
      var simulation =
          new TransferSimulation(
              content,
              options(512, window),
              false,
              n ->
                  random.nextInt(20) > 0
                      ? Fate.ARRIVES
                      : List.of(Fate.LOST, Fate.DOUBLED, Fate.LATE).get(random.nextInt(3)));
      var result = simulation.run();
      assertThat(result.received().bytes.toByteArray())
          .as("seed " + seed + "\n" + simulation.trace())
          .isEqualTo(content);
    }
  }

  @Test
  void moreBlocksThanNumbersArriveWithBothWraps() {
    byte[] content = content(8 * 70_000 + 3);
    for (boolean wrapToOne : List.of(false, true)) {
      for (int window : List.of(1, 8)) {
        int lost = window == 1 ? 131_072 : 73_730; // near the wrap, in this direction or that
        var simulation =
            new TransferSimulation(
                content, options(8, window), wrapToOne, n -> n == lost ? Fate.LOST : Fate.ARRIVES);
        arrivesWhole(simulation, "wrap to one " + wrapToOne + ", window " + window);
      }
    }
  }

  @Test
  void blockNumbersWrapAsToldAndAreFoundAgain() {
    var toZero = new BlockNumbers(false);
    var toOne = new BlockNumbers(true);
    assertThat(List.of(toZero.onWire(65535), toZero.onWire(65536), toZero.onWire(65537)))
        .containsExactly(65535, 0, 1);
    assertThat(List.of(toOne.onWire(65535), toOne.onWire(65536), toOne.onWire(131071)))
        .containsExactly(65535, 1, 1);
    for (long from : List.of(0L, 1L, 65530L, 65535L, 65536L, 131070L, 131072L)) {
      for (long index = from; index < from + 65535; index += 97) {
        assertThat(toZero.atOrAfter(from, toZero.onWire(index))).isEqualTo(index);
        assertThat(toOne.atOrAfter(from, toOne.onWire(index))).isEqualTo(index);
      }
    }
    assertThat(toOne.atOrAfter(1, 0)).isEqualTo(-1);
  }

  @Test
  void duplicateAcksSendNothing() {
    var sent = new Sent();
    var read = new ReadTransfer(10_000, options(512, 1), false);
    read.start(0, sent);
    read.receive(ack(1), 0, sent);
    assertThat(sent.take()).isEqualTo("D1 D2");
    read.receive(ack(1), 0, sent);
    read.receive(ack(0), 0, sent);
    read.receive(ack(3), 0, sent);
    assertThat(sent.take()).isEmpty();
    assertThat(read.retransmitted()).isZero();
  }

  @Test
  void aGapInAWindowIsRepairedOnceUntilThereIsProgress() {
    var sent = new Sent();
    var read = new ReadTransfer(100_000, options(512, 4), false);
    read.start(0, sent);
    assertThat(sent.take()).isEqualTo("D1 D2 D3 D4");
    read.receive(ack(2), 0, sent);
    assertThat(sent.take()).isEqualTo("D3 D4 D5 D6");
    read.receive(ack(2), 0, sent);
    assertThat(sent.take()).isEmpty();
    assertThat(read.retransmitted()).isEqualTo(2);
    read.receive(ack(6), 0, sent);
    assertThat(sent.take()).isEqualTo("D7 D8 D9 D10");
  }

  @Test
  void aWindowWhoseFirstBlockIsLostIsRepairedOnce() {
    var sent = new Sent();
    var read = new ReadTransfer(100_000, options(512, 4), false);
    read.start(0, sent);
    read.receive(ack(4), 0, sent);
    assertThat(sent.take()).isEqualTo("D1 D2 D3 D4 D5 D6 D7 D8");
    read.receive(ack(4), 0, sent);
    assertThat(sent.take()).isEqualTo("D5 D6 D7 D8");
    read.receive(ack(4), 0, sent);
    assertThat(sent.take()).isEmpty();
    // The answer to the doubled blocks is not taken for another gap.
    read.receive(ack(8), 0, sent);
    assertThat(sent.take()).isEqualTo("D9 D10 D11 D12");
    read.receive(ack(8), 0, sent);
    assertThat(sent.take()).isEmpty();
  }

  @Test
  void silenceIsAnsweredMoreAndMoreRarelyAndThenGivenUp() {
    var sent = new Sent();
    var read = new ReadTransfer(10_000, options(512, 1), false);
    read.start(0, sent);
    sent.take();
    List<Long> at = new ArrayList<>();
    for (long ms = 0; read.outcome() == null; ms += 100) {
      read.tick(ms * 1_000_000, sent);
      if (!sent.take().isEmpty()) {
        at.add(ms);
      }
      assertThat(ms).isLessThan(60_000);
    }
    assertThat(at).containsExactly(1000L, 3000L, 7000L, 15000L, 23000L);
    assertThat(read.outcome()).isEqualTo(new TftpOutcome.TimedOut());
  }

  @Test
  void aRequestSentAgainGetsTheOptionAckAgain() {
    var sent = new Sent();
    var read =
        new ReadTransfer(10_000, new TftpOptions(512, 1, 1, Map.of("blksize", "512")), false);
    read.start(0, sent);
    assertThat(read.requestAgain(SECOND / 2, sent)).isFalse();
    assertThat(sent.take()).isEqualTo("O O");
    read.receive(ack(0), SECOND, sent);
    read.receive(ack(1), SECOND, sent);
    assertThat(sent.take()).isEqualTo("D1 D2");
    assertThat(read.requestAgain(SECOND + 5, sent)).as("a late duplicate").isFalse();
    assertThat(sent.take()).isEmpty();
    assertThat(read.requestAgain(3 * SECOND, sent)).as("a client that begins anew").isTrue();
  }

  @Test
  void onlyAnAckOfBlockZeroAnswersAnOptionAck() {
    var sent = new Sent();
    var read =
        new ReadTransfer(10_000, new TftpOptions(512, 1, 1, Map.of("blksize", "512")), false);
    read.start(0, sent);
    read.receive(ack(1), 0, sent);
    assertThat(sent.take()).isEqualTo("O");
    read.tick(SECOND, sent);
    assertThat(sent.take()).isEqualTo("O");
    read.receive(ack(0), SECOND, sent);
    assertThat(sent.take()).isEqualTo("D1");
  }

  @Test
  void aPacketOfTheWrongKindEndsTheTransfer() {
    var sent = new Sent();
    var read = new ReadTransfer(10, options(512, 1), false);
    read.start(0, sent);
    sent.take();
    read.receive(data(1, 1), 0, sent);
    assertThat(sent.take()).isEqualTo("E4");
    assertThat(read.closed()).isTrue();
  }

  @Test
  void anErrorFromTheClientIsNotAnswered() {
    var sent = new Sent();
    var read = new ReadTransfer(10, options(512, 1), false);
    read.start(0, sent);
    sent.take();
    read.receive(new TftpPacket.ErrorReply(3, "no room"), 0, sent);
    assertThat(sent.take()).isEmpty();
    assertThat(read.outcome()).isEqualTo(new TftpOutcome.Aborted(3, "no room"));
  }

  @Test
  void writesAreAcknowledgedByWindowAndOncePerGap() {
    var sent = new Sent();
    var memory = new TransferSimulation.Memory();
    var write = new WriteTransfer(memory, options(8, 4), false);
    write.start(0, sent);
    assertThat(sent.take()).isEqualTo("A0");
    for (int block = 1; block <= 4; block++) {
      write.receive(data(block, 8), 0, sent);
    }
    assertThat(sent.take()).isEqualTo("A4");
    write.receive(data(5, 8), 0, sent);
    write.receive(data(7, 8), 0, sent);
    write.receive(data(8, 8), 0, sent);
    assertThat(sent.take()).isEqualTo("A5");
    write.receive(data(6, 3), 0, sent);
    assertThat(sent.take()).isEqualTo("A6");
    assertThat(write.outcome()).isEqualTo(new TftpOutcome.Completed());
    assertThat(memory.commits).isEqualTo(1);
    write.receive(data(6, 3), 0, sent);
    assertThat(sent.take()).as("the last ACK may have been lost").isEqualTo("A6");
    assertThat(memory.commits).isEqualTo(1);
    write.tick(5 * SECOND, sent);
    assertThat(write.closed()).as("a slow client may still ask").isFalse();
    write.tick(6 * SECOND, sent);
    assertThat(write.closed()).isTrue();
    assertThat(sent.take()).isEmpty();
  }

  @Test
  void aBlockLargerThanAgreedIsRefused() {
    var sent = new Sent();
    var write = new WriteTransfer(new TransferSimulation.Memory(), options(8, 1), false);
    write.start(0, sent);
    write.receive(data(1, 9), 0, sent);
    assertThat(sent.take()).isEqualTo("A0 E4");
  }
}
