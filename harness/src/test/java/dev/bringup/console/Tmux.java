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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A terminal to compare with, or to sit at: tmux with one window. */
public final class Tmux implements AutoCloseable {
  private static final int POLLS = 2000;
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(300);

  private final Path folder;
  private final Path socket;

  private Tmux(Path folder) {
    boolean there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "tmux")));
    Assumptions.assumeTrue(there, "tmux is not installed");
    this.folder = folder;
    this.socket = folder.resolve("tmux");
  }

  /** One that shows {@code bytes}. */
  Tmux(Path folder, int columns, int rows, byte[] bytes) throws IOException, InterruptedException {
    this(folder);
    Path file = folder.resolve("bytes");
    Files.write(file, bytes);
    Files.write(
        folder.resolve("title"), "\u001b]2;shown\u001b\\".getBytes(StandardCharsets.US_ASCII));
    start(
        columns,
        rows,
        "stty raw -echo; cat '%s' '%s'; exec cat >/dev/null"
            .formatted(file, folder.resolve("title")));
    // What was written before the title is on the screen when the title is.
    for (int poll = 0;
        !run("display-message", "-p", "#{pane_title}").strip().equals("shown");
        poll++) {
      assertThat(poll).as("tmux does not show what it got").isLessThan(POLLS);
    }
  }

  /**
   * One that runs a shell command.
   *
   * @param folder of its own, where the command runs
   */
  public static Tmux running(Path folder, int columns, int rows, String command)
      throws IOException, InterruptedException {
    var tmux = new Tmux(folder);
    tmux.start(columns, rows, command);
    return tmux;
  }

  private void start(int columns, int rows, String command)
      throws IOException, InterruptedException {
    run(
        "-f",
        "/dev/null",
        "new-session",
        "-d",
        "-x",
        String.valueOf(columns),
        "-y",
        String.valueOf(rows),
        command);
  }

  /** Presses keys, by tmux's names for them: {@code C-]}, {@code Enter}, {@code version}. */
  public void press(String... keys) throws IOException, InterruptedException {
    var arguments = new ArrayList<>(List.of("send-keys"));
    arguments.addAll(List.of(keys));
    run(arguments.toArray(String[]::new));
  }

  public void resize(int columns, int rows) throws IOException, InterruptedException {
    run("resize-window", "-x", String.valueOf(columns), "-y", String.valueOf(rows));
  }

  /** Waits until the screen shows that; returns it. */
  public String await(String text) throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (true) {
      String screen = run("capture-pane", "-p", "-J");
      if (screen.contains(text)) {
        return screen;
      }
      assertThat(System.nanoTime() - end).as("no \"%s\" on%n%s", text, screen).isNegative();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Presses a key again and again until the screen shows that, for who may not listen yet. */
  public void pressUntil(String key, String text) throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!run("capture-pane", "-p", "-J").contains(text)) {
      assertThat(System.nanoTime() - end).as("no \"%s\"", text).isNegative();
      press(key);
      TimeUnit.SECONDS.sleep(1);
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
