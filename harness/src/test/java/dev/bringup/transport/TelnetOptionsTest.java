package dev.bringup.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.transport.TelnetOptions.Side;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TelnetOptionsTest {
  private static final int NAWS = 31;

  private final TelnetOptions options =
      new TelnetOptions(Set.of(Telnet.BINARY), Set.of(Telnet.BINARY, Telnet.ECHO));

  @Test
  void whatIsWelcomeIsAgreedToOnce() {
    assertThat(options.received(Telnet.DO, Telnet.BINARY))
        .contains(Telnet.negotiation(Telnet.WILL, Telnet.BINARY));
    assertThat(options.received(Telnet.DO, Telnet.BINARY)).isEmpty();
    assertThat(options.isOn(Side.HERE, Telnet.BINARY)).isTrue();
    assertThat(options.isOn(Side.THERE, Telnet.BINARY)).isFalse();
  }

  @Test
  void whatIsNotWelcomeIsRefusedEachTime() {
    for (int i = 0; i < 2; i++) {
      assertThat(options.received(Telnet.DO, NAWS)).contains(Telnet.negotiation(Telnet.WONT, NAWS));
      assertThat(options.received(Telnet.WILL, NAWS))
          .contains(Telnet.negotiation(Telnet.DONT, NAWS));
    }
  }

  @Test
  void anAnswerToAQuestionIsNotAnswered() {
    assertThat(options.ask(Side.HERE, Telnet.BINARY))
        .isEqualTo(Telnet.negotiation(Telnet.WILL, Telnet.BINARY));
    assertThat(options.ask(Side.HERE, Telnet.BINARY)).isEmpty();
    assertThat(options.isOpen(Side.HERE, Telnet.BINARY)).isTrue();
    assertThat(options.received(Telnet.DO, Telnet.BINARY)).isEmpty();
    assertThat(options.isOn(Side.HERE, Telnet.BINARY)).isTrue();
    assertThat(options.ask(Side.THERE, Telnet.ECHO)).isNotEmpty();
    assertThat(options.received(Telnet.WONT, Telnet.ECHO)).isEmpty();
    assertThat(options.isOpen(Side.THERE, Telnet.ECHO)).isFalse();
  }

  @Test
  void whatIsTakenBackIsConfirmed() {
    options.received(Telnet.WILL, Telnet.ECHO);
    assertThat(options.received(Telnet.WONT, Telnet.ECHO))
        .contains(Telnet.negotiation(Telnet.DONT, Telnet.ECHO));
    assertThat(options.received(Telnet.WONT, Telnet.ECHO)).isEmpty();
    assertThat(options.isOn(Side.THERE, Telnet.ECHO)).isFalse();
  }

  @Test
  void twoSidesComeToAnEndWhateverTheyAskFor() {
    for (long seed = 0; seed < 500; seed++) {
      var random = new Random(seed);
      var left = new TelnetOptions(some(random), some(random));
      var right = new TelnetOptions(some(random), some(random));
      var toLeft = new ArrayDeque<byte[]>();
      var toRight = new ArrayDeque<byte[]>();
      for (int option = 0; option < 4; option++) {
        for (Side side : Side.values()) {
          if (random.nextBoolean()) {
            toRight.add(left.ask(side, option));
          }
          if (random.nextBoolean()) {
            toLeft.add(right.ask(side, option));
          }
        }
      }
      int steps = 0;
      while (!toLeft.isEmpty() || !toRight.isEmpty()) {
        assertThat(steps++).as("seed %d", seed).isLessThan(100);
        boolean leftFirst = toRight.isEmpty() || (!toLeft.isEmpty() && random.nextBoolean());
        byte[] message = leftFirst ? toLeft.remove() : toRight.remove();
        if (message.length > 0) {
          Optional<byte[]> answer =
              (leftFirst ? left : right).received(message[1] & 0xFF, message[2] & 0xFF);
          answer.ifPresent((leftFirst ? toRight : toLeft)::add);
        }
      }
      for (int option = 0; option < 4; option++) {
        assertThat(left.isOn(Side.HERE, option)).isEqualTo(right.isOn(Side.THERE, option));
        assertThat(left.isOn(Side.THERE, option)).isEqualTo(right.isOn(Side.HERE, option));
      }
    }
  }

  private static Set<Integer> some(Random random) {
    var set = new java.util.TreeSet<Integer>();
    for (int option = 0; option < 4; option++) {
      if (random.nextBoolean()) {
        set.add(option);
      }
    }
    return set;
  }
}
