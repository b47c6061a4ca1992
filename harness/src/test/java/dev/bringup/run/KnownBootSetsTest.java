package dev.bringup.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.artifact.BootFiles;
import dev.bringup.artifact.BootSet;
import dev.bringup.verdict.BringupException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KnownBootSetsTest {
  private final List<String> asked = new ArrayList<>();
  private BringupException failure = BringupException.infrastructure("offline", "plug it in");
  private final KnownBootSets sets = new KnownBootSets(this::answer);

  private BootFiles answer(String name) {
    asked.add(name);
    if (name.startsWith("no ")) {
      throw failure;
    }
    BootSet set =
        new BootSet(
            name, "x.yaml", "", "arm64", Map.of(), List.of(), Map.of(), Map.of(), Optional.empty());
    return new BootFiles(set, new TreeMap<>(), List.of(), Optional.empty());
  }

  @Test
  void eachSetIsLookedForOnce() {
    BootFiles first = sets.files("a");
    assertThat(sets.files("a")).isSameAs(first);
    assertThat(sets.files("b").set().name()).isEqualTo("b");
    assertThat(asked).containsExactly("a", "b");
  }

  @Test
  void whatCannotBeHadIsNotAskedForAgainAndSaysTheSame() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> sets.files("no a")).isSameAs(failure);
    }
    assertThat(sets.files("a").set().name()).isEqualTo("a");
    assertThat(asked).containsExactly("no a", "a");
  }

  @Test
  void aFetchThatSomebodyStoppedIsNoFailureOfTheSet() {
    failure = BringupException.cancelled("stopped");
    assertThatThrownBy(() -> sets.files("no a")).isSameAs(failure);
    assertThatThrownBy(() -> sets.files("no a")).isSameAs(failure);
    assertThat(asked).containsExactly("no a", "no a");
  }
}
