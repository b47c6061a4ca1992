package dev.bringup.fault;

import dev.bringup.verdict.BringupException;
import java.time.Duration;

/**
 * What happens to bytes on a serial line.
 *
 * @param when counted in bytes of that direction, from 1
 */
public record LineFault(Direction direction, Occurrence when, Effect effect) implements Fault {

  /** Which way the bytes go. */
  public enum Direction {
    FROM_BOARD,
    TO_BOARD
  }

  /** What the byte that is struck sets off. */
  public sealed interface Effect {
    /**
     * It does not arrive.
     *
     * @param count nor do those behind it, up to so many in all, from 1
     */
    record Lost(int count) implements Effect {
      public Lost {
        require(count >= 1, "at least 1 byte is lost");
      }
    }

    /** It arrives twice. */
    record Doubled() implements Effect {}

    /** One of its bits is flipped, which one the seed says. */
    record Flipped() implements Effect {}

    /** It, and all behind it, arrives so much later at the earliest. */
    record Late(Duration by) implements Effect {
      public Late {
        require(by.isPositive(), "bytes are late by more than 0 s");
      }
    }

    /**
     * The port itself vanishes with it, for both directions: all that the board says meanwhile is
     * lost, and nobody can type. Only from the board.
     */
    record PortGone(Duration lasting) implements Effect {
      public PortGone {
        require(lasting.isPositive(), "a port is gone for more than 0 s");
      }
    }

    /** The board loses its power behind it. Only from the board. */
    record PowerCut() implements Effect {}
  }

  public LineFault {
    require(
        !(when instanceof Occurrence.At(long number, var _)) || number >= 1,
        "bytes are counted from 1");
    require(
        direction == Direction.FROM_BOARD
            || !(effect instanceof Effect.PortGone || effect instanceof Effect.PowerCut),
        "where a port vanishes or power fails is counted in bytes from the board");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw BringupException.configuration(message);
    }
  }

  @Override
  public String words() {
    boolean fromBoard = direction == Direction.FROM_BOARD;
    String bytes = fromBoard ? "from the board" : "that is typed";
    String which =
        switch (when) {
          case Occurrence.At(long number, var since) ->
              "byte %d %s since %s"
                  .formatted(
                      number,
                      bytes,
                      since == Occurrence.Since.POWER_ON ? "power-on" : "this was armed");
          case Occurrence.Every(long interval) ->
              "every %s byte %s".formatted(nth(interval), bytes);
          case Occurrence.Chance(double probability) ->
              "%s %% of the bytes %s"
                  .formatted(percent(probability), fromBoard ? bytes : "that are typed");
        };
    String what =
        switch (effect) {
          case Effect.Lost(int count) -> count == 1 ? "lost" : "lost, %d in a row".formatted(count);
          case Effect.Doubled() -> "doubled";
          case Effect.Flipped() -> "with a flipped bit";
          case Effect.Late(Duration by) -> "late by " + seconds(by);
          case Effect.PortGone(Duration lasting) -> "the port gone for " + seconds(lasting);
          case Effect.PowerCut() -> "power cut";
        };
    return which + ": " + what;
  }

  /** What a strike at byte {@code number} since power-on is called in the recording. */
  String struck(long number) {
    String way = direction == Direction.FROM_BOARD ? "from" : "towards";
    String at =
        direction == Direction.FROM_BOARD ? "console byte " + number : "typed byte " + number;
    return switch (effect) {
      case Effect.Lost(int count) ->
          count == 1
              ? "1 byte %s the board lost (%s)".formatted(way, at)
              : "%d bytes %s the board lost (from %s on)".formatted(count, way, at);
      case Effect.Doubled() -> "1 byte %s the board doubled (%s)".formatted(way, at);
      case Effect.Flipped() -> "1 bit of a byte %s the board flipped (%s)".formatted(way, at);
      case Effect.Late(Duration by) ->
          "bytes %s the board late by %s (from %s on)".formatted(way, seconds(by), at);
      case Effect.PortGone(Duration lasting) ->
          "the serial port is gone for %s (from %s on)".formatted(seconds(lasting), at);
      case Effect.PowerCut() -> "power cut at " + at;
    };
  }

  static String seconds(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }

  static String percent(double probability) {
    double percent = Math.round(probability * 1e6) / 1e4;
    return percent == Math.rint(percent) ? String.valueOf((long) percent) : String.valueOf(percent);
  }

  static String nth(long number) {
    long tens = number % 100;
    String ending =
        tens >= 11 && tens <= 13
            ? "th"
            : switch ((int) (number % 10)) {
              case 1 -> "st";
              case 2 -> "nd";
              case 3 -> "rd";
              default -> "th";
            };
    return number + ending;
  }
}
