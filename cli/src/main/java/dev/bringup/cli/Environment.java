package dev.bringup.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** Facts about this process that a reader of a report needs. */
final class Environment {
  private Environment() {}

  static Map<String, String> facts() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("bringup", Main.Version.text());
    facts.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put(
        "os",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    facts.put("cpus", String.valueOf(Runtime.getRuntime().availableProcessors()));
    return facts;
  }
}
