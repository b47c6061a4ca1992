package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.console.Tmux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./bringup console}, at real terminals and in pipes, on the built-in machine. */
class ConsoleTest {
  private static final String BOARD = "emu-virt";

  /** Short: a socket's path may have 107 bytes. */
  @TempDir private Path folder;

  private Path runtime;

  @BeforeEach
  void realParts() throws IOException {
    RealParts.file("u-boot-qemu-debian12", "u-boot.bin");
    runtime = Files.createDirectory(folder.resolve("run"));
  }

  private Launcher bringup(String name) throws IOException {
    return new Launcher(Files.createDirectories(folder.resolve(name)))
        .with("XDG_RUNTIME_DIR", runtime.toString());
  }

  /** A terminal with a console; behind it, what the terminal is like. */
  private Tmux terminal(String name, String options) throws IOException, InterruptedException {
    return Tmux.running(
        Files.createDirectory(folder.resolve(name)),
        100,
        40,
        "XDG_RUNTIME_DIR='%s' '%s' console %s %s; echo \"exit code $?\"; stty -a; exec cat"
            .formatted(runtime, RealParts.root().resolve("bringup"), BOARD, options));
  }

  @Test
  void aPersonReadsThePastTypesAsksForHelpAndQuits() throws Exception {
    try (Tmux ada = terminal("ada", "")) {
      ada.await("Ctrl-] q quits, Ctrl-] ? lists the keys");
      ada.await("autoboot");
      ada.press("Enter");
      ada.await("=> ");
      ada.press("C-c", "version", "Enter"); // and Ctrl-C is the board's
      assertThat(ada.await("GNU ld")).contains("=> version").doesNotContain("Unknown command");

      try (Tmux bob = terminal("bob", "")) {
        String past = bob.await("GNU ld");
        assertThat(past).contains("held by console", "U-Boot 20");

        bob.press("C-]", "t");
        bob.await("the keyboard is with console");
        bob.press("echo from", "Space", "bob", "Enter");
        bob.await("\nfrom bob");
        ada.await("\nfrom bob");
        ada.press("lost");
        ada.await("nothing was typed: the keyboard is with console");

        bob.resize(80, 30);
        bob.press("C-]", "s");
        bob.await("search back: ");
        bob.press("DRAM", "Enter");
        bob.await("byte ");
        bob.press("C-]", "m");
        bob.await("mark: ");
        bob.press("here", "Enter");
        bob.press("C-]", "b");
        bob.await("this console has no BREAK");
        bob.press("C-]", "c");
        bob.await("console (all, xen, dom0...): ");
        bob.press("xen", "Enter");
        bob.await("Xen does not run");
        bob.press("C-]", "?");
        bob.await("power-cycle the board");

        ada.press("C-]", "q");
        ada.await("1 other reads this console");
        bob.press("C-]", "q");
        assertThat(bob.await("isig")).contains("exit code 0").containsPattern("[^-]icanon");
        ada.await("the keyboard is free");
      }
      ada.press("C-]", "p");
      ada.await("U-Boot 20");
      ada.press("C-]", "q");
      String after = ada.await("isig");
      assertThat(after)
          .contains("exit code 0")
          .containsPattern("[^-]icanon")
          .doesNotContain("-opost");
    }
    bringup("power").run("power", "get", BOARD).tells(2, "has no outlet");
  }

  @Test
  void aPipeIsTypedAndAKilledHolderLeavesTheBoardFree() throws Exception {
    Path ready = folder.resolve("ready");
    Launcher.Running holder =
        bringup("holder")
            .start(
                "run-command",
                "--board",
                BOARD,
                "--to",
                "bootloader",
                "--",
                "sh",
                "-c",
                "touch " + ready + "; exec sleep 600");
    holder.until("prompt", () -> Files.exists(ready));
    Launcher piped = bringup("pipes");
    assertThat(piped.run("power", "get", BOARD).out()).isEqualTo("on\n");
    // The input ends when the answer is there.
    String script =
        """
        { echo echo from a pipe; until grep -q '^from a pipe' out.1; do sleep 0.2; done; } | "$@"
        """;
    Launcher.Ended answered =
        piped.through("sh", "-c", script, "sh").run("console", BOARD, "--quiet", "1 s");
    assertThat(answered.out()).startsWith("echo from a pipe\r\nfrom a pipe\r\n");
    assertThat(answered.code()).isZero();
    Launcher.Ended refused = bringup("second").run("run-command", "--board", BOARD, "--", "true");
    refused.tells(3, "emu-virt is held by run-command sh", "./bringup console emu-virt");

    holder.process().descendants().forEach(ProcessHandle::destroyForcibly);
    holder.process().destroyForcibly();
    holder.await();
    bringup("third")
        .run("run-command", "--board", BOARD, "--", "sh", "-c", "echo \"$BRINGUP_BOARD\"; exit 7")
        .tells(7);
  }

  @Test
  void aProgramThatIsAskedToEndDoesSoFirstAndThenTheBoardIsFree() throws Exception {
    Path ready = folder.resolve("ready");
    Launcher.Running holder =
        bringup("holder")
            .start(
                "run-command",
                "--board",
                BOARD,
                "--",
                "sh",
                "-c",
                "trap 'echo ending; exit 0' TERM; test -c \"$BRINGUP_CONSOLE_PTY\" && touch \"$0\""
                    + "; while :; do sleep 0.1; done",
                ready.toString());
    holder.until("program", () -> Files.exists(ready));

    holder.process().destroy();
    Launcher.Ended ended = holder.await();

    assertThat(ended.out()).isEqualTo("ending\n");
    ended.tells(128 + 15);
    bringup("after").run("power", "get", BOARD).tells(2, "has no outlet");
  }

  @Test
  void wrongWordsAreRefusedBeforeAnythingIsOpened() throws IOException {
    Launcher bringup = bringup("wrong");
    bringup.run("console", "emu-vrt").tells(2, "did you mean \"emu-virt\"?");
    bringup.run("console", BOARD, "--serve", "http://[::1]:1").tells(2, "telnet:// and tcp://");
    bringup.run("console", BOARD, "--to", "moon").tells(2, "a boot stage is needed");
    bringup.run("run-command", "--board", BOARD).tells(2, "PROGRAM");
  }
}
