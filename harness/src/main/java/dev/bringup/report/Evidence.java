package dev.bringup.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of the board during a scenario.
 *
 * @param stage the boot stage that it had reached at the end
 * @param power {@code on}, {@code off} or what else is known of it at the end
 * @param stages the stages of every boot, in order
 * @param notes anything else worth knowing, one line each
 */
public record Evidence(
    @Nullable String stage,
    @Nullable String power,
    ConsoleExcerpt console,
    List<StageSpan> stages,
    List<TransferRow> transfers,
    List<String> notes) {

  /** Nothing was seen. */
  public static final Evidence NONE =
      new Evidence(null, null, ConsoleExcerpt.NONE, List.of(), List.of(), List.of());

  public Evidence {
    stages = List.copyOf(stages);
    transfers = List.copyOf(transfers);
    notes = List.copyOf(notes);
  }
}
