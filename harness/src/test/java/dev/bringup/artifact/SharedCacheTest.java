package dev.bringup.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.time.BoardClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of their own fill one cache from the same folder of packages. */
class SharedCacheTest {
  private static final int PACKAGES = 12;
  private static final int FILES_EACH = 40;

  @TempDir private Path folder;
  private Path debs;
  private final List<Fetch> fetches = new ArrayList<>();

  @BeforeEach
  void makePackages() {
    debs = folder.resolve("debs");
    for (int i = 0; i < PACKAGES; i++) {
      TestDeb deb = TestDeb.arm64("p" + i, "1." + i);
      for (int k = 0; k < FILES_EACH; k++) {
        deb.file("./usr/share/p%d/f%d".formatted(i, k), (i + " " + k + "\n").repeat(500));
      }
      deb.writeTo(debs);
    }
  }

  @AfterEach
  void killThem() {
    fetches.forEach(fetch -> fetch.process.destroyForcibly());
  }

  @Test
  void twoProcessesThatFillOneCacheAtOnceBothEndWell() throws Exception {
    for (int round = 0; round < 3; round++) {
      Path cache = folder.resolve("cache-" + round);
      Fetch one = new Fetch(cache, "none");
      Fetch two = new Fetch(cache, "none");
      one.awaitLine("ready");
      two.awaitLine("ready");
      one.go();
      two.go();

      assertThat(one.result()).hasSize(PACKAGES).isEqualTo(two.result());
      assertIntact(cache);
    }
  }

  @Test
  void aProcessThatIsKilledWhileItUnpacksLeavesTheCacheToTheOneThatWaits() throws Exception {
    Path cache = folder.resolve("cache");
    Fetch killed = new Fetch(cache, "unpacking p5");
    killed.awaitLine("ready");
    killed.go();
    killed.awaitLine("paused");
    Fetch waiting = new Fetch(cache, "none");
    waiting.awaitLine("ready");
    waiting.go();
    waiting.awaitLine("waiting for another fetch into " + cache);
    assertThat(killed.process.destroyForcibly().waitFor()).isNotZero();

    assertThat(waiting.result()).hasSize(PACKAGES);
    assertIntact(cache);
  }

  private void assertIntact(Path cache) throws IOException {
    var store = new ArtifactStore(cache, PackageSource.folder(debs), BoardClock.system());
    assertThat(store.list()).hasSize(PACKAGES);
    assertThat(store.verify()).isEmpty();
    try (Stream<Path> all = Files.walk(cache)) {
      assertThat(all.filter(f -> f.getFileName().toString().startsWith(DebUnpacking.HALF)))
          .isEmpty();
    }
  }

  /** A process that fetches when it is told to. */
  private final class Fetch {
    private final Process process;
    private final BufferedReader out;

    private Fetch(Path cache, String pauseAt) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  FetchProgram.class.getName(),
                  cache.toString(),
                  debs.toString(),
                  pauseAt)
              .redirectErrorStream(true)
              .start();
      out = process.inputReader(StandardCharsets.UTF_8);
      fetches.add(this);
    }

    private void go() throws IOException {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    }

    private void awaitLine(String wanted) throws IOException {
      var seen = new ArrayList<String>();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.equals(wanted)) {
          return;
        }
        seen.add(line);
      }
      throw new AssertionError("it ended without \"%s\": %s".formatted(wanted, seen));
    }

    /** The staged files with their check sums, once it has ended well. */
    private List<String> result() throws InterruptedException {
      List<String> lines = out.lines().toList();
      assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
      return lines.stream().filter(line -> line.startsWith("file ")).toList();
    }
  }

  /** What such a process runs. */
  static final class FetchProgram {
    private FetchProgram() {}

    public static void main(String[] arguments) {
      Path cache = Path.of(arguments[0]);
      Map<String, String> packages = new HashMap<>();
      Map<String, BootSet.FileOrigin> files = new HashMap<>();
      for (int i = 0; i < PACKAGES; i++) {
        packages.put("p" + i, "p" + i);
        files.put("f" + i, new BootSet.InPackage("p" + i, "usr/share/p%d/f7".formatted(i), false));
      }
      var set =
          new BootSet(
              "set",
              "set.yaml",
              "",
              "arm64",
              packages,
              List.of(),
              Map.of(),
              files,
              Optional.empty());
      var source = PackageSource.folder(Path.of(arguments[1]));
      var store = new ArtifactStore(cache, source, BoardClock.system());
      System.out.println("ready");
      awaitLine();
      store.fetch(
          set,
          false,
          (doing, _, _) -> {
            System.out.println(doing);
            if (doing.equals(arguments[2])) {
              System.out.println("paused");
              awaitLine();
            }
          });
      store
          .resolve(set)
          .files()
          .values()
          .forEach(file -> System.out.println("file " + file.name() + " " + file.sha256()));
    }

    private static void awaitLine() {
      try {
        var _ = System.in.read();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
