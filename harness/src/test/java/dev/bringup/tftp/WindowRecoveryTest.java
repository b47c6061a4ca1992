package dev.bringup.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/**
 * Windows of 16 blocks to a client that behaves as U-Boot does: it keeps nothing that comes out of
 * order, tells of a gap once, is silent from then on until the blocks come or its time limit of 5 s
 * ends, and its network card has room for 32 packets. (It never tells that the first block of all
 * is missing, so that one is always there.)
 */
class WindowRecoveryTest {
  private static final int BLOCKS = 120;
  private static final int WINDOW = 16;
  private static final int ROOM = 32;
  private static final long LATENCY = 1_000_000;
  private static final long SECOND = 1_000_000_000L;

  /** The transfer, the client and the packets between them, in simulated time. */
  private static final class Load implements Outbox {
    private final TftpOptions options = new TftpOptions(8, WINDOW, 5, Map.of());
    private final ReadTransfer transfer = new ReadTransfer((BLOCKS - 1) * 8, options, false);
    private final SimulatedTime time = new SimulatedTime();
    private final IntPredicate lost;
    private final IntPredicate swapped;
    private final List<Integer> burst = new ArrayList<>();
    private int packets;
    private long tickAt = -1;

    private int underWay;
    private int mostUnderWay;
    private int lostAtTheEndOfABurst;

    private int current;
    private int lastGap;
    private int nextAck = WINDOW;
    private long heardAt;
    private int timeouts;

    /**
     * @param lost which of the server's packets do not arrive, counted from 0
     * @param swapped which arrive behind the next one
     */
    Load(IntPredicate lost, IntPredicate swapped) {
      this.lost = lost;
      this.swapped = swapped;
    }

    Load run() {
      transfer.start(time.now(), this);
      sendBurst();
      expectSilence();
      while (transfer.outcome() == null && time.pass(Long.MAX_VALUE)) {}
      return this;
    }

    @Override
    public void data(int block, long offset, int length) {
      burst.add(block);
    }

    @Override
    public void packet(TftpPacket packet) {
      throw new AssertionError(packet);
    }

    private void sendBurst() {
      for (int i = 0; i < burst.size(); i++) {
        int number = packets++;
        boolean isLast = i == burst.size() - 1;
        if (lost.test(number)) {
          lostAtTheEndOfABurst += isLast ? 1 : 0;
          continue;
        }
        int block = burst.get(i);
        underWay++;
        mostUnderWay = Math.max(mostUnderWay, underWay);
        long delay = swapped.test(number) && !isLast ? 1_500 : 0;
        time.at(time.now() + LATENCY + i * 1_000L + delay, () -> arrived(block));
      }
      burst.clear();
      if (transfer.outcome() == null && tickAt != transfer.deadline()) {
        tickAt = transfer.deadline();
        long mine = tickAt;
        time.at(
            mine,
            () -> {
              if (tickAt == mine) {
                tickAt = -1;
                transfer.tick(time.now(), this);
                sendBurst();
              }
            });
      }
    }

    private void arrived(int block) {
      underWay--;
      if (block != current + 1) {
        if (lastGap != current) {
          lastGap = current;
          nextAck = current + WINDOW;
          acknowledge();
        }
        return;
      }
      current = block;
      heardAt = time.now();
      expectSilence();
      if (current == nextAck || current == BLOCKS) {
        nextAck += WINDOW;
        acknowledge();
      }
    }

    private void acknowledge() {
      int block = current;
      time.at(
          time.now() + LATENCY,
          () -> {
            transfer.receive(new TftpPacket.Ack(block), time.now(), this);
            sendBurst();
          });
    }

    private void expectSilence() {
      long since = heardAt;
      time.at(
          time.now() + 5 * SECOND,
          () -> {
            if (heardAt == since && current < BLOCKS) {
              timeouts++;
              heardAt = time.now();
              acknowledge();
              expectSilence();
            }
          });
    }
  }

  private static void isRepaired(Load load, String how) {
    assertThat(load.transfer.outcome()).as(how).isEqualTo(new TftpOutcome.Completed());
    assertThat(load.timeouts)
        .as("%s: only a block that no other follows may cost a time limit", how)
        .isLessThanOrEqualTo(load.lostAtTheEndOfABurst);
    assertThat(load.mostUnderWay).as(how).isLessThanOrEqualTo(ROOM);
  }

  @Test
  void anyBlockMayBeLost() {
    for (int i = 1; i < BLOCKS; i++) {
      int first = i;
      isRepaired(new Load(n -> n == first, _ -> false).run(), "packet " + i + " lost");
    }
  }

  @Test
  void anyTwoBlocksMayBeLost() {
    for (int i = 1; i < BLOCKS; i++) {
      for (int j = i + 1; j < i + 3 * WINDOW; j++) {
        int first = i;
        int second = j;
        isRepaired(
            new Load(n -> n == first || n == second, _ -> false).run(),
            "packets " + i + " and " + j + " lost");
      }
    }
  }

  @Test
  void anyBlockMayArriveBehindTheNext() {
    for (int i = 1; i < BLOCKS; i++) {
      int late = i;
      isRepaired(new Load(_ -> false, n -> n == late).run(), "packet " + i + " late");
    }
  }

  @Test
  void aLossSoonAfterABlockThatWasLateIsRepairedToo() {
    for (int i = 1; i < BLOCKS; i++) {
      for (int j = i + 1; j < i + 3 * WINDOW; j++) {
        int late = i;
        int second = j;
        isRepaired(
            new Load(n -> n == second, n -> n == late).run(),
            "packet " + i + " late and " + j + " lost");
      }
    }
  }
}
