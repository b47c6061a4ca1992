package dev.bringup.board;

import dev.bringup.config.Problem;
import dev.bringup.config.Words;
import dev.bringup.config.YamlNode;
import dev.bringup.fault.Fault;
import dev.bringup.fault.FaultPlan;
import dev.bringup.fault.LineFault;
import dev.bringup.fault.LineFault.Direction;
import dev.bringup.fault.Occurrence;
import dev.bringup.fault.Occurrence.Since;
import dev.bringup.fault.PacketFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what a board's file says under {@code faults}, once its schema has found no mistake. */
final class FaultReader {
  private static final int DEFAULT_SEED = 1;
  private static final Set<String> WHEN = Set.of("at", "every", "chance");

  /** What a kind of fault needs beside its when, with an example, and what it may have. */
  private record Kind(Map<String, String> needs, Set<String> may) {}

  private static final Map<String, Kind> SERIAL =
      Map.of(
          "lost", new Kind(Map.of(), Set.of("direction", "bytes")),
          "doubled", new Kind(Map.of(), Set.of("direction")),
          "flipped", new Kind(Map.of(), Set.of("direction")),
          "late", new Kind(Map.of("by", "200 ms"), Set.of("direction")),
          "port-gone", new Kind(Map.of("for", "3 s"), Set.of()));

  private static final Map<String, Kind> TFTP =
      Map.of(
          "lost", new Kind(Map.of(), Set.of("file")),
          "doubled", new Kind(Map.of(), Set.of("file")),
          "swapped", new Kind(Map.of(), Set.of("file")),
          "late", new Kind(Map.of("by", "200 ms"), Set.of("file")),
          "cut", new Kind(Map.of("bytes", "100"), Set.of("file")),
          "silent", new Kind(Map.of("at", "100"), Set.of("file")));

  private FaultReader() {}

  /** What no schema can check: which settings a kind of fault needs and which it has no use for. */
  static List<Problem> problems(YamlNode faults) {
    var problems = new ArrayList<Problem>();
    for (YamlNode item : items(faults, "serial")) {
      check(item, SERIAL, problems);
      item.find("at")
          .filter(at -> at.integer() < 1)
          .ifPresent(at -> problems.add(new Problem(at.at(), "bytes are counted from 1")));
    }
    items(faults, "tftp").forEach(item -> check(item, TFTP, problems));
    for (YamlNode item : items(faults, "power")) {
      if (item.find("at-console-byte").isPresent() && item.find("file").isPresent()) {
        problems.add(new Problem(item.keyAt("file"), "only \"at-tftp-block\" is of a file"));
      }
    }
    return problems;
  }

  private static void check(YamlNode item, Map<String, Kind> kinds, List<Problem> problems) {
    String name = item.get("fault").text();
    Kind kind = kinds.get(name);
    if (kind == null) {
      return; // the schema has said so
    }
    kind.needs.forEach((key, example) -> {
      if (item.find(key).isEmpty()) {
        problems.add(
            new Problem(
                item.get("fault").at(),
                "the fault %s needs %s, such as %s"
                    .formatted(Words.quote(name), Words.quote(key), example)));
      }
    });
    for (String key : item.map().entries().keySet()) {
      boolean known =
          key.equals("fault")
              || WHEN.contains(key)
              || kind.needs.containsKey(key)
              || kind.may.contains(key);
      if (!known) {
        problems.add(
            new Problem(
                item.keyAt(key),
                "the fault %s has no %s".formatted(Words.quote(name), Words.quote(key))));
      }
    }
  }

  static FaultPlan read(YamlNode faults) {
    var all = new ArrayList<Fault>();
    items(faults, "serial").forEach(item -> all.add(serial(item)));
    items(faults, "tftp").forEach(item -> all.add(tftp(item)));
    items(faults, "power").forEach(item -> all.add(power(item)));
    return new FaultPlan(faults.find("seed").map(YamlNode::integer).orElse(DEFAULT_SEED), all);
  }

  private static List<YamlNode> items(YamlNode faults, String key) {
    return faults.find(key).map(YamlNode::items).orElse(List.of());
  }

  private static Occurrence when(YamlNode item) {
    if (item.find("at").isPresent()) {
      return new Occurrence.At(item.get("at").integer(), Since.POWER_ON);
    }
    return item.find("every")
        .<Occurrence>map(every -> new Occurrence.Every(every.integer()))
        .orElseGet(() -> new Occurrence.Chance(item.get("chance").fraction()));
  }

  private static Fault serial(YamlNode item) {
    boolean toBoard = item.find("direction").filter(d -> d.text().equals("to-board")).isPresent();
    return new LineFault(
        toBoard ? Direction.TO_BOARD : Direction.FROM_BOARD,
        when(item),
        switch (item.get("fault").text()) {
          case "lost" ->
              new LineFault.Effect.Lost(item.find("bytes").map(YamlNode::integer).orElse(1));
          case "doubled" -> new LineFault.Effect.Doubled();
          case "flipped" -> new LineFault.Effect.Flipped();
          case "late" -> new LineFault.Effect.Late(item.get("by").duration());
          case "port-gone" -> new LineFault.Effect.PortGone(item.get("for").duration());
          default -> throw item.get("fault").wrong("there is no such fault of a serial line");
        });
  }

  private static Fault tftp(YamlNode item) {
    return new PacketFault(
        item.find("file").map(YamlNode::text).orElse(null),
        when(item),
        switch (item.get("fault").text()) {
          case "lost" -> new PacketFault.Effect.Lost();
          case "doubled" -> new PacketFault.Effect.Doubled();
          case "swapped" -> new PacketFault.Effect.Swapped();
          case "late" -> new PacketFault.Effect.Late(item.get("by").duration());
          case "cut" -> new PacketFault.Effect.Cut(item.get("bytes").integer());
          case "silent" -> new PacketFault.Effect.Silent();
          default -> throw item.get("fault").wrong("there is no such fault of a TFTP server");
        });
  }

  private static Fault power(YamlNode item) {
    return item.find("at-console-byte")
        .<Fault>map(at ->
            new LineFault(
                Direction.FROM_BOARD,
                new Occurrence.At(at.integer(), Since.POWER_ON),
                new LineFault.Effect.PowerCut()))
        .orElseGet(() ->
            new PacketFault(
                item.find("file").map(YamlNode::text).orElse(null),
                new Occurrence.At(item.get("at-tftp-block").integer(), Since.POWER_ON),
                new PacketFault.Effect.PowerCut()));
  }
}
