package dev.bringup.emulator.device;

/**
 * The PrimeCell real time clock PL031 r1p3 (ARM DDI 0224C): a counter of seconds. It counts virtual
 * time from an instant that is given, so that a run tells the same time whenever it is made.
 *
 * <p>The clock runs from power-on, whatever RTCCR says, as on QEMU and as real-time clocks do that
 * a battery has kept.
 */
public final class Pl031 implements Device {
  private static final int DR = 0x00;
  private static final int MR = 0x04;
  private static final int LR = 0x08;
  private static final int CR = 0x0c;
  private static final int IMSC = 0x10;
  private static final int RIS = 0x14;
  private static final int MIS = 0x18;
  private static final int ICR = 0x1c;

  /** PeriphID0 to 3 and PCellID0 to 3, a byte each, the first lowest. */
  private static final long IDENTIFICATION = 0xb105_f00d_0014_1031L;

  private static final long SECOND = 1_000_000_000L;
  private static final long WORD = 0xffff_ffffL;

  private final InterruptLine line;
  private final VirtualTime time;
  private final VirtualTime.Alarm match;
  private final long startEpochSeconds;

  /** What the counter shows at power-on by virtual time; RTCLR changes it. */
  private long base;

  private long matchValue;
  private long load;
  private boolean mask;
  private boolean raw;

  /**
   * @param line RTCINTR
   * @param startEpochSeconds what the clock shows at virtual time 0, in seconds since 1970
   */
  public Pl031(InterruptLine line, VirtualTime time, long startEpochSeconds) {
    this.line = line;
    this.time = time;
    this.startEpochSeconds = startEpochSeconds;
    this.base = startEpochSeconds & WORD;
    this.match = time.alarm("pl031", this::matched);
  }

  private long count() {
    return (base + time.nanos() / SECOND) & WORD;
  }

  private void matched() {
    raw = true;
    update();
    arm();
  }

  /** The counter equals RTCMR again in so many seconds; it wraps after 136 years. */
  private void arm() {
    long seconds = (matchValue - count()) & WORD;
    long at = (time.nanos() / SECOND + (seconds == 0 ? WORD + 1 : seconds)) * SECOND;
    match.at(at);
  }

  /** A new match value or count: equal ones match at once. */
  private void compare() {
    if (count() == matchValue) {
      raw = true;
      update();
    }
    arm();
  }

  private void update() {
    line.set(raw && mask);
  }

  @Override
  public long read(long offset, int size) {
    return switch ((int) offset) {
      case DR -> count();
      case MR -> matchValue;
      case LR -> load;
      case CR -> 1;
      case IMSC -> mask ? 1 : 0;
      case RIS -> raw ? 1 : 0;
      case MIS -> raw && mask ? 1 : 0;
      default -> PrimeCell.read(IDENTIFICATION, offset);
    };
  }

  @Override
  public void write(long offset, int size, long value) {
    switch ((int) offset) {
      case MR -> {
        matchValue = value & WORD;
        compare();
      }
      case LR -> {
        load = value & WORD;
        base = (load - time.nanos() / SECOND) & WORD;
        compare();
      }
      case IMSC -> {
        mask = (value & 1) != 0;
        update();
      }
      case ICR -> {
        raw &= (value & 1) == 0;
        update();
      }
      default -> {
        // read-only, or nothing there
      }
    }
  }

  @Override
  public void reset() {
    base = startEpochSeconds & WORD;
    matchValue = 0;
    load = 0;
    mask = false;
    raw = false;
    match.cancel();
    update();
  }

  @Override
  public void save(StateWriter out) {
    out.part("pl031");
    out.put(base);
    out.put(matchValue);
    out.put(load);
    out.put(mask);
    out.put(raw);
  }

  @Override
  public void restore(StateReader in) {
    in.part("pl031");
    base = in.get();
    matchValue = in.get();
    load = in.get();
    mask = in.getBoolean();
    raw = in.getBoolean();
    update();
  }
}
