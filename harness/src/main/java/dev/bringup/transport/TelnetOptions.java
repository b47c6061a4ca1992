package dev.bringup.transport;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which options are on, on this side and on the far one, negotiated so that two sides never answer
 * each other for ever (RFC 1143, without its queue bits: nothing is asked for and taken back).
 * Pure; not thread-safe.
 */
public final class TelnetOptions {
  /** On whose side an option is. */
  public enum Side {
    /** We WILL, they DO. */
    HERE,
    /** They WILL, we DO. */
    THERE
  }

  private enum State {
    OFF,
    ON,
    ASKED
  }

  private final Map<Side, Set<Integer>> welcome;
  private final Map<Side, Map<Integer, State>> states = new EnumMap<>(Side.class);

  /**
   * @param here options that this side turns on when asked to
   * @param there options that the far side may have
   */
  public TelnetOptions(Set<Integer> here, Set<Integer> there) {
    welcome = Map.of(Side.HERE, Set.copyOf(here), Side.THERE, Set.copyOf(there));
    states.put(Side.HERE, new TreeMap<>());
    states.put(Side.THERE, new TreeMap<>());
  }

  /** Asks for an option; what is to be sent, nothing if it is on or asked for. */
  public byte[] ask(Side side, int option) {
    if (state(side, option) != State.OFF) {
      return new byte[0];
    }
    set(side, option, State.ASKED);
    return Telnet.negotiation(side == Side.HERE ? Telnet.WILL : Telnet.DO, option);
  }

  /** Takes what the far side says; the answer, if one is due. */
  public Optional<byte[]> received(int verb, int option) {
    return switch (verb) {
      case Telnet.DO -> yes(Side.HERE, option, Telnet.WILL, Telnet.WONT);
      case Telnet.WILL -> yes(Side.THERE, option, Telnet.DO, Telnet.DONT);
      case Telnet.DONT -> no(Side.HERE, option, Telnet.WONT);
      case Telnet.WONT -> no(Side.THERE, option, Telnet.DONT);
      default -> throw new IllegalArgumentException("verb " + verb);
    };
  }

  private Optional<byte[]> yes(Side side, int option, int agree, int refuse) {
    boolean asked = state(side, option) == State.ASKED;
    if (asked || state(side, option) == State.ON) {
      set(side, option, State.ON);
      return Optional.empty();
    }
    if (!welcome.getOrDefault(side, Set.of()).contains(option)) {
      return Optional.of(Telnet.negotiation(refuse, option));
    }
    set(side, option, State.ON);
    return Optional.of(Telnet.negotiation(agree, option));
  }

  private Optional<byte[]> no(Side side, int option, int confirm) {
    State before = state(side, option);
    set(side, option, State.OFF);
    return before == State.ON ? Optional.of(Telnet.negotiation(confirm, option)) : Optional.empty();
  }

  /** Whether both agreed to it. */
  public boolean isOn(Side side, int option) {
    return state(side, option) == State.ON;
  }

  /** Whether it was asked for and no answer has come. */
  public boolean isOpen(Side side, int option) {
    return state(side, option) == State.ASKED;
  }

  private State state(Side side, int option) {
    return states.getOrDefault(side, Map.of()).getOrDefault(option, State.OFF);
  }

  private void set(Side side, int option, State state) {
    Objects.requireNonNull(states.get(side)).put(option, state);
  }
}
