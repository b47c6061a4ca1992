package dev.bringup.fault;

import dev.bringup.verdict.BringupException;

/** When a fault strikes among things that are counted, bytes of a line or packets of a server. */
public sealed interface Occurrence {

  /**
   * Once.
   *
   * @param number which one: of bytes from 1; of packets the block of its transfer, from 0
   */
  record At(long number, Since since) implements Occurrence {
    public At {
      require(number >= 0, "a fault strikes at number 0 or later");
    }
  }

  /** Each time that so many have passed since it was armed, from 1. */
  record Every(long interval) implements Occurrence {
    public Every {
      require(interval >= 1, "a fault strikes every 1st or rarer");
    }
  }

  /** Each with this probability, 0 to 1. */
  record Chance(double probability) implements Occurrence {
    public Chance {
      require(probability >= 0 && probability <= 1, "a probability is between 0 and 1");
    }
  }

  /** Where counting of bytes begins. */
  enum Since {
    /**
     * The first byte behind each power-on is number 1; it strikes in the first boot to get there.
     */
    POWER_ON,
    /** The first byte behind the arming is number 1. */
    ARMED
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw BringupException.configuration(message);
    }
  }
}
