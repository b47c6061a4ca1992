package dev.bringup.steps;

import dev.bringup.verdict.BringupException;
import io.cucumber.java.en.Then;
import io.cucumber.java.en.When;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * What Xen, dom0 and the guests that Xen started say on the UART that they share, and what a
 * terminal would show of it. Their consoles are called xen, dom0, dom1 and so on; firmware is what
 * speaks before Xen.
 */
public final class ConsoleSteps {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Map<String, String> KEYS =
      Map.of(
          "up",
          "\u001b[A",
          "down",
          "\u001b[B",
          "right",
          "\u001b[C",
          "left",
          "\u001b[D",
          "enter",
          "\r",
          "escape",
          "\u001b",
          "tab",
          "\t",
          "space",
          " ");

  private final Bench bench;

  public ConsoleSteps(Bench bench) {
    this.bench = bench;
  }

  /** Switches Xen's input with Ctrl-a until the console has it. */
  @When("the input goes to {string}")
  public void theInputGoesTo(String console) {
    bench.session().consoles().giveInput(console);
  }

  /** Gives the console the input, and types the line and Enter. */
  @When("{string} is typed at the console of {string}")
  public void isTypedAtTheConsoleOf(String line, String console) {
    bench.session().consoles().type(console, line);
  }

  /** Behind what was awaited of this console before, or since power-on. */
  @Then("the console of {string} says {string} within {duration}")
  public void theConsoleSays(String console, String text, Duration limit) {
    bench.session().consoles().await(console, text, limit);
  }

  /** Gives the console the input and runs a shell command; later steps judge its result. */
  @When("the console of {string} runs {string}")
  public void theConsoleRuns(String console, String command) {
    bench.result(bench.session().consoles().run(console, command, LIMIT));
  }

  /** The text is on a row of an 80-column terminal that was there since power-on. */
  @Then("the screen shows {string} within {duration}")
  public void theScreenShows(String text, Duration limit) {
    bench
        .session()
        .consoles()
        .awaitScreen(
            "\"" + text + "\" on the screen",
            screen -> screen.lines().stream().anyMatch(line -> line.contains(text)),
            limit);
  }

  /** The chosen entry of a menu on the screen has this text. */
  @Then("the screen highlights {string} within {duration}")
  public void theScreenHighlights(String entry, Duration limit) {
    bench
        .session()
        .consoles()
        .awaitScreen(
            "\"" + entry + "\" highlighted on the screen",
            screen -> screen.highlighted().filter(entry::equals).isPresent(),
            limit);
  }

  /** Presses up, down, left, right, enter, escape, tab or space, or another single character. */
  @When("the key {string} is pressed")
  public void theKeyIsPressed(String key) {
    String bytes = KEYS.get(key.toLowerCase(Locale.ROOT));
    if (bytes == null && key.length() != 1) {
      throw BringupException.configuration(
          "there is no key \"%s\"; there are up, down, left, right, enter, escape, tab, space and"
                  .formatted(key)
              + " single characters");
    }
    bench
        .session()
        .board()
        .console()
        .write((bytes == null ? key : bytes).getBytes(StandardCharsets.UTF_8));
  }
}
