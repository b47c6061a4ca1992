package dev.bringup.fault;

import java.util.Random;

/**
 * Tells when an armed fault strikes: a function of its seed and of what it was asked so far. Not
 * thread-safe.
 */
public final class Trigger {
  private final Occurrence occurrence;
  private final Random random;
  private long asked;
  private boolean struck;

  public Trigger(Occurrence occurrence, long seed) {
    this.occurrence = occurrence;
    random = new Random(seed * 0x9e3779b97f4a7c15L); // neighbouring seeds begin alike without
  }

  /**
   * Asked once for each thing that passes.
   *
   * @param number of the thing, for {@link Occurrence.At} since power-on
   */
  public boolean strikes(long number) {
    asked++;
    return switch (occurrence) {
      case Occurrence.At(long at, var since) -> {
        boolean now = !struck && at == (since == Occurrence.Since.ARMED ? asked : number);
        struck |= now;
        yield now;
      }
      case Occurrence.Every(long interval) -> asked % interval == 0;
      case Occurrence.Chance(double probability) -> random.nextDouble() < probability;
    };
  }

  /** A choice that the seed makes, from 0 to below {@code bound}. */
  int choose(int bound) {
    return random.nextInt(bound);
  }
}
