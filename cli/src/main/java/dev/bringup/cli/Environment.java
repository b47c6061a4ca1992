package dev.bringup.cli;

import dev.bringup.run.RunFacts;
import java.util.Map;

/** Facts about this process that a reader of a report needs. */
final class Environment {
  private Environment() {}

  static Map<String, String> facts() {
    return RunFacts.of(Main.Version.text());
  }
}
