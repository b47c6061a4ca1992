package dev.bringup.emulator.device;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * The PrimeCell UART PL011 r1p5 (ARM DDI 0183G), the console of most Arm boards.
 *
 * <p>Transmission takes no time, so that the transmitter is never busy nor full. Left out: baud
 * rates, word lengths and parity (any setting passes 8 bits), breaks and noise, the modem lines
 * outside of loop-back, IrDA, and DMA, whose registers are storage only. Enables are not looked at
 * on the way in and out, as on QEMU: programs do write to a UART that firmware has left disabled.
 */
public final class Pl011 implements Device {
  private static final int DR = 0x00;
  private static final int RSR_ECR = 0x04;
  private static final int FR = 0x18;
  private static final int ILPR = 0x20;
  private static final int IBRD = 0x24;
  private static final int FBRD = 0x28;
  private static final int LCR_H = 0x2c;
  private static final int CR = 0x30;
  private static final int IFLS = 0x34;
  private static final int IMSC = 0x38;
  private static final int RIS = 0x3c;
  private static final int MIS = 0x40;
  private static final int ICR = 0x44;
  private static final int DMACR = 0x48;

  /** PeriphID0 to 3 and PCellID0 to 3, a byte each, the first lowest. */
  private static final long IDENTIFICATION = 0xb105_f00d_0014_1011L;

  private static final int FR_CTS = 1;
  private static final int FR_DSR = 1 << 1;
  private static final int FR_DCD = 1 << 2;
  private static final int FR_RXFE = 1 << 4;
  private static final int FR_RXFF = 1 << 6;
  private static final int FR_TXFE = 1 << 7;
  private static final int FR_RI = 1 << 8;

  private static final int LCR_H_FEN = 1 << 4;

  private static final int CR_UARTEN = 1;
  private static final int CR_LBE = 1 << 7;
  private static final int CR_TXE = 1 << 8;
  private static final int CR_RXE = 1 << 9;
  private static final int CR_DTR = 1 << 10;
  private static final int CR_RTS = 1 << 11;
  private static final int CR_OUT1 = 1 << 12;
  private static final int CR_OUT2 = 1 << 13;
  private static final int CR_LOOPS_IN = CR_LBE | CR_UARTEN | CR_TXE | CR_RXE;

  private static final int RX = 1 << 4;
  private static final int TX = 1 << 5;
  private static final int RT = 1 << 6;
  private static final int OE = 1 << 10;
  private static final int ALL_INTERRUPTS = 0x7ff;

  private static final int DR_OE = 1 << 11;
  private static final int RSR_OE = 1 << 3;

  private static final int FIFO_DEPTH = 16;
  private static final int HALF_FULL_BOTH = 0x12;

  private final InterruptLine line;
  private final IntConsumer output;
  private final Runnable roomMade;

  /** Received characters as DR shows them; a ring. */
  private final int[] fifo = new int[FIFO_DEPTH];

  private int first;
  private int count;
  private boolean overrun;
  private int receiveStatus;
  private int lowPower;
  private int integerBaud;
  private int fractionalBaud;
  private int lineControl;
  private int control;
  private int levelSelect;
  private int mask;
  private int raw;
  private int dmaControl;

  /**
   * @param line UARTINTR, all interrupts in one
   * @param output takes each byte that is sent, 0 to 255
   * @param roomMade called when there is room again for what {@link #receive} has refused; may call
   *     it
   */
  public Pl011(InterruptLine line, IntConsumer output, Runnable roomMade) {
    this.line = line;
    this.output = output;
    this.roomMade = roomMade;
    clear();
  }

  private void clear() {
    Arrays.fill(fifo, 0);
    first = 0;
    count = 0;
    overrun = false;
    receiveStatus = 0;
    lowPower = 0;
    integerBaud = 0;
    fractionalBaud = 0;
    lineControl = 0;
    control = CR_RXE | CR_TXE;
    levelSelect = HALF_FULL_BOTH;
    mask = 0;
    raw = 0;
    dmaControl = 0;
  }

  @Override
  public void reset() {
    boolean wasFull = !hasRoom();
    clear();
    update();
    if (wasFull) {
      roomMade.run();
    }
  }

  /** Whether {@link #receive} would take a byte: the FIFO's 16, or 1 while it is off. */
  public boolean hasRoom() {
    return count < depth();
  }

  /**
   * A byte comes in.
   *
   * @return false if there is no room; then nothing has changed, and the sender keeps the byte as
   *     it would at flow control
   */
  public boolean receive(int value) {
    if (!hasRoom()) {
      return false;
    }
    put(value & 0xff);
    update();
    return true;
  }

  private int depth() {
    return fifoIsOn() ? FIFO_DEPTH : 1;
  }

  private boolean fifoIsOn() {
    return (lineControl & LCR_H_FEN) != 0;
  }

  private void put(int character) {
    fifo[(first + count) % FIFO_DEPTH] = character | (overrun ? DR_OE : 0);
    overrun = false;
    count++;
    if (count >= receiveLevel()) {
      raw |= RX;
    }
    if (fifoIsOn()) {
      // The time-out of 32 bit periods passes at once.
      raw |= RT;
    }
  }

