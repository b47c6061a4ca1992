package dev.bringup.boot;

import dev.bringup.board.BootStage;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import dev.bringup.verdict.VerdictRule;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A boot that did not get where it should, with the evidence for the verdict. */
public final class BootFailure extends BringupException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // failures are not sent anywhere as objects
  private final Evidence evidence;

  private final @Nullable VerdictRule rule;

  /**
   * What was seen.
   *
   * @param cause short name: that of the bad pattern, {@code timeout}, {@code power lost}
   * @param text the console's own words, one or more lines; empty if it was silent
   * @param stage the stage that was being waited for
   * @param offset in the recording, of the first byte of the evidence
   * @param noticedAfter board time from the evidence's last byte to the end of the wait
   */
  public record Evidence(
      String cause, String text, BootStage stage, long offset, Duration noticedAfter) {}

  BootFailure(
      FailureKind kind,
      @Nullable VerdictRule rule,
      String message,
      @Nullable String hint,
      Evidence evidence) {
    super(kind, message, hint, null);
    this.rule = rule;
    this.evidence = evidence;
  }

  @Override
  public Optional<VerdictRule> rule() {
    return Optional.ofNullable(rule);
  }

  public Evidence evidence() {
    return evidence;
  }
}
