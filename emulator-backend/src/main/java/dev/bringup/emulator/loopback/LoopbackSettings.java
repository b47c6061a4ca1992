package dev.bringup.emulator.loopback;

import dev.bringup.board.BoardFile;
import dev.bringup.config.YamlNode;
import dev.bringup.fault.FaultPlan;
import java.util.Map;
import java.util.Set;

/**
 * What a board file says under {@code machine} for this engine.
 *
 * @param wire how the UART comes back
 * @param machine what plays the board behind it
 */
record LoopbackSettings(LoopbackWire.Kind wire, YamlNode.Mapping machine) {
  private static final Set<String> KEYS = Set.of("engine", "wire", "machine");

  static LoopbackSettings of(BoardFile file) {
    YamlNode.Mapping settings = file.require(file.machine(), "machine").settings();
    settings.requireKnown("the engine loopback", KEYS);
    YamlNode wire = settings.get("wire");
    YamlNode engine = settings.get("machine").get("engine");
    if (engine.text().equals("loopback")) {
      throw engine.wrong("a loop goes back to an emulated machine, not to another loop");
    }
    return new LoopbackSettings(
        LoopbackWire.Kind.of(wire.text())
            .orElseThrow(() ->
                wire.wrong(
                    "there is no wire \"%s\"; there is %s"
                        .formatted(wire.text(), LoopbackWire.Kind.words()))),
        settings.get("machine").map());
  }

  /** The board behind the wires. It is a good one: faults strike on the wires, once. */
  BoardFile inner(BoardFile file) {
    return file.with(new BoardFile.Machine(machine.get("engine").text(), machine), Map.of())
        .with(FaultPlan.NONE);
  }
}
