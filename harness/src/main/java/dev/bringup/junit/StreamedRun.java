package dev.bringup.junit;

import dev.bringup.board.BoardFile;
import dev.bringup.hold.WireLock;
import dev.bringup.report.Outcome;
import dev.bringup.report.RunReport;
import dev.bringup.report.ScenarioReport;
import dev.bringup.run.FeatureRunner;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** Hands the scenarios of a run in another thread to whoever reads the stream. Use once. */
final class StreamedRun {
  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  private final Path output;

  /** An empty one follows the last. */
  private final BlockingQueue<Optional<DynamicTest>> ended = new LinkedBlockingQueue<>();

  /**
   * @param output holds the run folders
   */
  StreamedRun(Path output) {
    this.output = output;
  }

  /** Starts a run on {@code board}, if nobody holds it. */
  Stream<DynamicNode> start(FeatureRunner runner, BoardFile board) {
    Thread thread = Thread.ofPlatform().name("bringup run").start(() -> run(runner, board));
    return StreamSupport.<DynamicNode>stream(new Tests(), false)
        .onClose(() -> stop(runner, thread));
  }

  private void run(FeatureRunner runner, BoardFile board) {
    try (var _ = WireLock.take(board, System.getenv(), "tests in JUnit")) {
      RunReport report = runner.run();
      System.err.println("bringup: report: " + output.resolve(report.runId(), "report.html"));
      if (report.scenarios().isEmpty()) {
        add(
            "the run",
            () -> {
              throw new TestAbortedException("no scenario was selected");
            });
      }
    } catch (RuntimeException | Error e) {
      System.err.println("bringup: the run ended early: " + e.getMessage());
      add(
          "the run",
          () -> {
            throw e;
          });
    } finally {
      ended.add(Optional.empty());
    }
  }

  /** Called by the runner. */
  void scenarioEnded(ScenarioReport report) {
    String name = report.featureName() + ": " + report.name();
    String seconds = " (%.1f s)".formatted(report.duration().toMillis() / 1000.0);
    switch (report.outcome()) {
      case Outcome.Passed() -> {
        say("passed: " + name + seconds);
        add(name, () -> {});
      }
      case Outcome.Skipped(String reason) -> {
        say("skipped: " + name + ": " + reason);
        add(
            name,
            () -> {
              throw new TestAbortedException(reason);
            });
      }
      case Outcome.Failed failed -> {
        String next = failed.hint() == null ? "" : "; try: " + failed.hint();
        say(failed.verdict().text() + ": " + name + ": " + failed.reason() + next + seconds);
        add(name, () -> fail(report.place(), failed));
      }
    }
  }

  private static void fail(String place, Outcome.Failed failed) {
    if (failed.verdict() == Verdict.PRODUCT_FAILURE) {
      throw new AssertionFailedError(place + ": " + failed.reason());
    }
    throw new BringupException(failed.kind(), failed.reason(), failed.hint(), null);
  }

  private void add(String name, Executable test) {
    ended.add(Optional.of(DynamicTest.dynamicTest(name, test)));
  }

  private static void say(String line) {
    System.err.println("bringup: " + line);
  }

  private static void stop(FeatureRunner runner, Thread thread) {
    if (!thread.isAlive()) {
      return;
    }
    runner.cancel();
    try {
      if (!thread.join(LONGEST_STOP)) {
        say("the run did not stop within " + LONGEST_STOP.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Tests extends AbstractSpliterator<DynamicNode> {
    private boolean through;

    private Tests() {
      super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
    }

    @Override
    public boolean tryAdvance(Consumer<? super DynamicNode> action) {
      if (through) {
        return false;
      }
      try {
        Optional<DynamicTest> next = ended.take();
        next.ifPresent(action);
        through = next.isEmpty();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        through = true;
      }
      return !through;
    }
  }
}
