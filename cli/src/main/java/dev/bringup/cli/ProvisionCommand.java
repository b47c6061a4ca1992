package dev.bringup.cli;

import dev.bringup.board.BoardFile;
import dev.bringup.provision.BlockDevices;
import dev.bringup.provision.BootMedium;
import dev.bringup.provision.Destination;
import dev.bringup.units.ByteSize;
import dev.bringup.units.QuantityException;
import dev.bringup.verdict.BringupException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "provision",
    description = "Writes the files that a board starts from to a folder, a disk image or a card.",
    mixinStandardHelpOptions = true)
final class ProvisionCommand implements Callable<Integer> {
  @Mixin private Workspace workspace;

  @Parameters(paramLabel = "BOARD", description = "The board's name.")
  private String boardName;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR|IMAGE|DEVICE",
      description = "A folder that exists, a file to make, or a card's device such as /dev/sdX.")
  private Path to;

  @Option(
      names = "--yes-erase",
      paramLabel = "DEVICE",
      description = "The same device again: all that is on it will be lost.")
  private @Nullable Path erase;

  @Option(
      names = "--firmware",
      paramLabel = "DIR",
      description = "Folder with the firmware files that come with no package of Debian's main.")
  private @Nullable Path firmware;

  @Option(names = "--force", description = "Replace an image, or other files in a folder.")
  private boolean force;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      defaultValue = "64 MiB",
      description = "Size of the image, and of what is written to a card (${DEFAULT-VALUE}).")
  private String size;

  @Option(names = "--json", description = "One JSON document on standard output.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli injects options and mixins
  ProvisionCommand() {}

  @Override
  public Integer call() {
    BoardFile board = workspace.catalog().board(boardName);
    BoardFile.Provision provision = board.require(board.provision(), "provision");
    Destination destination =
        Destination.of(to, Optional.ofNullable(erase), force, size(), BlockDevices.ofHost());
    var line = new FetchLine(System.err, Terminal.interactive());
    BootMedium medium;
    try {
      medium =
          BootMedium.of(
              board, Optional.ofNullable(firmware), bootSet -> workspace.files(bootSet, line));
      destination.write(medium.files(), line);
    } finally {
      line.erase();
    }
    show(board, destination, medium);
    if (!medium.missing().isEmpty()) {
      System.err.printf(
          "without firmware: the board does not start until %s are there too; give the folder that"
              + " has them with --firmware DIR (they are in %s)%n",
          String.join(", ", medium.missing()), provision.firmwareFrom());
    }
    return 0;
  }

  private long size() {
    try {
      return ByteSize.parse(size).bytes();
    } catch (QuantityException e) {
      throw BringupException.configuration("--size: " + e.getMessage());
    }
  }

  private void show(BoardFile board, Destination destination, BootMedium medium) {
    if (!json) {
      medium
          .files()
          .forEach((name, content) -> System.out.printf("%-22s %8d bytes%n", name, content.length));
      System.err.printf(
          "wrote %s %s for %s; read back and equal%n",
          destination.kind(), destination.path(), board.name());
      return;
    }
    var sizes = new LinkedHashMap<String, Object>();
    medium.files().forEach((name, content) -> sizes.put(name, content.length));
    Json.print(
        Map.of(
            "board", board.name(),
            "kind", destination.kind(),
            "path", destination.path().toString(),
            "files", sizes,
            "missing", medium.missing()));
  }
}
