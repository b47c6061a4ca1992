package dev.bringup.replay;

import dev.bringup.board.BootStage;
import dev.bringup.board.FaultInjection;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.MarkTokens;
import dev.bringup.console.Recording;
import dev.bringup.console.RunMark;
import dev.bringup.console.RunMark.Failed.Deed;
import dev.bringup.power.PowerState;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a recorded run again, into a new recording. Whoever waits makes the time pass: to
 * the next thing that the board did, or to his deadline. What somebody did to the board then must
 * be done again before the board goes on, and all that was there by then is there before it.
 *
 * <p>When something else is done, or nothing where something was, the replay has left the recording
 * and every use of the board says so until the next scenario begins. Thread-safe; like the built-in
 * machine's, the time is exact as long as one thread at a time waits for the board.
 */
final class Player implements BoardClock {
  private final RecordedRun run;
  private final List<RecordedEvent> events;
  private final Consumer<TftpTransfer> network;
  private final ReentrantLock playing = new ReentrantLock();
  private final List<TftpTransfer> transfers = new ArrayList<>(); // guarded by playing
  private volatile long now;
  private final List<FaultInjection.Strike> strikes = new ArrayList<>(); // guarded by playing
  private int position; // guarded by playing

  /** How often the power was read since it was switched. */
  private int readings; // guarded by playing

  private int typedOfNext; // guarded by playing
  private boolean powered; // guarded by playing

  /** A scenario has begun. */
  private boolean begun; // guarded by playing

  private @Nullable BringupException divergence; // guarded by playing
  private @Nullable Recording recording;

  /** What is to be added to a recorded time: times never go back, and are never negative. */
  private long shift; // guarded by playing

  /**
   * @param network told of each transfer before anybody can see it; throws if it could not have
   *     happened with what is staged now
   */
  Player(RecordedRun run, Consumer<TftpTransfer> network) {
    this.run = run;
    this.events = run.events();
    this.network = network;
    this.powered = run.isPoweredAt(0);
    this.shift = -Math.min(0, events.stream().mapToLong(RecordedEvent::nanos).min().orElse(0));
  }

  /** Where to play to; before anything else. */
  void into(Recording target) {
    recording = target;
  }

