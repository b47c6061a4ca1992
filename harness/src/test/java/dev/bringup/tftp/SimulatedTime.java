package dev.bringup.tftp;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes from one event to the next, at once. */
final class SimulatedTime {
  private record Event(long at, int order, Runnable what) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingInt(Event::order));
  private int order;
  private long now;

  /** In nanoseconds since the beginning. */
  long now() {
    return now;
  }

  /** Events of one time come in the order in which they were planned. */
  void at(long time, Runnable what) {
    events.add(new Event(time, order++, what));
  }

  /** Lets the next event happen; false if there is none up to {@code until}. */
  boolean pass(long until) {
    if (events.isEmpty() || events.peek().at() > until) {
      return false;
    }
    Event event = events.remove();
    now = event.at();
    event.what().run();
    return true;
  }
}
