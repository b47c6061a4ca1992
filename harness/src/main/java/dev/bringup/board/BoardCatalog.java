package dev.bringup.board;

import dev.bringup.config.ConfigurationException;
import dev.bringup.config.Position;
import dev.bringup.config.Problem;
import dev.bringup.config.Schema;
import dev.bringup.config.Words;
import dev.bringup.config.YamlFile;
import dev.bringup.config.YamlNode;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The boards of a folder: one file a board, {@code NAME.yaml}, and the types that they inherit from
 * in {@code types/NAME.yaml}. A mistake in one file does not hide the other boards. Immutable.
 */
public final class BoardCatalog {
  private static final String SUFFIX = ".yaml";
  private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?");

  private final Path folder;
  private final Schema schema = Schema.load("board.schema.json");
  private final SortedMap<String, BoardFile> boards = new TreeMap<>();
  private final SortedMap<String, List<Problem>> badBoards = new TreeMap<>();
  private final Set<Problem> problems = new LinkedHashSet<>();

  private BoardCatalog(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads all boards of {@code folder}; problems name files below it as {@code folder} is given.
   *
   * @throws BringupException of kind CONFIGURATION if it is not a folder that can be read
   */
  public static BoardCatalog load(Path folder) {
    requireFolder(folder);
    BoardCatalog catalog = new BoardCatalog(folder);
    catalog.loadAll();
    return catalog;
  }

  /**
   * Checks that there is a folder for boards and what belongs to them.
   *
   * @throws BringupException of kind CONFIGURATION if there is none
   */
  public static void requireFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new BringupException(
          FailureKind.CONFIGURATION,
          folder + ": there is no such folder of board files",
          "name one with --boards DIR or BRINGUP_BOARDS",
          null);
    }
  }

  private void loadAll() {
    Path typeFolder = folder.resolve("types");
    List<Path> typeFiles = Files.isDirectory(typeFolder) ? list(typeFolder) : List.of();
    BoardTypes types = new BoardTypes(typeFolder, schema, read(typeFiles));
    problems.addAll(types.problems());
    read(list(folder)).forEach((name, source) -> add(name, source, types));
  }

  /** The good boards, by name. */
  public List<BoardFile> boards() {
    return List.copyOf(boards.values());
  }

  /** All that is wrong in the folder, types first, each mistake once. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** Where the boards come from. */
  public Path folder() {
    return folder;
  }

  /**
   * The board of this name.
   *
   * @throws BringupException of kind CONFIGURATION if its file is wrong, or there is none
   */
  public BoardFile board(String name) {
    Problem.throwIfAny(badBoards.getOrDefault(name, List.of()));
    BoardFile board = boards.get(name);
    if (board == null) {
      Set<String> names = new LinkedHashSet<>(boards.keySet());
      names.addAll(badBoards.keySet());
      throw BringupException.configuration(
          "%s: there is no board %s%s"
              .formatted(folder, Words.quote(name), Words.suggestion(name, names, "there are:")));
    }
    return board;
  }

  private void add(String name, Source source, BoardTypes types) {
    List<Problem> wrong = new ArrayList<>(source.problems());
    Optional<YamlNode> merged = source.tree().flatMap(tree -> types.inherit(tree, wrong));
    if (merged.isPresent() && wrong.isEmpty()) {
      wrong.addAll(schema.checkComplete(merged.get()));
    }
    if (merged.isPresent() && wrong.isEmpty()) {
      BoardReader reader = new BoardReader(merged.get());
      wrong.addAll(reader.problems());
      if (wrong.isEmpty()) {
        boards.put(name, reader.read(name, source.path()));
        return;
      }
    }
    badBoards.put(name, List.copyOf(wrong));
    problems.addAll(wrong);
  }

  /**
   * A file that was read.
   *
   * @param tree empty if it is not even YAML
   */
  record Source(Path path, Optional<YamlNode> tree, List<Problem> problems) {}

  private SortedMap<String, Source> read(List<Path> files) {
    SortedMap<String, Source> sources = new TreeMap<>();
    for (Path file : files) {
      String fileName = String.valueOf(file.getFileName());
      if (fileName.startsWith(".")) {
        continue; // an editor's
      }
      if (fileName.endsWith(".yml")) {
        problems.add(
            new Problem(Position.of(file.toString()), "board files end in .yaml; rename it"));
        continue;
      }
      String name = fileName.substring(0, fileName.length() - SUFFIX.length());
      if (!NAME.matcher(name).matches()) {
        problems.add(
            new Problem(
                Position.of(file.toString()),
                "a board's name has only a-z, 0-9, dots and dashes; rename the file"));
        continue;
      }
      sources.put(name, read(file));
    }
    return sources;
  }

  private Source read(Path file) {
    try {
      YamlNode tree = YamlFile.read(file);
      return new Source(file, Optional.of(tree), schema.check(tree));
    } catch (ConfigurationException e) {
      return new Source(file, Optional.empty(), e.problems());
    }
  }

  private static List<Path> list(Path folder) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.{yaml,yml}")) {
      entries.forEach(files::add);
    } catch (IOException | DirectoryIteratorException e) {
      throw BringupException.configuration(folder + ": cannot be listed: " + e.getMessage());
    }
    files.sort(null);
    return files;
  }
}
