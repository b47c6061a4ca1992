package dev.bringup.board;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.bringup.config.ConfigurationException;
import dev.bringup.config.Schema;
import dev.bringup.config.YamlFile;
import dev.bringup.config.YamlNode;
import java.nio.file.Path;

/** Any bytes as a board file: one clear line or a board, nothing else. */
class BoardFileFuzzTest {
  private static final Schema SCHEMA = Schema.load("board.schema.json");
  private static final YamlNode TYPE =
      YamlFile.parse(
          "types/base.yaml",
          """
          description: a board for tests
          architecture: arm64
          cpus: 1
          memory: 1 GiB
          memory-map: {ram: 0x40000000, script: 0x40200000, load: 0x40400000}
          machine: {engine: none}
          stages:
            firmware: {mark: {literal: U-Boot}, within: 20 s}
          """);

  @FuzzTest
  void anyBytesAreABoardOrOneLine(byte[] data) {
    YamlNode tree;
    try {
      tree = YamlFile.parse("x.yaml", data);
    } catch (ConfigurationException e) {
      requireOneLine(String.valueOf(e.getMessage()));
      return;
    }
    var problems = SCHEMA.check(tree);
    problems.forEach(problem -> requireOneLine(problem.toString()));
    if (!problems.isEmpty()) {
      return;
    }
    YamlNode merged = SCHEMA.merge(tree, TYPE);
    var missing = SCHEMA.checkComplete(merged);
    missing.forEach(problem -> requireOneLine(problem.toString()));
    if (missing.isEmpty()) {
      BoardReader reader = new BoardReader(merged);
      var wrong = reader.problems();
      wrong.forEach(problem -> requireOneLine(problem.toString()));
      if (wrong.isEmpty()) {
        var _ = reader.read("x", Path.of("x.yaml")).toString();
      }
    }
  }

  private static void requireOneLine(String message) {
    if (message.lines().count() != 1 || message.length() > 1000) {
      throw new AssertionError("not one clear line: " + message);
    }
  }
}
