package dev.bringup.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile;
import dev.bringup.health.BoardHealth.State;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-27T02:00:00.123Z");
  private static final Optional<String> LOST = Optional.of("desk: the console's wire was lost");

  @TempDir private Path folder;
  private HealthStore store;
  private BoardFile desk;
  private BoardFile emulated;

  @BeforeEach
  void boards() throws IOException {
    store = store(3);
    desk = board("desk", "drivers: {console: {driver: pty}, power: {driver: test}}");
    emulated = board("emulated", "machine: {engine: none}");
  }

  private HealthStore store(int limit) {
    return new HealthStore(folder.resolve("state"), limit, () -> NOW);
  }

  private BoardFile board(String name, String how) throws IOException {
    Path boards = Files.createDirectories(folder.resolve("boards"));
    Files.writeString(
        boards.resolve(name + ".yaml"),
        """
        description: for tests
        architecture: arm64
        cpus: 1
        memory: 1 GiB
        memory-map: {ram: 0x40000000, script: 0x40200000, load: 0x40400000}
        stages: {firmware: {mark: {literal: U-Boot}, within: 20 s}}
        """
            + how
            + "\n");
    return BoardCatalog.load(boards).board(name);
  }

  @Test
  void threeRunsInARowWithAnInfrastructureErrorQuarantineABoardUntilItIsLifted() {
    assertThat(store.of(desk).state()).isEqualTo(State.HEALTHY);
    assertThat(store.ran(desk, "run-1", LOST).state()).isEqualTo(State.SUSPECT);
    store.requireUsable(desk);
    assertThat(store.ran(desk, "run-2", LOST).state()).isEqualTo(State.SUSPECT);
    assertThat(store.ran(desk, "run-3", LOST).state()).isEqualTo(State.QUARANTINED);
    assertThatThrownBy(() -> store(3).requireUsable(desk))
        .isInstanceOfSatisfying(
            BringupException.class,
            refused -> assertThat(refused.kind()).isEqualTo(FailureKind.INFRASTRUCTURE))
        .hasMessage(
            "board desk is quarantined since 2026-11-27T02:00:00Z, after 3 runs in a row with an"
                + " infrastructure error, the last: desk: the console's wire was lost; to use it"
                + " again: mend it, then ./bringup doctor --board desk --lift");
    assertThat(store.lift(desk).state()).isEqualTo(State.HEALTHY);
    store.requireUsable(desk);
    assertThat(store.of(desk).errorsInARow()).isZero();
  }

  @Test
  void aRunThatUsesTheBoardWellBeginsTheCountAnew() {
    store.ran(desk, "run-1", LOST);
    store.ran(desk, "run-2", LOST);
    assertThat(store.ran(desk, "run-3", Optional.empty()).state()).isEqualTo(State.HEALTHY);
    store.ran(desk, "run-4", LOST);
    assertThat(store.ran(desk, "run-5", LOST).state()).isEqualTo(State.SUSPECT);
  }

  @Test
  void aRunThatWasUnderWayDoesNotLiftAQuarantine() {
    for (int run = 1; run <= 3; run++) {
      store.ran(desk, "run-" + run, LOST);
    }
    assertThat(store.ran(desk, "run-0", Optional.empty()).state()).isEqualTo(State.QUARANTINED);
  }

  @Test
  void emulatedBoardsAreNeverQuarantinedAndLeaveNoFile() {
    for (int run = 1; run <= 5; run++) {
      assertThat(store.ran(emulated, "run-" + run, LOST).state()).isEqualTo(State.HEALTHY);
    }
    assertThat(folder.resolve("state")).doesNotExist();
  }

  @Test
  void aRetiredBoardIsRefusedAndItsFileIsNamed() throws IOException {
    BoardFile old =
        board(
            "old",
            "labels: {health: retired}\n"
                + "drivers: {console: {driver: pty}, power: {driver: test}}");
    assertThat(store.of(old).state()).isEqualTo(State.RETIRED);
    assertThatThrownBy(() -> store.requireUsable(old))
        .hasMessageContaining("board old is retired by its board file")
        .hasMessageContaining("boards/old.yaml");
  }

  @Test
  void aWrongWordForTheHealthLabelIsAMistakeWithItsPlace() {
    assertThatThrownBy(() ->
            board(
                "old",
                "labels: {health: retird}\n"
                    + "drivers: {console: {driver: pty}, power: {driver: test}}"))
        .hasMessageContaining("old.yaml:7:18")
        .hasMessageContaining("did you mean \"retired\"?");
  }

  @Test
  void storesThatShareAFolderLoseNothing() throws Exception {
    int each = 25;
    HealthStore other = store(1000);
    HealthStore mine = store(1000);
    List<Callable<BoardHealth>> runs = new ArrayList<>();
    for (int i = 0; i < each; i++) {
      runs.add(() -> mine.ran(desk, "run", LOST));
      runs.add(() -> other.ran(desk, "run", LOST));
    }
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var done : threads.invokeAll(runs, 60, TimeUnit.SECONDS)) {
        done.get();
      }
    }
    assertThat(mine.of(desk).errorsInARow()).isEqualTo(2 * each);
    try (Stream<Path> files = Files.list(folder.resolve("state"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("desk.json", "desk.lock");
    }
  }

  @Test
  void aDamagedFileIsSaidAndCanBeLifted() throws IOException {
    store.ran(desk, "run-1", LOST);
    Path file = folder.resolve("state/desk.json");
    for (String damage : List.of("{\"board\": \"desk\", \"sta", "", "{\"since\": \"soon\"}")) {
      Files.writeString(file, damage);
      assertThatThrownBy(() -> store.requireUsable(desk))
          .as(damage)
          .isInstanceOf(BringupException.class)
          .hasMessageContaining("desk.json is damaged");
    }
    assertThat(store.lift(desk).state()).isEqualTo(State.HEALTHY);
    assertThat(store.of(desk).state()).isEqualTo(State.HEALTHY);
  }

  @Test
  void theUsersFolderAndLimitFollowTheEnvironment() throws IOException {
    Path state = folder.resolve("xdg");
    HealthStore mine =
        HealthStore.ofUser(
            Map.of("XDG_STATE_HOME", state.toString(), "BRINGUP_QUARANTINE_AFTER", "1"));
    assertThat(mine.ran(desk, "run-1", LOST).state()).isEqualTo(State.QUARANTINED);
    assertThat(Files.readString(state.resolve("bringup/boards/desk.json")))
        .contains("\"state\" : \"quarantined\"", "\"run\" : \"run-1\"");
    assertThatThrownBy(() -> HealthStore.ofUser(Map.of("BRINGUP_QUARANTINE_AFTER", "0")))
        .isInstanceOfSatisfying(
            BringupException.class,
            wrong -> assertThat(wrong.kind()).isEqualTo(FailureKind.CONFIGURATION));
  }
}
