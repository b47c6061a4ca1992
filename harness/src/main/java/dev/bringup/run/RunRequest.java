package dev.bringup.run;

import dev.bringup.board.BoardFile;
import dev.bringup.report.BoardProgress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to run, on what, and where the results go.
 *
 * @param features feature files, folders of them, or {@code file:line}
 * @param glue packages with further step definitions, beside Bringup's own
 * @param classLoader sees the glue
 * @param tags Cucumber's tag expression; null for all scenarios
 * @param name regular expression that a scenario's name must contain; null for all
 * @param board the board to run on
 * @param output the folder in which the run's folder is made
 * @param commandLine what to type to run it again
 * @param environment facts that a reader of the report needs
 * @param capture whether to record the packets of the board's network
 * @param progress told about stages and console lines while it runs
 */
public record RunRequest(
    List<String> features,
    List<String> glue,
    ClassLoader classLoader,
    @Nullable String tags,
    @Nullable String name,
    BoardFile board,
    Path output,
    boolean capture,
    String commandLine,
    Map<String, String> environment,
    BoardProgress progress) {

  static final URI STEPS = URI.create("classpath:/dev/bringup/steps");

  public RunRequest {
    features = List.copyOf(features);
    glue = List.copyOf(glue);
    environment = Map.copyOf(environment);
  }
}
