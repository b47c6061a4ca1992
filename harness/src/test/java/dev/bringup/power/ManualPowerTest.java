package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.transport.Connection;
import dev.bringup.transport.Pty;
import dev.bringup.transport.WireEvent;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A person at a terminal, who reads the question and types. */
@SuppressWarnings("try") // putting a far end away may be interrupted
class ManualPowerTest extends PowerSwitchContractSuite {
  private static final class Person implements FarEnd {
    private final Pty terminal = Pty.make();
    private volatile Mood mood = Mood.WELL;
    private volatile boolean power;
    private volatile String answer = "\r";
    private volatile String seen = "";
    private String path = terminal.path().toString();

    Person() {
      Thread.ofVirtual().start(this::run);
    }

    private void run() {
      Connection keyboard = terminal.connection();
      var question = new StringBuilder();
      try {
        while (keyboard.next() instanceof WireEvent.Received(var bytes)) {
          question.append(StandardCharsets.UTF_8.decode(bytes));
          if (question.toString().endsWith("): ")) {
            seen = question.toString();
            question.setLength(0);
            type(keyboard, seen);
          }
        }
      } catch (BringupException e) {
        // The terminal is closed.
      }
    }

    private void type(Connection keyboard, String asked) {
      switch (mood) {
        case WELL -> {
          power = asked.contains("switch ON");
          keyboard.write(answer.getBytes(StandardCharsets.UTF_8));
        }
        case STUCK -> keyboard.write("yes\n".getBytes(StandardCharsets.UTF_8));
        case GARBAGE ->
            keyboard.write("No, it is glued \u001b[31m in\n".getBytes(StandardCharsets.UTF_8));
        case ENDLESS -> keyboard.write("x".repeat(3000).getBytes(StandardCharsets.UTF_8));
        case SILENT, ABSENT -> {}
      }
    }

    @Override
    public String settings() {
      return "driver: manual\nwhat: the left plug\nterminal: " + path;
    }

    @Override
    public String name() {
      return "the left plug, which a person switches";
    }

    @Override
    public boolean readsBack() {
      return false;
    }

    @Override
    public boolean powered() {
      return power;
    }

    @Override
    public void turn(boolean on) {
      power = on;
    }

    @Override
    public void become(Mood mood) {
      this.mood = mood;
      if (mood == Mood.ABSENT) {
        path = "/dev/no-such-terminal";
      }
    }

    @Override
    public void close() {
      terminal.close();
    }
  }

  @Override
  FarEnd farEnd() {
    return new Person();
  }

  @Test
  void thePersonIsToldWhatToDoAndBelieved() throws Exception {
    try (var person = new Person();
        PowerSwitch outlet = open(person.settings())) {
      assertThat(outlet.read()).isEqualTo(PowerState.UNKNOWN);
      person.answer = "Done\n";
      outlet.set(true);
      assertThat(person.seen).contains("Please switch ON: the left plug.", "within 60 s");
      assertThat(outlet.read()).isEqualTo(PowerState.ON);
      outlet.set(false);
      assertThat(person.seen).contains("Please switch OFF: the left plug.");
      assertThat(outlet.read()).isEqualTo(PowerState.OFF);
    }
  }

  @Test
  void noMeansThatNothingIsKnown() throws Exception {
    try (var person = new Person();
        PowerSwitch outlet = open(person.settings())) {
      outlet.set(true);
      person.answer = "no\n";
      assertThatThrownBy(() -> outlet.set(false))
          .hasMessage("the left plug, which a person switches, refuses: \"no\"");
      assertThat(outlet.read()).isEqualTo(PowerState.UNKNOWN);
    }
  }

  @Test
  void withoutATerminalItIsAnInfrastructureErrorInWords() {
    try (PowerSwitch outlet = open("driver: manual\nterminal: /dev/nowhere")) {
      assertThatThrownBy(() -> outlet.set(true))
          .isInstanceOfSatisfying(
              BringupException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
                assertThat(e.hint()).hasValueSatisfying(h -> assertThat(h).contains("terminal"));
              })
          .hasMessage(
              "the board's power, which a person switches, cannot be reached: there is no terminal"
                  + " to ask at (/dev/nowhere)");
    }
  }
}
