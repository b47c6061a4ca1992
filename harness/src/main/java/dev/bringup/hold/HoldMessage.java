package dev.bringup.hold;

import dev.bringup.power.PowerState;
import dev.bringup.verdict.FailureKind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** What the process that holds a board and those that attach to it say to each other. */
public sealed interface HoldMessage {

  /** The version of the protocol that this build speaks; others are turned away. */
  int VERSION = 1;

  /** Longest run of console bytes in one message. */
  int LONGEST_PIECE = 8 * 1024;

  /** Longest text in one message, in bytes of UTF-8; longer ones are cut. */
  int LONGEST_TEXT = 2 * 1024;

  /** What whoever is attached says. Each but {@link Type} gets one {@link Answer}, in order. */
  sealed interface Request extends HoldMessage {}

  /** What the holder says. */
  sealed interface Report extends HoldMessage {}

  /** Where the console is read from. */
  enum From {
    /** It is not read. */
    NOWHERE,
    /** From the first byte of the recording. */
    START,
    /** From what comes next. */
    NOW,
    /**
     * From a {@link Reset} that came while nobody was attached like this, else from what comes
     * next: for pairs of programs of which one resets and the other reads, in any order.
     */
    RESET
  }

  /**
   * The first message.
   *
   * @param who for people: a program, a user and a process
   */
  record Attach(int version, From from, String who) implements Request {}

  /**
   * Bytes for the board. They are dropped, with a {@link Notice}, while somebody else has the
   * keyboard; who types while nobody has it, gets it.
   */
  record Type(ByteBuffer bytes) implements Request {
    static Type copyOf(byte[] from, int start, int length) {
      return new Type(copy(from, start, length));
    }
  }

  /** About the keyboard. */
  record Keyboard(Wish wish) implements Request {}

  enum Wish {
    /** If nobody else has it; else the answer is a failure. */
    IF_FREE,
    /** Also from somebody else, who is told. */
    TAKE,
    /** As {@link #TAKE}, but whoever has it gives it back. */
    TAKE_OR_GIVE_BACK
  }

  /** Switches the board's power; answered when that is confirmed. */
  record Power(Switch to) implements Request {}

  enum Switch {
    ON,
    OFF,
    CYCLE
  }

  /** A power cycle whose boot belongs to whoever reads {@link From#RESET}. */
  record Reset() implements Request {}

  /** Sends a BREAK. */
  record Break() implements Request {}

  /** Notes a text in the recording. */
  record Mark(String text) implements Request {}

  /**
   * Reads another console from now on, and gives it the input: {@link #ALL}, or a sub-console such
   * as {@code dom0}.
   */
  record Watch(String console) implements Request {
    /** The board's UART with all that is on it. */
    public static final String ALL = "all";
  }

  /**
   * Looks for a text in what the board said before an offset, in any case; answered, if it is
   * there, with {@link Found} before the answer.
   *
   * @param before {@link Long#MAX_VALUE} for the end
   */
  record Search(String text, long before) implements Request {}

  /** Asks for {@link State}, which comes before the answer. */
  record Look() implements Request {}

  /** Ends a holder that waits for this; others refuse. */
  record Release() implements Request {}

  /** What the board said. */
  record Said(ByteBuffer bytes) implements Report {
    static Said copyOf(byte[] from, int start, int length) {
      return new Said(copy(from, start, length));
    }

    /** A copy of the bytes. */
    public byte[] toArray() {
      return array(bytes);
    }
  }

  private static ByteBuffer copy(byte[] from, int start, int length) {
    return ByteBuffer.allocate(length).put(from, start, length).flip();
  }

  /** A copy of what is left in {@code bytes}, which stays there. */
  static byte[] array(ByteBuffer bytes) {
    var array = new byte[bytes.remaining()];
    bytes.get(bytes.position(), array);
    return array;
  }

  /** For people who are attached: something that somebody did. */
  record Notice(String text) implements Report {}

  /**
   * How things are.
   *
   * @param keyboard who types; empty if nobody
   * @param mine whether that is who asked
   * @param attached how many read the console
   * @param input the sub-console that gets what is typed
   * @param consoles those that said something
   */
  record State(
      PowerState power,
      String keyboard,
      boolean mine,
      int attached,
      String input,
      List<String> consoles)
      implements Report {
    public State {
      consoles = List.copyOf(consoles);
    }
  }

  /**
   * A line of the recording.
   *
   * @param offset where in the UART's recording the text begins
   * @param millis when it came, since the recording's first byte
   */
  record Found(long offset, long millis, String line) implements Report {}

  /**
   * A request was dealt with.
   *
   * @param failure empty if all went well
   * @param text what there is to say about it; may be empty
   */
  record Answer(Optional<FailureKind> failure, String text) implements Report {}

  /** The last message: the holder gives the board back. */
  record Ended(String why) implements Report {}
}
