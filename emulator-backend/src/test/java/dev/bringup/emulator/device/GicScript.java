package dev.bringup.emulator.device;

import java.util.Random;

/** Random but sensible use of a GIC: the same seed gives the same steps. */
final class GicScript {
  private static final int[] IDS = {16 + 11, 16 + 14, 33, 48, 64};

  private final Random random;

  GicScript(long seed) {
    random = new Random(seed);
  }

  private int id() {
    return IDS[random.nextInt(IDS.length)];
  }

  /** Does something; what it read, if it did, is the result. */
  int step(GicBoard board) {
    board.cpu = random.nextInt(2);
    int id = id();
    switch (random.nextInt(20)) {
      case 0 -> board.gicd(GicBoard.GICD_CTLR, random.nextInt(4) == 0 ? 1 : 3);
      case 1 -> board.gicc(GicBoard.CTLR, GicInterface.CONTROL_BITS & (random.nextInt() | 3));
      case 2 -> board.gicc(GicBoard.PMR, 0xff);
      case 3 -> board.gicc(GicBoard.BPR, random.nextInt(8));
      case 4 -> board.enable(id, random.nextInt(256));
      case 5 -> board.gicd(GicBoard.IGROUPR + id / 32 * 4, random.nextInt());
      case 6 -> board.gicd(GicBoard.ICFGR + id / 16 * 4, random.nextInt());
      case 7 -> board.gicd(GicBoard.SGIR, (1 + random.nextInt(2)) << 24 | random.nextInt(16));
      case 8 -> board.gic.distributor().write(GicBoard.ITARGETSR + id, 1, random.nextInt(4));
      case 9, 10 -> wire(board, id, true);
      case 11 -> wire(board, id, false);
      case 12 -> {
        return board.gicc(GicBoard.IAR);
      }
      case 13 -> {
        int number = board.gicc(random.nextBoolean() ? GicBoard.AIAR : GicBoard.IAR);
        board.gicc(GicBoard.EOIR, number);
        board.gicc(GicBoard.DIR, number);
        return number;
      }
      case 14 -> {
        return board.gicc(GicBoard.RPR);
      }
      case 15 -> {
        board.gicd(GicBoard.ISACTIVER + 0x80 + id / 32 * 4, -1);
        board.gicc(0xd0, 0);
        board.gicc(0xe0, 0);
      }
      case 16 -> board.gich(GicBoard.HCR, random.nextInt(256) | 1);
      case 17 ->
          board.gich(
              GicBoard.LR + random.nextInt(4) * 4,
              (random.nextInt() & ~(7 << 20 | ID_BITS)) | id << 10 | id);
      case 18 -> board.gich(GicBoard.VMCR, random.nextInt() | 0xf000_0003);
      default -> {
        int number = board.gicv(random.nextBoolean() ? GicBoard.AIAR : GicBoard.IAR);
        if (random.nextBoolean()) {
          board.gicv(GicBoard.EOIR, number);
          board.gicv(GicBoard.DIR, number);
        }
        return number;
      }
    }
    return board.gich(GicBoard.MISR);
  }

  private static final int ID_BITS = 0xf_ffff;

  private static void wire(GicBoard board, int id, boolean level) {
    if (id < 32) {
      board.gic.privateLine(board.cpu, id - 16).set(level);
    } else {
      board.gic.sharedLine(id - 32).set(level);
    }
  }
}
