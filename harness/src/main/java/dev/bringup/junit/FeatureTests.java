package dev.bringup.junit;

import dev.bringup.artifact.FetchProgress;
import dev.bringup.artifact.PackageSource;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.health.HealthStore;
import dev.bringup.report.BoardProgress;
import dev.bringup.run.FeatureRunner;
import dev.bringup.run.RunFacts;
import dev.bringup.run.RunRequest;
import dev.bringup.run.Workspace;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.File;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;

/**
 * Runs features on a board as JUnit tests. A test class needs one method:
 *
 * {@snippet :
 * @TestFactory
 * Stream<DynamicNode> features() {
 *   return FeatureTests.of("src/test/features").onBoard("qemu-virt").glue("com.acme").tests();
 * }
 * }
 *
 * <p>A scenario becomes a test when it has ended. A product failure is a failed assertion, an
 * infrastructure error or an unknown cause is the {@link BringupException} itself, and a skipped
 * scenario is an aborted test. Not for use by several threads.
 */
public final class FeatureTests {
  private static final Path OUTPUT = Path.of("target/bringup");
  private static final Path OWN_BOARDS = Path.of("boards");

  private final List<String> features;
  private String board = "emu-virt";
  private @Nullable Path boards;
  private List<String> glue = List.of();
  private @Nullable String tags;
  private boolean skipWithoutTools;

  private FeatureTests(List<String> features) {
    this.features = features;
  }

  /**
   * Tests from features.
   *
   * @param features feature files, folders of them, or {@code FILE:LINE}; relative ones to the
   *     folder of the Maven module
   */
  public static FeatureTests of(String... features) {
    return new FeatureTests(List.of(features));
  }

  /** The board to run on; {@code emu-virt} if not said. */
  public FeatureTests onBoard(String name) {
    board = name;
    return this;
  }

  /**
   * The folder of board files. If not said, it is the one that the environment variable {@code
   * BRINGUP_BOARDS} names, else {@code boards} if the module has such a folder, else Bringup's own.
   */
  public FeatureTests boards(Path folder) {
    boards = folder;
    return this;
  }

  /** Packages with further step definitions, beside Bringup's own. */
  public FeatureTests glue(String... packages) {
    glue = List.of(packages);
    return this;
  }

  /** Only scenarios that fit Cucumber's tag expression. */
  public FeatureTests tags(String expression) {
    tags = expression;
    return this;
  }

  /**
   * One aborted test instead of a run where the programs that the board needs are not installed. If
   * not said, the scenarios then end with an infrastructure error.
   */
  public FeatureTests skipWithoutTools() {
    skipWithoutTools = true;
    return this;
  }

  /**
   * Starts the run, which goes on in a thread of its own, and gives its scenarios as they end. If
   * it cannot start, the only test says why. Closing the stream, as JUnit does, ends the run; the
   * run folder below {@code target/bringup} is complete then.
   */
  public Stream<DynamicNode> tests() {
    String what = String.join(", ", features) + " on " + board;
    try {
      Workspace workspace = workspace();
      BoardFile file = workspace.catalog().board(board);
      Optional<String> missing = skipWithoutTools ? missing(file, workspace) : Optional.empty();
      if (missing.isPresent()) {
        System.err.println("bringup: skipped: " + what + ": " + missing.get());
        return Stream.of(
            DynamicTest.dynamicTest(
                what,
                () -> {
                  throw new TestAbortedException(missing.get());
                }));
      }
      return run(file, workspace);
    } catch (BringupException e) {
      return Stream.of(
          DynamicTest.dynamicTest(
              what,
              () -> {
                throw e;
              }));
    }
  }

  private Stream<DynamicNode> run(BoardFile file, Workspace workspace) {
    // Stages and console lines would drown what a build prints; they are in the run folder.
    var quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    var request =
        new RunRequest(
            features,
            glue,
            loader(),
            tags,
            null,
            file,
            OUTPUT,
            false,
            "mvn test",
            RunFacts.of(version()),
            BoardProgress.on(quiet, false, () -> 80, BoardClock.system()));
    var run = new StreamedRun(OUTPUT);
    return run.start(
        new FeatureRunner(
            request,
            set -> workspace.files(set, FetchProgress.SILENT),
            run::scenarioEnded,
            HealthStore.ofUser(Map.copyOf(System.getenv()))),
        file);
  }

  private Workspace workspace() {
    String named = System.getenv("BRINGUP_BOARDS");
    Path folder = boards;
    if (folder == null && named != null && !named.isEmpty()) {
      folder = Path.of(named);
    }
    if (folder == null && Files.isDirectory(OWN_BOARDS)) {
      folder = OWN_BOARDS;
    }
    Path unpacked = OUTPUT.resolve("boards");
    Workspace bundled = Workspace.bundled(unpacked, PackageSource.apt());
    return folder == null
        ? bundled
        : Workspace.of(folder, bundled.bootSetFolder(), bundled.packages());
  }

  private static Optional<String> missing(BoardFile file, Workspace workspace) {
    Optional<String> engine = BoardBackend.of(file, loader()).missing(file);
    return engine.or(() ->
        workspace.store().list().isEmpty() && !isOnPath("apt-get")
            ? Optional.of("apt-get is not on the PATH, and the artifact cache is empty")
            : Optional.empty());
  }

  private static boolean isOnPath(String program) {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Arrays.stream(path.split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static ClassLoader loader() {
    return Objects.requireNonNullElse(
        Thread.currentThread().getContextClassLoader(), FeatureTests.class.getClassLoader());
  }

  private static String version() {
    return Objects.requireNonNullElse(
        FeatureTests.class.getPackage().getImplementationVersion(), "(development)");
  }
}
