package dev.bringup.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile;
import dev.bringup.config.YamlFile;
import dev.bringup.config.YamlNode;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import dev.bringup.wired.Desk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs cannot have the same wire. */
class WireLockTest {
  private final Path runtime;
  private final Map<String, String> environment;
  private final BoardFile desk;

  WireLockTest(@TempDir Path folder) throws IOException {
    runtime = folder.resolve("run");
    environment = Map.of("XDG_RUNTIME_DIR", runtime.toString());
    desk = BoardCatalog.load(Desk.writeBoard(folder, "")).board("desk");
  }

  @Test
  void theSecondOneLearnsWhoHasItSinceWhenAndWhatToDo() {
    try (var _ = WireLock.take(desk, environment, "run")) {
      assertThatExceptionOfType(BringupException.class)
          .isThrownBy(() -> WireLock.take(desk, environment, "boot"))
          .matches(e -> e.kind() == FailureKind.INFRASTRUCTURE)
          .matches(e -> e.hint().orElseThrow().equals("again when that has ended"))
          .withMessageMatching(
              "desk is held by run \\(.+, process \\d+\\) since \\d{4}-\\d\\d-\\d\\d [0-9:]{8}");
      assertThat(HoldPlace.of("desk", environment).isHeldAlone()).isTrue();
    }
    assertThat(HoldPlace.of("desk", environment).isHeldAlone()).isFalse();
    WireLock.take(desk, environment, "boot").close();
  }

  /** On Linux a process loses its lock with any channel of the file that it closes. */
  @Test
  void whoIsRefusedInTheSameProcessOpensNothing() throws IOException {
    try (var _ = WireLock.take(desk, environment, "run")) {
      assertThatExceptionOfType(BringupException.class)
          .isThrownBy(() -> WireLock.take(desk, environment, "boot"));
      Path lock = HoldPlace.of("desk", environment).lock();
      try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
        assertThat(open.filter(each -> each.toFile().exists() && isSame(each, lock))).hasSize(1);
      }
    }
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  @Test
  void oneThatWasKilledHoldsNothingThoughThisProcessHasItsNumber() throws IOException {
    var place = HoldPlace.of("desk", environment);
    long number = ProcessHandle.current().pid();
    place.noteHolder(new Holder("a ghost", number, false, Instant.parse("2001-01-01T00:00:00Z")));
    assertThat(place.holder()).isEqualTo("somebody");
    WireLock.take(desk, environment, "run").close();
  }

  @Test
  void whoLetsOthersAttachIsWatchedMeanwhile() {
    try (var _ = HoldLock.take(HoldPlace.of("desk", environment), "Ada").orElseThrow()) {
      assertThatExceptionOfType(BringupException.class)
          .isThrownBy(() -> WireLock.take(desk, environment, "run"))
          .withMessageStartingWith("desk is held by Ada since ")
          .matches(e -> e.hint().orElseThrow().endsWith("or watch: ./bringup console desk"));
    }
  }

  @Test
  void anEmulatedBoardIsEverybodys() throws IOException {
    var settings = (YamlNode.Mapping) YamlFile.parse("machine", "engine: it");
    BoardFile emulated = desk.with(new BoardFile.Machine("it", settings), Map.of());
    try (var _ = WireLock.take(emulated, environment, "run");
        var _ = WireLock.take(emulated, environment, "run")) {
      assertThat(runtime).doesNotExist();
    }
  }
}
