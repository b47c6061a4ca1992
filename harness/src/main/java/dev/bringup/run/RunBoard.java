package dev.bringup.run;

import dev.bringup.board.Board;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BootStage;
import dev.bringup.board.MachineInspection;
import dev.bringup.boot.BootFailure;
import dev.bringup.boot.BootSession;
import dev.bringup.boot.StageTiming;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.ConsoleText;
import dev.bringup.console.Recording;
import dev.bringup.console.RecordingExcerpt;
import dev.bringup.report.BoardProgress;
import dev.bringup.report.ConsoleExcerpt;
import dev.bringup.report.Evidence;
import dev.bringup.report.StageSpan;
import dev.bringup.report.TransferRow;
import dev.bringup.tftp.TftpJson;
import dev.bringup.tftp.TftpOutcome;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The board of a run: opened when the first scenario needs it, kept until the run ends, and asked
 * for evidence after each scenario. Belongs to the thread of the run, but for {@link #close()}.
 */
final class RunBoard implements AutoCloseable {
  private static final int EXCERPT_BYTES = 96 * 1024;

  private final BoardFile file;
  private final Function<Consumer<BringupException>, Board> opener;
  private final BoardProgress progress;
  private final AtomicReference<@Nullable BringupException> problem = new AtomicReference<>();
  private @Nullable BootSession session;
  private @Nullable ConsoleTicker ticker;
  private long scenarioOffset;
  private int scenarioTimings;
  private int scenarioTransfers;

  /**
   * @param opener opens the board, which tells its problems to what is given
   */
  RunBoard(
      BoardFile file, Function<Consumer<BringupException>, Board> opener, BoardProgress progress) {
    this.file = file;
    this.opener = opener;
    this.progress = progress;
  }

  synchronized BootSession session() {
    if (session == null) {
      Board board = opener.apply(this::incomplete);
      session = new BootSession(board, stage -> progress.stage(file.name(), stage.word()));
      progress.stage(file.name(), BootStage.OFF.word());
      ticker = ConsoleTicker.start(file.name(), board.console().recording(), progress);
    }
    return session;
  }

  private synchronized Optional<BootSession> opened() {
    return Optional.ofNullable(session);
  }

  /** Something is missing in the run's files from now on; the first reason is the one to tell. */
  void incomplete(BringupException reason) {
    problem.compareAndSet(null, reason);
  }

  /** Why the files of the run do not hold all that was seen; may come from another thread. */
  Optional<BringupException> problem() {
    return Optional.ofNullable(problem.get());
  }

  void beginScenario(String name) {
    opened()
        .ifPresent(open -> {
          scenarioOffset = open.recording().mark("scenario \"" + name + "\" begins");
          scenarioTimings = open.timings().size();
          scenarioTransfers = transfers(open).size();
        });
  }

  private static List<TftpTransfer> transfers(BootSession open) {
    return open.board()
        .capability(BoardNetwork.class)
        .map(BoardNetwork::transfers)
        .orElse(List.of());
  }

  /** Writes the scenario's files into its folder, and says what was seen. */
  Evidence endScenario(Path folder, @Nullable Throwable failure) {
    Optional<BootSession> opened = opened();
    if (opened.isEmpty()) {
      return Evidence.NONE;
    }
    BootSession open = opened.get();
    Recording recording = open.recording();
    long end = recording.end();
    List<TftpTransfer> all = transfers(open);
    List<TftpTransfer> transfers = all.subList(Math.min(scenarioTransfers, all.size()), all.size());
    var lines = new StringBuilder();
    transfers.forEach(transfer -> lines.append(TftpJson.line(transfer)).append('\n'));
    try {
      write(folder.resolve("console.log"), recording.text(scenarioOffset, end));
      RecordingExcerpt.write(recording, scenarioOffset, end, folder.resolve("console.rec"));
      write(folder.resolve("tftp.jsonl"), lines.toString());
    } catch (BringupException e) {
      incomplete(e);
    }
    var notes = new ArrayList<String>();
    String power = open.board().power().get().name().toLowerCase(Locale.ROOT);
    long offset = failure instanceof BootFailure boot ? boot.evidence().offset() : -1;
    if (failure instanceof BootFailure boot) {
      notes.add(
          "noticed %d ms after its evidence".formatted(boot.evidence().noticedAfter().toMillis()));
    }
    open.board()
        .capability(MachineInspection.class)
        .ifPresent(machine -> notes.addAll(machine.counters()));
    problem().map(BringupException::getMessage).ifPresent(notes::add);
    return new Evidence(
        open.stage().word(),
        power,
        excerpt(recording, scenarioOffset, end, offset),
        spans(open),
        transfers.stream().map(RunBoard::row).toList(),
        notes);
  }

  private List<StageSpan> spans(BootSession open) {
    List<StageTiming> all = open.timings();
    List<StageTiming> mine = all.subList(Math.min(scenarioTimings, all.size()), all.size());
    int firstBoot = mine.isEmpty() ? 1 : mine.getFirst().boot();
    return mine.stream()
        .map(timing ->
            new StageSpan(
                timing.boot() - firstBoot + 1,
                timing.stage().word(),
                timing.sincePowerOn(),
                timing.duration(),
                timing.limit(),
                timing.reached()))
        .toList();
  }

  private static TransferRow row(TftpTransfer transfer) {
    boolean complete = transfer.outcome() instanceof TftpOutcome.Completed;
    String outcome =
        switch (transfer.outcome()) {
          case TftpOutcome.Completed() -> "complete";
          case TftpOutcome.Refused(int code, String text) ->
              "refused: %s (%d)".formatted(text, code);
          case TftpOutcome.Aborted(int code, String text) ->
              "aborted by the board: %s (%d)".formatted(text, code);
          case TftpOutcome.TimedOut() -> "the board fell silent";
        };
    return new TransferRow(
        transfer.file(),
        transfer.direction() == TftpTransfer.Direction.READ
            ? TransferRow.Direction.TO_BOARD
            : TransferRow.Direction.FROM_BOARD,
        transfer.bytes(),
        transfer.retransmitted(),
        transfer.duration(),
        complete,
        outcome,
        transfer.sha256());
  }

  private static ConsoleExcerpt excerpt(
      Recording recording, long from, long end, long failureOffset) {
    long start = Math.max(from, end - EXCERPT_BYTES);
    if (failureOffset >= from && failureOffset < start) {
      start = Math.max(from, failureOffset - EXCERPT_BYTES / 2);
    }
    byte[] bytes = recording.bytes(start, Math.min(end, start + EXCERPT_BYTES));
    var lines = new ArrayList<ConsoleExcerpt.Line>();
    int failureLine = -1;
    int begin = 0;
    while (begin < bytes.length) {
      int stop = begin;
      while (stop < bytes.length && bytes[stop] != '\n') {
        stop++;
      }
      long offset = start + begin;
      if (failureOffset >= offset && failureOffset <= start + stop) {
        failureLine = lines.size();
      }
      String text =
          ConsoleText.of(java.util.Arrays.copyOfRange(bytes, begin, stop)).replace("\r", "");
      lines.add(new ConsoleExcerpt.Line(sincePowerOn(recording, offset), offset, text));
      begin = stop + 1;
    }
    return new ConsoleExcerpt(lines, failureLine, start > from ? 1 : 0, 0);
  }

  private static Duration sincePowerOn(Recording recording, long offset) {
    long powerOn = -1;
    for (ConsoleEvent event : recording.events()) {
      if (event.offset() > offset) {
        break;
      }
      if (event instanceof ConsoleEvent.Mark mark
          && mark.text().equals(ConsoleEvent.Mark.POWER_ON)) {
        powerOn = mark.nanos();
      }
    }
    long at = recording.timeAt(offset);
    return Duration.ofNanos(powerOn < 0 ? 0 : Math.max(0, at - powerOn));
  }

  private static void write(Path file, String text) {
    try {
      Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot write " + file + ": " + e.getMessage(),
          "check that the folder is writable and the disk is not full",
          e);
    }
  }

  /** Cuts power and frees the board; may come from another thread when a run is interrupted. */
  @Override
  public synchronized void close() {
    if (ticker != null) {
      ticker.close();
      ticker = null;
    }
    if (session != null) {
      session.close();
      session = null;
    }
    progress.finished(file.name());
  }
}
