package dev.bringup.steps;

import static dev.bringup.steps.Checks.check;

import dev.bringup.board.FaultInjection;
import dev.bringup.boot.BootSession;
import dev.bringup.boot.InjectedFaults;
import dev.bringup.fault.Fault;
import dev.bringup.fault.LineFault;
import dev.bringup.fault.LineFault.Direction;
import dev.bringup.fault.Occurrence;
import dev.bringup.fault.Occurrence.At;
import dev.bringup.fault.Occurrence.Every;
import dev.bringup.fault.Occurrence.Since;
import dev.bringup.fault.PacketFault;
import dev.bringup.units.ByteSize;
import io.cucumber.java.After;
import io.cucumber.java.en.Given;
import io.cucumber.java.en.Then;
import io.cucumber.java.en.When;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Making things go wrong between the board and the harness, until the scenario ends. Console bytes
 * are counted from 1 since power-on as the board says them, and a step that names one strikes once,
 * in the first boot that gets there. What fails in a boot with faults is an infrastructure error.
 */
public final class FaultSteps {
  private static final long SEED = 1;

  private final Bench bench;
  private @Nullable FaultInjection armed;
  private @Nullable BootSession session;
  private int strikesBefore;

  public FaultSteps(Bench bench) {
    this.bench = bench;
  }

  private void arm(Fault fault, long seed) {
    if (fault instanceof PacketFault) {
      bench.network();
    }
    FaultInjection faults = bench.capability(FaultInjection.class);
    if (armed == null) {
      armed = faults;
      session = bench.session();
      strikesBefore = faults.strikes().size();
    }
    faults.arm(fault, seed);
  }

  private void line(Direction direction, Occurrence when, LineFault.Effect effect, long seed) {
    arm(new LineFault(direction, when, effect), seed);
  }

  private void packets(@Nullable String file, Occurrence when, PacketFault.Effect effect) {
    arm(new PacketFault(file, when, effect), SEED);
  }

  private static Occurrence at(int number) {
    return new At(number, Since.POWER_ON);
  }

  private static Occurrence percent(int percent) {
    return new Occurrence.Chance(percent / 100.0);
  }

  @Given("the serial line loses every {nth} byte from the board")
  public void losesEveryByteFromTheBoard(long interval) {
    line(Direction.FROM_BOARD, new Every(interval), new LineFault.Effect.Lost(1), SEED);
  }

  @Given("the serial line loses {int} percent of what the board says with seed {int}")
  public void losesSomeOfWhatTheBoardSays(int percent, int seed) {
    line(Direction.FROM_BOARD, percent(percent), new LineFault.Effect.Lost(1), seed);
  }

  /** A burst: so many in a row. */
  @Given("the serial line loses {int} byte(s) at console byte {int}")
  public void losesBytesAt(int count, int number) {
    line(Direction.FROM_BOARD, at(number), new LineFault.Effect.Lost(count), SEED);
  }

  /** Counted from this step on. */
  @Given("the serial line loses the {nth} byte that is typed")
  public void losesTheByteThatIsTyped(long number) {
    line(Direction.TO_BOARD, new At(number, Since.ARMED), new LineFault.Effect.Lost(1), SEED);
  }

  @Given("the serial line loses every {nth} byte that is typed")
  public void losesEveryByteThatIsTyped(long interval) {
    line(Direction.TO_BOARD, new Every(interval), new LineFault.Effect.Lost(1), SEED);
  }

  @Given("the serial line loses {int} percent of what is typed with seed {int}")
  public void losesSomeOfWhatIsTyped(int percent, int seed) {
    line(Direction.TO_BOARD, percent(percent), new LineFault.Effect.Lost(1), seed);
  }

  @Given("the serial line doubles every {nth} byte from the board")
  public void doublesEveryByteFromTheBoard(long interval) {
    line(Direction.FROM_BOARD, new Every(interval), new LineFault.Effect.Doubled(), SEED);
  }

  /** Counted from this step on. */
  @Given("the serial line doubles the {nth} byte that is typed")
  public void doublesTheByteThatIsTyped(long number) {
    line(Direction.TO_BOARD, new At(number, Since.ARMED), new LineFault.Effect.Doubled(), SEED);
  }

