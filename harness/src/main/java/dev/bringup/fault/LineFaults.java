package dev.bringup.fault;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One direction of a bad serial line: bytes go in, what is left of them comes out, with each fault
 * at its place. What comes out is a function of the armed faults with their seeds, of the bytes and
 * of when each came, however they are cut into calls. No clock, no thread; not thread-safe.
 *
 * <p>Times are nanoseconds of one clock. A byte that several faults strike is lost if one of them
 * loses it, else it suffers all of them.
 */
public final class LineFaults {
  private final List<Armed> armed = new ArrayList<>();

  /** By the byte that passes. */
  private final List<Armed> struck = new ArrayList<>();

  private long number;
  private int losing;
  private long heldUntil;
  private boolean holding;
  private long goneUntil;
  private boolean gone;
  private long lostInGap;
  private long lost;
  private long added;

  /** What comes out, in order. */
  public sealed interface Piece {
    /** When it comes out, no earlier; never before the piece ahead of it. */
    long notBefore();

    /** At least one byte, in an array that belongs to whoever has this. */
    final class Bytes implements Piece {
      private final long notBefore;
      private final byte[] bytes;

      private Bytes(long notBefore, byte[] bytes) {
        this.notBefore = notBefore;
        this.bytes = bytes;
      }

      @Override
      public long notBefore() {
        return notBefore;
      }

      public byte[] bytes() {
        return bytes;
      }
    }

    /**
     * A fault strikes here.
     *
     * @param what happens, in words
     */
    record Strike(long notBefore, String what, Consequence consequence) implements Piece {}
  }

  /** What a strike means for whoever owns the wire, beside the bytes. */
  public enum Consequence {
    NONE,
    PORT_GONE,
    PORT_BACK,
    POWER_CUT
  }

  private record Armed(LineFault fault, Trigger trigger, boolean lasting) {}

  /** What one call gives. */
  private final class Output {
    private final List<Piece> pieces = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final long now;

    private Output(long now) {
      this.now = now;
    }

    private long notBefore() {
      return holding && heldUntil - now > 0 ? heldUntil : now;
    }

    private void put(int value) {
      bytes.write(value);
    }

    private void strike(String what, Consequence consequence) {
      end();
      pieces.add(new Piece.Strike(notBefore(), what, consequence));
    }

    private List<Piece> end() {
      if (bytes.size() > 0) {
        pieces.add(new Piece.Bytes(notBefore(), bytes.toByteArray()));
        bytes.reset();
      }
      return pieces;
    }
  }

  /**
   * Arms a fault from the next byte on.
   *
   * @param lasting whether it survives {@link #disarm}
   */
  public void arm(LineFault fault, long seed, boolean lasting) {
    armed.add(new Armed(fault, new Trigger(fault.when(), seed), lasting));
  }

  /**
   * Takes back all faults that are not lasting, and ends what any has set off, but for what is held
   * already.
   */
  public List<Piece> disarm(long now) {
    armed.removeIf(each -> !each.lasting);
    losing = 0;
    var out = new Output(now);
    back(out);
    return out.end();
  }

  /** The board gets power: bytes count from 1 again, and a burst of losses is over. */
  public void poweredOn() {
    number = 0;
    losing = 0;
  }

  /** Bytes that did not come out so far. */
  public long lost() {
    return lost;
  }

  /** Bytes that came out and never went in so far. */
  public long added() {
    return added;
  }

  /** Whether the port is gone at {@code now}. */
  public boolean isGone(long now) {
    return gone && goneUntil - now > 0;
  }

  /** How long the port stays gone, from {@code now} on. */
  public Duration goneFor(long now) {
    return isGone(now) ? Duration.ofNanos(goneUntil - now) : Duration.ZERO;
  }

  /** Time has come to {@code now}: a port that was gone may be back. */
  public List<Piece> tick(long now) {
    var out = new Output(now);
    backIfDue(out);
    return out.end();
  }

  /** Bytes come at {@code now}. */
  public List<Piece> pass(byte[] bytes, int from, int length, long now) {
    var out = new Output(now);
    if (length > 0) {
      backIfDue(out);
    }
    for (int i = from; i < from + length; i++) {
      pass(bytes[i], out);
    }
    return out.end();
  }

  private void pass(byte value, Output out) {
    number++;
    struck.clear();
    for (Armed each : armed) {
      if (each.trigger.strikes(number)) {
        struck.add(each);
      }
    }
    lose(out);
    if (gone) {
      lost++;
      lostInGap++;
    } else if (losing > 0) {
      lost++;
      losing--;
    } else {
      arrive(value, out);
    }
    for (Armed each : struck) {
      if (each.fault.effect() instanceof LineFault.Effect.PowerCut) {
        tell(each, out);
      }
    }
  }

  private void lose(Output out) {
    for (Armed each : struck) {
      switch (each.fault.effect()) {
        case LineFault.Effect.Lost(int count) when !gone -> {
          losing = Math.max(losing, count);
          tell(each, out);
        }
        case LineFault.Effect.PortGone(Duration lasting) when !gone -> {
          tell(each, out);
          gone = true;
          goneUntil = out.now + lasting.toNanos();
          lostInGap = 0;
        }
        default -> {}
      }
    }
  }

  private void arrive(byte value, Output out) {
    int passed = value;
    int copies = 1;
    for (Armed each : struck) {
      switch (each.fault.effect()) {
        case LineFault.Effect.Doubled() -> {
          copies++;
          tell(each, out);
        }
        case LineFault.Effect.Flipped() -> {
          passed ^= 1 << each.trigger.choose(Byte.SIZE);
          tell(each, out);
        }
        case LineFault.Effect.Late(Duration by) -> {
          tell(each, out);
          long until = out.now + by.toNanos();
          heldUntil = holding && heldUntil - until > 0 ? heldUntil : until;
          holding = true;
        }
        default -> {}
      }
    }
    for (int copy = 0; copy < copies; copy++) {
      out.put(passed);
    }
    added += copies - 1;
  }

  private void tell(Armed struck, Output out) {
    Consequence consequence =
        switch (struck.fault.effect()) {
          case LineFault.Effect.PortGone _ -> Consequence.PORT_GONE;
          case LineFault.Effect.PowerCut _ -> Consequence.POWER_CUT;
          default -> Consequence.NONE;
        };
    out.strike(struck.fault.struck(number), consequence);
  }

  private void backIfDue(Output out) {
    if (gone && !isGone(out.now)) {
      back(out);
    }
  }

  private void back(Output out) {
    if (gone) {
      gone = false;
      out.strike(
          "the serial port is back; what the board said meanwhile is lost, bytes: " + lostInGap,
          Consequence.PORT_BACK);
    }
  }
}
