package dev.bringup.fault;

import dev.bringup.verdict.BringupException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens to packets of the TFTP server on their way to the board. What is sent again passes
 * like any other packet, so a fault that strikes at one block is survived.
 *
 * @param file the transfers that it strikes, by the name that the board asks for; null for all
 * @param when {@link Occurrence.At} is the first packet with this block, whatever it is since; 0 is
 *     the answer to the request if options were asked for
 */
public record PacketFault(@Nullable String file, Occurrence when, Effect effect) implements Fault {

  /** What is made of the packet that is struck. */
  public sealed interface Effect {
    /** It does not arrive. */
    record Lost() implements Effect {}

    /** It arrives twice. */
    record Doubled() implements Effect {}

    /** It arrives behind the next one. */
    record Swapped() implements Effect {}

    /** It arrives so much later, in wall time or the board's virtual time. */
    record Late(Duration by) implements Effect {}

    /**
     * Only its beginning arrives.
     *
     * @param bytes of the packet, whose header is 4 of them
     */
    record Cut(int bytes) implements Effect {
      public Cut {
        require(bytes >= 0, "a packet is cut to 0 bytes or more");
      }
    }

    /** An ERROR packet that ends the transfer arrives in its place. */
    record Refused(int code, String text) implements Effect {}

    /** From this block on the server sends nothing of the file any more, nor when asked again. */
    record Silent() implements Effect {}

    /** The board loses its power with it. */
    record PowerCut() implements Effect {}
  }

  public PacketFault {
    if (when instanceof Occurrence.At(long number, var _)) {
      when = new Occurrence.At(number, Occurrence.Since.POWER_ON);
    }
    require(
        !(effect instanceof Effect.Silent) || when instanceof Occurrence.At,
        "a server falls silent at one block");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw BringupException.configuration(message);
    }
  }

  /** Whether it concerns transfers of {@code name}. */
  public boolean concerns(String name) {
    return file == null || file.equals(name);
  }

  @Override
  public String words() {
    String which =
        switch (when) {
          case Occurrence.At(long number, var _) -> "block " + number;
          case Occurrence.Every(long interval) ->
              "every %s packet".formatted(LineFault.nth(interval));
          case Occurrence.Chance(double probability) ->
              "%s %% of the packets".formatted(LineFault.percent(probability));
        };
    String whose = file == null ? "" : " of \"" + file + '"';
    return "TFTP, " + which + whose + ": " + what();
  }

  private String what() {
    return switch (effect) {
      case Effect.Lost() -> "lost";
      case Effect.Doubled() -> "doubled";
      case Effect.Swapped() -> "sent behind the next one";
      case Effect.Late(Duration by) -> "late by " + LineFault.seconds(by);
      case Effect.Cut(int bytes) -> "cut to %d bytes".formatted(bytes);
      case Effect.Refused(int code, String text) ->
          "replaced by the error \"%s\" (%d)".formatted(text, code);
      case Effect.Silent() -> "the server falls silent";
      case Effect.PowerCut() -> "power cut";
    };
  }

  /** What a strike at {@code block} of {@code name} is called in the recording. */
  public String struck(String name, long block) {
    String at = "TFTP block %d of \"%s\"".formatted(block, name);
    return switch (effect) {
      case Effect.PowerCut() -> "power cut at " + at;
      case Effect.Silent() ->
          "the TFTP server falls silent at block %d of \"%s\"".formatted(block, name);
      default -> at + " " + what();
    };
  }
}
