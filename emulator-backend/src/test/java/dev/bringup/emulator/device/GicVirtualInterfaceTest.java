package dev.bringup.emulator.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The virtual half: a hypervisor's list registers and the guest that takes interrupts of them. */
class GicVirtualInterfaceTest {
  private static final int MAINTENANCE = 25;
  private static final int VIRTUAL_TIMER = 27;
  private static final int SPURIOUS = 1023;

  private static final int HW = 1 << 31;
  private static final int GROUP_1 = 1 << 30;
  private static final int BOTH = 3 << 28;
  private static final int ACTIVE = 2 << 28;
  private static final int PENDING = 1 << 28;
  private static final int EOI = 1 << 19;

  private static final int LR = GicBoard.LR;
  private static final int EN = 1;
  private static final int UIE = 1 << 1;
  private static final int LRENPIE = 1 << 2;
  private static final int NPIE = 1 << 3;

  private final GicBoard board = new GicBoard().on();

  /** A hypervisor with the split end of interrupts, a guest without. */
  @BeforeEach
  void hypervisorAndGuest() {
    board.gicc(GicBoard.CTLR, GicBoard.EOI_MODE | 1);
    board.enable(MAINTENANCE, 0xa0);
    board.enable(VIRTUAL_TIMER, 0xa0);
    board.gich(GicBoard.HCR, EN);
    board.gicv(GicBoard.PMR, 0xf0);
    board.gicv(GicBoard.CTLR, 1);
    board.told.clear();
  }

  private static int list(int flags, int priority, int physical, int virtual) {
    return flags | priority >>> 3 << 23 | physical << 10 | virtual;
  }

  @Test
  void saysWhatThereIs() {
    assertThat(board.gich(GicBoard.VTR)).isEqualTo(0x9000_0003);
    assertThat(board.gicv(0xfc)).isEqualTo(0x0202_143b);
    assertThat(board.gich(GicBoard.ELRSR)).isEqualTo(0xf);
    board.gich(LR + 12, -1);
    assertThat(board.gich(LR + 12)).isEqualTo(0xff8f_ffff);
    board.gich(LR + 16, -1);
    assertThat(board.gich(LR + 16)).isZero();
  }

  @Test
  void aGuestTakesAndEndsAnInterrupt() {
    board.gich(LR, list(PENDING, 0x80, 0, 40));
    assertThat(board.told).containsExactly("virq0+");
    assertThat(board.gich(GicBoard.ELRSR)).isEqualTo(0xe);
    assertThat(board.gicv(GicBoard.HPPIR)).isEqualTo(40);
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(40);
    assertThat(board.virtualIrq[0]).isFalse();
    assertThat(board.gich(LR)).isEqualTo(list(ACTIVE, 0x80, 0, 40));
    assertThat(board.gicv(GicBoard.RPR)).isEqualTo(0x80);
    assertThat(board.gich(GicBoard.APR)).isEqualTo(1 << 16);
    board.gicv(GicBoard.EOIR, 40);
    assertThat(board.gich(LR)).isEqualTo(list(0, 0x80, 0, 40));
    assertThat(board.gich(GicBoard.ELRSR)).isEqualTo(0xf);
    assertThat(board.gich(GicBoard.APR)).isZero();
    assertThat(board.told).containsExactly("virq0+", "virq0-");
  }

  /** If the guest's end did not reach the distributor, there would be exactly one tick. */
  @Test
  void theGuestsEndOfATimerTickLetsTheNextOneCome() {
    InterruptLine timer = board.gic.privateLine(0, VIRTUAL_TIMER - 16);
    for (int tick = 0; tick < 3; tick++) {
      timer.set(true);
      assertThat(board.irq[0]).as("tick %d", tick).isTrue();
      assertThat(board.gicc(GicBoard.IAR)).isEqualTo(VIRTUAL_TIMER);
      board.gicc(GicBoard.EOIR, VIRTUAL_TIMER);
      board.gich(LR + 4, list(HW | PENDING, 0xa0, VIRTUAL_TIMER, VIRTUAL_TIMER));
      assertThat(board.irq[0]).isFalse();
      assertThat(board.virtualIrq[0]).isTrue();
      assertThat(board.gicv(GicBoard.IAR)).isEqualTo(VIRTUAL_TIMER);
      timer.set(false); // the guest sets the comparator
      assertThat(board.gicd(GicBoard.ISACTIVER)).isEqualTo(1 << VIRTUAL_TIMER);
      board.gicv(GicBoard.EOIR, VIRTUAL_TIMER);
      assertThat(board.gicd(GicBoard.ISACTIVER)).isZero();
      assertThat(board.gich(GicBoard.ELRSR)).isEqualTo(0xf);
    }
  }

