package dev.bringup.emulator.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The physical half of the interrupt controller: distributor and CPU interfaces. */
class GicTest {
  private static final int UART = 33;
  private static final int DISK = 48;
  private static final int TIMER = 30;
  private static final int SPURIOUS = 1023;

  private final GicBoard board = new GicBoard().on();
  private final InterruptLine uart = board.gic.sharedLine(UART - 32);
  private final InterruptLine disk = board.gic.sharedLine(DISK - 32);

  @Test
  void saysThatItIsAGic400() {
    assertThat(board.gicd(0x004)).isEqualTo(1 << 5 | 8);
    assertThat(board.gicd(0x008)).isEqualTo(0x0200_143b);
    assertThat(board.gicd(0xfe8)).isEqualTo(0x2b);
    assertThat(board.gicd(0xff0)).isEqualTo(0x0d);
    assertThat(board.gicd(0xffc)).isEqualTo(0xb1);
    assertThat(board.gicc(0xfc)).isEqualTo(0x0202_143b);
    assertThat(board.gicd(0x1fe8)).isZero();
  }

  @Test
  void aLevelInterruptComesAgainAfterItsEndWhileTheWireIsHigh() {
    board.enable(UART, 0xa0);
    uart.set(true);
    assertThat(board.irq[0]).isTrue();
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
    assertThat(board.irq[0]).isFalse();
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(SPURIOUS);
    board.gicc(GicBoard.EOIR, UART);
    assertThat(board.irq[0]).isTrue();
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
    uart.set(false);
    board.gicc(GicBoard.EOIR, UART);
    assertThat(board.irq[0]).isFalse();
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(SPURIOUS);
  }

  @Test
  void aLevelInterruptThatGoesAwayIsNotPending() {
    board.enable(UART, 0xa0);
    uart.set(true);
    uart.set(false);
    assertThat(board.told).containsExactly("irq0+", "irq0-");
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(SPURIOUS);
  }

  @Test
  void anEdgeInterruptIsRememberedOnce() {
    board.gicd(GicBoard.ICFGR + 8, 2 << 2);
    board.enable(UART, 0xa0);
    uart.set(true);
    uart.set(false);
    assertThat(board.irq[0]).isTrue();
    uart.set(true);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
    board.gicc(GicBoard.EOIR, UART);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(SPURIOUS);
  }

  @Test
  void anEdgeWhileTheInterruptIsActiveComesAfterItsEnd() {
    board.gicd(GicBoard.ICFGR + 8, 2 << 2);
    board.enable(UART, 0xa0);
    uart.set(true);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
    uart.set(false);
    uart.set(true);
    assertThat(board.irq[0]).isFalse();
    assertThat(board.gicd(GicBoard.ISPENDR + 4)).isEqualTo(2);
    assertThat(board.gicd(GicBoard.ISACTIVER + 4)).isEqualTo(2);
    board.gicc(GicBoard.EOIR, UART);
    assertThat(board.irq[0]).isTrue();
  }

  @Test
  void softwareMakesALevelInterruptPendingUntilItIsAcknowledged() {
    board.enable(UART, 0xa0);
    board.gicd(GicBoard.ISPENDR + 4, 2);
    uart.set(true);
    uart.set(false);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
    board.gicc(GicBoard.EOIR, UART);
    assertThat(board.irq[0]).isFalse();
  }

  @Test
  void clearingThePendingStateDoesNotClearAWire() {
    uart.set(true);
    board.gicd(GicBoard.ISPENDR + 4, 4);
    board.gicd(GicBoard.ICPENDR + 4, 6);
    assertThat(board.gicd(GicBoard.ISPENDR + 4)).isEqualTo(2);
  }

  @Test
  void onlyAnEnabledInterruptIsForwarded() {
    uart.set(true);
    assertThat(board.irq[0]).isFalse();
    board.enable(UART, 0xa0);
    assertThat(board.irq[0]).isTrue();
    board.gicd(GicBoard.ICENABLER + 4, 2);
    assertThat(board.irq[0]).isFalse();
    board.gicd(GicBoard.ISENABLER + 4, 2);
    board.gicd(GicBoard.GICD_CTLR, 0);
    assertThat(board.irq[0]).isFalse();
    board.gicd(GicBoard.GICD_CTLR, 1);
    board.gicc(GicBoard.CTLR, 0);
    assertThat(board.irq[0]).isFalse();
  }

