package dev.bringup.config;

import dev.bringup.config.YamlNode.Entry;
import dev.bringup.config.YamlNode.Mapping;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Lays one file over another, by the rules that their schema gives. */
final class SchemaMerge {
  private final Schema schema;

  SchemaMerge(Schema schema) {
    this.schema = schema;
  }

  YamlNode merge(YamlNode heir, YamlNode inherited, Optional<Mapping> rules) {
    if (!(heir instanceof Mapping over && inherited instanceof Mapping base)
        || rules.filter(r -> replaces(r, over, base)).isPresent()) {
      return heir;
    }
    Map<String, Entry> merged = new LinkedHashMap<>(base.entries());
    over.entries()
        .forEach((key, entry) -> {
          Entry below = base.entries().get(key);
          Optional<Mapping> childRules = rules.flatMap(r -> schema.child(r, key));
          merged.put(
              key,
              below == null
                  ? entry
                  : new Entry(entry.keyAt(), merge(entry.value(), below.value(), childRules)));
        });
    return new Mapping(over.at(), merged);
  }

  private static boolean replaces(Mapping rules, Mapping over, Mapping base) {
    if (rules.find("x-merge").isPresent()) {
      return true;
    }
    Optional<String> key = rules.find("x-merge-key").map(YamlNode::text);
    Optional<String> mine = key.flatMap(over::find).map(YamlNode::text);
    return mine.isPresent() && !mine.equals(key.flatMap(base::find).map(YamlNode::text));
  }
}
