package dev.bringup.artifact;

import dev.bringup.config.ConfigurationException;
import dev.bringup.config.Problem;
import dev.bringup.config.Schema;
import dev.bringup.config.Words;
import dev.bringup.config.YamlFile;
import dev.bringup.config.YamlNode;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The boot sets of a folder: one file {@code NAME.yaml} each. A file is read when it is wanted. */
public final class BootSets {
  private static final String SUFFIX = ".yaml";

  private final Path folder;
  private final Schema schema = Schema.load("boot-set.schema.json");

  /**
   * @param folder such as {@code boards/boot-sets}; messages name its files as it is given here
   */
  public BootSets(Path folder) {
    this.folder = folder;
  }

  /** The names of all boot sets, good or not; empty if there is no such folder. */
  public SortedSet<String> names() {
    if (!Files.isDirectory(folder)) {
      return new TreeSet<>();
    }
    try (Stream<Path> files = Files.list(folder)) {
      SortedSet<String> names = new TreeSet<>();
      files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(SUFFIX) && !f.startsWith("."))
          .forEach(f -> names.add(f.substring(0, f.length() - SUFFIX.length())));
      return names;
    } catch (IOException e) {
      throw BringupException.configuration(folder + ": cannot be listed: " + e.getMessage());
    }
  }

  /**
   * Reads a boot set.
   *
   * @throws BringupException of kind CONFIGURATION with file, line and column of what is wrong
   */
  public BootSet load(String name) {
    if (!names().contains(name)) {
      throw BringupException.configuration(
          folder + ": there is no boot set " + Words.quote(name) + suggestion(name));
    }
    Path file = file(name);
    YamlNode tree = checked(YamlFile.read(file));
    Set<String> chain = new LinkedHashSet<>(Set.of(name));
    for (Optional<YamlNode> base = tree.find("extends"); base.isPresent(); ) {
      YamlNode above = base(base.get(), chain);
      tree = schema.merge(tree, above);
      base = above.find("extends");
    }
    return read(name, file.toString(), tree, schema);
  }

  /** All problems of all boot sets of the folder, each once. */
  public List<Problem> problems() {
    Set<Problem> problems = new LinkedHashSet<>();
    for (String name : names()) {
      try {
        var _ = load(name);
      } catch (ConfigurationException e) {
        problems.addAll(e.problems());
      }
    }
    return new ArrayList<>(problems);
  }

  /** Reads one complete document from memory. */
  static BootSet parse(String name, String file, byte[] yaml) {
    Schema schema = Schema.load("boot-set.schema.json");
    YamlNode tree = YamlFile.parse(file, yaml);
    Problem.throwIfAny(schema.check(tree));
    return read(name, file, tree, schema);
  }

  private static BootSet read(String name, String origin, YamlNode tree, Schema schema) {
    Problem.throwIfAny(schema.checkComplete(tree));
    return new BootSetReader(tree).read(name, origin);
  }

  private YamlNode base(YamlNode extend, Set<String> chain) {
    String name = extend.text();
    if (!chain.add(name)) {
      throw extend.wrong("boot sets extend each other: " + String.join(" -> ", chain));
    }
    if (!names().contains(name)) {
      throw extend.wrong("there is no boot set " + Words.quote(name) + suggestion(name));
    }
    return checked(YamlFile.read(file(name)));
  }

  private YamlNode checked(YamlNode tree) {
    Problem.throwIfAny(schema.check(tree));
    return tree;
  }

  private Path file(String name) {
    return folder.resolve(name + SUFFIX);
  }

  private String suggestion(String name) {
    return Words.suggestion(name, names(), "there are:");
  }
}
