package dev.bringup.image;

import java.time.Instant;

/**
 * A boot script and where it puts things.
 *
 * <p>While it runs, it says on the console what it did, one line each:
 *
 * <ul>
 *   <li>{@code BRINGUP: loaded NAME}: the file arrived with the right size.
 *   <li>{@code BRINGUP: edit PATH PROPERTY = VALUE (REASON)}: before an edit of the device tree.
 *   <li>{@code BRINGUP: starting NAME}: control goes to the image; the last line of a good run.
 *   <li>{@code BRINGUP: load of NAME failed}, {@code BRINGUP: NAME has 0xN bytes, expected 0xM},
 *       {@code BRINGUP: device tree: STEP failed}, {@code BRINGUP: NAME did not start}: nothing
 *       more is loaded, edited or started.
 *   <li>{@link #STOPPED}: the last line of a run that failed, back at the prompt.
 * </ul>
 *
 * @param text the commands, at most 2 MiB, ASCII
 * @param layout where everything lies
 */
public record BootScript(String text, BootLayout layout) {
  /** What all lines of a script on the console begin with. */
  public static final String MARK = "BRINGUP: ";

  /** The last line of a run that failed. */
  public static final String STOPPED = MARK + "stopped";

  /** The script as U-Boot's {@code source} takes it. */
  public UImage image(Instant time) {
    return UImage.script(text, time);
  }
}
