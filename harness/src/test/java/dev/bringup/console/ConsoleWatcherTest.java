package dev.bringup.console;

import static dev.bringup.console.ConsolePattern.literal;
import static dev.bringup.console.ConsolePattern.prompt;
import static dev.bringup.console.ConsolePattern.regex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.time.BoardClock;
import dev.bringup.time.FakeClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class ConsoleWatcherTest {
  private static final List<ConsolePattern> BAD =
      List.of(
          regex("panic", "Kernel panic - not syncing: .*"),
          literal("second boot", "U-Boot 20"),
          regex("oops", "^Oops:? .*$"));

  private final FakeClock clock = new FakeClock();
  private final Recording recording = Recording.inMemory("board1", clock);
  private final ConsoleWatcher watcher = new ConsoleWatcher(recording, BAD, 0);

  private void say(String text) {
    recording.append(text.getBytes(StandardCharsets.UTF_8));
  }

  private Outcome await(long from, ConsolePattern... wanted) {
    return watcher.await(Expectation.of(wanted), recording.cursor(from), clock.nanos());
  }

  @Test
  void whatWasSaidBeforeTheQuestionCounts() {
    say("Hit any key\r\n=> ");
    var cursor = recording.cursor(0);
    var outcome = watcher.await(Expectation.of(prompt("prompt", "=> ")), cursor, clock.nanos());
    assertThat(outcome).isInstanceOf(Outcome.Matched.class);
    assertThat(cursor.offset()).isEqualTo(16);
  }

  @Test
  void whatWasSaidBeforeTheCursorNeverCounts() {
    say("=> \r\n");
    recording.mark(ConsoleEvent.Mark.POWER_ON);
    long boot = recording.end();
    say("booting\r\n");
    assertThat(await(boot, literal("=> "))).isInstanceOf(Outcome.TimedOut.class);
  }

  @Test
  void aBootBeginsWithANewLineWhateverWasBefore() {
    say("power fails he");
    recording.mark(ConsoleEvent.Mark.POWER_ON);
    long boot = recording.end();
    say("=> ");
    assertThat(await(boot, prompt("prompt", "=> "))).isInstanceOf(Outcome.Matched.class);
  }

  @Test
  void theBadPatternWinsIfItOccursFirst() {
    say("Kernel panic - not syncing: no init\r\n=> ");
    assertThat(await(0, literal("=> ")))
        .isInstanceOfSatisfying(
            Outcome.BadPattern.class,
            bad -> {
              assertThat(bad.pattern().name()).isEqualTo("panic");
              assertThat(bad.line()).isEqualTo("Kernel panic - not syncing: no init");
              assertThat(bad.start()).isZero();
            });
  }

  @Test
  void theBadPatternWinsInAnUnfinishedLineToo() {
    say("Kernel panic - not syncing: found => ");
    assertThat(await(0, literal("=> "))).isInstanceOf(Outcome.BadPattern.class);
  }

  @Test
  void theAwaitedPatternWinsIfItOccursFirst() {
    say("=> \r\nKernel panic - not syncing: no init\r\n");
    assertThat(await(0, literal("=> "))).isInstanceOf(Outcome.Matched.class);
    assertThat(await(5, literal("=> "))).isInstanceOf(Outcome.BadPattern.class);
  }

  @Test
  void badPatternsBetweenTwoWaitsAreFound() {
    say("one\r\n");
    assertThat(await(0, literal("one"))).isInstanceOf(Outcome.Matched.class);
    say("Oops: 0000\r\ntwo\r\n");
    assertThat(await(recording.end(), literal("three"))).isInstanceOf(Outcome.BadPattern.class);
  }

  @Test
  void aBadPatternCutByTwoWaitsIsFound() {
    say("one U-Bo");
    assertThat(await(0, literal("one"))).isInstanceOf(Outcome.Matched.class);
    assertThat(watcher.check()).isEmpty();
    say("ot 2023.01\r\n");
    assertThat(watcher.check()).isPresent();
  }

  @Test
  void aBadPatternStaysUntilWatchedFromAnew() {
    say("Oops: 1\r\n");
    assertThat(watcher.check()).isPresent();
    say("=> ");
    assertThat(await(9, literal("=> "))).isInstanceOf(Outcome.BadPattern.class);
    watcher.watchFrom(recording.end());
    assertThat(await(9, literal("=> "))).isInstanceOf(Outcome.Matched.class);
  }

  @Test
  void theEndOfTheWireEndsTheLine() {
    say("login");
    recording.close();
    assertThat(await(0, regex("login$"))).isInstanceOf(Outcome.Matched.class);
    assertThat(await(0, literal("password"))).isEqualTo(new Outcome.Closed(5, "login"));
  }

  @Test
  void aBadLastLineWins() {
    say("Oops: last");
    recording.close();
    assertThat(await(0, regex("last$"))).isInstanceOf(Outcome.BadPattern.class);
  }

  @Test
  void bytesBehindTheDeadlineDoNotCount() {
    long deadline = clock.nanos() + 1000;
    say("on");
    clock.advance(Duration.ofNanos(1001));
    say("e Oops\r\n");
    var outcome = watcher.await(Expectation.of(literal("one")), recording.cursor(0), deadline);
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.TimedOut.class,
            timedOut -> assertThat(timedOut.lastBytes()).isEqualTo("one Oops\n"));
  }

  @Test
  void requireSaysWhatCameInstead() {
    say("Oops: 1\r\n");
    assertThatThrownBy(() -> watcher.require(Expectation.of(literal("x")), recording.cursor(0), 0))
        .isInstanceOf(ConsoleFailure.class)
        .hasMessage("board1: oops at offset 0 while waiting for \"x\": Oops: 1");
  }

  @Test
  void aWaiterIsWokenByWhatItWaitsFor() throws Exception {
    var live = Recording.inMemory("live", BoardClock.system());
    var liveWatcher = new ConsoleWatcher(live, BAD, 0);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var outcome =
          CompletableFuture.supplyAsync(
              () ->
                  liveWatcher.await(
                      Expectation.of(regex("version (\\d+) ")),
                      live.cursor(0),
                      live.clock().nanos() + Duration.ofMinutes(5).toNanos()),
              executor);
      for (String piece : List.of("ver", "sion 4", "2", " ")) {
        live.append(piece.getBytes(StandardCharsets.UTF_8));
      }
      assertThat(outcome.get())
          .isInstanceOfSatisfying(
              Outcome.Matched.class,
              matched -> assertThat(matched.groups()).containsExactly("version 42 ", "42"));
    }
  }

  @Test
  void anInterruptIsACancellation() throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var wait = executor.submit(() -> recording.awaitBeyond(0, Long.MAX_VALUE));
      executor.shutdownNow();
      assertThatThrownBy(wait::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOfSatisfying(
              BringupException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CANCELLED));
    }
  }

  @Test
  void theTailOfAPanicIsCollectedUntilTheBoardIsQuiet() {
    var jumping = new JumpingClock();
    var quiet = Recording.inMemory("quiet", jumping);
    quiet.append("panic\r\ntrace\r\n".getBytes(StandardCharsets.UTF_8));
    long before = jumping.nanos();
    long end =
        new ConsoleWatcher(quiet, BAD, 0)
            .collectTail(Duration.ofMillis(200), before + Duration.ofSeconds(5).toNanos());
    assertThat(end).isEqualTo(14);
    assertThat(jumping.nanos() - before)
        .isBetween(Duration.ofMillis(200).toNanos(), Duration.ofMillis(300).toNanos());
  }
}