  /** How many characters raise the receive interrupt: RXIFLSEL. */
  private int receiveLevel() {
    if (!fifoIsOn()) {
      return 1;
    }
    return switch ((levelSelect >>> 3) & 7) {
      case 0 -> FIFO_DEPTH / 8;
      case 1 -> FIFO_DEPTH / 4;
      case 2 -> FIFO_DEPTH / 2;
      case 3 -> FIFO_DEPTH * 3 / 4;
      default -> FIFO_DEPTH * 7 / 8;
    };
  }

  @Override
  public long read(long offset, int size) {
    return switch ((int) offset) {
      case DR -> take();
      case RSR_ECR -> receiveStatus;
      case FR -> flags();
      case ILPR -> lowPower;
      case IBRD -> integerBaud;
      case FBRD -> fractionalBaud;
      case LCR_H -> lineControl;
      case CR -> control;
      case IFLS -> levelSelect;
      case IMSC -> mask;
      case RIS -> raw;
      case MIS -> raw & mask;
      case DMACR -> dmaControl;
      default -> PrimeCell.read(IDENTIFICATION, offset);
    };
  }

  private int take() {
    if (count == 0) {
      return 0;
    }
    boolean wasFull = !hasRoom();
    int character = fifo[first];
    first = (first + 1) % FIFO_DEPTH;
    count--;
    receiveStatus = (receiveStatus & RSR_OE) | ((character >>> 8) & 7);
    if (count < receiveLevel()) {
      raw &= ~RX;
    }
    if (count == 0) {
      raw &= ~RT;
    }
    update();
    if (wasFull) {
      roomMade.run();
    }
    return character;
  }

  private int flags() {
    int flags = FR_TXFE;
    if (count == 0) {
      flags |= FR_RXFE;
    }
    if (!hasRoom()) {
      flags |= FR_RXFF;
    }
    if ((control & CR_LBE) != 0) {
      flags |= (control & CR_RTS) != 0 ? FR_CTS : 0;
      flags |= (control & CR_DTR) != 0 ? FR_DSR : 0;
      flags |= (control & CR_OUT1) != 0 ? FR_DCD : 0;
      flags |= (control & CR_OUT2) != 0 ? FR_RI : 0;
    }
    return flags;
  }

  @Override
  public void write(long offset, int size, long value) {
    int bits = (int) value;
    switch ((int) offset) {
      case DR -> send(bits & 0xff);
      case RSR_ECR -> receiveStatus = 0;
      case ILPR -> lowPower = bits & 0xff;
      case IBRD -> integerBaud = bits & 0xffff;
      case FBRD -> fractionalBaud = bits & 0x3f;
      case LCR_H -> lineControl(bits & 0xff);
      case CR -> control = bits & 0xff87;
      case IFLS -> levelSelect = bits & 0x3f;
      case IMSC -> {
        mask = bits & ALL_INTERRUPTS;
        update();
      }
      case ICR -> {
        raw &= ~bits;
        update();
      }
      case DMACR -> dmaControl = bits & 7;
      default -> {
        // read-only, or nothing there
      }
    }
  }

  private void send(int character) {
    if ((control & CR_LBE) == 0) {
      output.accept(character);
    } else if ((control & CR_LOOPS_IN) == CR_LOOPS_IN) {
      if (hasRoom()) {
        put(character);
      } else {
        overrun = true;
        receiveStatus |= RSR_OE;
        raw |= OE;
      }
    }
    // The transmitter is empty again: its level has passed any that TXIFLSEL may choose.
    raw |= TX;
    update();
  }

  /** Turning the FIFOs on or off empties them. */
  private void lineControl(int value) {
    boolean wasFull = !hasRoom();
    boolean turned = ((lineControl ^ value) & LCR_H_FEN) != 0;
    lineControl = value;
    if (turned) {
      count = 0;
      first = 0;
      overrun = false;
      raw &= ~(RX | RT);
      update();
    }
    if (wasFull && hasRoom()) {
      roomMade.run();
    }
  }

  private void update() {
    line.set((raw & mask) != 0);
  }

  @Override
  public void save(StateWriter out) {
    out.part("pl011");
    out.put(fifo);
    for (int value : registers()) {
      out.put(value);
    }
    out.put(overrun);
  }

  private int[] registers() {
    return new int[] {
      first,
      count,
      receiveStatus,
      lowPower,
      integerBaud,
      fractionalBaud,
      lineControl,
      control,
      levelSelect,
      mask,
      raw,
      dmaControl
    };
  }

  @Override
  public void restore(StateReader in) {
    in.part("pl011");
    in.get(fifo);
    first = (int) in.get() & (FIFO_DEPTH - 1);
    count = Math.clamp(in.get(), 0, FIFO_DEPTH);
    receiveStatus = (int) in.get();
    lowPower = (int) in.get();
    integerBaud = (int) in.get();
    fractionalBaud = (int) in.get();
    lineControl = (int) in.get();
    control = (int) in.get();
    levelSelect = (int) in.get();
    mask = (int) in.get();
    raw = (int) in.get();
    dmaControl = (int) in.get();
    overrun = in.getBoolean();
    update();
  }
}