  @Test
  void theMaskLetsOnlyHigherPrioritiesThrough() {
    board.enable(UART, 0xa0);
    uart.set(true);
    board.gicc(GicBoard.PMR, 0xa0);
    assertThat(board.irq[0]).isFalse();
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(SPURIOUS);
    assertThat(board.gicc(GicBoard.HPPIR)).isEqualTo(UART);
    board.gicc(GicBoard.PMR, 0xa8);
    assertThat(board.irq[0]).isTrue();
    assertThat(board.told).containsExactly("irq0+", "irq0-", "irq0+");
  }

  @Test
  void thereAre32Priorities() {
    board.gicd(GicBoard.IPRIORITYR + 32, 0xff87_5f07);
    assertThat(board.gicd(GicBoard.IPRIORITYR + 32)).isEqualTo(0xf880_5800);
    assertThat(board.gicc(GicBoard.PMR)).isEqualTo(0xf8);
    board.gicc(GicBoard.BPR, 0);
    board.gicc(GicBoard.ABPR, 0);
    assertThat(board.gicc(GicBoard.BPR)).isEqualTo(2);
    assertThat(board.gicc(GicBoard.ABPR)).isEqualTo(3);
  }

  @Test
  void theHighestPriorityComesFirstAndOfEqualOnesTheLowestNumber() {
    board.enable(DISK, 0x80);
    board.enable(UART, 0x80);
    board.enable(TIMER, 0x90);
    board.gic.privateLine(0, TIMER - 16).set(true);
    disk.set(true);
    uart.set(true);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int id = board.gicc(GicBoard.IAR);
      order.add(id);
      board.gicd(GicBoard.ICENABLER + id / 32 * 4, 1 << id);
      board.gicc(GicBoard.EOIR, id);
    }
    assertThat(order).containsExactly(UART, DISK, TIMER);
  }

  @Test
  void aHigherPriorityPreemptsAndTheRunningPriorityFollows() {
    board.enable(UART, 0xa0);
    board.enable(DISK, 0x40);
    assertThat(board.gicc(GicBoard.RPR)).isEqualTo(0xff);
    uart.set(true);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
    assertThat(board.gicc(GicBoard.RPR)).isEqualTo(0xa0);
    disk.set(true);
    assertThat(board.irq[0]).isTrue();
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(DISK);
    assertThat(board.gicc(GicBoard.RPR)).isEqualTo(0x40);
    assertThat(board.gicc(GicBoard.APR)).isZero();
    assertThat(board.gicc(0xd0)).isEqualTo(1 << 8 | 1 << 20);
    disk.set(false);
    board.gicc(GicBoard.EOIR, DISK);
    assertThat(board.gicc(GicBoard.RPR)).isEqualTo(0xa0);
    board.gicc(GicBoard.EOIR, UART);
    assertThat(board.gicc(GicBoard.RPR)).isEqualTo(0xff);
  }

  @Test
  void withinAGroupPriorityNothingPreempts() {
    board.gicc(GicBoard.BPR, 4); // bits 7 to 5
    board.enable(UART, 0xb8);
    board.enable(DISK, 0xa0);
    uart.set(true);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
    assertThat(board.gicc(GicBoard.RPR)).isEqualTo(0xa0);
    disk.set(true);
    assertThat(board.irq[0]).isFalse();
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(SPURIOUS);
    assertThat(board.gicc(GicBoard.HPPIR)).isEqualTo(DISK);
    board.gicc(GicBoard.EOIR, UART);
    assertThat(board.irq[0]).isTrue();
  }

  @Test
  void dropAndDeactivationAreTwoStepsIfSoftwareWantsSo() {
    board.gicc(GicBoard.CTLR, GicBoard.EOI_MODE | 1);
    board.enable(UART, 0xa0);
    board.enable(DISK, 0xa0);
    uart.set(true);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
    board.gicc(GicBoard.EOIR, UART);
    assertThat(board.gicc(GicBoard.RPR)).isEqualTo(0xff);
    assertThat(board.gicd(GicBoard.ISACTIVER + 4)).isEqualTo(2);
    assertThat(board.irq[0]).isFalse();
    disk.set(true);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(DISK);
    disk.set(false);
    board.gicc(GicBoard.EOIR, DISK);
    board.gicc(GicBoard.DIR, DISK);
    assertThat(board.irq[0]).isFalse();
    board.gicc(GicBoard.DIR, UART);
    assertThat(board.irq[0]).isTrue();
  }

  @Test
  void theDeactivationRegisterDoesNothingWhileCompletingDoesIt() {
    board.enable(UART, 0xa0);
    uart.set(true);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
    board.gicc(GicBoard.DIR, UART);
    assertThat(board.gicd(GicBoard.ISACTIVER + 4)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1023, 1022, 1020, 288})
  void theEndOfNoInterruptIsIgnored(int number) {
    board.enable(UART, 0xa0);
    uart.set(true);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
    board.gicc(GicBoard.EOIR, number);
    assertThat(board.gicc(GicBoard.RPR)).isEqualTo(0xa0);
  }

  @Test
  void aSoftwareInterruptTellsWhoSentIt() {
    board.cpu = 1;
    board.gicd(GicBoard.SGIR, 1 << 16 | 5);
    assertThat(board.irq).containsExactly(true, false);
    board.cpu = 0;
    board.gicd(GicBoard.SGIR, 1 << 16 | 5);
    assertThat(board.gicc(GicBoard.HPPIR)).isEqualTo(5);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(5);
    assertThat(board.irq[0]).isFalse();
    board.gicc(GicBoard.EOIR, 5);
    assertThat(board.irq[0]).isTrue();
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(1 << 10 | 5);
    board.gicc(GicBoard.EOIR, 1 << 10 | 5);
    assertThat(board.irq[0]).isFalse();
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(SPURIOUS);
  }

  @Test
  void aSoftwareInterruptGoesToOthersOrToOneself() {
    board.gicd(GicBoard.SGIR, 1 << 24 | 1);
    assertThat(board.irq).containsExactly(false, true);
    board.gicd(GicBoard.SGIR, 2 << 24 | 2);
    assertThat(board.irq).containsExactly(true, true);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(2);
    board.cpu = 1;
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(1);
  }

  @Test
  void pendingSoftwareInterruptsAreSetAndClearedBySource() {
    board.gic.distributor().write(0xf20 + 6, 1, 3);
    assertThat(board.gicd(0xf24)).isEqualTo(3 << 16);
    assertThat(board.gicd(GicBoard.ISPENDR)).isEqualTo(1 << 6);
    board.gic.distributor().write(0xf10 + 6, 1, 1);
    assertThat(board.gicd(0xf14)).isEqualTo(2 << 16);
    assertThat(board.gicc(GicBoard.HPPIR)).isEqualTo(1 << 10 | 6);
    board.gicd(GicBoard.ICPENDR, -1);
    assertThat(board.irq[0]).isTrue();
    board.gicd(0xf14, -1);
    assertThat(board.irq[0]).isFalse();
  }

  @Test
  void softwareInterruptsAreAlwaysEnabled() {
    board.gicd(GicBoard.ICENABLER, -1);
    assertThat(board.gicd(GicBoard.ISENABLER)).isEqualTo(0xffff);
    board.gicd(GicBoard.ICFGR, 0);
    assertThat(board.gicd(GicBoard.ICFGR)).isEqualTo(0xaaaa_aaaa);
  }

  @Test
  void privateInterruptsAreEachCpusOwn() {
    board.cpu = 1;
    board.enable(TIMER, 0x20);
    board.gic.privateLine(0, TIMER - 16).set(true);
    assertThat(board.irq).containsExactly(false, false);
    board.gic.privateLine(1, TIMER - 16).set(true);
    assertThat(board.irq).containsExactly(false, true);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(TIMER);
    board.cpu = 0;
    assertThat(board.gicd(GicBoard.ISACTIVER)).isZero();
    assertThat(board.gicd(GicBoard.IPRIORITYR + 28)).isZero();
    assertThat(board.gicd(GicBoard.ISPENDR)).isEqualTo(1 << TIMER);
  }

  @Test
  void aSharedInterruptGoesToItsTargetsAndOneOfThemGetsIt() {
    board.enable(UART, 0xa0);
    uart.set(true);
    board.gic.distributor().write(GicBoard.ITARGETSR + UART, 1, 2);
    assertThat(board.irq).containsExactly(false, true);
    board.gic.distributor().write(GicBoard.ITARGETSR + UART, 1, 0xff);
    assertThat(board.gicd(GicBoard.ITARGETSR + 32)).isEqualTo(0x300);
    assertThat(board.irq).containsExactly(true, true);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
    assertThat(board.irq).containsExactly(false, false);
    board.cpu = 1;
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(SPURIOUS);
  }

  @Test
  void theTargetsOfPrivateInterruptsSayWhoOneIs() {
    assertThat(board.gicd(GicBoard.ITARGETSR)).isEqualTo(0x0101_0101);
    board.cpu = 1;
    board.gicd(GicBoard.ITARGETSR + 28, -1);
    assertThat(board.gicd(GicBoard.ITARGETSR + 28)).isEqualTo(0x0202_0202);
  }

  @Test
  void theOnlyCpuIsTheTargetOfAll() {
    var told = new ArrayList<Boolean>();
    InterruptLine none = level -> {};
    var gic = new Gic(1, () -> 0, List.of(new Gic.CpuLines(told::add, none, none, none)));
    gic.distributor().write(GicBoard.GICD_CTLR, 4, 1);
    gic.distributor().write(GicBoard.ISENABLER + 4, 4, 2);
    gic.distributor().write(GicBoard.ITARGETSR + UART, 1, 0);
    gic.cpuInterface().write(GicBoard.PMR, 4, 0xff);
    gic.cpuInterface().write(GicBoard.CTLR, 4, 1);
    gic.sharedLine(UART - 32).set(true);
    assertThat(told).containsExactly(true);
    assertThat(gic.distributor().read(GicBoard.ITARGETSR, 4)).isZero();
  }

  @Test
  void groupOneIsAcknowledgedInTheAliasedRegister() {
    board.gicd(GicBoard.GICD_CTLR, 3);
    board.gicd(GicBoard.IGROUPR + 4, 2);
    board.enable(UART, 0xa0);
    uart.set(true);
    assertThat(board.irq[0]).isFalse();
    board.gicc(GicBoard.CTLR, 3);
    assertThat(board.irq[0]).isTrue();
    assertThat(board.gicc(GicBoard.HPPIR)).isEqualTo(1022);
    assertThat(board.gicc(GicBoard.AHPPIR)).isEqualTo(UART);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(1022);
    assertThat(board.gicc(GicBoard.AIAR)).isEqualTo(UART);
    assertThat(board.gicc(0xd0)).isZero();
    assertThat(board.gicc(0xe0)).isEqualTo(1 << 20);
    board.gicc(GicBoard.AEOIR, UART);
    assertThat(board.gicc(0xe0)).isZero();
    board.gicc(GicBoard.CTLR, 7);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
  }

  @Test
  void groupZeroIsNotInTheAliasedRegister() {
    board.enable(UART, 0xa0);
    uart.set(true);
    assertThat(board.gicc(GicBoard.AIAR)).isEqualTo(SPURIOUS);
    assertThat(board.gicc(GicBoard.AHPPIR)).isEqualTo(SPURIOUS);
    assertThat(board.irq[0]).isTrue();
  }

  @Test
  void groupZeroIsAFiqIfSoftwareWantsSo() {
    board.enable(UART, 0xa0);
    uart.set(true);
    board.gicc(GicBoard.CTLR, 1 << 3 | 1);
    assertThat(board.irq[0]).isFalse();
    assertThat(board.fiq[0]).isTrue();
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
    assertThat(board.fiq[0]).isFalse();
  }

  @Test
  void groupOneHasItsOwnBinaryPointUnlessItIsCommon() {
    board.gicd(GicBoard.GICD_CTLR, 3);
    board.gicd(GicBoard.IGROUPR + 4, 2);
    board.enable(UART, 0xb8);
    uart.set(true);
    board.gicc(GicBoard.ABPR, 5); // bits 7 to 5, as BPR with 4
    board.gicc(GicBoard.CTLR, 3);
    assertThat(board.gicc(GicBoard.AIAR)).isEqualTo(UART);
    assertThat(board.gicc(GicBoard.RPR)).isEqualTo(0xa0);
    board.gicc(GicBoard.EOIR, UART);
    board.gicc(GicBoard.CTLR, 1 << 4 | 3);
    assertThat(board.gicc(GicBoard.AIAR)).isEqualTo(UART);
    assertThat(board.gicc(GicBoard.RPR)).isEqualTo(0xb8);
  }

  @Test
  void registersAreAccessedInPartsAndInPairs() {
    Device gicd = board.gic.distributor();
    gicd.write(GicBoard.ISENABLER + 5, 1, 0x81);
    gicd.write(GicBoard.ISENABLER + 6, 2, 0x4001);
    assertThat(gicd.read(GicBoard.ISENABLER + 4, 4)).isEqualTo(0x4001_8100L);
    assertThat(gicd.read(GicBoard.ISENABLER + 5, 1)).isEqualTo(0x81);
    gicd.write(GicBoard.ICENABLER + 7, 1, 0x40);
    assertThat(gicd.read(GicBoard.ICENABLER + 6, 2)).isEqualTo(1);
    gicd.write(GicBoard.IGROUPR + 4, 4, -1);
    gicd.write(GicBoard.IGROUPR + 5, 1, 0);
    assertThat(gicd.read(GicBoard.IGROUPR + 4, 4)).isEqualTo(0xffff_00ffL);
    gicd.write(GicBoard.ICFGR + 8, 4, -1);
    gicd.write(GicBoard.ICFGR + 10, 2, 0x0008);
    assertThat(gicd.read(GicBoard.ICFGR + 8, 4)).isEqualTo(0x0008_aaaaL);
    gicd.write(GicBoard.IPRIORITYR + 64, 8, 0x8070_6050_4030_2010L);
    gicd.write(GicBoard.IPRIORITYR + 66, 2, 0x9088);
    assertThat(gicd.read(GicBoard.IPRIORITYR + 64, 8)).isEqualTo(0x8070_6050_9088_2010L);
    gicd.write(GicBoard.ITARGETSR + 64, 4, 0x0302_0100);
    gicd.write(GicBoard.ITARGETSR + 65, 1, 2);
    assertThat(gicd.read(GicBoard.ITARGETSR + 64, 4)).isEqualTo(0x0302_0200L);
  }

  @Test
  void thereAreNoInterruptsFrom288On() {
    Device gicd = board.gic.distributor();
    for (int offset : new int[] {0x0a4, 0x124, 0x224, 0x324, 0x520, 0x920, 0xc48, 0xe00}) {
      gicd.write(offset, 4, -1);
      assertThat(gicd.read(offset, 4)).as("0x%x", offset).isZero();
      gicd.write(offset - 4, 4, -1);
    }
    assertThat(gicd.read(0x120, 4)).isEqualTo(0xffff_ffffL);
    assertThat(gicd.read(0x51c, 4)).isEqualTo(0xf8f8_f8f8L);
    var last = board.gic.sharedLine(255);
    last.set(true);
    assertThatThrownBy(() -> board.gic.sharedLine(256))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> board.gic.privateLine(2, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void linesAreToldChangesOnly() {
    board.enable(UART, 0xa0);
    board.enable(DISK, 0xa0);
    uart.set(true);
    uart.set(true);
    disk.set(true);
    board.gicc(GicBoard.PMR, 0xf0);
    uart.set(false);
    assertThat(board.told).containsExactly("irq0+");
    disk.set(false);
    assertThat(board.told).containsExactly("irq0+", "irq0-");
  }

  @Test
  void aResetLeavesOnlyTheWires() {
    board.enable(UART, 0xa0);
    uart.set(true);
    board.gicd(GicBoard.SGIR, 2 << 24 | 2);
    board.gic.reset();
    assertThat(board.irq[0]).isFalse();
    assertThat(board.gicd(GicBoard.ISPENDR + 4)).isEqualTo(2);
    uart.set(false);
    assertThat(board.save()).isEqualTo(new GicBoard().save());
    board.on();
    board.enable(UART, 0xa0);
    uart.set(true);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(UART);
  }

  /** A copy made anywhere does the same from there on, whatever the board did that takes it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aRestoredControllerGoesOnAlike(long seed) {
    var random = new Random(seed);
    var original = new GicBoard();
    var copy = new GicBoard();
    var script = new GicScript(random.nextLong());
    for (int i = 0; i < 300; i++) {
      script.step(original);
    }
    var other = new GicScript(random.nextLong());
    for (int i = 0; i < 300; i++) {
      other.step(copy);
    }
    int busy = 0;
    for (int round = 0; round < 100; round++) {
      copy.restore(original);
      original.told.clear();
      copy.told.clear();
      long next = random.nextLong();
      var first = new GicScript(next);
      var second = new GicScript(next);
      for (int i = 0; i < 20; i++) {
        assertThat(second.step(copy)).isEqualTo(first.step(original));
      }
      assertThat(copy.told).isEqualTo(original.told);
      assertThat(copy.save()).isEqualTo(original.save());
      busy += original.told.size();
    }
    assertThat(busy).isGreaterThan(100);
  }
}
