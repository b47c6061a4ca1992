package dev.bringup.cli;

import dev.bringup.board.BoardFile;
import dev.bringup.verdict.BringupException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.lang.model.SourceVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "run",
    description = "Runs features on a board and writes a report.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Mixin private RunOptions run;
  @Mixin private ScenarioFilter filter;

  @Parameters(
      arity = "0..*",
      paramLabel = "FEATURES",
      description = "Feature files, folders of them, or FILE:LINE (default: features).")
  private List<String> features = new ArrayList<>();

  @Option(
      names = "--board",
      paramLabel = "NAME",
      defaultValue = "emu-virt",
      description = "The board to run on (default: ${DEFAULT-VALUE}).")
  private String board;

  @Option(
      names = "--glue",
      paramLabel = "JAR|DIR|PACKAGE",
      description =
          "Step definitions beside Bringup's own: a jar or a folder of classes to load,"
              + " or a package to look in (default: all packages of the jars).")
  private List<String> glue = new ArrayList<>();

  @Option(
      names = "--faults-seed",
      paramLabel = "N",
      description = "The seed of the board file's faults, in place of its own.")
  private @Nullable Long faultsSeed;

  @SuppressWarnings("NullAway.Init") // picocli injects options and mixins
  RunCommand() {}

  @Override
  public Integer call() {
    var packages = new ArrayList<String>();
    var urls = new ArrayList<URL>();
    for (String each : glue) {
      Path path = Path.of(each);
      if (Files.exists(path)) {
        urls.add(url(path));
        packages.addAll(GluePackages.in(path));
      } else if (!SourceVersion.isName(each)) {
        throw BringupException.configuration(
            "--glue " + each + ": no such file or folder, and no name of a package");
      } else {
        packages.add(each);
      }
    }
    ClassLoader own = RunCommand.class.getClassLoader();
    ClassLoader loader = urls.isEmpty() ? own : new URLClassLoader(urls.toArray(URL[]::new), own);
    for (String each : glue) {
      if (Files.exists(Path.of(each))) {
        GluePackages.requireLoadable(Path.of(each), loader);
      }
    }
    List<String> what = features.isEmpty() ? List.of("features") : features;
    String again = "./bringup run " + String.join(" ", what) + " --board " + board;
    BoardFile file = run.workspace().catalog().board(board);
    if (faultsSeed != null) {
      file = file.withFaultsSeed(faultsSeed);
      again += " --faults-seed " + faultsSeed;
    }
    return run.run(
        new RunOptions.What(what, packages, loader, filter.tags(), filter.name()), file, again);
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
