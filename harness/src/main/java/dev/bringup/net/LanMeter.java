package dev.bringup.net;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Counts what happens and tells the listener. Thread-safe. */
final class LanMeter {
  final AtomicLong framesIn = new AtomicLong();
  final AtomicLong bytesIn = new AtomicLong();
  final AtomicLong framesOut = new AtomicLong();
  final AtomicLong bytesOut = new AtomicLong();
  final AtomicLong pings = new AtomicLong();
  final AtomicLong leases = new AtomicLong();
  final AtomicLong flows = new AtomicLong();
  private final Map<DropReason, AtomicLong> drops = new EnumMap<>(DropReason.class);
  private final LanListener listener;

  LanMeter(LanListener listener) {
    this.listener = listener;
    for (DropReason reason : DropReason.values()) {
      drops.put(reason, new AtomicLong());
    }
  }

  void drop(DropReason reason, Supplier<String> detail) {
    long count = count(reason, 1);
    if (Long.bitCount(count) == 1) {
      tell(new LanEvent.Dropped(reason, count, detail.get()));
    }
  }

  void fault(RuntimeException fault) {
    count(DropReason.FAULT, 1);
    tell(new LanEvent.Faulted(fault));
  }

  void tell(LanEvent event) {
    try {
      listener.onEvent(event);
    } catch (RuntimeException listenersOwn) {
      // A listener must not stop the board's network; the count shows that something was wrong.
      count(DropReason.FAULT, 1);
    }
  }

  @SuppressWarnings("NullAway") // the map holds every reason
  private long count(DropReason reason, long by) {
    return drops.get(reason).addAndGet(by);
  }

  LanCounters counters() {
    var above = new EnumMap<DropReason, Long>(DropReason.class);
    drops.forEach((reason, count) -> {
      if (count.get() > 0) {
        above.put(reason, count.get());
      }
    });
    return new LanCounters(
        framesIn.get(),
        bytesIn.get(),
        framesOut.get(),
        bytesOut.get(),
        pings.get(),
        leases.get(),
        flows.get(),
        above);
  }
}