  @Test
  void aWireThatIsStillHighAtTheGuestsEndInterruptsAtOnce() {
    board.gic.privateLine(0, VIRTUAL_TIMER - 16).set(true);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(VIRTUAL_TIMER);
    board.gicc(GicBoard.EOIR, VIRTUAL_TIMER);
    board.gich(LR, list(HW | PENDING, 0xa0, VIRTUAL_TIMER, 29));
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(29);
    assertThat(board.irq[0]).isFalse();
    board.gicv(GicBoard.EOIR, 29);
    assertThat(board.irq[0]).isTrue();
  }

  @Test
  void aGuestMayDeactivateInASecondStep() {
    board.gicv(GicBoard.CTLR, GicBoard.EOI_MODE | 1);
    board.gic.privateLine(0, VIRTUAL_TIMER - 16).set(true);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(VIRTUAL_TIMER);
    board.gicc(GicBoard.EOIR, VIRTUAL_TIMER);
    board.gich(LR, list(HW | PENDING, 0xa0, VIRTUAL_TIMER, VIRTUAL_TIMER));
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(VIRTUAL_TIMER);
    board.gicv(GicBoard.EOIR, VIRTUAL_TIMER);
    assertThat(board.gich(GicBoard.APR)).isZero();
    assertThat(board.gich(GicBoard.ELRSR)).isEqualTo(0xe);
    assertThat(board.gicd(GicBoard.ISACTIVER)).isEqualTo(1 << VIRTUAL_TIMER);
    board.gicv(GicBoard.DIR, VIRTUAL_TIMER);
    assertThat(board.gich(GicBoard.ELRSR)).isEqualTo(0xf);
    assertThat(board.gicd(GicBoard.ISACTIVER)).isZero();
  }

  @Test
  void anInterruptThatIsPendingAndActiveComesAgainAfterItsEnd() {
    board.gich(LR, list(PENDING, 0x80, 0, 40));
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(40);
    board.gich(LR, list(BOTH, 0x80, 0, 40));
    assertThat(board.virtualIrq[0]).isFalse();
    board.gicv(GicBoard.EOIR, 40);
    assertThat(board.gich(LR)).isEqualTo(list(PENDING, 0x80, 0, 40));
    assertThat(board.virtualIrq[0]).isTrue();
  }

  @Test
  void theGuestsPrioritiesAndMaskDecide() {
    board.gich(LR, list(PENDING, 0xa0, 0, 40));
    board.gich(LR + 4, list(PENDING, 0x80, 0, 50));
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(50);
    assertThat(board.virtualIrq[0]).isFalse();
    board.gich(LR + 8, list(PENDING, 0x40, 0, 60));
    assertThat(board.virtualIrq[0]).isTrue();
    board.gicv(GicBoard.PMR, 0x40);
    assertThat(board.virtualIrq[0]).isFalse();
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(SPURIOUS);
    board.gicv(GicBoard.PMR, 0xf0);
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(60);
    board.gicv(GicBoard.EOIR, 60);
    board.gicv(GicBoard.EOIR, 50);
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(40);
  }

  @Test
  void softwareInterruptsKeepTheSourceThatTheHypervisorGave() {
    board.gich(LR, list(PENDING, 0x80, 2, 3));
    board.gich(LR + 4, list(PENDING, 0x88, 1, 3));
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(2 << 10 | 3);
    board.gicv(GicBoard.EOIR, 2 << 10 | 3);
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(1 << 10 | 3);
    board.gich(LR, list(ACTIVE, 0x80, 2, 3));
    board.gicv(GicBoard.EOIR, 1 << 10 | 3);
    assertThat(board.gich(GicBoard.ELRSR)).isEqualTo(0xe);
  }

