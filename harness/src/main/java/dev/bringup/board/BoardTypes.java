package dev.bringup.board;

import dev.bringup.config.Problem;
import dev.bringup.config.Schema;
import dev.bringup.config.Words;
import dev.bringup.config.YamlNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** The board types of a folder, and how boards inherit from them. */
final class BoardTypes {
  private final Path folder;
  private final Schema schema;
  private final SortedMap<String, BoardCatalog.Source> types;

  BoardTypes(Path folder, Schema schema, SortedMap<String, BoardCatalog.Source> types) {
    this.folder = folder;
    this.schema = schema;
    this.types = types;
  }

  /** What is wrong with the types, whether a board uses them or not. */
  List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    for (BoardCatalog.Source source : types.values()) {
      problems.addAll(source.problems());
      var _ = source.tree().flatMap(tree -> inherit(tree, problems));
    }
    return problems.stream().distinct().toList();
  }

  /**
   * {@code tree} with all that its types say beneath it.
   *
   * @param problems gets what is wrong with the types on the way
   * @return empty if there is no way to the last type
   */
  Optional<YamlNode> inherit(YamlNode tree, List<Problem> problems) {
    YamlNode merged = tree;
    List<String> chain = new ArrayList<>();
    Optional<YamlNode> type = typeOf(tree);
    while (type.isPresent()) {
      String name = type.get().text();
      if (chain.contains(name)) {
        problems.add(cycle(chain.subList(chain.indexOf(name), chain.size())));
        return Optional.empty();
      }
      BoardCatalog.Source source = types.get(name);
      if (source == null) {
        problems.add(new Problem(type.get().at(), unknown(name)));
        return Optional.empty();
      }
      chain.add(name);
      problems.addAll(source.problems());
      if (source.tree().isEmpty()) {
        return Optional.empty();
      }
      merged = schema.merge(merged, source.tree().get());
      type = typeOf(source.tree().get());
    }
    return Optional.of(merged);
  }

  private static Optional<YamlNode> typeOf(YamlNode tree) {
    return tree instanceof YamlNode.Mapping
        ? tree.find("type").filter(type -> type instanceof YamlNode.Scalar scalar && isText(scalar))
        : Optional.empty();
  }

  private static boolean isText(YamlNode.Scalar scalar) {
    return scalar.kind() == YamlNode.Kind.TEXT;
  }

  private String unknown(String name) {
    Set<String> names = types.keySet();
    return "unknown type "
        + Words.quote(name)
        + (names.isEmpty()
            ? "; there are no types in " + folder
            : Words.suggestion(name, names, "there are:"));
  }

  /** The same problem at the same place, wherever on the circle one came in. */
  private Problem cycle(List<String> members) {
    List<String> circle = new ArrayList<>(members);
    String first = Collections.min(circle);
    Collections.rotate(circle, -circle.indexOf(first));
    circle.add(first);
    // every member was found on the way here, and led on by its type
    YamlNode tree = Objects.requireNonNull(types.get(first)).tree().orElseThrow();
    return new Problem(
        typeOf(tree).orElseThrow().at(),
        "type \"%s\" inherits from itself: %s".formatted(first, String.join(" -> ", circle)));
  }
}
