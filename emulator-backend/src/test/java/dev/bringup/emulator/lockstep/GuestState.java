package dev.bringup.emulator.lockstep;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** The registers of a program at EL0, and the signal that ended it as Linux names them. */
public final class GuestState {
  public static final int ILL = 4;
  public static final int TRAP = 5;
  public static final int BUS = 7;
  public static final int SEGV = 11;

  static final int BYTES = 816;

  public final long[] x = new long[31];
  public long sp;
  public long pc;

  /** The flags, N in bit 3 to V in bit 0. */
  public int nzcv;

  public int fpsr;
  public int fpcr;
  public long threadPointer;
  public final long[] low = new long[32];
  public final long[] high = new long[32];

  /** Of a state after execution: what stopped it, and at which address it stumbled. */
  public int signal;

  public long address;

  /** The layout that the guest program of {@link QemuPrograms} knows. */
  void write(ByteBuffer to) {
    for (long value : x) {
      to.putLong(value);
    }
    to.putLong(sp).putLong(pc).putLong((long) nzcv << 28);
    to.putInt(fpsr).putInt(fpcr);
    to.putLong(0).putLong(0).putLong(threadPointer);
    for (int i = 0; i < 32; i++) {
      to.putLong(low[i]).putLong(high[i]);
    }
  }

  static GuestState read(ByteBuffer from) {
    var state = new GuestState();
    for (int i = 0; i < 31; i++) {
      state.x[i] = from.getLong();
    }
    state.sp = from.getLong();
    state.pc = from.getLong();
    state.nzcv = (int) (from.getLong() >>> 28) & 15;
    state.fpsr = from.getInt();
    state.fpcr = from.getInt();
    state.signal = (int) from.getLong();
    state.address = from.getLong();
    state.threadPointer = from.getLong();
    for (int i = 0; i < 32; i++) {
      state.low[i] = from.getLong();
      state.high[i] = from.getLong();
    }
    return state;
  }

  /** The differences to the peer's state, empty if there are none. */
  public String difference(GuestState peer) {
    var text = new StringBuilder();
    add(text, "signal", signal, peer.signal);
    add(text, "pc", pc, peer.pc);
    for (int i = 0; i < 31; i++) {
      add(text, "x" + i, x[i], peer.x[i]);
    }
    add(text, "sp", sp, peer.sp);
    add(text, "nzcv", nzcv, peer.nzcv);
    for (int i = 0; i < 32; i++) {
      add(text, "v" + i + ".low", low[i], peer.low[i]);
      add(text, "v" + i + ".high", high[i], peer.high[i]);
    }
    add(text, "fpsr", fpsr, peer.fpsr);
    add(text, "fpcr", fpcr, peer.fpcr);
    add(text, "tpidr", threadPointer, peer.threadPointer);
    if (signal == SEGV || signal == BUS) {
      add(text, "fault address", address, peer.address);
    }
    return text.toString();
  }

  private static void add(StringBuilder text, String what, long ours, long theirs) {
    if (ours != theirs) {
      text.append(" %s is %x, peer has %x;".formatted(what, ours, theirs));
    }
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (int i = 0; i < 31; i++) {
      text.append("x%d=%x ".formatted(i, x[i]));
    }
    return text.append("sp=%x pc=%x nzcv=%s".formatted(sp, pc, HexFormat.of().toHexDigits(nzcv, 1)))
        .toString();
  }
}
