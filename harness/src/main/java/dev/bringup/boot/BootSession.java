package dev.bringup.boot;

import dev.bringup.artifact.BootFiles;
import dev.bringup.artifact.BootPlan;
import dev.bringup.board.Board;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BootStage;
import dev.bringup.board.Mark;
import dev.bringup.board.PowerState;
import dev.bringup.console.CommandResult;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.ConsoleFailure;
import dev.bringup.console.ConsolePattern;
import dev.bringup.console.ConsoleWatcher;
import dev.bringup.console.Expectation;
import dev.bringup.console.MarkTokens;
import dev.bringup.console.Noise;
import dev.bringup.console.Outcome;
import dev.bringup.console.Recording;
import dev.bringup.console.ShellPrompt;
import dev.bringup.console.Typing;
import dev.bringup.console.UBootPrompt;
import dev.bringup.image.BootScript;
import dev.bringup.tftp.TftpOutcome;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One opened board and where in its boot it is. Takes it from stage to stage and gives access to
 * the prompts on the way. Belongs to one thread.
 */
public final class BootSession implements AutoCloseable {
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(10);
  private static final Duration DHCP_LIMIT = Duration.ofSeconds(40);
  private static final Duration SCRIPT_LOAD_LIMIT = Duration.ofSeconds(30);
  private static final Duration XL_CREATE_LIMIT = Duration.ofSeconds(60);

  /** How often a long wait looks whether the board still has power. */
  private static final Duration POWER_CHECK = Duration.ofMillis(500);

  /** A panic is read to its end, but its verdict must not wait for long. */
  private static final Duration TAIL_QUIET = Duration.ofMillis(200);

  private static final Duration TAIL_LIMIT = Duration.ofMillis(600);

  private static final String SCRIPT_NAME = "boot.scr";
  private static final String LEAVE_GUEST = "\u001d";

  private final Board board;
  private final BoardFile file;
  private final Recording recording;
  private final StageListener listener;
  private final BadPatterns badPatterns;
  private final Noise noise;
  private final Typing typing;
  private final MarkTokens tokens = new MarkTokens(new SecureRandom());
  private final List<StageTiming> timings = new ArrayList<>();
  private final Map<String, Outcome.Matched> marks = new HashMap<>();
  private final Set<String> stagedByBoot = new HashSet<>();

  private BootStage stage = BootStage.OFF;
  private @Nullable BootConfiguration booted;
  private int boot;
  private long bootOffset;
  private long bootNanos;
  private long stageNanos;
  private int transfersBefore;
  private boolean failed;
  private ConsoleWatcher watcher;
  private @Nullable UBootPrompt bootloader;
  private @Nullable ShellPrompt shell;
  private @Nullable String attachedGuest;
  private final Map<String, ShellPrompt> guestShells = new HashMap<>();

