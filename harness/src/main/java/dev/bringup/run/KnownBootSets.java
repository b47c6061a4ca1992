package dev.bringup.run;

import dev.bringup.artifact.BootFiles;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.util.HashMap;
import java.util.Map;

/**
 * The boot sets of one run: each is looked for once. What cannot be had stays so for the rest of
 * the run, with the same message, instead of keeping every scenario waiting for the same network.
 * Thread-safe.
 */
final class KnownBootSets implements FeatureRunner.BootSets {
  private final FeatureRunner.BootSets source;
  private final Map<String, BootFiles> found = new HashMap<>();
  private final Map<String, BringupException> failed = new HashMap<>();

  KnownBootSets(FeatureRunner.BootSets source) {
    this.source = source;
  }

  @Override
  public synchronized BootFiles files(String name) {
    BringupException before = failed.get(name);
    if (before != null) {
      throw before;
    }
    BootFiles known = found.get(name);
    if (known != null) {
      return known;
    }
    try {
      BootFiles files = source.files(name);
      found.put(name, files);
      return files;
    } catch (BringupException e) {
      if (e.kind() != FailureKind.CANCELLED) {
        failed.put(name, e);
      }
      throw e;
    }
  }
}
