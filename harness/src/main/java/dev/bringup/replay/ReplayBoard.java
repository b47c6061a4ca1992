package dev.bringup.replay;

import dev.bringup.board.Board;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardSite;
import dev.bringup.board.BootStage;
import dev.bringup.board.Console;
import dev.bringup.board.FaultInjection;
import dev.bringup.board.PowerControl;
import dev.bringup.board.RecordedScenarios;
import dev.bringup.console.Recording;
import dev.bringup.console.RunMark;
import dev.bringup.fault.Fault;
import dev.bringup.power.PowerState;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A board that does again what it did when it was recorded, and nothing else. */
final class ReplayBoard implements Board {
  private final BoardFile file;
  private final RecordedRun run;
  private final ReplayNetwork network;
  private final Player player;
  private final Recording recording;

  ReplayBoard(BoardFile file, RecordedRun run, BoardSite site) {
    this.file = file;
    this.run = run;
    network = new ReplayNetwork(run);
    player = network.player();
    recording =
        site.recording()
            .map(path -> Recording.toFile(file.name(), player, path, site.problems()))
            .orElseGet(() -> Recording.inMemory(file.name(), player));
    player.into(recording);
    run.network().ifPresent(addresses -> recording.mark(addresses.text()));
  }

  @Override
  public BoardFile file() {
    return file;
  }

  @Override
  public BoardClock clock() {
    return player;
  }

  @Override
  public PowerControl power() {
    return new Power();
  }

  @Override
  public Console console() {
    return new Uart();
  }

  /** A recording has no more to offer than a console, what struck it and what the network told. */
  @Override
  public <C> Optional<C> capability(Class<C> capability) {
    boolean networked = file.network() != null || run.network().isPresent();
    var all = new ArrayList<Object>(List.of(new Scenarios(), new Faults()));
    if (networked) {
      all.add(network);
    }
    return all.stream().filter(capability::isInstance).map(capability::cast).findFirst();
  }

  /** The words of the recording, one after the other. */
  @Override
  public Random marks() {
    return new Random(0) {
      private static final long serialVersionUID = 1L;

      @Override
      public int nextInt() {
        return player.nextToken().orElseGet(super::nextInt);
      }
    };
  }

  @Override
  public void close() {
    if (!recording.isClosed()) {
      player.powerOff();
      recording.close();
    }
  }

  private final class Power implements PowerControl {
    @Override
    public PowerState get() {
      return player.readPower();
    }

    @Override
    public void on() {
      player.powerOn();
    }

    @Override
    public void off() {
      player.powerOff();
    }
  }

  private final class Uart implements Console {
    @Override
    public Recording recording() {
      return recording;
    }

    @Override
    public void write(byte[] bytes) {
      if (recording.isClosed()) {
        throw BringupException.cancelled(file.name() + " was closed while somebody typed");
      }
      player.type(bytes);
    }
  }

  /** Faults strike where they struck; who asks for one must ask for what was asked for then. */
  private final class Faults implements FaultInjection {
    @Override
    public void arm(Fault fault, long seed) {
      player.arm(new RunMark.FaultArmed(fault.words(), seed));
    }

    @Override
    public void disarm() {
      player.disarm();
    }

    @Override
    public List<Strike> strikes() {
      return player.strikes();
    }
  }

  private final class Scenarios implements RecordedScenarios {
    @Override
    public String description() {
      return "replay of " + run.file() + "; no board was used";
    }

    @Override
    public Optional<BootStage> begin(String scenario) {
      return player.begin(scenario);
    }

    @Override
    public void end() {
      player.end();
    }

    @Override
    public Optional<BringupException> divergence() {
      return player.divergence();
    }
  }
}
