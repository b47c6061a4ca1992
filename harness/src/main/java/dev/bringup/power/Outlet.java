package dev.bringup.power;

import dev.bringup.config.Words;
import dev.bringup.units.Durations;
import dev.bringup.verdict.BringupException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What all messages about an outlet begin with, and what they must not show.
 *
 * @param name with what a person needs to find it: {@code outlet 3 of tasmota at pdu7}
 * @param secrets hidden where a far end repeats them
 */
record Outlet(String name, List<Secret> secrets) {
  private static final int LONGEST_SHOWN = 160;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  Outlet {
    secrets = List.copyOf(secrets);
  }

  static Outlet named(String name) {
    return new Outlet(name, List.of());
  }

  /** {@code said} on one line, shortened, in quotes, without secrets. */
  String quote(String said) {
    String shown = said;
    for (Secret secret : secrets) {
      shown = secret.hideIn(shown);
    }
    return Words.quote(shown.strip(), LONGEST_SHOWN);
  }

  /** Reads a JSON document, or says that it is none. */
  JsonNode json(String said) {
    try {
      return JSON.readTree(said);
    } catch (JacksonException e) {
      throw garbage(said, "JSON");
    }
  }

  /** It cannot be reached, or not be run. */
  BringupException unreachable(String why, String hint) {
    return BringupException.infrastructure(name + " cannot be reached: " + why, hint);
  }

  /** There was no answer, or it was not complete in time. */
  BringupException silent(Duration within) {
    return BringupException.infrastructure(
        name + " gave no answer within " + Durations.format(within),
        "check that it is the right address and that it is alive; \"within\" gives it longer");
  }

  /**
   * It says no.
   *
   * @param how in our words; empty if what it says is enough
   * @param said by the far end; may be empty
   */
  BringupException refused(String how, String said, String hint) {
    String separator = how.isEmpty() || said.isBlank() ? "" : ": ";
    return BringupException.infrastructure(
        name + " refuses: " + how + separator + (said.isBlank() ? "" : quote(said)), hint);
  }

  /** It says something that is neither yes, no, on nor off. */
  BringupException garbage(String said, String wanted) {
    return BringupException.infrastructure(
        "%s answered %s where %s was expected".formatted(name, quote(said), wanted),
        "check that it is what the board file's \"driver\" says");
  }

  /** It does not keep to the protocol. */
  BringupException broken(String protocol, String why) {
    return BringupException.infrastructure(
        "%s does not speak %s as it should: %s".formatted(name, protocol, quote(why)),
        "check that it is what the board file's \"driver\" says");
  }

  /**
   * Waits for an answer.
   *
   * @param nanos what is left of the time limit
   * @param within the whole limit, for the message
   * @throws ExecutionException if there is a failure in the place of an answer
   */
  <T> T await(Future<T> answer, long nanos, Duration within) throws ExecutionException {
    try {
      return answer.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw silent(within);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
  }

  BringupException interrupted() {
    return BringupException.cancelled("interrupted while waiting for " + name);
  }
}
