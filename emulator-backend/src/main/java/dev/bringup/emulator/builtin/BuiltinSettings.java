package dev.bringup.emulator.builtin;

import dev.bringup.board.BoardFile;
import dev.bringup.config.YamlNode;
import dev.bringup.verdict.BringupException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;

/**
 * What a board file says under {@code machine} for this engine.
 *
 * @param firmwareSet the boot set with the code at the reset vector
 * @param firmwareFile its name in that set
 * @param start what the real-time clock shows at power-on
 */
record BuiltinSettings(
    boolean virtualization, String firmwareSet, String firmwareFile, Instant start) {

  private static final Set<String> KEYS =
      Set.of("engine", "model", "virtualization", "firmware", "start-time");

  /** The same for everybody, so that runs repeat. */
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  static BuiltinSettings of(BoardFile file) {
    YamlNode.Mapping settings = file.require(file.machine(), "machine").settings();
    settings.requireKnown("the engine builtin", KEYS);
    YamlNode model = settings.get("model");
    if (!model.text().equals("virt")) {
      throw BringupException.configuration(
          "%s: the engine builtin has no model \"%s\"; it has virt"
              .formatted(model.at(), model.text()));
    }
    YamlNode firmware = settings.get("firmware");
    return new BuiltinSettings(
        settings.find("virtualization").map(YamlNode::bool).orElse(true),
        firmware.get("boot-set").text(),
        firmware.get("file").text(),
        settings.find("start-time").map(BuiltinSettings::instant).orElse(START));
  }

  private static Instant instant(YamlNode node) {
    try {
      return Instant.parse(node.text());
    } catch (DateTimeException _) {
      throw BringupException.configuration(
          "%s: \"%s\" is not an instant such as 2026-01-01T00:00:00Z"
              .formatted(node.at(), node.text()));
    }
  }
}
