package dev.bringup.cli;

import dev.bringup.board.BoardFile;
import dev.bringup.hold.HoldClient;
import dev.bringup.hold.HoldMessage;
import dev.bringup.hold.WireLock;
import dev.bringup.power.ConfirmedPower;
import dev.bringup.power.PowerDrivers;
import dev.bringup.power.PowerState;
import dev.bringup.power.PowerSwitch;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "power",
    description =
        "Switches a board's outlet, or says how it stands, and leaves it so. Touches nothing else."
            + " Where another bringup holds the board, that one does it.",
    mixinStandardHelpOptions = true)
final class PowerCommand implements Callable<Integer> {
  private enum Action {
    ON,
    OFF,
    CYCLE,
    GET
  }

  @Mixin private BoardWorkspace workspace;

  @Parameters(index = "0", paramLabel = "ACTION", description = "on, off, cycle or get.")
  private Action action;

  @Parameters(index = "1", paramLabel = "BOARD", description = "The board's name.")
  private String boardName;

  @Option(names = "--json", description = "One JSON document on standard output.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli injects options and mixins
  PowerCommand() {}

  @Override
  public Integer call() {
    BoardFile file = workspace.catalog().board(boardName);
    Optional<HoldClient> holder =
        new Holding(workspace, boardName, "power").attach(HoldMessage.From.NOWHERE);
    if (holder.isPresent()) {
      try (HoldClient client = holder.get()) {
        askHolder(client, file);
      }
      return 0;
    }
    try (PowerSwitch outlet = open(file)) {
      // Closing lets go of the switch; the outlet stays as it is.
      ConfirmedPower power =
          new ConfirmedPower(outlet, ConfirmedPower.USUAL_LIMIT, BoardClock.system());
      PowerState state = action == Action.GET ? power.read() : switched(file, power);
      show(file, outlet.outlet(), state);
    }
    return 0;
  }

  /** Nobody pulls the power from under somebody's run. */
  private PowerState switched(BoardFile file, ConfirmedPower power) {
    try (var _ = WireLock.take(file, System.getenv(), "power")) {
      if (action == Action.ON) {
        return power.set(true);
      }
      PowerState off = power.set(false);
      return action == Action.OFF ? off : power.set(true);
    }
  }

  private void askHolder(HoldClient client, BoardFile file) {
    switch (action) {
      case ON -> client.ask(new HoldMessage.Power(HoldMessage.Switch.ON), _ -> {});
      case OFF -> client.ask(new HoldMessage.Power(HoldMessage.Switch.OFF), _ -> {});
      case CYCLE -> client.ask(new HoldMessage.Power(HoldMessage.Switch.CYCLE), _ -> {});
      case GET -> {}
    }
    client.ask(
        new HoldMessage.Look(),
        report -> {
          if (report instanceof HoldMessage.State state) {
            show(file, "the outlet of " + file.name(), state.power());
          }
        });
  }

  private static PowerSwitch open(BoardFile file) {
    BoardFile.Driver driver = file.drivers().get("power");
    if (driver != null) {
      return PowerDrivers.open(driver.driver(), driver.settings());
    }
    if (file.machine() != null) {
      throw BringupException.configuration(
          "%s: board %s is emulated by %s and has no outlet; it has power while a command runs it"
              .formatted(file.path(), file.name(), file.machine().engine()));
    }
    throw BringupException.configuration(
        "%s: board %s has no \"drivers.power\" that names its outlet"
            .formatted(file.path(), file.name()));
  }

  private void show(BoardFile file, String outlet, PowerState state) {
    String word = state.name().toLowerCase(Locale.ROOT);
    if (json) {
      var facts = new LinkedHashMap<String, Object>();
      facts.put("board", file.name());
      facts.put("outlet", outlet);
      facts.put("power", word);
      Json.print(facts);
      return;
    }
    System.out.println(word);
    if (state == PowerState.UNKNOWN) {
      System.err.println(
          action == Action.GET
              ? outlet + " does not say how it stands"
              : outlet + " took the order, but does not say how it stands");
    }
  }
}
