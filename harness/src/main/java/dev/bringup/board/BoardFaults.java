package dev.bringup.board;

import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Recording;
import dev.bringup.fault.Fault;
import dev.bringup.fault.FaultPlan;
import dev.bringup.fault.LineFault;
import dev.bringup.fault.LineFaults;
import dev.bringup.fault.LineFaults.Piece;
import dev.bringup.fault.PacketFault;
import dev.bringup.tftp.PacketPath;
import dev.bringup.tftp.TftpFaults;
import dev.bringup.tftp.TransferStarted;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The faults of one opened board, for whoever owns its wires. What the board says goes into {@link
 * #say} and comes out of {@link #next} or {@link #due}, one thread at a time; what is typed goes
 * through {@link #type} or {@link #send}; each TFTP transfer takes its {@link #path}.
 */
public final class BoardFaults implements FaultInjection {
  private final Recording recording;
  private final BoardClock clock;
  private final boolean cutsAtOnce;

  /** Keeps what is typed in one order while some of it is late. */
  private final ReentrantLock typing = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All guarded by lock.
  private final LineFaults fromBoard = new LineFaults();
  private final LineFaults toBoard = new LineFaults();
  private final Deque<Piece> held = new ArrayDeque<>();
  private final List<Strike> strikes = new ArrayList<>();
  private boolean hurried;
  private boolean cut;
  private long said;
  private long sent;
  private Runnable cutter = () -> {};

  private final TftpFaults packets = new TftpFaults(this::struck);

  /**
   * Faults of a board with the given recording.
   *
   * @param plan armed from the beginning
   * @param cutsAtOnce whether a board that loses its power says nothing any more, not even what is
   *     on its way; so with an emulated one
   */
  public BoardFaults(Recording recording, FaultPlan plan, boolean cutsAtOnce) {
    this.recording = recording;
    this.clock = recording.clock();
    this.cutsAtOnce = cutsAtOnce;
    long seed = plan.seed();
    for (Fault fault : plan.faults()) {
      arm(fault, seed++, true);
    }
  }

  /**
   * How the board loses its power; at first not at all.
   *
   * @param cutter cuts it if {@link #isCut} still holds by then. Called by any thread, also by
   *     those that record and serve, for which it must not wait
   */
  public void cutBy(Runnable cutter) {
    lock.lock();
    try {
      this.cutter = cutter;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void arm(Fault fault, long seed) {
    arm(fault, seed, false);
  }

  private void arm(Fault fault, long seed, boolean lasting) {
    lock.lock();
    try {
      switch (fault) {
        case LineFault line when line.direction() == LineFault.Direction.FROM_BOARD ->
            fromBoard.arm(line, seed, lasting);
        case LineFault line -> toBoard.arm(line, seed, lasting);
        case PacketFault packet -> packets.arm(packet, seed, lasting);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void disarm() {
    packets.disarm();
    List<Piece> ended;
    lock.lock();
    try {
      ended = new ArrayList<>(fromBoard.disarm(clock.nanos()));
      ended.addAll(toBoard.disarm(clock.nanos()));
    } finally {
      lock.unlock();
    }
    ended.forEach(this::record);
  }

  @Override
  public List<Strike> strikes() {
    lock.lock();
    try {
      return List.copyOf(strikes);
    } finally {
      lock.unlock();
    }
  }

  /** The board is about to get power. */
  public void powerOn() {
    lock.lock();
    try {
      hurried = false;
      cut = false;
      fromBoard.poweredOn();
      toBoard.poweredOn();
    } finally {
      lock.unlock();
    }
  }

  /** The board is about to lose its power or its wire: nothing is held back any more. */
  public void powerOff() {
    lock.lock();
    try {
      hurried = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a fault has cut the power since {@link #powerOn}. */
  public boolean isCut() {
    lock.lock();
    try {
      return cut;
    } finally {
      lock.unlock();
    }
  }

  /** The board says bytes now. They are not kept. */
  public void say(byte[] bytes, int from, int length) {
    lock.lock();
    try {
      said += length;
      if (!(cut && cutsAtOnce)) {
        hold(fromBoard.pass(bytes, from, length, clock.nanos()));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Keeps pieces in their order; behind a cut there are none. Called with the lock. */
  private void hold(List<Piece> pieces) {
    for (Piece piece : pieces) {
      held.add(piece);
      if (isCut(piece)) {
        cut = true;
        if (cutsAtOnce) {
          return;
        }
      }
    }
  }

  /** Bytes that the board has said, whatever became of them. */
  public long said() {
    lock.lock();
    try {
      return said;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that went to the board. */
  public long sent() {
    lock.lock();
    try {
      return sent;
    } finally {
      lock.unlock();
    }
  }

  private static boolean isCut(Piece piece) {
    return piece instanceof Piece.Strike strike
        && strike.consequence() == LineFaults.Consequence.POWER_CUT;
  }

  /** The next of what was said that is due by now, to be {@link #record recorded}; null if none. */
  public @Nullable Piece due() {
    lock.lock();
    try {
      Piece first = held.peek();
      return first != null && isDue(first.notBefore()) ? held.poll() : null;
    } finally {
      lock.unlock();
    }
  }

  private boolean isDue(long notBefore) {
    return hurried || notBefore - clock.nanos() <= 0;
  }

  /** When {@link #due} has something, in board time; {@link Long#MAX_VALUE} for never. */
  public long deadline() {
    lock.lock();
    try {
      Piece first = held.peek();
      return first == null ? Long.MAX_VALUE : first.notBefore();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next of what was said, to be {@link #record recorded}, once it is due; null if nothing is
   * held back.
   */
  public @Nullable Piece next() {
    lock.lock();
    try {
      Piece first = held.peek();
      if (first == null) {
        return null;
      }
      awaitDue(first.notBefore());
      return held.poll();
    } finally {
      lock.unlock();
    }
  }

  /** Called with the lock. */
  private void awaitDue(long notBefore) {
    try {
      while (!isDue(notBefore)) {
        clock.await(lock, changed, notBefore);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BringupException.cancelled(
          "interrupted while " + recording.name() + "'s line was slow on purpose");
    }
  }

  /** Puts into the recording what has come out. */
  public void record(Piece piece) {
    switch (piece) {
      case Piece.Bytes said -> recording.append(said.bytes());
      case Piece.Strike(var _, String what, var consequence) -> {
        note(what);
        if (consequence == LineFaults.Consequence.POWER_CUT) {
          cutPower();
        }
      }
    }
  }

  private void note(String what) {
    if (recording.isClosed()) {
      return;
    }
    long offset = recording.mark(ConsoleEvent.Mark.FAULT + what);
    lock.lock();
    try {
      strikes.add(new Strike(what, offset, clock.nanos()));
    } finally {
      lock.unlock();
    }
  }

  /** How much longer the port is gone; zero while it is there. */
  public Duration portGoneFor() {
    lock.lock();
    try {
      return fromBoard.goneFor(clock.nanos());
    } finally {
      lock.unlock();
    }
  }

  /** The port is used again: if it was gone, {@link #next} says first that it is back. */
  public void portOpened() {
    lock.lock();
    try {
      hold(fromBoard.tick(clock.nanos()));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Notes what is typed and sends what the line leaves of it.
   *
   * @param wire takes it; the bytes of one call stay together
   * @throws BringupException (infrastructure) if the port is gone
   */
  public void type(byte[] bytes, Consumer<byte[]> wire) {
    Duration gone = portGoneFor();
    if (gone.isPositive()) {
      throw portGone("cannot send to " + recording.name(), gone);
    }
    typing.lock();
    try {
      recording.typed(bytes);
      send(bytes, wire);
    } finally {
      typing.unlock();
    }
  }

  /** What somebody meets who needs a port that is gone. */
  public static BringupException portGone(String what, Duration gone) {
    return BringupException.infrastructure(
        "%s: an injected fault has taken the serial port away for another %d ms"
            .formatted(what, gone.toMillis()),
        "leave the fault out, or wait for the port's return");
  }

  /**
   * Sends what the line leaves of {@code bytes}; returns late if the line is. A board whose power
   * was cut gets nothing, even if its outlet is slow to obey.
   */
  public void send(byte[] bytes, Consumer<byte[]> wire) {
    typing.lock();
    try {
      List<Piece> pieces;
      lock.lock();
      try {
        pieces = toBoard.pass(bytes, 0, bytes.length, clock.nanos());
      } finally {
        lock.unlock();
      }
      for (Piece piece : pieces) {
        lock.lock();
        try {
          awaitDue(piece.notBefore());
        } finally {
          lock.unlock();
        }
        switch (piece) {
          case Piece.Bytes left -> {
            if (isToBeSent(left.bytes().length)) {
              wire.accept(left.bytes());
            }
          }
          case Piece.Strike(var _, String what, var _) -> note(what);
        }
      }
    } finally {
      typing.unlock();
    }
  }

  private boolean isToBeSent(int count) {
    lock.lock();
    try {
      sent += cut ? 0 : count;
      return !cut;
    } finally {
      lock.unlock();
    }
  }

  /** The way of a TFTP transfer; null for a good one. */
  public @Nullable PacketPath path(TransferStarted transfer) {
    return packets.path(transfer);
  }

  private void struck(PacketFault fault, String file, long block) {
    note(fault.struck(file, block));
    if (fault.effect() instanceof PacketFault.Effect.PowerCut) {
      cutPower();
    }
  }

  private void cutPower() {
    Runnable by;
    lock.lock();
    try {
      cut = true;
      by = cutter;
    } finally {
      lock.unlock();
    }
    by.run();
  }
}
