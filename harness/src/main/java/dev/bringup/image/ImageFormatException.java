package dev.bringup.image;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;

/**
 * Bytes that are not the image they should be: which format, at which offset, what is wrong there
 * and what would be right, in one line. The only exception that the readers of this package throw
 * for their input.
 */
public final class ImageFormatException extends BringupException {
  private static final long serialVersionUID = 1L;

  private final long offset;

  ImageFormatException(String format, long offset, String problem, String expected) {
    super(
        FailureKind.CONFIGURATION,
        "%s: offset 0x%x: %s; expected %s".formatted(format, offset, problem, expected),
        null,
        null);
    this.offset = offset;
  }

  /** Bytes from the start of the image to the first byte that is wrong. */
  public long offset() {
    return offset;
  }
}
