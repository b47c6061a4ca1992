package dev.bringup.power;

import dev.bringup.power.PowerSwitchContractSuite.Mood;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/**
 * A folder of shell scripts that stand in for tools, with the outlet in the file {@code state} (1
 * or 0) and how it behaves in the file {@code mood}.
 */
abstract class StandIn implements PowerSwitchContractSuite.FarEnd {
  /** How each script begins: moods that have nothing to do with what it is asked. */
  private static final String PRELUDE =
      """
      #!/bin/sh
      dir=$(dirname "$0")
      mood=$(cat "$dir/mood")
      moody() {
        case $mood in
          silent) exec sleep 1000 ;;
          garbage) printf 'Segmentation \\033[31mfault\\n%s' "$(head -c 3000 /dev/zero | tr '\\0' x)"; exit 0 ;;
          endless) exec cat /dev/zero ;;
        esac
      }
      order() { [ $mood = stuck ] || echo $1 >"$dir/state"; }
      """;

  final Path folder;
  private volatile Mood mood = Mood.WELL;

  StandIn(Path folder) throws IOException {
    this.folder = folder;
    turn(false);
    become(Mood.WELL);
  }

  Path script(String name, String body) throws IOException {
    Path file = Files.writeString(folder.resolve(name), PRELUDE + body);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  @Override
  public boolean powered() throws IOException {
    return Files.readString(folder.resolve("state")).strip().equals("1");
  }

  @Override
  public void turn(boolean on) throws IOException {
    Files.writeString(folder.resolve("state"), on ? "1\n" : "0\n");
  }

  @Override
  public void become(Mood mood) throws IOException {
    this.mood = mood;
    Files.writeString(folder.resolve("mood"), mood.name().toLowerCase(Locale.ROOT) + "\n");
    if (mood == Mood.ABSENT) {
      try (var files = Files.list(folder)) {
        for (Path script : files.filter(Files::isExecutable).toList()) {
          Files.delete(script);
        }
      }
    }
  }

  /** A program that ends well has taken its order, whatever it says. */
  @Override
  public boolean answersOrders() {
    return mood == Mood.SILENT || mood == Mood.ABSENT || mood == Mood.ENDLESS;
  }

  @Override
  public void close() throws IOException {}
}
