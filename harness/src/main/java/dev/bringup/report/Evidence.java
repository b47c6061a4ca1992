package dev.bringup.report;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of the board during a scenario.
 *
 * @param stage the boot stage that it had reached at the end
 * @param power {@code on}, {@code off} or {@code unknown}, as read back from the switch at the end
 * @param powerTold {@code on} or {@code off}, as the board was told last; null if it never was
 * @param wire null if there is no console
 * @param before the last lines of the console before the failing step began, as far as {@code
 *     console} does not show them
 * @param console around the failure, to the end
 * @param stages the stages of every boot, in order
 * @param notes anything else worth knowing, one line each
 */
public record Evidence(
    @Nullable String stage,
    @Nullable String power,
    @Nullable String powerTold,
    @Nullable Wire wire,
    List<ConsoleExcerpt.Line> before,
    ConsoleExcerpt console,
    List<StageSpan> stages,
    List<TransferRow> transfers,
    List<String> notes) {

  /** Nothing was seen. */
  public static final Evidence NONE =
      new Evidence(null, null, ConsoleExcerpt.NONE, List.of(), List.of(), List.of());

  public Evidence {
    before = List.copyOf(before);
    stages = List.copyOf(stages);
    transfers = List.copyOf(transfers);
    notes = List.copyOf(notes);
  }

  /** What was seen of a board of which neither wire nor orders are known. */
  public Evidence(
      @Nullable String stage,
      @Nullable String power,
      ConsoleExcerpt console,
      List<StageSpan> stages,
      List<TransferRow> transfers,
      List<String> notes) {
    this(stage, power, null, null, List.of(), console, stages, transfers, notes);
  }

  /**
   * How the console's wire did during the scenario.
   *
   * @param transport its name; null for a board without a wire, as an emulated one
   * @param bytes that came over it
   * @param typedAgain how many lines were typed again because they were not echoed
   */
  public record Wire(@Nullable String transport, long bytes, int typedAgain, List<Gap> gaps) {
    public Wire {
      gaps = List.copyOf(gaps);
    }
  }

  /**
   * A time in which the wire was lost.
   *
   * @param offset in the recording
   * @param lost since the scenario began; 0 if it was lost before
   * @param back since the scenario began; null if it was still lost at the end
   * @param withPower the board powers its wire and had no power then: not a fault
   */
  public record Gap(
      long offset, Duration lost, @Nullable Duration back, String reason, boolean withPower) {}

  /** The power in words: as it was read back and, where that differs, as it was told. */
  @Nullable String powerInWords() {
    return powerTold == null || powerTold.equals(power)
        ? power
        : "told " + powerTold + ", read back as " + power;
  }

  /** The wire in words, or null. */
  @Nullable String wireInWords() {
    Wire known = wire;
    if (known == null) {
      return null;
    }
    String name = known.transport() == null ? "" : known.transport() + ", ";
    int faults = (int) known.gaps().stream().filter(gap -> !gap.withPower()).count();
    return "%s%d bytes%s%s"
        .formatted(
            name,
            known.bytes(),
            faults == 0 ? "" : ", lost " + times(faults),
            known.typedAgain() == 0 ? "" : ", lines typed again " + times(known.typedAgain()));
  }

  private static String times(int number) {
    return number == 1 ? "once" : number + " times";
  }
}
