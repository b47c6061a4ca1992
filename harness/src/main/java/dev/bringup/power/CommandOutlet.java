package dev.bringup.power;

import dev.bringup.config.Words;
import dev.bringup.config.YamlNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whatever programs of the user's switch. Exit code 0 says that the order was taken. The state is
 * the one word of {@code state-on} and {@code state-off} that the state program says, or its exit
 * code, 0 for on and 1 for off.
 */
record CommandOutlet(
    Program program,
    List<String> on,
    List<String> off,
    Optional<List<String>> state,
    boolean byExitCode,
    String wordOn,
    String wordOff)
    implements PowerSwitch {
  private static final String HINT = "run the program by hand; see \"drivers.power\"";

  static PowerSwitch open(YamlNode.Mapping map) {
    var settings =
        DriverSettings.of(
            "command", map, "what", "on", "off", "state", "state-by", "state-on", "state-off");
    List<String> on = settings.command("on");
    String what =
        settings
            .optionalText("what")
            .orElseGet(() -> "the outlet that " + Words.quote(String.join(" ", on)) + " switches");
    boolean byExitCode = settings.choice("state-by", "words", "exit-code").equals("exit-code");
    if (settings.find("state").isEmpty()) {
      for (String key : List.of("state-by", "state-on", "state-off")) {
        settings
            .find(key)
            .ifPresent(node -> {
              throw node.wrong("\"" + key + "\" says how to read \"state\", which is not there");
            });
      }
    }
    String wordOn = settings.optionalText("state-on").orElse("on").toLowerCase(Locale.ROOT);
    String wordOff = settings.optionalText("state-off").orElse("off").toLowerCase(Locale.ROOT);
    if (wordOn.equals(wordOff)) {
      throw map.wrong("\"state-on\" and \"state-off\" are the same word");
    }
    return new CommandOutlet(
        new Program(Outlet.named(what), settings.within(Duration.ofSeconds(30)), Map.of()),
        on,
        settings.command("off"),
        settings.find("state").map(_ -> settings.command("state")),
        byExitCode,
        wordOn,
        wordOff);
  }

  @Override
  public String outlet() {
    return program.outlet().name();
  }

  @Override
  public void set(boolean on) {
    var _ = program.runWell(on ? this.on : off, HINT);
  }

  @Override
  public PowerState read() {
    if (state.isEmpty()) {
      return PowerState.UNKNOWN;
    }
    if (byExitCode) {
      Program.Result result = program.run(state.get(), HINT);
      return switch (result.exit()) {
        case 0 -> PowerState.ON;
        case 1 -> PowerState.OFF;
        default -> throw program.failed(result, HINT);
      };
    }
    String said = program.runWell(state.get(), HINT).out();
    List<String> words = Arrays.asList(said.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}_-]+"));
    if (words.contains(wordOn) == words.contains(wordOff)) {
      throw program
          .outlet()
          .garbage(said, "one of the words \"" + wordOn + "\" and \"" + wordOff + "\"");
    }
    return words.contains(wordOn) ? PowerState.ON : PowerState.OFF;
  }
}
