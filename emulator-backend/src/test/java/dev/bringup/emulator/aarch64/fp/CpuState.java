package dev.bringup.emulator.aarch64.fp;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** What one instruction starts from or ends with: registers, flags and a piece of memory. */
final class CpuState {
  static final int SCRATCH_BYTES = 256;
  static final int BYTES = 800 + SCRATCH_BYTES;
  private static final int SCRATCH_OFFSET = 800;

  final long[] x = new long[34];
  final long[] low = new long[32];
  final long[] high = new long[32];
  long fpcr;
  long fpsr;
  long nzcv;
  final byte[] scratch = new byte[SCRATCH_BYTES];

  /** The layout that the guest program of {@link QemuUser} knows. */
  void write(ByteBuffer to, int word) {
    int start = to.position();
    for (int i = 0; i < 31; i++) {
      to.putLong(x[i]);
    }
    to.putLong(Integer.toUnsignedLong(word));
    for (int i = 0; i < 32; i++) {
      to.putLong(low[i]).putLong(high[i]);
    }
    to.putLong(fpcr).putLong(fpsr).putLong(nzcv << 28);
    to.position(start + SCRATCH_OFFSET);
    to.put(scratch);
  }

  static CpuState read(ByteBuffer from) {
    var state = new CpuState();
    int start = from.position();
    for (int i = 0; i < 31; i++) {
      state.x[i] = from.getLong();
    }
    from.getLong();
    for (int i = 0; i < 32; i++) {
      state.low[i] = from.getLong();
      state.high[i] = from.getLong();
    }
    state.fpcr = from.getLong();
    state.fpsr = from.getLong();
    state.nzcv = from.getLong() >>> 28;
    from.position(start + SCRATCH_OFFSET);
    from.get(state.scratch);
    return state;
  }

  /** Where the scratch memory of the n-th state of a batch is in the guest. */
  static long scratchAddress(int n) {
    return QemuUser.BUFFER + (long) n * BYTES + SCRATCH_OFFSET;
  }

  /** The differences to another state, empty if there are none. */
  String difference(CpuState other) {
    var text = new StringBuilder();
    for (int i = 0; i < 31; i++) {
      add(text, "x" + i, x[i], other.x[i]);
    }
    for (int i = 0; i < 32; i++) {
      add(text, "v" + i + ".low", low[i], other.low[i]);
      add(text, "v" + i + ".high", high[i], other.high[i]);
    }
    add(text, "fpsr", fpsr, other.fpsr);
    add(text, "nzcv", nzcv, other.nzcv);
    int byteAt = Arrays.mismatch(scratch, other.scratch);
    if (byteAt >= 0) {
      add(text, "scratch+" + byteAt, scratch[byteAt], other.scratch[byteAt]);
    }
    return text.toString();
  }

  private static void add(StringBuilder text, String what, long ours, long theirs) {
    if (ours != theirs) {
      text.append(" %s is %x, peer has %x;".formatted(what, ours, theirs));
    }
  }
}
