package dev.bringup.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Recording;
import dev.bringup.fault.Fault;
import dev.bringup.fault.FaultPlan;
import dev.bringup.fault.LineFault;
import dev.bringup.fault.LineFault.Direction;
import dev.bringup.fault.LineFault.Effect;
import dev.bringup.fault.LineFaults.Piece;
import dev.bringup.fault.Occurrence;
import dev.bringup.fault.Occurrence.At;
import dev.bringup.fault.Occurrence.Since;
import dev.bringup.time.FakeClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoardFaultsTest {
  private final FakeClock clock = new FakeClock();
  private final Recording recording = Recording.inMemory("board", clock);
  private final List<String> heard = new ArrayList<>();
  private BoardFaults faults = new BoardFaults(recording, FaultPlan.NONE, true);
  private int cuts;

  private static Occurrence at(long number) {
    return new At(number, Since.POWER_ON);
  }

  private static Fault fromBoard(long number, Effect effect) {
    return new LineFault(Direction.FROM_BOARD, at(number), effect);
  }

  private static Fault typed(long number, Effect effect) {
    return new LineFault(Direction.TO_BOARD, at(number), effect);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void say(String text) {
    faults.say(ascii(text), 0, text.length());
    recordDue();
  }

  private void recordDue() {
    for (Piece piece = faults.due(); piece != null; piece = faults.due()) {
      faults.record(piece);
    }
  }

  private void type(String text) {
    faults.type(ascii(text), bytes -> heard.add(new String(bytes, StandardCharsets.US_ASCII)));
  }

  private String recorded() {
    return recording.text(0, recording.end());
  }

  private List<String> events() {
    return recording.events().stream()
        .map(event ->
            event.offset()
                + " "
                + switch (event) {
                  case ConsoleEvent.Mark mark -> mark.text();
                  case ConsoleEvent.Typed typed -> "typed " + typed.bytes();
                })
        .toList();
  }

  @Test
  void whatComesOutIsRecordedAndEachFaultMarkedWhereItStruck() {
    faults.arm(fromBoard(3, new Effect.Lost(1)), 1);
    faults.arm(fromBoard(6, new Effect.Doubled()), 1);
    say("abcdefg");
    assertThat(recorded()).isEqualTo("abdeffg");
    assertThat(events())
        .containsExactly(
            "2 fault: 1 byte from the board lost (console byte 3)",
            "4 fault: 1 byte from the board doubled (console byte 6)");
    assertThat(faults.strikes())
        .containsExactly(
            new FaultInjection.Strike("1 byte from the board lost (console byte 3)", 2, 0),
            new FaultInjection.Strike("1 byte from the board doubled (console byte 6)", 4, 0));
  }

  @Test
  void whatIsTypedIsNotedAsSentAndHurtBehindThat() {
    faults.arm(typed(2, new Effect.Lost(1)), 1);
    type("abc");
    assertThat(String.join("", heard)).isEqualTo("ac");
    assertThat(events())
        .containsExactly("0 typed abc", "0 fault: 1 byte towards the board lost (typed byte 2)");
  }

  @Test
  void whatIsLateIsRecordedInTimeOrWhenThePowerGoes() {
    faults.arm(fromBoard(2, new Effect.Late(Duration.ofSeconds(5))), 1);
    say("abc");
    assertThat(recorded()).isEqualTo("a");
    assertThat(faults.deadline()).isEqualTo(5_000_000_000L);
    clock.advance(Duration.ofSeconds(4));
    say("d");
    assertThat(recorded()).isEqualTo("a");
    clock.advance(Duration.ofSeconds(1));
    recordDue();
    assertThat(recorded()).isEqualTo("abcd");
    assertThat(faults.deadline()).isEqualTo(Long.MAX_VALUE);

    faults.arm(
        new LineFault(
            Direction.FROM_BOARD, new At(1, Since.ARMED), new Effect.Late(Duration.ofHours(1))),
        1);
    say("e");
    assertThat(recorded()).isEqualTo("abcd");
    faults.powerOff();
    recordDue();
    assertThat(recorded()).isEqualTo("abcde");
  }

  @Test
  void whoWaitsForLateBytesIsReleasedByThePower() throws InterruptedException {
    faults.arm(fromBoard(1, new Effect.Late(Duration.ofHours(1))), 1);
    faults.say(ascii("late"), 0, 4);
    Thread reader =
        Thread.ofVirtual()
            .start(() -> {
              for (Piece piece = faults.next(); piece != null; piece = faults.next()) {
                faults.record(piece);
              }
            });
    faults.powerOff();
    reader.join();
    assertThat(recorded()).isEqualTo("late");
  }

  @Test
  void nobodyCanTypeWhileThePortIsGoneAndThatIsTheLabsFault() {
    faults.arm(fromBoard(2, new Effect.PortGone(Duration.ofSeconds(3))), 1);
    say("abc");
    clock.advance(Duration.ofSeconds(1));
    assertThatExceptionOfType(BringupException.class)
        .isThrownBy(() -> type("x"))
        .withMessageContaining("injected fault")
        .withMessageContaining("2000 ms")
        .returns(FailureKind.INFRASTRUCTURE, BringupException::kind);
    assertThat(heard).isEmpty();
    clock.advance(Duration.ofSeconds(2));
    type("y");
    say("d");
    assertThat(heard).containsExactly("y");
    assertThat(recorded()).isEqualTo("ad");
    assertThat(events())
        .containsExactly(
            "1 fault: the serial port is gone for 3 s (from console byte 2 on)",
            "1 typed y",
            "1 fault: the serial port is back; what the board said meanwhile is lost, bytes: 2");
  }

  @Test
  void anEmulatedBoardSaysNothingBehindThePowerCutUntilItHasPowerAgain() {
    faults.cutBy(() -> cuts++);
    faults.arm(fromBoard(3, new Effect.PowerCut()), 1);
    say("abcdef");
    say("ghi");
    assertThat(recorded()).isEqualTo("abc");
    assertThat(faults.isCut()).isTrue();
    assertThat(cuts).isEqualTo(1);
    faults.powerOn();
    assertThat(faults.isCut()).isFalse();
    say("abcdef");
    assertThat(recorded()).isEqualTo("abcabcdef");
    assertThat(cuts).isEqualTo(1);
  }

  @Test
  void aRealBoardIsRecordedUntilItsOutletObeys() {
    faults = new BoardFaults(recording, FaultPlan.NONE, false);
    faults.cutBy(() -> cuts++);
    faults.arm(fromBoard(3, new Effect.PowerCut()), 1);
    say("abcdef");
    assertThat(recorded()).isEqualTo("abcdef");
    assertThat(events()).containsExactly("3 fault: power cut at console byte 3");
    assertThat(cuts).isEqualTo(1);
    type("unheard");
    assertThat(heard).isEmpty();
    faults.powerOn();
    type("x");
    assertThat(heard).containsExactly("x");
    assertThat(faults.said()).isEqualTo(6);
    assertThat(faults.sent()).isEqualTo(1);
  }

  @Test
  void thePlanOfTheBoardsFileIsArmedFromTheBeginningAndStays() {
    var plan =
        new FaultPlan(
            5,
            List.of(
                new LineFault(Direction.FROM_BOARD, new Occurrence.Every(2), new Effect.Lost(1))));
    faults = new BoardFaults(recording, plan, true);
    faults.arm(fromBoard(1, new Effect.Lost(1)), 1);
    faults.disarm();
    say("abcd");
    assertThat(recorded()).isEqualTo("ac");
  }

  @Test
  void nothingIsNotedInARecordingThatHasEnded() {
    faults.arm(fromBoard(1, new Effect.PortGone(Duration.ofHours(1))), 1);
    say("a");
    recording.close();
    faults.disarm();
    assertThat(faults.strikes()).hasSize(1);
  }
}
