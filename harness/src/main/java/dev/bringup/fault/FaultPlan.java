package dev.bringup.fault;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The faults of a board's file.
 *
 * @param seed of all that is left to chance
 */
public record FaultPlan(long seed, List<Fault> faults) {
  public static final FaultPlan NONE = new FaultPlan(0, List.of());

  public FaultPlan {
    faults = List.copyOf(faults);
  }

  /** The same faults with other chances. */
  public FaultPlan withSeed(long other) {
    return new FaultPlan(other, faults);
  }

  public boolean isEmpty() {
    return faults.isEmpty();
  }

  /** For the report of a run: the seed and each fault. */
  public String words() {
    return faults.stream()
        .map(Fault::words)
        .collect(Collectors.joining("; ", "on, with seed " + seed + ": ", ""));
  }
}