  @Test
  void groupsAreThoseOfTheListRegister() {
    board.gich(LR, list(GROUP_1 | PENDING, 0x80, 0, 40));
    assertThat(board.virtualIrq[0]).isFalse();
    board.gicv(GicBoard.CTLR, 1 << 3 | 3);
    assertThat(board.virtualIrq[0]).isTrue();
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(1022);
    assertThat(board.gicv(GicBoard.AIAR)).isEqualTo(40);
    assertThat(board.gich(GicBoard.APR)).isEqualTo(1 << 16);
    board.gicv(GicBoard.AEOIR, 40);
    assertThat(board.gich(GicBoard.APR)).isZero();
    board.gich(LR, list(PENDING, 0x80, 0, 40));
    assertThat(board.virtualIrq[0]).isFalse();
    assertThat(board.virtualFiq[0]).isTrue();
  }

  @Test
  void theHypervisorSeesAndSetsTheGuestsRegisters() {
    board.gicv(GicBoard.CTLR, GicBoard.EOI_MODE | 0x1d);
    board.gicv(GicBoard.PMR, 0x98);
    board.gicv(GicBoard.BPR, 4);
    board.gicv(GicBoard.ABPR, 6);
    assertThat(board.gich(GicBoard.VMCR)).isEqualTo(0x98 << 24 | 4 << 21 | 6 << 18 | 0x21d);
    board.gich(GicBoard.VMCR, 0x50 << 24 | 1 << 21 | 7 << 18 | 3);
    assertThat(board.gicv(GicBoard.CTLR)).isEqualTo(3);
    assertThat(board.gicv(GicBoard.PMR)).isEqualTo(0x50);
    assertThat(board.gicv(GicBoard.BPR)).isEqualTo(2);
    assertThat(board.gicv(GicBoard.ABPR)).isEqualTo(7);
    board.gich(GicBoard.APR, 1 << 7);
    assertThat(board.gicv(GicBoard.RPR)).isEqualTo(0x38);
    assertThat(board.gicv(0xd0)).isEqualTo(1 << 7);
  }

  @Test
  void enablingTheGuestThroughVmcrRaisesTheLine() {
    board.gich(GicBoard.VMCR, 0);
    board.gich(LR, list(PENDING, 0x80, 0, 40));
    assertThat(board.virtualIrq[0]).isFalse();
    board.gich(GicBoard.VMCR, 0xf0 << 24 | 1);
    assertThat(board.virtualIrq[0]).isTrue();
  }

  @Test
  void withoutEnableNothingReachesTheGuestAndNothingAsksForMaintenance() {
    board.gich(LR, list(PENDING, 0x80, 0, 40));
    board.gich(GicBoard.HCR, UIE);
    assertThat(board.virtualIrq[0]).isFalse();
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(SPURIOUS);
    assertThat(board.irq[0]).isFalse();
    board.gich(GicBoard.HCR, UIE | EN);
    assertThat(board.virtualIrq[0]).isTrue();
    assertThat(board.irq[0]).isTrue();
  }

  @Test
  void anUnderflowAsksForMaintenanceUntilThereIsWorkAgain() {
    board.gich(LR, list(PENDING, 0x80, 0, 40));
    board.gich(LR + 4, list(PENDING, 0x80, 0, 41));
    board.gich(GicBoard.HCR, EN | UIE);
    assertThat(board.irq[0]).isFalse();
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(40);
    board.gicv(GicBoard.EOIR, 40);
    assertThat(board.gich(GicBoard.MISR)).isEqualTo(1 << 1);
    assertThat(board.irq[0]).isTrue();
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(MAINTENANCE);
    board.gich(LR, list(PENDING, 0x80, 0, 42));
    assertThat(board.gich(GicBoard.MISR)).isZero();
    board.gicc(GicBoard.EOIR, MAINTENANCE);
    board.gicc(GicBoard.DIR, MAINTENANCE);
    assertThat(board.irq[0]).isFalse();
  }

  @Test
  void theEndOfAMarkedInterruptAsksForMaintenance() {
    board.gich(LR + 8, list(PENDING | EOI, 0x80, 0, 40));
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(40);
    assertThat(board.irq[0]).isFalse();
    board.gicv(GicBoard.EOIR, 40);
    assertThat(board.gich(GicBoard.EISR)).isEqualTo(1 << 2);
    assertThat(board.gich(GicBoard.ELRSR)).isEqualTo(0xb);
    assertThat(board.gich(GicBoard.MISR)).isEqualTo(1);
    assertThat(board.irq[0]).isTrue();
    board.gich(LR + 8, 0);
    assertThat(board.irq[0]).isFalse();
    assertThat(board.gich(GicBoard.ELRSR)).isEqualTo(0xf);
  }

