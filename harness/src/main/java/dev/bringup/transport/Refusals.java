package dev.bringup.transport;

import dev.bringup.verdict.BringupException;

/** What a kind of wire cannot do. */
final class Refusals {
  private Refusals() {}

  static BringupException noBreak(String name, String why) {
    return BringupException.configuration("no BREAK over " + name + ": " + why);
  }

  static BringupException noLines(String name, String why) {
    return BringupException.configuration("no DTR and RTS over " + name + ": " + why);
  }
}
