package dev.bringup.emulator.aarch64;

import dev.bringup.emulator.device.InterruptLine;
import dev.bringup.emulator.device.VirtualTime;

/**
 * The timers of one CPU (D11): EL1 physical, EL1 virtual, EL2 physical. Their registers are in
 * {@link CpuState#sys}. Left out: the event stream, the EL3 timer.
 *
 * <p>The counter is virtual time. A program that reads it again and again is waiting; each such
 * read takes longer than the last, so that waiting costs few instructions.
 */
final class GenericTimer {
  /** 62.5 MHz: what QEMU's virt has, and an even number of nanoseconds. */
  static final long FREQUENCY = 62_500_000;

  /** The last tick that has an instant. */
  private static final long END = Long.MAX_VALUE / VirtualTime.NANOS_PER_TICK;

  private static final int ENABLE = 1;
  private static final int MASKED = 2;
  private static final int STATUS = 4;

  /** Reads that follow each other within so many ticks are polling. */
  private static final int POLL_DISTANCE = 128;

  private static final int LONGEST_POLL = 1024;

  private final CpuState s;
  private final VirtualTime time;
  private final Timer physical;
  private final Timer virtual;
  private final Timer hypervisor;

  GenericTimer(CpuState s, VirtualTime time, Cpu.TimerLines lines) {
    this.s = s;
    this.time = time;
    physical =
        new Timer(
            "CNTP" + s.number,
            SystemRegister.CNTP_CTL_EL0,
            SystemRegister.CNTP_CVAL_EL0,
            lines.physical());
    virtual =
        new Timer(
            "CNTV" + s.number,
            SystemRegister.CNTV_CTL_EL0,
            SystemRegister.CNTV_CVAL_EL0,
            lines.virtual());
    hypervisor =
        new Timer(
            "CNTHP" + s.number,
            SystemRegister.CNTHP_CTL_EL2,
            SystemRegister.CNTHP_CVAL_EL2,
            lines.hypervisor());
  }

  /** One comparator. */
  private final class Timer {
    private final SystemRegister control;
    private final SystemRegister compare;
    private final InterruptLine line;
    private final VirtualTime.Alarm alarm;

    private Timer(String name, SystemRegister control, SystemRegister compare, InterruptLine line) {
      this.control = control;
      this.compare = compare;
      this.line = line;
      this.alarm = time.alarm(name, this::update);
    }

    /** What the counter that it compares with is behind the system counter. */
    private long offset() {
      return compare == SystemRegister.CNTV_CVAL_EL0 ? s.sys(SystemRegister.CNTVOFF_EL2) : 0;
    }

    /** Counters and compare values are unsigned (D11.2.4). */
    private boolean met() {
      return Long.compareUnsigned(now() - offset(), s.sys(compare)) >= 0;
    }

    private void update() {
      long ctl = s.sys(control);
      boolean enabled = (ctl & ENABLE) != 0;
      boolean met = enabled && met();
      line.set(met && (ctl & MASKED) == 0);
      if (!enabled || met) {
        alarm.cancel();
        return;
      }
      long left = s.sys(compare) - (now() - offset());
      boolean far = Long.compareUnsigned(left, END - now()) >= 0;
      if (far) {
        alarm.cancel();
      } else {
        alarm.at((now() + left) * VirtualTime.NANOS_PER_TICK);
      }
    }

    private long read(int which) {
      return switch (which) {
        case 0 -> s.sys(compare) - (now() - offset()) & 0xffff_ffffL;
        case 1 -> {
          long ctl = s.sys(control);
          yield ctl | ((ctl & ENABLE) != 0 && met() ? STATUS : 0);
        }
        default -> s.sys(compare);
      };
    }

    private void write(int which, long value) {
      switch (which) {
        case 0 -> s.sys(compare, now() - offset() + (int) value);
        case 1 -> s.sys(control, value & (ENABLE | MASKED));
        default -> s.sys(compare, value);
      }
      update();
    }
  }

  private long now() {
    return time.nanos() / VirtualTime.NANOS_PER_TICK;
  }

  /** CNTPCT_EL0. */
  long physicalCount() {
    long now = now();
    boolean polls = now - s.latestPoll <= POLL_DISTANCE;
    s.pollCost = polls ? Math.min(2 * s.pollCost, LONGEST_POLL) : 1;
    s.remaining -= s.pollCost;
    s.latestPoll = now + s.pollCost;
    return s.latestPoll;
  }

  /** CNTVCT_EL0. */
  long virtualCount() {
    return physicalCount() - s.sys(SystemRegister.CNTVOFF_EL2);
  }

  /** TVAL, CTL or CVAL of one of the timers. */
  long read(SystemRegister register) {
    return timer(register).read(which(register));
  }

  void write(SystemRegister register, long value) {
    timer(register).write(which(register), value);
  }

  private Timer timer(SystemRegister register) {
    return switch (register) {
      case CNTP_TVAL_EL0, CNTP_CTL_EL0, CNTP_CVAL_EL0 -> physical;
      case CNTV_TVAL_EL0, CNTV_CTL_EL0, CNTV_CVAL_EL0 -> virtual;
      default -> hypervisor;
    };
  }

  private static int which(SystemRegister register) {
    return switch (register) {
      case CNTP_TVAL_EL0, CNTV_TVAL_EL0, CNTHP_TVAL_EL2 -> 0;
      case CNTP_CTL_EL0, CNTV_CTL_EL0, CNTHP_CTL_EL2 -> 1;
      default -> 2;
    };
  }

  /** Takes the lines and the alarms from the registers. */
  void update() {
    physical.update();
    virtual.update();
    hypervisor.update();
  }
}
