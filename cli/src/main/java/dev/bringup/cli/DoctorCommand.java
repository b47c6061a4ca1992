package dev.bringup.cli;

import dev.bringup.board.BoardCatalog;
import dev.bringup.health.HealthStore;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    description =
        "Checks what Bringup needs on this machine, or whether a board is fit; exit code 3 if not.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final long ENOUGH_DISK = 1L << 30;

  @Mixin private Workspace workspace;

  @Option(
      names = "--install",
      description = "First install missing Debian packages (as root, through apt-get).")
  @SuppressWarnings("unused") // the launcher acts on it before this process starts
  private boolean install;

  @Option(
      names = "--board",
      paramLabel = "NAME",
      description = "Check this board: console, power, echo, baud rate, TFTP, disk.")
  private @Nullable String board;

  @Option(
      names = "--power-cycle",
      description =
          "With --board: switch it off and on, and listen; then leave its power as it was.")
  private boolean powerCycle;

  @Option(
      names = "--lift",
      description = "With --board: end its quarantine if it is found healthy.")
  private boolean lift;

  @Option(names = "--force", description = "With --lift: end it whatever is found.")
  private boolean force;

  @Option(names = "--json", description = "One JSON document on standard output.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli injects options and mixins
  DoctorCommand() {}

  /** One thing that was looked at. */
  private record Check(boolean good, String fact, String next) {}

  @Override
  public Integer call() throws InterruptedException {
    if (force && !lift) {
      throw BringupException.configuration("--force goes with --lift only");
    }
    if (board != null) {
      return new BoardDoctor(
              workspace.catalog().board(board),
              HealthStore.ofUser(Map.copyOf(System.getenv())),
              powerCycle)
          .run(lift, force, json);
    }
    if (powerCycle || lift || force) {
      throw BringupException.configuration(
          "--power-cycle, --lift and --force are about a board: name it with --board");
    }
    Map<String, Check> checks = new LinkedHashMap<>();
    checks.put("java", new Check(true, Runtime.version().toString(), ""));
    checks.put("qemu", program("qemu-system-aarch64", "--version"));
    checks.put("apt-get", program("apt-get", "--version"));
    checks.put("cache", disk());
    checks.put("boards", boards());
    boolean good = checks.values().stream().allMatch(Check::good);
    if (json) {
      var facts = new LinkedHashMap<String, Object>();
      checks.forEach(
          (name, check) -> facts.put(name, Map.of("good", check.good(), "fact", check.fact())));
      Json.print(facts);
    } else {
      checks.forEach((name, check) -> {
        System.out.printf("%-8s %-8s %s%n", name, check.good() ? "ok" : "missing", check.fact());
        if (!check.good()) {
          System.out.printf("%-8s try: %s%n", "", check.next());
        }
      });
    }
    return good ? 0 : 3;
  }

  private static Check program(String name, String option) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(List.of(name, option)).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(10, TimeUnit.SECONDS);
      return new Check(
          ended && process.exitValue() == 0, said.lines().findFirst().orElse(""), "reinstall it");
    } catch (IOException e) {
      return new Check(false, "not on the PATH", "./bringup doctor --install, as root");
    }
  }

  private static Check disk() {
    Path cache =
        dev.bringup.artifact.ArtifactStore.userCache(Map.copyOf(System.getenv())).toAbsolutePath();
    Path there = cache;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    long free = there == null ? 0 : there.toFile().getUsableSpace();
    return new Check(
        free >= ENOUGH_DISK,
        "%s, %d MiB free".formatted(cache, free >> 20),
        "free 1 GiB, or set XDG_CACHE_HOME to a folder on another disk");
  }

  private Check boards() {
    try {
      BoardCatalog catalog = workspace.catalog();
      return catalog.problems().isEmpty()
          ? new Check(true, "%d in %s".formatted(catalog.boards().size(), catalog.folder()), "")
          : new Check(
              false,
              catalog.problems().getFirst().toString(),
              "./bringup boards lists all problems");
    } catch (BringupException e) {
      return new Check(false, String.valueOf(e.getMessage()), "name a folder with --boards");
    }
  }
}