  @Test
  void endsOfInterruptsThatAreNoLongerListedAreCounted() {
    board.gich(GicBoard.HCR, EN | LRENPIE);
    board.gicv(GicBoard.EOIR, 40);
    assertThat(board.gich(GicBoard.HCR)).as("nothing was active").isEqualTo(EN | LRENPIE);
    board.gich(GicBoard.APR, 1 << 16);
    board.gicv(GicBoard.EOIR, 40);
    assertThat(board.gich(GicBoard.HCR)).isEqualTo(1 << 27 | EN | LRENPIE);
    assertThat(board.gich(GicBoard.APR)).isZero();
    assertThat(board.gich(GicBoard.MISR)).isEqualTo(1 << 2);
    assertThat(board.irq[0]).isTrue();
    board.gich(GicBoard.HCR, EN | LRENPIE);
    assertThat(board.irq[0]).isFalse();
  }

  @Test
  void aListedInterruptEndsEvenIfItsPriorityIsNotActive() {
    board.gic.privateLine(0, VIRTUAL_TIMER - 16).set(true);
    assertThat(board.gicc(GicBoard.IAR)).isEqualTo(VIRTUAL_TIMER);
    board.gicc(GicBoard.EOIR, VIRTUAL_TIMER);
    board.gich(LR, list(HW | ACTIVE, 0x80, VIRTUAL_TIMER, VIRTUAL_TIMER));
    board.gicv(GicBoard.EOIR, VIRTUAL_TIMER);
    assertThat(board.gich(GicBoard.ELRSR)).isEqualTo(0xf);
    assertThat(board.gicd(GicBoard.ISACTIVER)).isZero();
    assertThat(board.gich(GicBoard.HCR)).isEqualTo(EN);
  }

  @Test
  void theCountOfEndsWrapsWithoutTouchingTheOtherBits() {
    board.gich(GicBoard.HCR, 31 << 27 | EN | NPIE);
    board.gich(GicBoard.APR, 1);
    board.gicv(GicBoard.EOIR, 40);
    assertThat(board.gich(GicBoard.HCR)).isEqualTo(EN | NPIE);
  }

  @Test
  void nothingPendingAsksForMaintenance() {
    board.gich(LR, list(PENDING, 0x80, 0, 40));
    board.gich(GicBoard.HCR, EN | NPIE);
    assertThat(board.irq[0]).isFalse();
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(40);
    assertThat(board.gich(GicBoard.MISR)).isEqualTo(1 << 3);
    assertThat(board.irq[0]).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"4, 1, 0", "5, 0, 1", "6, 2, 0", "7, 0, 2"})
  void theGuestsGroupEnablesAskForMaintenance(int bit, int asking, int silent) {
    board.gicv(GicBoard.CTLR, silent);
    board.gich(GicBoard.HCR, EN | 1 << bit);
    assertThat(board.irq[0]).isFalse();
    board.gicv(GicBoard.CTLR, asking);
    assertThat(board.gich(GicBoard.MISR)).isEqualTo(1 << bit);
    assertThat(board.irq[0]).isTrue();
  }

  @Test
  void eachCpuHasItsOwnListsAndMaintenance() {
    board.cpu = 1;
    board.enable(MAINTENANCE, 0xa0);
    board.gicv(GicBoard.PMR, 0xf0);
    board.gicv(GicBoard.CTLR, 1);
    board.gich(GicBoard.HCR, EN | UIE);
    board.gich(LR, list(PENDING, 0x80, 0, 40));
    assertThat(board.virtualIrq).containsExactly(false, true);
    assertThat(board.irq).containsExactly(false, true);
    board.cpu = 0;
    assertThat(board.gich(LR)).isZero();
    assertThat(board.gicv(GicBoard.IAR)).isEqualTo(SPURIOUS);
  }

  @Test
  void aResetEmptiesTheLists() {
    board.gich(GicBoard.HCR, EN | UIE);
    board.gich(LR, list(PENDING, 0x80, 0, 40));
    board.gic.reset();
    assertThat(board.virtualIrq[0]).isFalse();
    assertThat(board.irq[0]).isFalse();
    assertThat(board.save()).isEqualTo(new GicBoard().save());
  }
}