  /**
   * @param board opened, and closed with this session
   */
  public BootSession(Board board, StageListener listener) {
    this.board = board;
    this.file = board.file();
    this.recording = board.console().recording();
    this.listener = listener;
    this.badPatterns = new BadPatterns(file);
    this.noise = Noise.of(file.console().noise().stream().map(Mark.Regex::regex).toList());
    this.typing =
        new Typing(file.console().typingPiece(), Typing.USUAL.echoLimit(), Typing.USUAL.attempts());
    this.watcher = new ConsoleWatcher(recording, List.of(), recording.end());
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

  /** The number of boots so far. */
  public int boot() {
    return boot;
  }

  /** The recording's offset at which the present boot began. */
  public long bootOffset() {
    return bootOffset;
  }

  /** The stages of all boots so far, in order. */
  public List<StageTiming> timings() {
    return List.copyOf(timings);
  }

  /** What the present boot was made from, if it got beyond the bootloader. */
  public Optional<BootConfiguration> booted() {
    return Optional.ofNullable(booted);
  }

  /** The board's network. */
  public BoardNetwork network() {
    return board
        .capability(BoardNetwork.class)
        .orElseThrow(() ->
            BringupException.configuration(
                "board %s has no network to load files from".formatted(file.name())));
  }

  /** TFTP transfers of the present boot that have ended. */
  public List<TftpTransfer> transfers() {
    List<TftpTransfer> all = network().transfers();
    return all.subList(transfersBefore, all.size());
  }

  /** A named group of the mark that a stage showed in the present boot, such as its version. */
  public Optional<String> fromMark(BootStage of, String group) {
    BoardFile.Stage settings = file.stages().get(of);
    if (settings == null
        || !(settings.mark() instanceof Mark.Regex(String regex))
        || !marks.containsKey(of.word())) {
      return Optional.empty();
    }
    Outcome.Matched matched = marks.get(of.word());
    var matcher =
        Pattern.compile(regex).matcher(recording.text(matched.start(), lineEnd(matched.end())));
    return matcher.find() && matcher.namedGroups().containsKey(group)
        ? Optional.ofNullable(matcher.group(group))
        : Optional.empty();
  }

  private long lineEnd(long offset) {
    return Math.min(recording.end(), offset + 256);
  }

  /**
   * Boots the board to {@code target}. A board that is at or past it is restarted; one that is on
   * the way there goes on.
   *
   * @param configuration what to boot; may be empty for stages up to the bootloader
   * @param limit for all of it, in board time; the stages' own limits hold as well
   * @throws BootFailure with the evidence if the board does not get there
   */
  public void bootTo(
      BootStage target, Optional<BootConfiguration> configuration, Optional<Duration> limit) {
    List<BootStage> path = path(target);
    boolean onTheWay =
        stage != BootStage.OFF
            && isSound()
            && path.contains(stage)
            && path.indexOf(stage) < path.size() - 1
            && (!isBeyondBootloader(stage) || booted().equals(configuration));
    if (!onTheWay) {
      start();
    }
    long deadline = limit.map(l -> clockNanos() + l.toNanos()).orElse(Long.MAX_VALUE);
    for (BootStage next : path.subList(path.indexOf(stage) + 1, path.size())) {
      advance(next, configuration, deadline);
    }
  }

  /** As {@link #bootTo}, but a board that is at {@code target} already stays there. */
  public void ensureAt(BootStage target, Optional<BootConfiguration> configuration) {
    boolean there =
        stage == target
            && isSound()
            && (!isBeyondBootloader(target) || booted().equals(configuration));
    if (!there) {
      bootTo(target, configuration, Optional.empty());
    }
  }

  /** Whether the present boot can be gone on with: nothing bad was seen, and the power is on. */
  private boolean isSound() {
    return !failed && board.power().get() == PowerState.ON && watcher.check().isEmpty();
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
          case BOOTLOADER -> List.of(BootStage.OFF, BootStage.FIRMWARE, BootStage.BOOTLOADER);
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

  private static boolean isBeyondBootloader(BootStage stage) {
    return stage.compareTo(BootStage.BOOTLOADER) > 0;
  }

  private void start() {
    board.power().off();
    enter(BootStage.OFF);
    boot++;
    failed = false;
    bootOffset = recording.end();
    transfersBefore =
        board.capability(BoardNetwork.class).map(net -> net.transfers().size()).orElse(0);
    watcher = new ConsoleWatcher(recording, List.of(), bootOffset);
    board.power().on();
    bootNanos = lastPowerOn();
    stageNanos = bootNanos;
  }

  private long lastPowerOn() {
    for (ConsoleEvent event : recording.events().reversed()) {
      if (event instanceof ConsoleEvent.Mark mark
          && mark.text().equals(ConsoleEvent.Mark.POWER_ON)) {
        return mark.nanos();
      }
    }
    return clockNanos();
  }

  private void enter(BootStage next) {
    stage = next;
    if (next == BootStage.OFF) {
      booted = null;
      bootloader = null;
      shell = null;
      attachedGuest = null;
      guestShells.clear();
      marks.clear();
    }
    listener.reached(next);
  }

  private void advance(
      BootStage next, Optional<BootConfiguration> configuration, long overallDeadline) {
    BoardFile.Stage settings = file.stages().get(next);
    if (settings == null) {
      throw new IllegalStateException("stage " + next);
    }
    // A board that rests at a prompt was watched there; what was said at it is not the boot's.
    long from =
        isAtPrompt(stage)
            ? recording.end()
            : marks.values().stream().mapToLong(Outcome.Matched::end).max().orElse(bootOffset);
    watcher = new ConsoleWatcher(recording, badPatterns.in(next), from);
    // What a stage takes counts from when it was begun, which may be long after the one before.
    long begun = isAtPrompt(stage) ? clockNanos() : stageNanos;
    var wait =
        new StageWait(
            next, from, begun, Math.min(overallDeadline, begun + settings.within().toNanos()));
    try {
      Outcome.Matched mark =
          switch (next) {
            case FIRMWARE -> await(wait, pattern(next));
            case BOOTLOADER -> stopAtBootloader(wait);
            case HYPERVISOR, KERNEL -> runBootScript(wait, required(configuration, next));
            case DOM0 -> awaitShell(wait, dom0Shell());
            case USERLAND -> awaitShell(wait, linuxShell());
            case GUEST -> startGuest(wait);
            case OFF, ROM -> throw new IllegalStateException("stage " + next);
          };
      marks.put(next.word(), mark);
      stageNanos = mark.nanos();
      timings.add(wait.timing(stageNanos, true));
      prepare(next, mark.end());
      enter(next);
    } catch (BringupException e) {
      failed = true;
      timings.add(wait.timing(clockNanos(), false));
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

  /** One transition under way. */
  private final class StageWait {
    private final BootStage target;
    private final long from;
    private final long begun;
    private final long deadline;

    private StageWait(BootStage target, long from, long begun, long deadline) {
      this.target = target;
      this.from = from;
      this.begun = begun;
      this.deadline = deadline;
    }

    private StageTiming timing(long end, boolean reached) {
      return new StageTiming(
          boot,
          target,
          Duration.ofNanos(begun - bootNanos),
          Duration.ofNanos(Math.max(0, end - begun)),
          Duration.ofNanos(deadline - begun),
          reached);
    }
  }

  private void prepare(BootStage reached, long from) {
    watcher = new ConsoleWatcher(recording, badPatterns.in(reached), from);
    switch (reached) {
      case BOOTLOADER -> bootloader = newBootloaderPrompt();
      case DOM0, USERLAND ->
          shell = new ShellPrompt(board.console()::write, watcher, noise, typing, tokens);
      default -> {}
    }
  }

  private UBootPrompt newBootloaderPrompt() {
    return new UBootPrompt(
        board.console()::write,
        watcher,
        noise,
        typing,
        file.require(file.bootloader(), "bootloader").prompt(),
        tokens);
  }

  private ConsolePattern pattern(BootStage of) {
    BoardFile.Stage settings = file.stages().get(of);
    return settings != null && settings.mark() instanceof Mark.InText mark
        ? BadPatterns.pattern(of.word(), mark)
        : ConsolePattern.prompt(of.word(), file.require(file.bootloader(), "bootloader").prompt());
  }

  private Outcome.Matched stopAtBootloader(StageWait wait) {
    BoardFile.Bootloader settings = file.require(file.bootloader(), "bootloader");
    ConsolePattern prompt = ConsolePattern.prompt("prompt", settings.prompt());
    BoardFile.Autoboot autoboot = settings.autoboot();
    if (autoboot == null) {
      return await(wait, prompt);
    }
    ConsolePattern countdown = ConsolePattern.literal("autoboot", autoboot.mark());
    Outcome.Matched first = await(wait, prompt, countdown);
    if (first.pattern().equals(prompt)) {
      return first;
    }
    board.console().write(autoboot.key().getBytes(StandardCharsets.US_ASCII));
    return await(wait, prompt);
  }

  private static BootConfiguration required(
      Optional<BootConfiguration> configuration, BootStage next) {
    return configuration.orElseThrow(() ->
        BringupException.configuration(
            "nothing to boot to %s: no boot set is staged".formatted(next)));
  }

  private Outcome.Matched runBootScript(StageWait wait, BootConfiguration configuration) {
    BoardNetwork network = network();
    BootScript script = BootScripts.of(file, configuration);
    stageFiles(network, configuration, script);
    booted = configuration;
    String address = file.memoryMap().script().toString();
    UBootPrompt prompt = newBootloaderPrompt();
    BoardFile.Network settings = file.require(file.network(), "network");
    guarded(wait.target, () -> prompt.run("setenv autoload no", COMMAND_LIMIT));
    if (settings.windowSize() > 1) {
      String window = "setenv tftpwindowsize " + settings.windowSize();
      guarded(wait.target, () -> prompt.run(window, COMMAND_LIMIT));
    }
    CommandResult dhcp = guarded(wait.target, () -> prompt.run("dhcp", DHCP_LIMIT));
    if (dhcp.exitCode() != 0) {
      throw failure(
          wait.target,
          FailureKind.INFRASTRUCTURE,
          "no DHCP answer",
          "the board got no address",
          dhcp.output(),
          dhcp.start(),
          clockNanos(),
          "look at the network's packets: --capture");
    }
    String load = settings.loadCommand();
    CommandResult loaded =
        guarded(
            wait.target,
            () -> prompt.run(load + " " + address + " " + SCRIPT_NAME, SCRIPT_LOAD_LIMIT));
    if (loaded.exitCode() != 0) {
      throw failure(
          wait.target,
          FailureKind.INFRASTRUCTURE,
          "boot script not loaded",
          "the boot script did not load",
          loaded.output(),
          loaded.start(),
          clockNanos(),
          null);
    }
    guarded(wait.target, () -> prompt.start("source " + address, COMMAND_LIMIT));
    ConsolePattern reached = pattern(wait.target);
    ConsolePattern stopped = ConsolePattern.literal("boot script stopped", BootScript.STOPPED);
    Outcome.Matched first = await(wait, reached, stopped);
    if (first.pattern().equals(reached)) {
      return first;
    }
    throw scriptStopped(wait, first);
  }

  private void stageFiles(
      BoardNetwork network, BootConfiguration configuration, BootScript script) {
    stagedByBoot.forEach(network::unstage);
    stagedByBoot.clear();
    for (BootFiles.BootFile each : configuration.files().files().values()) {
      if (!configuration.missing().contains(each.name())) {
        network.stage(each.name(), each.path());
        stagedByBoot.add(each.name());
      }
    }
    network.stage(SCRIPT_NAME, script.image(Instant.EPOCH).encode());
    stagedByBoot.add(SCRIPT_NAME);
  }

  private BootFailure scriptStopped(StageWait wait, Outcome.Matched stopped) {
    String said = recording.text(wait.from, stopped.start());
    String why =
        said.lines()
            .filter(line -> line.contains(BootScript.MARK))
            .reduce((first, second) -> second)
            .map(String::strip)
            .orElse("no reason on the console");
    return failure(
        wait.target,
        FailureKind.PRODUCT,
        "boot script stopped",
        "the boot script stopped",
        why,
        stopped.start(),
        stopped.nanos(),
        null);
  }

  private BootPlan.Shell dom0Shell() {
    return xenPlan().dom0().shell();
  }

  private BootPlan.Xen xenPlan() {
    if (booted().flatMap(b -> b.files().set().boot()).orElse(null) instanceof BootPlan.Xen xen) {
      return xen;
    }
    throw BringupException.configuration("the staged boot set does not boot Xen");
  }

  private BootPlan.Shell linuxShell() {
    if (booted().flatMap(b -> b.files().set().boot()).orElse(null)
        instanceof BootPlan.Linux linux) {
      return linux.shell();
    }
    throw BringupException.configuration("the staged boot set does not boot plain Linux");
  }

  private Outcome.Matched awaitShell(StageWait wait, BootPlan.Shell expected) {
    Outcome.Matched token = await(wait, ConsolePattern.literal("token", expected.token()));
    var atToken = new StageWait(wait.target, token.end(), wait.begun, wait.deadline);
    await(atToken, ConsolePattern.literal("prompt", expected.prompt()));
    return token;
  }

  /** The first guest that xl can start, created in dom0 and attached to. */
  private Outcome.Matched startGuest(StageWait wait) {
    BootPlan.Guest guest =
        xenPlan().guests(BootPlan.Guest.Start.XL).stream()
            .findFirst()
            .orElseThrow(() ->
                BringupException.configuration(
                    "the staged boot set has no guest that xl could start"));
    CommandResult created =
        guarded(
            wait.target,
            () -> requireShell().run("xl create " + guestFile(guest.name()), XL_CREATE_LIMIT));
    if (created.exitCode() != 0) {
      throw failure(
          wait.target,
          FailureKind.PRODUCT,
          "xl create failed",
          "xl create ended with exit code " + created.exitCode(),
          created.output(),
          created.start(),
          clockNanos(),
          null);
    }
    return attach(guest, wait);
  }

  private static String guestFile(String guest) {
    return "/etc/xen/" + guest + ".cfg";
  }

  private Outcome.Matched attach(BootPlan.Guest guest, StageWait wait) {
    long from = recording.end();
    line("xl console " + guest.name());
    attachedGuest = guest.name();
    var here = new StageWait(wait.target, from, wait.begun, wait.deadline);
    ConsolePattern token = ConsolePattern.literal("token", guest.shell().token());
    Outcome.Matched seen = await(here, token);
    await(
        new StageWait(wait.target, seen.end(), wait.begun, wait.deadline),
        ConsolePattern.literal("prompt", guest.shell().prompt()));
    guestShells.put(
        guest.name(), new ShellPrompt(board.console()::write, watcher, noise, typing, tokens));
    return seen;
  }

  private void line(String text) {
    board.console().write((text + "\r").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Waits until the shell of a guest that dom0 has created is there; its console stays attached.
   *
   * @throws BootFailure if it is not there within {@code limit}
   */
  public void awaitGuest(String name, Duration limit) {
    BootPlan.Guest guest = guest(name);
    if (guestShells.containsKey(name)) {
      return;
    }
    requireShell();
    long now = clockNanos();
    var wait = new StageWait(BootStage.GUEST, recording.end(), now, now + limit.toNanos());
    try {
      Outcome.Matched token = attach(guest, wait);
      stageNanos = token.nanos();
      timings.add(wait.timing(token.nanos(), true));
    } catch (BringupException e) {
      timings.add(wait.timing(clockNanos(), false));
      throw e;
    }
  }

  /**
   * Waits until a guest that Xen started shows its token.
   *
   * @throws BootFailure if it does not within {@code limit}
   */
  public void awaitDom0lessGuest(String name, Duration limit) {
    BootPlan.Guest guest = guest(name);
    var wait =
        new StageWait(BootStage.GUEST, bootOffset, clockNanos(), clockNanos() + limit.toNanos());
    // Xen puts the domain's name before each of its lines.
    var _ =
        await(
            wait,
            ConsolePattern.regex(
                name, "\\(XEN\\) DOM\\d+: .*" + Pattern.quote(guest.shell().token())));
  }

  private BootPlan.Guest guest(String name) {
    return xenPlan().guests().stream()
        .filter(guest -> guest.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            BringupException.configuration(
                "the boot set has no guest \"%s\"; it has %s"
                    .formatted(
                        name,
                        String.join(
                            ", ",
                            xenPlan().guests().stream().map(BootPlan.Guest::name).toList()))));
  }

  /** Forgets a guest that was destroyed; the next one of that name is a new one. */
  public void forgetGuest(String name) {
    guestShells.remove(name);
    if (name.equals(attachedGuest)) {
      detach();
    }
  }

  /** Runs a command at the bootloader's prompt. */
  public CommandResult runInBootloader(String command, Duration limit) {
    UBootPrompt prompt = bootloader;
    if (stage != BootStage.BOOTLOADER || prompt == null) {
      throw BringupException.configuration(
          "board %s is at %s, not at the bootloader; first say \"the board is at the bootloader\""
              .formatted(file.name(), stage));
    }
    return guarded(stage, () -> prompt.run(command, limit));
  }

  /** Runs a shell command in dom0 or, without a hypervisor, in userland. */
  public CommandResult runInShell(String command, Duration limit) {
    ShellPrompt prompt = requireShell();
    return guarded(stage, () -> prompt.run(command, limit));
  }

  /** Runs a shell command in a guest that {@link #awaitGuest} found at its shell. */
  public CommandResult runInGuest(String name, String command, Duration limit) {
    ShellPrompt prompt = guestShells.get(name);
    if (prompt == null) {
      throw BringupException.configuration(
          "guest \"%s\" is not at its shell; first say \"guest \\\"%s\\\" reaches its shell\""
              .formatted(name, name));
    }
    if (!name.equals(attachedGuest)) {
      detach();
      line("xl console " + name);
      attachedGuest = name;
      line("");
    }
    return guarded(stage, () -> prompt.run(command, limit));
  }

  private ShellPrompt requireShell() {
    ShellPrompt known = shell;
    if (known == null) {
      throw BringupException.configuration(
          "board %s is at %s and has no shell".formatted(file.name(), stage));
    }
    detach();
    return known;
  }

  /** Leaves a guest's console, so that what is typed goes to dom0 again. */
  private void detach() {
    if (attachedGuest == null) {
      return;
    }
    attachedGuest = null;
    long from = recording.end();
    board.console().write(LEAVE_GUEST.getBytes(StandardCharsets.US_ASCII));
    long now = clockNanos();
    var wait = new StageWait(stage, from, now, now + COMMAND_LIMIT.toNanos());
    await(wait, ConsolePattern.literal("prompt", dom0Shell().prompt()));
  }

  private Outcome.Matched await(StageWait wait, ConsolePattern... patterns) {
    var expectation = Expectation.of(patterns);
    while (true) {
      long slice = Math.min(wait.deadline, clockNanos() + POWER_CHECK.toNanos());
      Outcome outcome = watcher.await(expectation, recording.cursor(wait.from), slice);
      if (outcome instanceof Outcome.Matched matched) {
        return matched;
      }
      if (!(outcome instanceof Outcome.TimedOut)) {
        throw failure(wait.target, outcome);
      }
      if (board.power().get() != PowerState.ON) {
        throw powerLost(wait.target);
      }
      if (clockNanos() >= wait.deadline) {
        throw timedOut(wait, expectation);
      }
    }
  }

  private <T> T guarded(BootStage during, Supplier<T> action) {
    try {
      return action.get();
    } catch (ConsoleFailure e) {
      if (e.outcome() instanceof Outcome.BadPattern) {
        throw failure(during, e.outcome());
      }
      if (board.power().get() != PowerState.ON) {
        throw powerLost(during);
      }
      throw e;
    }
  }

  private BootFailure powerLost(BootStage during) {
    String last =
        recording.events().stream()
            .filter(event -> event instanceof ConsoleEvent.Mark)
            .map(event -> ((ConsoleEvent.Mark) event).text())
            .filter(text -> text.startsWith("emulator ended"))
            .reduce((first, second) -> second)
            .orElse("the board switched itself off");
    return failure(
        during,
        FailureKind.UNKNOWN,
        "power lost",
        "the board has no power any more",
        last,
        recording.end(),
        clockNanos(),
        null);
  }

  private BootFailure timedOut(StageWait wait, Expectation expectation) {
    boolean silent = recording.end() == bootOffset;
    long last = recording.timeAt(recording.end());
    return silent
        ? failure(
            wait.target,
            FailureKind.INFRASTRUCTURE,
            "silent",
            "nothing came from the console since power-on",
            "",
            recording.end(),
            bootNanos,
            "check power, wires, baud rate and the firmware")
        : failure(
            wait.target,
            FailureKind.PRODUCT,
            "timeout",
            "no %s within %s s of %s".formatted(expectation, seconds(wait), describe(wait)),
            lastLine(),
            recording.end(),
            last,
            "look at the end of the console log; raise the limit if the board is only slow");
  }

  private static String seconds(StageWait wait) {
    return String.valueOf(Math.round((wait.deadline - wait.begun) / 1e8) / 10.0);
  }

  private static String describe(StageWait wait) {
    return wait.target == BootStage.FIRMWARE ? "power-on" : "the stage before";
  }

  private String lastLine() {
    return recording
        .text(Math.max(bootOffset, recording.end() - 400), recording.end())
        .lines()
        .filter(line -> !line.isBlank())
        .reduce((first, second) -> second)
        .orElse("");
  }

  private BootFailure failure(BootStage during, Outcome outcome) {
    if (!(outcome instanceof Outcome.BadPattern bad)) {
      if (board.power().get() != PowerState.ON) {
        return powerLost(during);
      }
      return failure(
          during,
          FailureKind.INFRASTRUCTURE,
          "wire ended",
          "the console's wire ended",
          lastLine(),
          recording.end(),
          clockNanos(),
          "check the cable, the serial adapter or the emulator's own messages");
    }
    long seen = bad.nanos();
    long end = watcher.collectTail(TAIL_QUIET, seen + TAIL_LIMIT.toNanos());
    BoardFile.BadPattern known = badPatterns.named(bad.pattern().name());
    String tail = recording.text(bad.start(), end);
    FailureKind kind = kind(known, bad);
    return failure(
        during,
        kind,
        known.name(),
        known.reason(),
        bad.line().strip() + "\n" + tail,
        bad.start(),
        seen,
        null);
  }

  /**
   * Whose fault a bad pattern is: the board file says so, but a file that the server refused is the
   * lab's fault only if the lab had promised it.
   */
  private FailureKind kind(BoardFile.BadPattern known, Outcome.BadPattern bad) {
    Optional<String> refused =
        board.capability(BoardNetwork.class).isPresent() ? refusedFile() : Optional.empty();
    boolean aboutTransfer = bad.line().contains("TFTP error");
    if (aboutTransfer && refused.isPresent() && booted != null) {
      return booted.files().files().containsKey(refused.get())
          ? FailureKind.INFRASTRUCTURE
          : FailureKind.PRODUCT;
    }
    return switch (known.verdict()) {
      case INFRASTRUCTURE_ERROR -> FailureKind.INFRASTRUCTURE;
      case UNKNOWN -> FailureKind.UNKNOWN;
      case PRODUCT_FAILURE, PASSED -> FailureKind.PRODUCT;
    };
  }

  private Optional<String> refusedFile() {
    return transfers().stream()
        .filter(t -> t.outcome() instanceof TftpOutcome.Refused)
        .map(TftpTransfer::file)
        .reduce((first, second) -> second);
  }

  private BootFailure failure(
      BootStage during,
      FailureKind kind,
      String cause,
      String what,
      String text,
      long offset,
      long seenNanos,
      @Nullable String hint) {
    String first = text.lines().findFirst().orElse("");
    return new BootFailure(
        kind,
        "%s: %s (on the way to %s, offset %d)%s"
            .formatted(file.name(), what, during, offset, first.isEmpty() ? "" : ": " + first),
        hint,
        new BootFailure.Evidence(
            cause, text, during, offset, Duration.ofNanos(Math.max(0, clockNanos() - seenNanos))));
  }

  private long clockNanos() {
    return board.clock().nanos();
  }

  /** Cuts the board's power and frees it. */
  @Override
  public void close() {
    board.close();
    enter(BootStage.OFF);
  }
}
