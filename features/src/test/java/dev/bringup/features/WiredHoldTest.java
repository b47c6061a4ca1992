package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.console.Tmux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process at a time has a real board's wires, whatever it does with them. */
class WiredHoldTest {
  /** Short: a socket's path may have 107 bytes. */
  @TempDir private Path folder;

  private WiredDesk desk;
  private Path feature;

  @BeforeEach
  void aDesk() throws IOException {
    desk = new WiredDesk(folder);
    Files.createDirectory(folder.resolve("run"));
    feature =
        Files.writeString(
            folder.resolve("desk.feature"),
            """
            Feature: desk
              Scenario: boots
                Given the board is at the bootloader
            """);
  }

  private Launcher bringup(String name) throws IOException {
    return new Launcher(Files.createDirectories(folder.resolve(name)))
        .with("XDG_RUNTIME_DIR", folder.resolve("run").toString())
        .with("XDG_STATE_HOME", folder.resolve("state").toString())
        .with("BRINGUP_BOARDS", desk.boards().toString());
  }

  @Test
  void whileAPersonHasTheConsoleNoRunTakesTheWire() throws Exception {
    try (Tmux ada =
        Tmux.running(
            Files.createDirectory(folder.resolve("ada")),
            100,
            40,
            "export XDG_RUNTIME_DIR='%s/run' BRINGUP_BOARDS='%s'; '%s' console desk; exec cat"
                .formatted(folder, desk.boards(), RealParts.root().resolve("bringup")))) {
      ada.await("Banner of the desk");
      ada.press("hello", "C-j");
      ada.await("heard hello");

      String held = "desk is held by console (";
      String next = "./bringup console desk";
      bringup("run").run("run", feature.toString(), "--board", "desk").tells(3, held, next);
      bringup("boot").run("boot", "desk", "--to", "bootloader").tells(3, held, " since 20", next);
      bringup("doctor").run("doctor", "--board", "desk").tells(3, held, next);
      bringup("power").run("power", "cycle", "desk").tells(0); // by the one who holds it
      ada.press("C-]", "q");
    }
  }

  @Test
  void whileABootRunsNobodyElseTakesTheWireOrThePower() throws Exception {
    Launcher.Running boot = bringup("boot").start("boot", "desk", "--to", "bootloader");
    boot.until("power", desk::hasPower);

    String held = "desk is held by boot (";
    String next = "again when that has ended";
    bringup("console").run("console", "desk").tells(3, held, next);
    bringup("power").run("power", "off", "desk").tells(3, held, next);
    bringup("run").run("run", feature.toString(), "--board", "desk").tells(3, held, " since 20");
    assertThat(bringup("get").run("power", "get", "desk").tells(0).out()).isEqualTo("on\n");

    boot.process().destroy();
    boot.await().tells(128 + 15);
    assertThat(desk.hasPower()).isFalse();
    bringup("free").run("console", "desk").tells(0);
  }
}
