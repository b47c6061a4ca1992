package dev.bringup.run;

import java.util.LinkedHashMap;
import java.util.Map;

/** Facts about this process that a reader of a report needs. */
public final class RunFacts {
  private RunFacts() {}

  /**
   * Versions of what takes part, in reading order.
   *
   * @param bringup Bringup's own version
   */
  public static Map<String, String> of(String bringup) {
    var facts = new LinkedHashMap<String, String>();
    facts.put("bringup", bringup);
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
