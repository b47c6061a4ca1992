package dev.bringup.config;

import dev.bringup.config.YamlNode.Entry;
import dev.bringup.config.YamlNode.Kind;
import dev.bringup.config.YamlNode.Mapping;
import dev.bringup.config.YamlNode.Scalar;
import dev.bringup.config.YamlNode.Sequence;
import dev.bringup.units.ByteSize;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One walk of a tree beside its schema, which collects what is wrong. */
final class SchemaWalk {
  private final Schema schema;
  private final boolean complete;
  private final List<Problem> problems = new ArrayList<>();

  SchemaWalk(Schema schema, boolean complete) {
    this.schema = schema;
    this.complete = complete;
  }

  List<Problem> run(Mapping rules, YamlNode node) {
    check(node, schema.resolve(rules), "", node.at());
    return problems.stream().sorted(Comparator.comparing(Problem::at)).toList();
  }

  /**
   * @param path of the value, for people: {@code stages.dom0.within}; empty at the root
   * @param holder where the key of the value stands
   */
  private void check(YamlNode node, Mapping rules, String path, Position holder) {
    if (!isOfType(node, rules)) {
      wrongType(node, rules, path);
      return;
    }
    switch (node) {
      case Scalar scalar -> checkScalar(scalar, rules, named(path));
      case Sequence sequence -> checkSequence(sequence, rules, path);
      case Mapping mapping -> checkMapping(mapping, rules, path, holder);
    }
  }

  private static boolean isOfType(YamlNode node, Mapping rules) {
    Set<String> types = types(rules);
    return types.isEmpty()
        || switch (node) {
          case Mapping _ -> types.contains("object");
          case Sequence _ -> types.contains("array");
          case Scalar scalar ->
              switch (scalar.kind()) {
                case TEXT -> types.contains("string");
                case INTEGER -> types.contains("integer") || types.contains("number");
                case NUMBER -> types.contains("number");
                case BOOLEAN -> types.contains("boolean");
                case NULL -> types.contains("null");
              };
        };
  }

  private static Set<String> types(Mapping rules) {
    return rules
        .find("type")
        .map(type -> type instanceof Sequence list ? list.texts() : List.of(type.text()))
        .map(TreeSet::new)
        .orElseGet(TreeSet::new);
  }

  private void wrongType(YamlNode node, Mapping rules, String path) {
    boolean quotesMissing =
        types(rules).contains("string")
            && rules.find("enum").isEmpty()
            && node instanceof Scalar scalar
            && scalar.kind() != Kind.NULL;
    add(
        node.at(),
        named(path)
            + " must be "
            + wanted(rules)
            + ", not "
            + node.what()
            + (quotesMissing ? "; put it in quotes" : ""));
  }

  /** What would be right, in words. */
  private static String wanted(Mapping rules) {
    if (rules.find("enum").isPresent()) {
      return oneOf(rules);
    }
    Optional<Quantity> quantity = rules.find("x-quantity").map(q -> Quantity.of(q.text()));
    if (quantity.isPresent()) {
      return quantity.get().words();
    }
    String kinds =
        types(rules).stream()
            .map(type ->
                switch (type) {
                  case "object" -> "a map";
                  case "array" -> "a list";
                  case "string" -> "text";
                  case "integer" -> "a whole number";
                  case "number" -> "a number";
                  case "boolean" -> "true or false";
                  default -> "nothing";
                })
            .collect(Collectors.joining(" or "));
    return rules.find("pattern").isPresent() ? kinds + example(rules, " such as ") : kinds;
  }

  private static String example(Mapping rules, String before) {
    return rules.find("examples").map(e -> before + e.items().getFirst().text()).orElse("");
  }

  private static String oneOf(Mapping rules) {
    return "one of " + String.join(", ", rules.get("enum").texts());
  }

  private void checkScalar(Scalar scalar, Mapping rules, String name) {
    Optional<YamlNode> choices = rules.find("enum");
    if (choices.isPresent() && !choices.get().texts().contains(scalar.text())) {
      List<String> texts = choices.get().texts();
      add(
          scalar.at(),
          name
              + " cannot be "
              + Words.quote(scalar.text())
              + Words.suggestion(scalar.text(), texts, "it must be one of"));
      return;
    }
    Optional<YamlNode> constant = rules.find("const");
    if (constant.isPresent() && !constant.get().text().equals(scalar.text())) {
      add(scalar.at(), name + " must be " + constant.get().text());
      return;
    }
    Optional<Quantity> quantity = rules.find("x-quantity").map(q -> Quantity.of(q.text()));
    Optional<String> bad = lengthProblem(scalar, rules);
    if (bad.isEmpty()) {
      bad =
          quantity.isPresent()
              ? quantity.get().problem(scalar.text())
              : patternProblem(scalar, rules);
    }
    if (bad.isEmpty()) {
      bad = rangeProblem(scalar, rules, quantity);
    }
    bad.ifPresent(message -> add(scalar.at(), name + ": " + message));
  }

  private static Optional<String> lengthProblem(Scalar scalar, Mapping rules) {
    if (scalar.kind() != Kind.TEXT) {
      return Optional.empty();
    }
    int length = scalar.text().codePointCount(0, scalar.text().length());
    Optional<Integer> least = rules.find("minLength").map(YamlNode::integer);
    if (least.isPresent() && length < least.get()) {
      return Optional.of("must not be empty");
    }
    Optional<Integer> most = rules.find("maxLength").map(YamlNode::integer);
    if (most.isPresent() && length > most.get()) {
      return Optional.of("is too long; at most " + most.get() + " characters");
    }
    return Optional.empty();
  }

