package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A terminal to compare with: what tmux shows of the same bytes. */
final class Tmux implements AutoCloseable {
  private static final int POLLS = 2000;

  private final Path folder;
  private final Path socket;

  Tmux(Path folder, int columns, int rows, byte[] bytes) throws IOException, InterruptedException {
    boolean there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "tmux")));
    Assumptions.assumeTrue(there, "tmux is not installed");
    this.folder = folder;
    this.socket = folder.resolve("tmux");
    Path file = folder.resolve("bytes");
    Files.write(file, bytes);
    Files.write(
        folder.resolve("title"), "\u001b]2;shown\u001b\\".getBytes(StandardCharsets.US_ASCII));
    run(
        "-f",
        "/dev/null",
        "new-session",
        "-d",
        "-x",
        String.valueOf(columns),
        "-y",
        String.valueOf(rows),
        "stty raw -echo; cat '%s' '%s'; exec cat >/dev/null"
            .formatted(file, folder.resolve("title")));
    // What was written before the title is on the screen when the title is.
    for (int poll = 0;
        !run("display-message", "-p", "#{pane_title}").strip().equals("shown");
        poll++) {
      assertThat(poll).as("tmux does not show what it got").isLessThan(POLLS);
    }
  }

  /** The rows without spaces at their ends. */
  List<String> lines() throws IOException, InterruptedException {
    return run("capture-pane", "-p").lines().map(String::stripTrailing).toList();
  }

  /** The rows with control sequences for how they look. */
  String coloured() throws IOException, InterruptedException {
    return run("capture-pane", "-p", "-e");
  }

  /** "column,row" of the cursor, from 0. */
  String cursor() throws IOException, InterruptedException {
    return run("display-message", "-p", "#{cursor_x},#{cursor_y}").strip();
  }

  private String run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("tmux", "-u", "-S", socket.toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Override
  public void close() throws IOException {
    try {
      run("kill-server");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