  /** Which bit of each byte, the seed says. */
  @Given("the serial line flips a bit of every {nth} byte from the board with seed {int}")
  public void flipsABitOfEveryByteFromTheBoard(long interval, int seed) {
    line(Direction.FROM_BOARD, new Every(interval), new LineFault.Effect.Flipped(), seed);
  }

  /** All that the board says from this byte on comes so much later at the earliest. */
  @Given("the serial line stalls for {duration} at console byte {int}")
  public void stallsAt(Duration by, int number) {
    line(Direction.FROM_BOARD, at(number), new LineFault.Effect.Late(by), SEED);
  }

  /** What the board says meanwhile is lost, and typing fails. */
  @Given("the serial port is gone for {duration} at console byte {int}")
  public void isGoneAt(Duration lasting, int number) {
    line(Direction.FROM_BOARD, at(number), new LineFault.Effect.PortGone(lasting), SEED);
  }

  /** Of all that the server sends, whatever the file. */
  @Given("TFTP loses every {nth} packet")
  public void tftpLosesEvery(long interval) {
    packets(null, new Every(interval), new PacketFault.Effect.Lost());
  }

  /** Of all that the server sends, whatever the file. */
  @Given("TFTP loses {int} percent of its packets with seed {int}")
  public void tftpLosesSome(int percent, int seed) {
    arm(new PacketFault(null, percent(percent), new PacketFault.Effect.Lost()), seed);
  }

  @Given("TFTP doubles every {nth} packet")
  public void tftpDoublesEvery(long interval) {
    packets(null, new Every(interval), new PacketFault.Effect.Doubled());
  }

  @Given("TFTP swaps every {nth} packet with the next")
  public void tftpSwapsEvery(long interval) {
    packets(null, new Every(interval), new PacketFault.Effect.Swapped());
  }

  /** So that the rest of the packet does not arrive, headers counted; the first time it is sent. */
  @Given("TFTP cuts block {int} of {string} to {size}")
  public void tftpCuts(int block, String file, ByteSize size) {
    int bytes = Math.toIntExact(size.bytes());
    packets(file, at(block), new PacketFault.Effect.Cut(bytes));
  }

  /** Nothing of this file is sent any more from this block on, nor when it is asked for again. */
  @Given("the TFTP server falls silent at block {int} of {string}")
  public void theServerFallsSilent(int block, String file) {
    packets(file, at(block), new PacketFault.Effect.Silent());
  }

  @Given("the power fails at console byte {int}")
  public void thePowerFailsAt(int number) {
    line(Direction.FROM_BOARD, at(number), new LineFault.Effect.PowerCut(), SEED);
  }

  @Given("the power fails at TFTP block {int} of {string}")
  public void thePowerFailsAt(int block, String file) {
    packets(file, at(block), new PacketFault.Effect.PowerCut());
  }

  /** Takes back the faults of the steps before; those of the board's file stay. */
  @When("no more faults are injected")
  public void noMoreFaults() {
    if (armed != null) {
      armed.disarm();
    }
  }

  /** Each byte, burst or packet counts. */
  @Then("at least {int} fault(s) has/have struck")
  public void faultsHaveStruck(int least) {
    List<FaultInjection.Strike> struck = struck();
    check(struck.size() >= least, "%d faults have struck: %s", struck.size(), struck);
  }

  /** The power failed behind exactly this byte of what the board said, because of a step before. */
  @Then("the power failed at console byte {int}")
  public void thePowerFailed(int number) {
    String cut = "power cut at console byte " + number;
    check(
        InjectedFaults.inPresentBoot(bench.session().recording()).contains(cut),
        "the power did not fail there; what struck was %s",
        struck());
  }

  /** The message of an expected boot failure lists the faults that struck, by these words. */
  @Then("the failure names the fault {string}")
  public void theFailureNamesTheFault(String words) {
    String said = String.valueOf(bench.bootFailure().getMessage());
    check(said.contains(words), "the failure does not name \"%s\": %s", words, said);
  }

  private List<FaultInjection.Strike> struck() {
    FaultInjection faults = armed != null ? armed : bench.capability(FaultInjection.class);
    List<FaultInjection.Strike> all = faults.strikes();
    return all.subList(strikesBefore, all.size());
  }

  /** The next scenario meets a board without this one's faults, and what they did to it. */
  @After
  public void restore() {
    noMoreFaults();
    if (session != null && !struck().isEmpty()) {
      session.distrust();
    }
  }
}
