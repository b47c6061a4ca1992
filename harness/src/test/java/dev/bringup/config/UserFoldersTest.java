package dev.bringup.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.verdict.BringupException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserFoldersTest {
  @Test
  void variablesWithAbsolutePathsCountBeforeHome() {
    Map<String, String> home = Map.of("HOME", "/home/a");
    assertThat(UserFolders.cache(home)).hasToString("/home/a/.cache");
    assertThat(UserFolders.state(home)).hasToString("/home/a/.local/state");
    assertThat(UserFolders.cache(Map.of("HOME", "/home/a", "XDG_CACHE_HOME", "/c")))
        .hasToString("/c");
    assertThat(UserFolders.state(Map.of("HOME", "/home/a", "XDG_STATE_HOME", "relative")))
        .hasToString("/home/a/.local/state");
  }

  /** As in a service of the system, whose present folder is nobody's to litter. */
  @Test
  void withoutHomeThePasswordFileKnowsIt() {
    Path home = Path.of(System.getProperty("user.home"));
    assertThat(UserFolders.cache(Map.of())).isEqualTo(home.resolve(".cache"));
    assertThat(UserFolders.cache(Map.of("HOME", ""))).isEqualTo(home.resolve(".cache"));
  }

  @Test
  void aRelativeHomeIsRefused() {
    assertThatThrownBy(() -> UserFolders.state(Map.of("HOME", "home")))
        .isInstanceOf(BringupException.class)
        .hasMessage("the user has no home folder; set HOME or XDG_STATE_HOME to an absolute path");
  }
}
