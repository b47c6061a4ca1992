package dev.bringup.emulator.lockstep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The registers of a CPU between two instructions, at any exception level. */
public final class CoreState {
  /** Of PSTATE what both sides have: flags, IL, DAIF, and the level with its stack pointer. */
  private static final long PSTATE = 0xf010_03cfL;

  public final long[] x = new long[31];
  public long sp;
  public long pc;
  public long pstate;

  /** Whether {@link #vectors} is known. */
  public boolean hasVectors;

  /** Of each vector register the low half and the high one. */
  public final long[] vectors = new long[64];

  boolean isSame(CoreState other) {
    return pc == other.pc
        && sp == other.sp
        && (pstate & PSTATE) == (other.pstate & PSTATE)
        && Arrays.equals(x, other.x)
        && hasSameVectors(other);
  }

  private boolean hasSameVectors(CoreState other) {
    return !hasVectors || !other.hasVectors || Arrays.equals(vectors, other.vectors);
  }

  /** All registers of both, a line each; those that differ are marked. */
  List<String> table(CoreState peer) {
    List<String> lines = new ArrayList<>();
    lines.add("          ours             peer");
    for (int i = 0; i < 31; i++) {
      lines.add(line("x" + i, x[i], peer.x[i]));
    }
    lines.add(line("sp", sp, peer.sp));
    lines.add(line("pc", pc, peer.pc));
    lines.add(line("pstate", pstate & PSTATE, peer.pstate & PSTATE));
    if (!hasSameVectors(peer)) {
      for (int i = 0; i < 32; i++) {
        lines.add(line("v%d low".formatted(i), vectors[2 * i], peer.vectors[2 * i]));
        lines.add(line("v%d high".formatted(i), vectors[2 * i + 1], peer.vectors[2 * i + 1]));
      }
    }
    return lines;
  }

  private static String line(String name, long ours, long theirs) {
    return "%-8s %016x %016x%s".formatted(name, ours, theirs, ours == theirs ? "" : "  <--");
  }
}
