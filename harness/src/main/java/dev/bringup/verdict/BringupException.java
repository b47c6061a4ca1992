package dev.bringup.verdict;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one family of failures that Bringup reports to people.
 *
 * <p>The message says in one line what happened and where (board, file and line, port, offset); the
 * hint says what to try next. A stack trace is never shown for it unless somebody asks.
 */
public class BringupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureKind kind;
  private final @Nullable String hint;

  public BringupException(
      FailureKind kind, String message, @Nullable String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.hint = hint;
  }

  /** The board or its software failed. */
  public static BringupException product(String message) {
    return new BringupException(FailureKind.PRODUCT, message, null, null);
  }

  /** The lab failed; {@code hint} names the next step. */
  public static BringupException infrastructure(String message, String hint) {
    return new BringupException(FailureKind.INFRASTRUCTURE, message, hint, null);
  }

  /** The lab failed because of {@code cause}; {@code hint} names the next step. */
  public static BringupException infrastructure(String message, String hint, Throwable cause) {
    return new BringupException(FailureKind.INFRASTRUCTURE, message, hint, cause);
  }

  /** Somebody's input is wrong; {@code message} begins with {@code file:line:column:} if known. */
  public static BringupException configuration(String message) {
    return new BringupException(FailureKind.CONFIGURATION, message, null, null);
  }

  /** A peer broke its wire protocol. */
  public static BringupException protocol(String message) {
    return new BringupException(FailureKind.PROTOCOL, message, null, null);
  }

  /** The run was stopped from outside. */
  public static BringupException cancelled(String message) {
    return new BringupException(FailureKind.CANCELLED, message, null, null);
  }

  public FailureKind kind() {
    return kind;
  }

  /** The rule that decides a scenario that this failure ends, where its kind does not say it. */
  public Optional<VerdictRule> rule() {
    return Optional.empty();
  }

  /** What to try next. */
  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }
}
