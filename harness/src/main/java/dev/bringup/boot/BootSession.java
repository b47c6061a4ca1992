package dev.bringup.boot;

import dev.bringup.artifact.BootPlan;
import dev.bringup.artifact.BootPlan.Guest.Start;
import dev.bringup.board.Board;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BootStage;
import dev.bringup.board.Mark;
import dev.bringup.console.CommandResult;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.ConsoleFailure;
import dev.bringup.console.ConsolePattern;
import dev.bringup.console.Outcome;
import dev.bringup.console.Recording;
import dev.bringup.console.ShellPrompt;
import dev.bringup.console.UBootPrompt;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One opened board and where in its boot it is. Takes it from stage to stage, measures each, and
 * gives access to the prompts on the way. Belongs to one thread, but for {@link #close()}.
 */
public final class BootSession implements AutoCloseable {
  private static final Duration XL_CREATE_LIMIT = Duration.ofSeconds(60);

  /** No line that names a version is longer. */
  private static final int LONGEST_MARK = 256;

  private final Board board;
  private final BoardFile file;
  private final Recording recording;
  private final StageListener listener;
  private final BootFailures failures;
  private final BoardWatch watch;
  private final Prompts prompts;
  private final BootScriptRun scriptRun;
  private final GuestConsoles guests;
  private final BoardConsoles consoles;
  private final List<StageTiming> timings = new ArrayList<>();
  private final Map<BootStage, Outcome.Matched> marks = new EnumMap<>(BootStage.class);

  private BootStage stage = BootStage.OFF;
  private boolean failed;
  private @Nullable BootConfiguration booted;
  private int boot;
  private long bootOffset;
  private long powerOnNanos;
  private long stageNanos;
  private @Nullable UBootPrompt bootloader;
  private @Nullable ShellPrompt shell;

  /**
   * @param board opened, and closed with this session
   */
  public BootSession(Board board, StageListener listener) {
    this.board = board;
    this.file = board.file();
    this.recording = board.console().recording();
    this.listener = listener;
    this.failures = new BootFailures(board);
    this.watch = new BoardWatch(board, failures);
    this.prompts = new Prompts(board);
    this.scriptRun = new BootScriptRun(file, recording, watch, failures);
    this.guests = new GuestConsoles(board, watch, failures, prompts);
    this.consoles = new BoardConsoles(board, watch, prompts, () -> stage);
  }

  /** The board that this session drives. */
  public Board board() {
    return board;
  }

  /** All that the board said and was told. */
  public Recording recording() {
    return recording;
  }

  /** The stage that the board reached last in its present boot. */
  public BootStage stage() {
    return stage;
  }

  /** The stages of all boots so far, in order. */
  public List<StageTiming> timings() {
    return List.copyOf(timings);
  }

  /** What the present boot was made from, if it got beyond the bootloader. */
  public Optional<BootConfiguration> booted() {
    return Optional.ofNullable(booted);
  }

  /** The consoles of Xen, dom0 and the guests that share the board's UART, and its screen. */
  public BoardConsoles consoles() {
    return consoles;
  }

  /** TFTP transfers of the present boot that have ended. */
  public List<TftpTransfer> transfers() {
    return watch.transfers();
  }

  /** A named group of the mark that a stage showed in the present boot, such as its version. */
  public Optional<String> fromMark(BootStage of, String group) {
    BoardFile.Stage settings = file.stages().get(of);
    Outcome.Matched matched = marks.get(of);
    if (settings == null
        || matched == null
        || !(settings.mark() instanceof Mark.Regex(String regex))) {
      return Optional.empty();
    }
    long end = Math.min(recording.end(), matched.end() + LONGEST_MARK);
    Matcher matcher = Pattern.compile(regex).matcher(recording.text(matched.start(), end));
    return matcher.find() && matcher.namedGroups().containsKey(group)
        ? Optional.ofNullable(matcher.group(group))
        : Optional.empty();
  }

  /**
   * Boots the board to {@code target}. A board that is at or past it, or whose boot has failed, is
   * restarted; one that is on the way there goes on.
   *
   * @param configuration what to boot; may be empty for stages up to the bootloader
   * @param limit for all of it, in board time; the stages' own limits hold as well
   * @throws BootFailure with the evidence if the board does not get there
   * @throws BringupException (configuration) if the board cannot boot that; it is left as it is
   */
  public void bootTo(
      BootStage target, Optional<BootConfiguration> configuration, Optional<Duration> limit) {
    List<BootStage> path = path(target);
    if (target == BootStage.OFF) {
      off();
      return;
    }
    if (target.compareTo(BootStage.BOOTLOADER) > 0) {
      configuration.ifPresent(wanted -> BootRequirements.check(file, wanted));
    }
    boolean onTheWay =
        stage != BootStage.OFF
            && isSound()
            && path.contains(stage)
            && path.indexOf(stage) < path.size() - 1
            && isBootOf(configuration);
    if (!onTheWay) {
      start();
    }
    long deadline = limit.map(l -> now() + l.toNanos()).orElse(Long.MAX_VALUE);
    for (BootStage next : path.subList(path.indexOf(stage) + 1, path.size())) {
      advance(next, configuration, deadline);
    }
  }

  /** As {@link #bootTo}, but a board that is at {@code target} already stays there. */
  public void ensureAt(BootStage target, Optional<BootConfiguration> configuration) {
    if (stage != target || !isSound() || !isBootOf(configuration)) {
      bootTo(target, configuration, Optional.empty());
    }
  }

  /** Whether the board has power and nothing bad was seen since it reached its stage. */
  public boolean isSound() {
    return !failed && watch.isSound();
  }

  /** The next step that needs the board at a stage restarts it: nobody knows what it is in for. */
  public void distrust() {
    failed = true;
  }

  /**
   * Takes over a board that somebody else has left at {@code at}. Only at the bootloader is it of
   * use as it is; from any other stage, whoever needs it boots it anew.
   */
  public void takeOver(BootStage at) {
    enter(BootStage.OFF);
    if (at != BootStage.BOOTLOADER) {
      return;
    }
    boot++;
    failed = false;
    bootOffset = recording.end();
    powerOnNanos = lastPowerOn();
    stageNanos = now();
    watch.boot(bootOffset, powerOnNanos);
    consoles.boot(bootOffset);
    openPrompt(at, bootOffset);
    enter(at);
  }

  /** Up to the bootloader, all boots are the same. */
  private boolean isBootOf(Optional<BootConfiguration> configuration) {
    return stage.compareTo(BootStage.BOOTLOADER) <= 0 || booted().equals(configuration);
  }

  /** Cuts the board's power. */
  public void off() {
    board.power().off();
    enter(BootStage.OFF);
  }

  private List<BootStage> path(BootStage target) {
    List<BootStage> path =
        switch (target) {
          case OFF -> List.of(BootStage.OFF);
          case ROM ->
              throw BringupException.configuration(
                  "board %s has no ROM stage to boot to".formatted(file.name()));
          case FIRMWARE -> List.of(BootStage.OFF, BootStage.FIRMWARE);
          case BOOTLOADER -> extend(BootStage.FIRMWARE, BootStage.BOOTLOADER);
          case HYPERVISOR -> extend(BootStage.BOOTLOADER, BootStage.HYPERVISOR);
          case DOM0 -> extend(BootStage.HYPERVISOR, BootStage.DOM0);
          case GUEST -> extend(BootStage.DOM0, BootStage.GUEST);
          case KERNEL -> extend(BootStage.BOOTLOADER, BootStage.KERNEL);
          case USERLAND -> extend(BootStage.KERNEL, BootStage.USERLAND);
        };
    for (BootStage step : path) {
      if (step != BootStage.OFF && !file.stages().containsKey(step)) {
        throw BringupException.configuration(
            "%s: board %s has no stage %s".formatted(file.path(), file.name(), step));
      }
    }
    return path;
  }

  private List<BootStage> extend(BootStage before, BootStage last) {
    var path = new ArrayList<>(path(before));
    path.add(last);
    return path;
  }

  private void start() {
    off();
    boot++;
    failed = false;
    bootOffset = recording.end();
    board.power().on();
    powerOnNanos = lastPowerOn();
    stageNanos = powerOnNanos;
    watch.boot(bootOffset, powerOnNanos);
    consoles.boot(bootOffset);
  }

  private long lastPowerOn() {
    for (ConsoleEvent event : recording.events().reversed()) {
      if (event instanceof ConsoleEvent.Mark mark
          && mark.text().equals(ConsoleEvent.Mark.POWER_ON)) {
        return mark.nanos();
      }
    }
    return now();
  }

  private void enter(BootStage next) {
    stage = next;
    if (next == BootStage.OFF) {
      booted = null;
      bootloader = null;
      shell = null;
      guests.clear();
      marks.clear();
    }
    listener.reached(next);
  }

  private void advance(
      BootStage next, Optional<BootConfiguration> configuration, long overallDeadline) {
    Duration within = file.require(file.stages().get(next), "stages." + next).within();
    // A board that rests at a prompt was watched there; what was said at it is not the boot's.
    boolean rested = isAtPrompt(stage);
    if (rested) {
      recording.clock().catchUp();
    }
    long from =
        rested
            ? recording.end()
            : marks.values().stream().mapToLong(Outcome.Matched::end).max().orElse(bootOffset);
    long begun = rested ? now() : stageNanos;
    watch.watch(next, from);
    var wait =
        new StageWait(next, from, begun, Math.min(overallDeadline, begun + within.toNanos()));
    try {
      Outcome.Matched mark = reach(wait, configuration);
      marks.put(next, mark);
      stageNanos = mark.nanos();
      timings.add(wait.timing(boot, powerOnNanos, stageNanos, true));
      openPrompt(next, mark.end());
      enter(next);
    } catch (BringupException e) {
      failed = true;
      timings.add(wait.timing(boot, powerOnNanos, now(), false));
      throw e;
    }
  }

  /** Where a board waits for commands, for as long as its user likes. */
  private static boolean isAtPrompt(BootStage stage) {
    return switch (stage) {
      case BOOTLOADER, DOM0, GUEST, USERLAND -> true;
      case OFF, ROM, FIRMWARE, HYPERVISOR, KERNEL -> false;
    };
  }

  private Outcome.Matched reach(StageWait wait, Optional<BootConfiguration> configuration) {
    return switch (wait.target()) {
      case FIRMWARE -> watch.await(wait, stageMark(wait.target()));
      case BOOTLOADER -> stopAtBootloader(wait);
      case HYPERVISOR, KERNEL -> runBootScript(wait, configuration);
      case DOM0 -> awaitShell(wait, xenPlan().dom0().shell());
      case USERLAND -> awaitShell(wait, linuxPlan().shell());
      case GUEST -> startGuest(wait);
      case OFF, ROM -> throw new IllegalStateException("stage " + wait.target());
    };
  }

  private void openPrompt(BootStage reached, long from) {
    var watcher = watch.watch(reached, from);
    switch (reached) {
      case BOOTLOADER -> bootloader = prompts.bootloader(watcher);
      case DOM0, USERLAND -> shell = prompts.shell(watcher);
      default -> {}
    }
  }

  private ConsolePattern stageMark(BootStage of) {
    BoardFile.Stage settings = file.require(file.stages().get(of), "stages." + of);
    return settings.mark() instanceof Mark.InText mark
        ? BadPatterns.pattern(of.word(), mark)
        : bootloaderPrompt();
  }

  private ConsolePattern bootloaderPrompt() {
    String prompt = file.require(file.bootloader(), "bootloader").prompt();
    return ConsolePattern.prompt("the bootloader's prompt", prompt);
  }

  private Outcome.Matched stopAtBootloader(StageWait wait) {
    BoardFile.Autoboot autoboot = file.require(file.bootloader(), "bootloader").autoboot();
    ConsolePattern prompt = bootloaderPrompt();
    if (autoboot == null) {
      return watch.await(wait, prompt);
    }
    ConsolePattern countdown = ConsolePattern.literal("the countdown", autoboot.mark());
    Outcome.Matched first = watch.await(wait, prompt, countdown);
    if (first.pattern().equals(prompt)) {
      return first;
    }
    board.console().write(autoboot.key().getBytes(StandardCharsets.US_ASCII));
    return watch.await(wait, prompt);
  }

  private Outcome.Matched runBootScript(StageWait wait, Optional<BootConfiguration> configuration) {
    BootConfiguration wanted =
        configuration.orElseThrow(() ->
            BringupException.configuration(
                "nothing to boot to %s: no boot set is staged".formatted(wait.target())));
    BoardNetwork network =
        board
            .capability(BoardNetwork.class)
            .orElseThrow(() ->
                BringupException.configuration(
                    "board %s has no network to load files from".formatted(file.name())));
    booted = wanted;
    return scriptRun.run(
        wait, wanted, network, prompts.bootloader(watch.watcher()), stageMark(wait.target()));
  }

  private Outcome.Matched awaitShell(StageWait wait, BootPlan.Shell expected) {
    Outcome.Matched token =
        watch.await(wait, ConsolePattern.literal("\"" + expected.token() + "\"", expected.token()));
    watch.await(
        wait.behind(token.end()), ConsolePattern.literal("the shell's prompt", expected.prompt()));
    return token;
  }

  private BootPlan.Xen xenPlan() {
    if (booted().flatMap(b -> b.files().set().boot()).orElse(null) instanceof BootPlan.Xen xen) {
      return xen;
    }
    throw BringupException.configuration("the staged boot set does not boot Xen");
  }

  private BootPlan.Linux linuxPlan() {
    if (booted().flatMap(b -> b.files().set().boot()).orElse(null)
        instanceof BootPlan.Linux linux) {
      return linux;
    }
    throw BringupException.configuration("the staged boot set does not boot plain Linux");
  }

  /** The first guest that xl can start, created in dom0 and attached to. */
  private Outcome.Matched startGuest(StageWait wait) {
    BootPlan.Guest guest =
        xenPlan().guests(Start.XL).stream()
            .findFirst()
            .orElseThrow(() ->
                BringupException.configuration(
                    "the staged boot set has no guest that xl could start"));
    String create = "xl create /etc/xen/" + guest.name() + ".cfg";
    CommandResult created =
        watch.guarded(wait.target(), () -> requireShell().run(create, XL_CREATE_LIMIT));
    if (created.exitCode() != 0) {
      throw failures.failure(
          wait.target(),
          FailureKind.PRODUCT,
          null,
          "xl create failed",
          "xl create ended with exit code " + created.exitCode(),
          created.output().strip(),
          created.start(),
          recording.timeAt(created.end()),
          null);
    }
    return guests.attach(guest, wait, requireShell());
  }

  /**
   * Waits until the shell of a guest that dom0 has created is there; its console stays attached.
   *
   * @throws BootFailure if it is not there within {@code limit}
   */
  public void awaitGuest(String name, Duration limit) {
    BootPlan.Guest guest = guest(name);
    ShellPrompt dom0 = knownShell();
    consoles.giveInputToDom0();
    long now = now();
    var wait = new StageWait(BootStage.GUEST, recording.end(), now, now + limit.toNanos());
    try {
      if (guests.isAtShell(guest, wait, xenPlan().dom0().shell(), dom0)) {
        return;
      }
      Outcome.Matched token = guests.attach(guest, wait, requireShell());
      timings.add(wait.timing(boot, powerOnNanos, token.nanos(), true));
    } catch (BringupException e) {
      failed = true;
      timings.add(wait.timing(boot, powerOnNanos, now(), false));
      throw e;
    }
  }

  /**
   * Waits until a guest that Xen started shows its token.
   *
   * @throws BootFailure if it does not within {@code limit}
   */
  public void awaitDom0lessGuest(String name, Duration limit) {
    String token = Pattern.quote(guest(name).shell().token());
    long now = now();
    var wait = new StageWait(BootStage.GUEST, bootOffset, now, now + limit.toNanos());
    // Xen puts the domain's name before each of its lines.
    watch.await(wait, ConsolePattern.regex("guest " + name, "\\(XEN\\) DOM\\d+: .*" + token));
  }

  private BootPlan.Guest guest(String name) {
    List<BootPlan.Guest> all = xenPlan().guests();
    return all.stream()
        .filter(guest -> guest.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            BringupException.configuration(
                "the boot set has no guest \"%s\"; it has %s"
                    .formatted(
                        name, String.join(", ", all.stream().map(BootPlan.Guest::name).toList()))));
  }

  /** Forgets a guest that was destroyed; the next one of that name is a new one. */
  public void forgetGuest(String name) {
    guests.forget(name, xenPlan().dom0().shell());
  }

  /** Runs a command at the bootloader's prompt. */
  public CommandResult runInBootloader(String command, Duration limit) {
    UBootPrompt prompt = bootloader;
    if (stage != BootStage.BOOTLOADER || prompt == null) {
      throw BringupException.configuration(
          "board %s is at %s; first say: the board is at the bootloader"
              .formatted(file.name(), stage));
    }
    return atPrompt(() -> prompt.run(command, limit), prompt::isLost);
  }

  /** A board that does not come back from a command is at no stage for the next scenario. */
  private CommandResult atPrompt(Supplier<CommandResult> command, BooleanSupplier lost) {
    try {
      return watch.guarded(stage, command);
    } catch (ConsoleFailure e) {
      failed |= lost.getAsBoolean();
      throw e;
    }
  }

  /** Runs a shell command in dom0 or, without a hypervisor, in userland. */
  public CommandResult runInShell(String command, Duration limit) {
    ShellPrompt prompt = requireShell();
    return atPrompt(() -> prompt.run(command, limit), prompt::isLost);
  }

  /** Runs a shell command in a guest that {@link #awaitGuest} found at its shell. */
  public CommandResult runInGuest(String name, String command, Duration limit) {
    consoles.giveInputToDom0();
    try {
      return guests.run(
          guest(name),
          xenPlan().dom0().shell(),
          knownShell(),
          stage,
          shell -> shell.run(command, limit));
    } catch (BootFailure e) {
      failed |= stage == BootStage.GUEST;
      throw e;
    }
  }

  private ShellPrompt knownShell() {
    ShellPrompt known = shell;
    if (known == null) {
      throw BringupException.configuration(
          "board %s is at %s and has no shell".formatted(file.name(), stage));
    }
    return known;
  }

  private ShellPrompt requireShell() {
    ShellPrompt known = knownShell();
    if (booted().flatMap(b -> b.files().set().boot()).orElse(null) instanceof BootPlan.Xen xen) {
      consoles.giveInputToDom0();
      guests.detach(xen.dom0().shell());
    }
    return known;
  }

  private long now() {
    return board.clock().nanos();
  }

  /** Cuts the board's power and frees it. */
  @Override
  public void close() {
    board.close();
    enter(BootStage.OFF);
  }
}
