package dev.bringup.config;

import dev.bringup.config.YamlNode.Mapping;
import dev.bringup.config.YamlNode.Scalar;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One of the published JSON Schemas (draft 2020-12), as the one statement of what a file may say.
 *
 * <p>The usual keywords for types, keys, lists, texts and numbers are checked, {@code $ref} only
 * within the file, and {@code oneOf} only as a choice of required keys. Loading refuses a schema
 * that uses anything else, so no keyword is silently without effect. Our own keywords, which other
 * validators pass over:
 *
 * <ul>
 *   <li>{@code x-quantity}: the text is a {@code size}, {@code duration}, {@code address}, {@code
 *       version} or {@code regex}. The standard {@code pattern} beside it says nearly the same to
 *       other tools.
 *   <li>{@code x-required}: keys that must be there once everything inherited is merged.
 *   <li>{@code x-merge: replace}: the heir's map replaces the inherited one as a whole.
 *   <li>{@code x-merge-key: K}: it does so if its key K has another value.
 * </ul>
 */
public final class Schema {
  private static final String FOLDER = "/dev/bringup/schema/";
  private static final Set<String> KEYWORDS =
      Set.of(
          "$schema",
          "$id",
          "$comment",
          "$defs",
          "$ref",
          "title",
          "description",
          "examples",
          "default",
          "type",
          "enum",
          "const",
          "pattern",
          "minLength",
          "maxLength",
          "minimum",
          "maximum",
          "minItems",
          "items",
          "properties",
          "required",
          "additionalProperties",
          "propertyNames",
          "minProperties",
          "maxProperties",
          "oneOf",
          "x-quantity",
          "x-required",
          "x-merge",
          "x-merge-key");

  private final Mapping root;

  private Schema(Mapping root) {
    this.root = root;
    requireKnownKeywords(root);
  }

  /**
   * Loads a schema of {@code boards/schema}, which the harness carries.
   *
   * @param name such as {@code board.schema.json}
   */
  public static Schema load(String name) {
    try (InputStream in = Schema.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no schema " + name + " in the harness");
      }
      return parse(name, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a schema from memory. JSON is YAML, so schemas have positions as well. */
  static Schema parse(String name, byte[] json) {
    return new Schema(YamlFile.parse(name, json).map());
  }

  /** All problems of one file by itself, in the file's order. */
  public List<Problem> check(YamlNode node) {
    return new SchemaWalk(this, false).run(root, node);
  }

  /** As {@link #check}, and nothing may be missing: for a file after {@link #merge}. */
  public List<Problem> checkComplete(YamlNode node) {
    return new SchemaWalk(this, true).run(root, node);
  }

  /**
   * {@code heir} with everything that it does not say itself taken from {@code inherited}. Maps
   * merge key by key; all else replaces. Positions stay those of the file that said it.
   */
  public YamlNode merge(YamlNode heir, YamlNode inherited) {
    return new SchemaMerge(this).merge(heir, inherited, Optional.of(root));
  }

  /** {@code schema} with its {@code $ref} followed to the end. */
  Mapping resolve(Mapping schema) {
    Mapping target = schema;
    for (int hops = 0; target.entries().containsKey("$ref"); hops++) {
      String reference = target.get("$ref").text();
      if (hops > 16 || !reference.startsWith("#/")) {
        throw new IllegalArgumentException(target.at() + ": cannot follow " + reference);
      }
      target = root;
      for (String step : reference.substring(2).split("/", -1)) {
        target = target.get(step).map();
      }
    }
    return target;
  }

  /** The schema of {@code key} in a map that {@code schema} (resolved) describes. */
  Optional<Mapping> child(Mapping schema, String key) {
    return schema
        .find("properties")
        .flatMap(properties -> properties.find(key))
        .or(() -> schema.find("additionalProperties"))
        .filter(Mapping.class::isInstance)
        .map(child -> resolve(child.map()));
  }

  private void requireKnownKeywords(Mapping schema) {
    for (Map.Entry<String, YamlNode.Entry> entry : schema.entries().entrySet()) {
      YamlNode value = entry.getValue().value();
      if (!KEYWORDS.contains(entry.getKey())) {
        throw new IllegalArgumentException(
            entry.getValue().keyAt() + ": the keyword " + entry.getKey() + " is not supported");
      }
      switch (entry.getKey()) {
        case "$defs", "properties" ->
            value.map().entries().values().forEach(e -> requireKnownKeywords(e.value().map()));
        case "items", "propertyNames" -> requireKnownKeywords(value.map());
        case "additionalProperties" -> {
          if (!(value instanceof Scalar)) {
            requireKnownKeywords(value.map());
          }
        }
        case "$ref" -> {
          var _ = resolve(schema);
        }
        case "x-quantity" -> {
          var _ = Quantity.of(value.text());
        }
        default -> {}
      }
    }
  }
}
