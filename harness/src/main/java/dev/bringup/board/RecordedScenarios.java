package dev.bringup.board;

import dev.bringup.verdict.BringupException;
import java.util.Optional;

/** A capability of boards that are recordings: they go on from scenario to scenario as it was. */
public interface RecordedScenarios {

  /** What is replayed, in words for a report. */
  String description();

  /**
   * A scenario begins: from now on, the board behaves as it did in the scenario of this name.
   *
   * @return if the board is not as the last scenario left it, the stage at which it is instead;
   *     {@link BootStage#OFF} if it must be booted before it can be used
   */
  Optional<BootStage> begin(String scenario);

  /** The present scenario has ended: all that was seen by then is there. */
  void end();

  /** Why the present scenario could not be replayed to its end. */
  Optional<BringupException> divergence();
}
