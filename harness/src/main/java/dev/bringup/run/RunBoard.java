package dev.bringup.run;

import dev.bringup.board.Board;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BootStage;
import dev.bringup.board.FaultInjection;
import dev.bringup.board.MachineInspection;
import dev.bringup.board.RecordedScenarios;
import dev.bringup.boot.BootFailure;
import dev.bringup.boot.BootSession;
import dev.bringup.boot.StageTiming;
import dev.bringup.console.ConsoleText;
import dev.bringup.console.ConsoleWatcher;
import dev.bringup.console.Recording;
import dev.bringup.console.RecordingExcerpt;
import dev.bringup.console.RunMark;
import dev.bringup.report.BoardProgress;
import dev.bringup.report.ConsoleExcerpt;
import dev.bringup.report.Evidence;
import dev.bringup.report.StageSpan;
import dev.bringup.report.TransferRow;
import dev.bringup.tftp.TftpJson;
import dev.bringup.tftp.TftpOutcome;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.LabFault;
import dev.bringup.verdict.VerdictRule;
import dev.bringup.wire.WireHealth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The board of a run: opened when the first scenario needs it, kept until the run ends, and asked
 * for evidence after each scenario. Belongs to the thread of the run, but for {@link #close()}.
 */
final class RunBoard implements AutoCloseable {
  private static final int LINES_BEFORE_STEP = 20;
  private static final int FAULT_NOTES = 20;

  /** A panic is over when the board has been quiet for so long, */
  private static final Duration TAIL_QUIET = Duration.ofMillis(200);

  /** or has said this much after it. */
  private static final Duration TAIL_LIMIT = Duration.ofSeconds(5);

  private final BoardFile file;
  private final Path folder;
  private final Function<Consumer<BringupException>, Board> opener;
  private final BoardProgress progress;
  private final AtomicReference<@Nullable BringupException> problem = new AtomicReference<>();
  private @Nullable BootSession session;
  private @Nullable ConsoleTicker ticker;
  private final List<StepBegin> steps = new ArrayList<>();
  private long scenarioOffset;
  private long scenarioNanos;
  private OptionalLong failedAt = OptionalLong.empty();
  private boolean used;
  private int scenarioTimings;
  private int scenarioTransfers;
  private int scenarioStrikes;

  /** The scenario that is under way; empty before the first. */
  private String scenario = "";

  /**
   * @param folder of the run
   * @param opener opens the board, which tells its problems to what is given
   */
  RunBoard(
      BoardFile file,
      Path folder,
      Function<Consumer<BringupException>, Board> opener,
      BoardProgress progress) {
    this.file = file;
    this.folder = folder;
    this.opener = opener;
    this.progress = progress;
  }

  /** Where a step begins: board time, and offset in the recording. */
  private record StepBegin(long nanos, long offset) {}

  synchronized BootSession session() {
    used = true;
    if (session == null) {
      Board board = new NotedBoard(opener.apply(this::incomplete));
      session = new BootSession(board, stage -> progress.stage(file.name(), stage.word()));
      progress.stage(file.name(), BootStage.OFF.word());
      ticker = ConsoleTicker.start(file.name(), board.console().recording(), progress);
      if (recorded(session).isEmpty()) { // it would have brought the mark along
        noteNetwork(board);
      }
      begin(session);
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

  /** Why the present scenario cannot be judged, if the board is a recording that lacks it. */
  Optional<BringupException> divergence() {
    return opened().flatMap(RunBoard::recorded).flatMap(RecordedScenarios::divergence);
  }

  void beginScenario(String name) {
    used = false;
    failedAt = OptionalLong.empty();
    steps.clear();
    scenario = name;
    opened().ifPresent(this::begin);
  }

  private static void noteNetwork(Board board) {
    board
        .capability(BoardNetwork.class)
        .map(network -> new RunMark.Network(network.serverAddress(), network.boardAddress()))
        .ifPresent(network -> board.console().recording().mark(network.text()));
  }

  private void begin(BootSession open) {
    recorded(open).flatMap(recorded -> recorded.begin(scenario)).ifPresent(open::takeOver);
    scenarioOffset = open.recording().mark(new RunMark.ScenarioBegins(scenario).text());
    if (open.isSound()) {
      String stage = open.stage().word();
      open.recording().mark(RunMark.AtStage.of(stage, open.recording()).text());
    }
    scenarioNanos = now(open);
    scenarioTimings = open.timings().size();
    scenarioTransfers = transfers(open).size();
    scenarioStrikes = strikes(open).size();
  }

  private static Optional<RecordedScenarios> recorded(BootSession open) {
    return open.board().capability(RecordedScenarios.class);
  }

  /** A step of the scenario begins; behind the one that failed, they are only skipped. */
  void beginStep() {
    if (failedAt.isEmpty()) {
      opened().ifPresent(open -> steps.add(new StepBegin(now(open), open.recording().end())));
    }
  }

  /** The scenario's first failing step has ended. */
  void failed() {
    opened().ifPresent(open -> failedAt = OptionalLong.of(now(open)));
  }

  /** Whether a step of the scenario asked for the board, got or not. */
  boolean isUsed() {
    return used;
  }

  private static long now(BootSession open) {
    return open.board().clock().nanos();
  }

  private static List<TftpTransfer> transfers(BootSession open) {
    return open.board()
        .capability(BoardNetwork.class)
        .map(BoardNetwork::transfers)
        .orElse(List.of());
  }

  /**
   * What was seen in a scenario.
   *
   * @param faults what was wrong with the lab while the failing step looked at the board
   */
  record Seen(Evidence evidence, List<LabFault> faults) {}

  /** Writes the scenario's files into its folder, and says what was seen. */
  Seen endScenario(Path into, @Nullable Throwable failure) {
    Optional<BootSession> opened = opened();
    if (opened.isEmpty()) {
      return new Seen(Evidence.NONE, recordingFault());
    }
    BootSession open = opened.get();
    Recording recording = open.recording();
    recorded(open).ifPresent(RecordedScenarios::end);
    if (!recording.isClosed()) {
      recording.mark(new RunMark.ScenarioEnds().text());
    }
    if (failure instanceof BringupException known
        && known.rule().filter(VerdictRule.BAD_PATTERN::equals).isPresent()) {
      // The scenario has ended; the rest of the panic belongs to its evidence.
      var _ =
          new ConsoleWatcher(recording, List.of(), recording.end())
              .collectTail(TAIL_QUIET, now(open) + TAIL_LIMIT.toNanos());
    }
    long end = recording.end();
    List<TftpTransfer> all = transfers(open);
    List<TftpTransfer> transfers = all.subList(Math.min(scenarioTransfers, all.size()), all.size());
    writeFiles(into, open, end, transfers);
    var faults = new LabFaults(open.board());
    LabFaults.Power power = faults.power();
    var seen = new ArrayList<>(recordingFault());
    if (failure != null) {
      seen.addAll(
          faults.in(looksFrom(faults, failure), failedAt.orElse(now(open)), power, transfers));
    }
    long offset = failure instanceof BootFailure boot ? boot.evidence().offset() : -1;
    var lines = new ConsoleLines(recording);
    ConsoleExcerpt console = lines.excerpt(scenarioOffset, end, offset);
    List<ConsoleExcerpt.Line> before =
        failure == null || steps.isEmpty()
            ? List.of()
            : lines.before(0, steps.getLast().offset(), LINES_BEFORE_STEP);
    var evidence =
        new Evidence(
            open.stage().word(),
            power.readBackInWords(),
            power.toldInWords().orElse(null),
            wire(recording, end),
            before,
            console,
            spans(open),
            transfers.stream().map(RunBoard::row).toList(),
            notes(open, failure, power));
    return new Seen(evidence, seen);
  }

  private void writeFiles(Path into, BootSession open, long end, List<TftpTransfer> transfers) {
    Recording recording = open.recording();
    try {
      writeText(recording, scenarioOffset, end, into.resolve("console.log"));
      RecordingExcerpt.write(recording, scenarioOffset, end, into.resolve("console.rec"));
      write(into.resolve("tftp.jsonl"), lines(transfers, recording.timeAt(scenarioOffset)));
      Optional<BoardNetwork> network = open.board().capability(BoardNetwork.class);
      if (network.filter(BoardNetwork::tracesTransfers).isPresent()) {
        write(
            folder.resolve(file.name() + ".tftp.jsonl"),
            lines(transfers, recording.startNanos()),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      }
      if (recorded(open).isEmpty()) { // a recording has what it has beside itself
        network.ifPresent(live -> keepReceived(live, transfers));
      }
    } catch (BringupException e) {
      incomplete(e);
    }
  }

  private List<LabFault> recordingFault() {
    return problem()
        .map(reason ->
            new LabFault(
                VerdictRule.RECORDING_INCOMPLETE,
                String.valueOf(reason.getMessage()),
                reason.hint().orElse("run the scenario again")))
        .stream()
        .toList();
  }

  /**
   * From when on the failing step looked at the board: since it began, or, if it only judges, since
   * the step began that last typed something or switched the power.
   */
  private long looksFrom(LabFaults faults, Throwable failure) {
    if (steps.isEmpty()) {
      return scenarioNanos;
    }
    long begun = steps.getLast().nanos();
    OptionalLong order =
        failure instanceof AssertionError
            ? faults.lastOrder(scenarioNanos, begun)
            : OptionalLong.empty();
    if (order.isEmpty()) {
      return begun;
    }
    return steps.stream()
        .mapToLong(StepBegin::nanos)
        .filter(nanos -> nanos - order.getAsLong() <= 0)
        .max()
        .orElse(scenarioNanos);
  }

  private Evidence.Wire wire(Recording recording, long end) {
    WireHealth health = WireHealth.of(recording);
    long now = recording.clock().nanos();
    List<Evidence.Gap> gaps =
        health.gaps().stream()
            .filter(gap -> gap.touches(scenarioNanos, now))
            .map(gap ->
                new Evidence.Gap(
                    gap.offset(),
                    sinceBegin(gap.from()),
                    gap.to().isPresent() ? sinceBegin(gap.to().getAsLong()) : null,
                    gap.reason(),
                    gap.withPower()))
            .toList();
    int typedAgain =
        (int) health.typedAgain().stream().filter(nanos -> nanos - scenarioNanos >= 0).count();
    return new Evidence.Wire(
        health.transport().orElse(null), end - scenarioOffset, typedAgain, gaps);
  }

  private Duration sinceBegin(long nanos) {
    return Duration.ofNanos(Math.max(0, nanos - scenarioNanos));
  }

  private List<String> notes(BootSession open, @Nullable Throwable failure, LabFaults.Power power) {
    var notes = new ArrayList<String>();
    if (failure instanceof BootFailure boot) {
      notes.add(
          "noticed %d ms after its evidence".formatted(boot.evidence().noticedAfter().toMillis()));
    }
    power.problem().ifPresent(notes::add);
    recorded(open).map(RecordedScenarios::description).ifPresent(notes::add);
    open.board()
        .capability(MachineInspection.class)
        .ifPresent(machine -> notes.addAll(machine.counters()));
    notes.addAll(faultNotes(open));
    problem().map(BringupException::getMessage).ifPresent(notes::add);
    return notes;
  }

  /** The faults that struck in the scenario, so many that a report can hold them. */
  private List<String> faultNotes(BootSession open) {
    List<FaultInjection.Strike> all = strikes(open);
    List<FaultInjection.Strike> mine =
        all.subList(Math.min(scenarioStrikes, all.size()), all.size());
    var notes = new ArrayList<String>();
    for (FaultInjection.Strike strike : mine.subList(0, Math.min(FAULT_NOTES, mine.size()))) {
      notes.add("injected fault at offset %d: %s".formatted(strike.offset(), strike.what()));
    }
    if (mine.size() > FAULT_NOTES) {
      notes.add("%d more injected faults".formatted(mine.size() - FAULT_NOTES));
    }
    return notes;
  }

  private static List<FaultInjection.Strike> strikes(BootSession open) {
    return open.board()
        .capability(FaultInjection.class)
        .map(FaultInjection::strikes)
        .orElse(List.of());
  }

  /** One line a transfer, with times that count from where those of a recording do. */
  private static String lines(List<TftpTransfer> transfers, long zero) {
    var lines = new StringBuilder();
    transfers.forEach(transfer -> lines.append(TftpJson.line(transfer.since(zero))).append('\n'));
    return lines.toString();
  }

  /**
   * What the board wrote to the server is kept under its digest. Of a name that was written twice,
   * the server has the last content only.
   */
  private void keepReceived(BoardNetwork network, List<TftpTransfer> transfers) {
    var last = new HashMap<String, String>();
    for (TftpTransfer transfer : transfers) {
      String digest = transfer.sha256();
      if (transfer.direction() == TftpTransfer.Direction.WRITE && digest != null) {
        last.put(transfer.file(), digest);
      }
    }
    last.forEach((name, digest) ->
        network
            .received(name)
            .ifPresent(content -> write(folder.resolve("received").resolve(digest), content)));
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

  private static void write(Path file, String text, OpenOption... options) {
    write(file, text.getBytes(StandardCharsets.UTF_8), options);
  }

  private static void write(Path file, byte[] content, OpenOption... options) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, content, options);
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static void writeText(Recording recording, long from, long to, Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      ConsoleText.write(recording, from, to, file);
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static BringupException cannotWrite(Path file, IOException e) {
    return BringupException.infrastructure(
        "cannot write " + file + ": " + e.getMessage(),
        "check that the folder is writable and the disk is not full",
        e);
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