  private Recording target() {
    Recording target = recording;
    if (target == null) {
      throw new IllegalStateException("nothing to play to");
    }
    return target;
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public void await(Lock lock, Condition changed, long deadline) throws InterruptedException {
    // Who appends to a recording must not hold the lock of those who read it.
    lock.unlock();
    try {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      pass(deadline);
    } finally {
      lock.lock();
    }
  }

  @Override
  public void catchUp() {
    playing.lock();
    try {
      if (divergence == null && nextDeed() instanceof RecordedEvent.Typed) {
        var _ = deliverToGate();
      }
    } finally {
      playing.unlock();
    }
  }

  private @Nullable RecordedEvent nextDeed() {
    int next = position;
    while (next < events.size() && !events.get(next).isDeed()) {
      next++;
    }
    return next < events.size() ? events.get(next) : null;
  }

  /** Lets time pass until the board has done one thing, or to the deadline. */
  private void pass(long deadline) {
    playing.lock();
    try {
      requireFollowed();
      RecordedEvent next = next();
      long at = next == null ? run.endNanos() + shift : next.nanos() + shift;
      if (deadline < at || (isGate(next) && deadline == at)) {
        now = Math.max(now, deadline);
      } else if (next == null || isGate(next)) {
        throw leave(next, "the step waits");
      } else {
        deliver(next);
      }
    } finally {
      playing.unlock();
    }
  }

  private @Nullable RecordedEvent next() {
    return position < events.size() ? events.get(position) : null;
  }

  private static boolean isGate(@Nullable RecordedEvent event) {
    return event == null || event.isDeed();
  }

  /** Something happens of which the board, or its lab, is the cause. */
  private void deliver(RecordedEvent event) {
    position++;
    now = Math.max(now, event.nanos() + shift);
    switch (event) {
      case RecordedEvent.Said said -> target().append(run.bytes(said));
      case RecordedEvent.PowerOff _ -> {
        if (powered) {
          powered = false;
          target().mark(ConsoleEvent.Mark.POWER_OFF);
        }
      }
      case RecordedEvent.Marked marked -> {
        long offset = target().mark(marked.text());
        if (marked.text().startsWith(ConsoleEvent.Mark.FAULT)) {
          String what = marked.text().substring(ConsoleEvent.Mark.FAULT.length());
          strikes.add(new FaultInjection.Strike(what, offset, now));
        }
      }
      case RecordedEvent.Transferred(long _, long _, TftpTransfer transfer) -> {
        try {
          network.accept(transfer);
        } catch (BringupException e) {
          divergence = e;
          throw e;
        }
        transfers.add(transfer);
      }
      case RecordedEvent.Noted _ -> {} // the run that replays makes its own notes
      case RecordedEvent.Typed _, RecordedEvent.PowerOn _ ->
          throw new IllegalStateException("not the board's doing: " + event);
    }
  }

  private @Nullable RecordedEvent deliverToGate() {
    RecordedEvent next = next();
    while (next != null && !isGate(next)) {
      deliver(next);
      next = next();
    }
    return next;
  }

  /** Somebody types. */
  void type(byte[] bytes) {
    playing.lock();
    try {
      requireFollowed();
      String typed = new String(bytes, StandardCharsets.ISO_8859_1);
      failAsThen(Deed.TYPING, false);
      for (int done = 0; done < typed.length(); ) {
        if (!(deliverToGate() instanceof RecordedEvent.Typed then)) {
          throw leave(next(), Divergence.quote(typed.substring(done)) + " is typed");
        }
        int n = Math.min(typed.length() - done, then.bytes().length() - typedOfNext);
        if (!then.bytes().startsWith(typed.substring(done, done + n), typedOfNext)) {
          throw leave(then, Divergence.quote(lineBefore() + typed.substring(done)) + " is typed");
        }
        now = Math.max(now, then.nanos() + shift);
        target().typed(typed.substring(done, done + n).getBytes(StandardCharsets.ISO_8859_1));
        done += n;
        typedOfNext += n;
        if (typedOfNext == then.bytes().length()) {
          position++;
          typedOfNext = 0;
        }
      }
      if (typedOfNext == 0) {
        failAsThen(Deed.TYPING, true);
      }
    } finally {
      playing.unlock();
    }
  }

  /**
   * Fails if this deed failed when it was recorded.
   *
   * @param begun whether the recording has the deed as well, which was done again just now
   */
  private void failAsThen(Deed deed, boolean begun) {
    int next = position;
    while (next < events.size() && !events.get(next).isDeed()) {
      next++;
    }
    if (typedOfNext == 0
        && next < events.size()
        && events.get(next) instanceof RecordedEvent.Noted(long _, long _, RunMark.Failed failed)
        && failed.deed() == deed
        && failed.begun() == begun) {
      while (position <= next) {
        deliver(events.get(position));
      }
      throw failed.exception();
    }
  }

  void powerOn() {
    playing.lock();
    try {
      requireFollowed();
      readings = 0;
      failAsThen(Deed.POWER_ON, false);
      if (powered) {
        return;
      }
      if (!(deliverToGate() instanceof RecordedEvent.PowerOn then)) {
        throw leave(next(), "the board is switched on");
      }
      position++;
      now = Math.max(now, then.nanos() + shift);
      powered = true;
      target().mark(ConsoleEvent.Mark.POWER_ON);
      failAsThen(Deed.POWER_ON, true);
    } finally {
      playing.unlock();
    }
  }

  /** Also where the recording does not have it: that the board is off can do no harm. */
  void powerOff() {
    playing.lock();
    try {
      readings = 0;
      if (divergence == null) {
        failAsThen(Deed.POWER_OFF, false);
      }
      int off = divergence == null ? nextPowerOff() : -1;
      try {
        while (position <= off) {
          deliver(events.get(position));
        }
      } catch (BringupException e) {
        // The next use of the board tells.
      }
      if (powered) {
        powered = false;
        target().mark(ConsoleEvent.Mark.POWER_OFF);
      }
    } finally {
      playing.unlock();
    }
  }

  /** Where the power goes before anything else is done; -1 if it does not. */
  private int nextPowerOff() {
    for (int i = position; i < events.size() && !events.get(i).isDeed(); i++) {
      if (events.get(i) instanceof RecordedEvent.PowerOff) {
        return i;
      }
    }
    return -1;
  }

  /**
   * What the switch said then if it was not what it had been told, else what it was told.
   *
   * @throws BringupException if it could not be read then
   */
  PowerState readPower() {
    playing.lock();
    try {
      readings++;
      for (int i = position; divergence == null && i < events.size(); i++) {
        RecordedEvent event = events.get(i);
        if (event.isDeed()) {
          break;
        }
        if (event instanceof RecordedEvent.Noted(long _, long _, RunMark.PowerReads then)
            && then.reading() == readings) {
          while (position <= i) {
            deliver(events.get(position));
          }
          return readAs(then);
        }
      }
      return powered ? PowerState.ON : PowerState.OFF;
    } finally {
      playing.unlock();
    }
  }

  private PowerState readAs(RunMark.PowerReads then) {
    if (next() instanceof RecordedEvent.Noted(long _, long _, RunMark.Failed failed)
        && failed.deed() == Deed.POWER_READING) {
      throw failed.exception();
    }
    for (PowerState state : PowerState.values()) {
      if (state.name().toLowerCase(Locale.ROOT).equals(then.state())) {
        return state;
      }
    }
    return PowerState.UNKNOWN;
  }

  /** Somebody injects a fault, as somebody did then. */
  void arm(RunMark.FaultArmed fault) {
    playing.lock();
    try {
      requireFollowed();
      if (!(deliverToGate() instanceof RecordedEvent.Noted(long _, long _, RunMark then)
          && then.equals(fault))) {
        throw leave(next(), Divergence.isArmed(fault.fault(), fault.seed()));
      }
      deliver(events.get(position));
    } finally {
      playing.unlock();
    }
  }

  /** Faults are taken back; who has left the recording has none to take back. */
  void disarm() {
    playing.lock();
    try {
      if (divergence != null) {
        return;
      }
      if (!(deliverToGate()
          instanceof RecordedEvent.Noted(long _, long _, RunMark.FaultsDisarmed _))) {
        throw leave(next(), "faults are taken back");
      }
      deliver(events.get(position));
    } finally {
      playing.unlock();
    }
  }

  /** The faults that struck so far. */
  List<FaultInjection.Strike> strikes() {
    playing.lock();
    try {
      return List.copyOf(strikes);
    } finally {
      playing.unlock();
    }
  }

  /** The transfers so far. */
  List<TftpTransfer> transfers() {
    playing.lock();
    try {
      return List.copyOf(transfers);
    } finally {
      playing.unlock();
    }
  }

  /** Whether {@link #transfers} lacks none of the present scenario. */
  boolean knowsTransfers() {
    playing.lock();
    try {
      return run.knowsTransfersAt(position);
    } finally {
      playing.unlock();
    }
  }

  /** The number behind the next word that was typed to mark a command. */
  OptionalInt nextToken() {
    playing.lock();
    try {
      String typed = run.typedFrom(position);
      return MarkTokens.firstIn(typed.substring(Math.min(typedOfNext, typed.length())));
    } finally {
      playing.unlock();
    }
  }

  /** As {@link dev.bringup.board.RecordedScenarios#begin}. */
  Optional<BootStage> begin(String scenario) {
    playing.lock();
    try {
      int begins = run.scenario(scenario, position);
      if (begins < 0) {
        begins = run.scenarioFrom(position); // one that was renamed
      }
      boolean followed = divergence == null && typedOfNext == 0;
      divergence = null;
      if (begins < 0) {
        if (run.scenarioFrom(0) >= 0) { // else nobody noted scenarios
          position = events.size();
          typedOfNext = 0;
        }
        return Optional.empty();
      }
      boolean asLeft = begun || !powered;
      begun = true;
      if (followed && asLeft && begins >= position && noDeedUpTo(begins)) {
        while (position < begins) {
          deliver(events.get(position));
        }
        position++;
        return Optional.empty();
      }
      goTo(begins);
      return Optional.of(
          run.stageAt(begins)
              .filter(_ -> powered)
              .flatMap(at -> BootStage.of(at.stage()))
              .orElse(BootStage.OFF));
    } finally {
      playing.unlock();
    }
  }

  /** As {@link dev.bringup.board.RecordedScenarios#end}. */
  void end() {
    playing.lock();
    try {
      for (int i = position; divergence == null && i < events.size(); i++) {
        RecordedEvent event = events.get(i);
        if (event.isDeed()) {
          return;
        }
        if (event instanceof RecordedEvent.Noted(long _, long _, RunMark.ScenarioEnds _)) {
          while (position <= i) {
            deliver(events.get(position));
          }
          return;
        }
      }
    } catch (BringupException e) {
      // It has left the recording, which whoever asks is told.
    } finally {
      playing.unlock();
    }
  }

  private boolean noDeedUpTo(int index) {
    return events.subList(position, index).stream().noneMatch(RecordedEvent::isDeed);
  }

  private void goTo(int begins) {
    position = begins + 1;
    typedOfNext = 0;
    shift = now - events.get(begins).nanos();
    boolean on = run.isPoweredAt(begins);
    if (on != powered) {
      powered = on;
      target().mark(on ? ConsoleEvent.Mark.POWER_ON : ConsoleEvent.Mark.POWER_OFF);
    }
    if (on) { // what it said before is not here, but whoever types looks for a prompt
      run.stageAt(begins)
          .map(at -> at.line().getBytes(StandardCharsets.ISO_8859_1))
          .filter(line -> line.length > 0)
          .ifPresent(line -> target().append(line));
    }
  }

  Optional<BringupException> divergence() {
    playing.lock();
    try {
      return Optional.ofNullable(divergence);
    } finally {
      playing.unlock();
    }
  }

  /** The recording lacks something that a step has asked for. */
  BringupException lacks(String what) {
    playing.lock();
    try {
      return left(Divergence.lacks(run, what));
    } finally {
      playing.unlock();
    }
  }

  private void requireFollowed() {
    BringupException left = divergence;
    if (left != null) {
      throw left;
    }
  }

  private BringupException leave(@Nullable RecordedEvent then, String now) {
    long offset = then == null ? run.contents().recording().end() : then.offset();
    return left(Divergence.of(run, offset, Divergence.then(run, then, lineAfter()), now));
  }

  private BringupException left(BringupException why) {
    divergence = why;
    return why;
  }

  /** The line that was typed where the recording was left. */
  private String lineAfter() {
    String line = lineBefore() + run.typedFrom(position).substring(typedOfNext);
    int end = line.indexOf('\r', lineBefore().length());
    return end < 0 ? line : line.substring(0, end);
  }

  /** What was typed of the present line, in the recording as now. */
  private String lineBefore() {
    var line = new StringBuilder();
    for (int i = position; i >= 0; i--) {
      if (i < events.size() && events.get(i) instanceof RecordedEvent.Typed typed) {
        String bytes = typed.bytes();
        line.insert(0, i == position ? bytes.substring(0, typedOfNext) : bytes);
        int begin = line.lastIndexOf("\r");
        if (begin >= 0) {
          return line.substring(begin + 1);
        }
      } else if (i < events.size() && events.get(i).isDeed()) {
        break;
      }
    }
    return line.toString();
  }
}