  private static Optional<String> patternProblem(Scalar scalar, Mapping rules) {
    Optional<YamlNode> pattern = rules.find("pattern");
    if (scalar.kind() != Kind.TEXT
        || pattern.isEmpty()
        || Pattern.compile(pattern.get().text()).matcher(scalar.text()).find()) {
      return Optional.empty();
    }
    return Optional.of(
        Words.quote(scalar.text()) + " does not fit" + example(rules, "; right would be "));
  }

  private static Optional<String> rangeProblem(
      Scalar scalar, Mapping rules, Optional<Quantity> quantity) {
    boolean size = quantity.filter(q -> q == Quantity.SIZE).isPresent();
    if (!size && scalar.kind() != Kind.INTEGER && scalar.kind() != Kind.NUMBER) {
      return Optional.empty();
    }
    BigDecimal value = size ? BigDecimal.valueOf(scalar.size().bytes()) : scalar.number();
    Optional<BigDecimal> least = rules.find("minimum").map(SchemaWalk::number);
    if (least.isPresent() && value.compareTo(least.get()) < 0) {
      return Optional.of(scalar.text() + " is too small; at least " + limit(least.get(), size));
    }
    Optional<BigDecimal> most = rules.find("maximum").map(SchemaWalk::number);
    if (most.isPresent() && value.compareTo(most.get()) > 0) {
      return Optional.of(scalar.text() + " is too large; at most " + limit(most.get(), size));
    }
    return Optional.empty();
  }

  private static BigDecimal number(YamlNode node) {
    return ((Scalar) node).number();
  }

  private static String limit(BigDecimal value, boolean size) {
    return size ? new ByteSize(value.longValueExact()).toString() : value.toPlainString();
  }

  private void checkSequence(Sequence sequence, Mapping rules, String path) {
    Optional<Integer> least = rules.find("minItems").map(YamlNode::integer);
    if (least.isPresent() && sequence.items().size() < least.get()) {
      add(sequence.at(), named(path) + " needs at least " + count(least.get(), "item"));
    }
    Optional<Mapping> items = rules.find("items").map(i -> schema.resolve(i.map()));
    if (items.isPresent()) {
      int index = 0;
      for (YamlNode item : sequence.items()) {
        check(item, items.get(), path + "[" + index++ + "]", item.at());
      }
    }
  }

  private void checkMapping(Mapping mapping, Mapping rules, String path, Position holder) {
    Set<String> known =
        rules.find("properties").map(p -> p.map().entries().keySet()).orElse(Set.of());
    boolean closed =
        rules
            .find("additionalProperties")
            .filter(a -> a instanceof Scalar && !a.bool())
            .isPresent();
    Set<String> meant = new TreeSet<>(mapping.entries().keySet());
    mapping
        .entries()
        .forEach((key, entry) -> {
          checkName(key, entry, rules, path);
          if (closed && !known.contains(key)) {
            Words.nearest(key, known).ifPresent(meant::add);
            add(
                entry.keyAt(),
                "unknown key " + Words.quote(key) + Words.suggestion(key, known, "known here:"));
          } else {
            schema
                .child(rules, key)
                .ifPresent(child -> check(entry.value(), child, join(path, key), entry.keyAt()));
          }
        });
    checkKeys(mapping, rules, path, holder, meant);
  }

  private void checkName(String key, Entry entry, Mapping rules, String path) {
    Optional<Mapping> names = rules.find("propertyNames").map(n -> schema.resolve(n.map()));
    if (names.isPresent()) {
      checkScalar(new Scalar(entry.keyAt(), key, Kind.TEXT), names.get(), "a key" + in(path));
    }
  }

  /**
   * @param meant the keys that are there, and those that a misspelt key was meant to be
   */
  private void checkKeys(
      Mapping mapping, Mapping rules, String path, Position holder, Set<String> meant) {
    List<String> needed = new ArrayList<>(texts(rules, "required"));
    if (complete) {
      needed.addAll(texts(rules, "x-required"));
    }
    needed.stream()
        .filter(key -> !meant.contains(key))
        .forEach(key -> add(holder, "missing key " + Words.quote(key) + in(path)));
    Optional<YamlNode> choice = rules.find("oneOf");
    if (choice.isPresent()) {
      List<String> keys =
          choice.get().items().stream().map(c -> c.get("required").texts().getFirst()).toList();
      if (keys.stream().filter(meant::contains).count() != 1) {
        add(holder, named(path) + " needs exactly one of " + String.join(", ", keys));
      }
    }
    int size = mapping.entries().size();
    Optional<Integer> least = rules.find("minProperties").map(YamlNode::integer);
    if (least.isPresent() && size < least.get()) {
      add(holder, named(path) + " needs at least " + count(least.get(), "key"));
    }
    Optional<Integer> most = rules.find("maxProperties").map(YamlNode::integer);
    if (most.isPresent() && size > most.get()) {
      add(holder, named(path) + " may have at most " + count(most.get(), "key"));
    }
  }

  private static List<String> texts(Mapping rules, String keyword) {
    return rules.find(keyword).map(YamlNode::texts).orElse(List.of());
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String in(String path) {
    return path.isEmpty() ? "" : " in " + Words.quote(path);
  }

  private static String named(String path) {
    return path.isEmpty() ? "the file" : Words.quote(path);
  }

  private void add(Position at, String message) {
    problems.add(new Problem(at, message));
  }
}
