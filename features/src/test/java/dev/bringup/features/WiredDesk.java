package dev.bringup.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A board on a desk whose drivers name programs: one is its console, and the outlet is a file that
 * is there while the board has power.
 */
final class WiredDesk {
  static final String BOARD = "desk";

  private final Path boards;
  private final Path power;

  /** On a serial line that is a program's standard streams. */
  WiredDesk(Path folder) throws IOException {
    this(folder, "{driver: command, command: [sh, '%s']}".formatted(folder.resolve("board.sh")));
  }

  /**
   * On another serial line.
   *
   * @param console the console driver and its settings
   */
  WiredDesk(Path folder, String console) throws IOException {
    boards = Files.createDirectory(folder.resolve("boards"));
    power = folder.resolve("outlet");
    // Says what it hears, once it has power; and never gets further than its banner.
    Files.writeString(
        folder.resolve("board.sh"),
        """
        until [ -e '%s' ]; do sleep 0.1; done
        printf 'Banner of the desk\\r\\n'
        while read -r line; do printf 'heard %%s\\r\\n' "$line"; done
        """
            .formatted(power));
    Files.writeString(
        boards.resolve(BOARD + ".yaml"),
        """
        description: a desk
        architecture: arm64
        cpus: 1
        memory: 1 GiB
        memory-map: {ram: 0x40000000, script: 0x40200000, load: 0x40400000}
        stages:
          firmware: {mark: {literal: Banner}, within: 120 s}
          bootloader: {mark: {prompt: true}, within: 600 s}
        bootloader: {kind: u-boot, prompt: '=> ', autoboot: {mark: Hit any key, key: ' '}}
        drivers:
          console: %s
          power:
            driver: command
            on: [touch, '%s']
            off: [rm, -f, '%s']
            state: [test, -e, '%s']
            state-by: exit-code
        """
            .formatted(console, power, power, power));
  }

  Path boards() {
    return boards;
  }

  boolean hasPower() {
    return Files.exists(power);
  }
}
