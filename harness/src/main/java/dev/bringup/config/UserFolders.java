package dev.bringup.config;

import dev.bringup.verdict.BringupException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a user's files belong, by the XDG Base Directory Specification, which ignores variables
 * with relative paths. Folders need not exist.
 */
public final class UserFolders {
  private UserFolders() {}

  /**
   * What can be made again: {@code $XDG_CACHE_HOME} or {@code ~/.cache}.
   *
   * @throws BringupException (configuration) if the user has no home
   */
  public static Path cache(Map<String, String> environment) {
    return folder(environment, "XDG_CACHE_HOME", ".cache");
  }

  /**
   * What is to be remembered: {@code $XDG_STATE_HOME} or {@code ~/.local/state}.
   *
   * @throws BringupException (configuration) if the user has no home
   */
  public static Path state(Map<String, String> environment) {
    return folder(environment, "XDG_STATE_HOME", ".local/state");
  }

  private static Path folder(Map<String, String> environment, String variable, String usual) {
    String named = environment.getOrDefault(variable, "");
    if (named.startsWith("/")) {
      return Path.of(named);
    }
    String home = environment.getOrDefault("HOME", "");
    if (home.isEmpty()) {
      home = System.getProperty("user.home", ""); // of the password file, as for system services
    }
    if (!home.startsWith("/")) {
      throw BringupException.configuration(
          "the user has no home folder; set HOME or %s to an absolute path".formatted(variable));
    }
    return Path.of(home, usual);
  }
}
