package dev.bringup.emulator.device;

/**
 * The PrimeCell general purpose input and output PL061 r1p0 (ARM DDI 0190B), eight pins. On the
 * virtual board of QEMU pin 3 is its power button.
 *
 * <p>Left out: hardware control of pins (GPIOAFSEL is storage only). A pin that nobody drives is
 * low.
 */
public final class Pl061 implements Device {
  private static final int DATA_END = 0x400;
  private static final int DIR = 0x400;
  private static final int IS = 0x404;
  private static final int IBE = 0x408;
  private static final int IEV = 0x40c;
  private static final int IE = 0x410;
  private static final int RIS = 0x414;
  private static final int MIS = 0x418;
  private static final int IC = 0x41c;
  private static final int AFSEL = 0x420;

  /** PeriphID0 to 3 and PCellID0 to 3, a byte each, the first lowest. */
  private static final long IDENTIFICATION = 0xb105_f00d_0004_1061L;

  private final InterruptLine line;
  private int output;
  private int input;
  private int direction;
  private int levelSensitive;
  private int bothEdges;
  private int event;
  private int enabled;
  private int edges;
  private int hardwareControl;

  /**
   * @param line GPIOINTR, the interrupts of all pins in one
   */
  public Pl061(InterruptLine line) {
    this.line = line;
  }

  /**
   * Drives a pin from outside, which counts as long as it is an input.
   *
   * @param pin 0 to 7
   */
  public void drive(int pin, boolean level) {
    int before = pins();
    int bit = 1 << pin;
    input = level ? input | bit : input & ~bit;
    moved(before);
  }

  /** Which pins are high, as the data register shows them. */
  private int pins() {
    return (output & direction) | (input & ~direction);
  }

  /** Notes the edges of input pins that are sensitive to them. */
  private void moved(int before) {
    int now = pins();
    int wanted = bothEdges | ~(now ^ event);
    edges |= (before ^ now) & wanted & ~levelSensitive & ~direction & 0xff;
    update();
  }

  private int raw() {
    int levels = ~(pins() ^ event) & levelSensitive & ~direction & 0xff;
    return levels | (edges & ~levelSensitive);
  }

  private void update() {
    line.set((raw() & enabled) != 0);
  }

  @Override
  public long read(long offset, int size) {
    if (offset < DATA_END) {
      return pins() & (offset >>> 2);
    }
    return switch ((int) offset) {
      case DIR -> direction;
      case IS -> levelSensitive;
      case IBE -> bothEdges;
      case IEV -> event;
      case IE -> enabled;
      case RIS -> raw();
      case MIS -> raw() & enabled;
      case AFSEL -> hardwareControl;
      default -> PrimeCell.read(IDENTIFICATION, offset);
    };
  }

  @Override
  public void write(long offset, int size, long value) {
    int bits = (int) value & 0xff;
    int before = pins();
    if (offset < DATA_END) {
      // Address bits 9 to 2 say which pins are written.
      int chosen = (int) (offset >>> 2) & direction;
      output = (output & ~chosen) | (bits & chosen);
      moved(before);
      return;
    }
    switch ((int) offset) {
      case DIR -> {
        direction = bits;
        moved(before);
      }
      case IS -> levelSensitive = bits;
      case IBE -> bothEdges = bits;
      case IEV -> event = bits;
      case IE -> enabled = bits;
      case IC -> edges &= ~bits;
      case AFSEL -> hardwareControl = bits;
      default -> {
        // read-only, or nothing there
      }
    }
    update();
  }

  /** The registers; who drives the pins goes on doing so. */
  @Override
  public void reset() {
    output = 0;
    direction = 0;
    levelSensitive = 0;
    bothEdges = 0;
    event = 0;
    enabled = 0;
    edges = 0;
    hardwareControl = 0;
    update();
  }

  @Override
  public void save(StateWriter out) {
    out.part("pl061");
    out.put(output);
    out.put(input);
    out.put(direction);
    out.put(levelSensitive);
    out.put(bothEdges);
    out.put(event);
    out.put(enabled);
    out.put(edges);
    out.put(hardwareControl);
  }

  @Override
  public void restore(StateReader in) {
    in.part("pl061");
    output = (int) in.get();
    input = (int) in.get();
    direction = (int) in.get();
    levelSensitive = (int) in.get();
    bothEdges = (int) in.get();
    event = (int) in.get();
    enabled = (int) in.get();
    edges = (int) in.get();
    hardwareControl = (int) in.get();
    update();
  }
}
