package dev.bringup.provision;

import dev.bringup.artifact.BootFiles;
import dev.bringup.board.BoardFile;
import dev.bringup.config.YamlNode;
import dev.bringup.image.FetchScript;
import dev.bringup.image.UImage;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The files of the medium that a board starts from, as the {@code provision} of its file says.
 * Immutable.
 */
public final class BootMedium {
  private final TreeMap<String, byte[]> files = new TreeMap<>();
  private final List<String> missing = new ArrayList<>();

  private BootMedium() {}

  /**
   * Collects the files for {@code board}.
   *
   * @param firmware a folder with the firmware's files; without it they are {@link #missing}
   * @param bootSet gives the files of the boot set that the board's {@code provision} names; asked
   *     last, because that may take long
   * @throws BringupException (configuration) if the board's file says too little, the folder lacks
   *     a file, or two files have the same name; (infrastructure) if a file cannot be read
   */
  public static BootMedium of(
      BoardFile board, Optional<Path> firmware, Function<String, BootFiles> bootSet) {
    BoardFile.Provision provision = board.require(board.provision(), "provision");
    var medium = new BootMedium();
    for (String name : provision.firmware()) {
      if (firmware.isPresent()) {
        medium.add(name, firmware(firmware.get(), name, provision));
      } else {
        medium.missing.add(name);
      }
    }
    String script = FetchScript.write(fetch(board, provision));
    medium.add(provision.script(), UImage.script(script, Instant.EPOCH).encode());
    provision
        .texts()
        .forEach((name, text) -> medium.add(name, text.getBytes(StandardCharsets.UTF_8)));
    bootSet
        .apply(provision.bootSet())
        .files()
        .values()
        .forEach(file -> medium.add(file.name(), read(file.path())));
    return medium;
  }

  private static FetchScript.Plan fetch(BoardFile board, BoardFile.Provision provision) {
    BoardFile.Driver driver = board.require(board.drivers().get("network"), "drivers.network");
    YamlNode server = driver.settings().get("server");
    try {
      return new FetchScript.Plan(
          server.text(),
          board.require(board.network(), "network").loadCommand(),
          board.memoryMap().script().value(),
          provision.fetches());
    } catch (BringupException e) {
      throw server.wrong(String.valueOf(e.getMessage()));
    }
  }

  private static byte[] firmware(Path folder, String name, BoardFile.Provision provision) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw BringupException.configuration(
          "--firmware %s: there is no file %s in it; it is in %s"
              .formatted(folder, name, provision.firmwareFrom()));
    }
    return read(file);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot read " + file + ": " + e.getMessage(), "check that the file is yours", e);
    }
  }

  private void add(String name, byte[] content) {
    if (files.putIfAbsent(name, content) != null) {
      throw BringupException.configuration(
          "two files for the boot medium are named %s; see \"provision\" of the board's type"
              .formatted(name));
    }
  }

  /** The files by name. */
  public SortedMap<String, byte[]> files() {
    return Collections.unmodifiableSortedMap(files);
  }

  /** Names of firmware files that were not given and without which the board does not start. */
  public List<String> missing() {
    return List.copyOf(missing);
  }
}
