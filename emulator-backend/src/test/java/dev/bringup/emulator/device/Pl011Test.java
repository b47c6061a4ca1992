package dev.bringup.emulator.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What U-Boot, Xen and Linux do to a PL011. */
class Pl011Test {
  private static final long DR = 0x00;
  private static final long RSR = 0x04;
  private static final long FR = 0x18;
  private static final long LCR_H = 0x2c;
  private static final long CR = 0x30;
  private static final long IFLS = 0x34;
  private static final long IMSC = 0x38;
  private static final long RIS = 0x3c;
  private static final long MIS = 0x40;
  private static final long ICR = 0x44;

  private static final long EMPTY = 0x90;
  private static final long RX = 0x10;
  private static final long TX = 0x20;
  private static final long RT = 0x40;
  private static final long OE = 0x400;
  private static final long FEN_8_BITS = 0x70;
  private static final long ENABLED = 0x301;
  private static final long LOOP_BACK = 0x80;

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private boolean level;
  private int roomMade;
  private final Pl011 uart = new Pl011(l -> level = l, sent::write, () -> roomMade++);

  private long read(long offset) {
    return uart.read(offset, 4);
  }

  private void write(long offset, long value) {
    uart.write(offset, 4, value);
  }

  private void type(String text) {
    for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
      assertThat(uart.receive(b)).isTrue();
    }
  }

  @Test
  void registersAfterPowerOnAreThoseOfTheDataSheet() {
    assertThat(read(FR)).isEqualTo(EMPTY);
    assertThat(read(CR)).isEqualTo(0x300);
    assertThat(read(IFLS)).isEqualTo(0x12);
    for (long offset : new long[] {DR, RSR, 0x20, 0x24, 0x28, LCR_H, IMSC, RIS, MIS, 0x48}) {
      assertThat(read(offset)).as("register %x", offset).isZero();
    }
  }

  @Test
  void theDriverOfAnAmbaBusRecognizesIt() {
    long peripheral = 0;
    long cell = 0;
    for (int i = 0; i < 4; i++) {
      peripheral |= read(0xfe0 + 4 * i) << (8 * i);
      cell |= read(0xff0 + 4 * i) << (8 * i);
    }
    assertThat(peripheral).isEqualTo(0x0014_1011);
    assertThat(cell).isEqualTo(0xb105_f00dL);
  }

  @Test
  void bytesAreSentEvenBeforeTheUartIsEnabledAndTheTransmitterIsEmptyAtOnce() {
    for (byte b : "U-Boot".getBytes(StandardCharsets.ISO_8859_1)) {
      uart.write(DR, 1, b);
      assertThat(read(FR)).isEqualTo(EMPTY);
    }
    assertThat(sent.toString(StandardCharsets.ISO_8859_1)).isEqualTo("U-Boot");
  }

  @Test
  void onlyTheLowByteOfTheDataRegisterIsSent() {
    write(DR, 0xffff_ff80L);
    assertThat(sent.toByteArray()).containsExactly(0x80);
  }

  @Test
  void theTransmitInterruptIsAPulseThatIsKeptUntilItIsCleared() {
    write(IMSC, TX);
    assertThat(level).as("nothing sent, so no level was passed").isFalse();
    write(DR, 'x');
    assertThat(level).isTrue();
    assertThat(read(MIS)).isEqualTo(TX);
    write(ICR, TX);
    assertThat(level).isFalse();
    assertThat(read(RIS)).isZero();
  }

  @Test
  void aMaskedInterruptIsRaisedWithoutTheLine() {
    write(DR, 'x');
    assertThat(read(RIS)).isEqualTo(TX);
    assertThat(read(MIS)).isZero();
    assertThat(level).isFalse();
    write(IMSC, TX);
    assertThat(level).isTrue();
  }

  @Test
  void withoutFifosOneCharacterFillsTheReceiver() {
    write(IMSC, RX);
    type("a");
    assertThat(level).isTrue();
    assertThat(read(RIS)).as("no time-out without a FIFO").isEqualTo(RX);
    assertThat(read(FR)).isEqualTo(0xc0);
    assertThat(uart.hasRoom()).isFalse();
    assertThat(uart.receive('b')).isFalse();
    assertThat(read(DR)).isEqualTo('a');
    assertThat(level).isFalse();
    assertThat(read(FR)).isEqualTo(EMPTY);
    assertThat(roomMade).isEqualTo(1);
  }

  @Test
  void aFifoTakesSixteenCharactersAndGivesThemInOrder() {
    write(LCR_H, FEN_8_BITS);
    type("0123456789abcdef");
    assertThat(uart.receive('!')).isFalse();
    assertThat(read(FR)).isEqualTo(0xc0);
    var text = new StringBuilder();
    while ((read(FR) & 0x10) == 0) {
      text.append((char) read(DR));
    }
    assertThat(text).hasToString("0123456789abcdef");
    assertThat(roomMade).as("only the first read makes room").isEqualTo(1);
    assertThat(read(DR)).as("nothing left").isZero();
  }

  @Test
  void theReceiveInterruptFollowsTheChosenLevelAndTheTimeOutWhateverIsLeft() {
    int[] levels = {2, 4, 8, 12, 14};
    for (int choice = 0; choice < levels.length; choice++) {
      uart.reset();
      write(LCR_H, FEN_8_BITS);
      write(IFLS, choice << 3);
      for (int n = 1; n <= 16; n++) {
        type("x");
        assertThat(read(RIS)).isEqualTo(n >= levels[choice] ? RX | RT : RT);
      }
      for (int n = 15; n >= 0; n--) {
        var _ = read(DR);
        assertThat(read(RIS)).isEqualTo(n >= levels[choice] ? RX | RT : n > 0 ? RT : 0);
      }
    }
  }

  @Test
  void aClearedTimeOutComesBackWithTheNextCharacterOnly() {
    write(LCR_H, FEN_8_BITS);
    write(IMSC, RT);
    type("a");
    write(ICR, RT);
    assertThat(level).isFalse();
    type("b");
    assertThat(level).isTrue();
  }

  @Test
  void turningTheFifosOnEmptiesThemAndTellsTheSender() {
    type("a");
    write(LCR_H, FEN_8_BITS);
    assertThat(read(FR)).isEqualTo(EMPTY);
    assertThat(read(RIS)).isZero();
    assertThat(roomMade).isEqualTo(1);
    write(LCR_H, FEN_8_BITS | 1);
    type("b");
    write(LCR_H, FEN_8_BITS);
    assertThat(read(DR)).as("FEN has not changed").isEqualTo('b');
  }

  @Test
  void loopBackReturnsCharactersAndModemLinesAndSendsNothing() {
    write(LCR_H, FEN_8_BITS);
    write(CR, ENABLED | LOOP_BACK | 0x0c00);
    assertThat(read(FR)).isEqualTo(EMPTY | 0x3);
    write(CR, ENABLED | LOOP_BACK | 0x3000);
    assertThat(read(FR)).isEqualTo(EMPTY | 0x104);
    write(DR, 'q');
    assertThat(sent.size()).isZero();
    assertThat(read(RIS)).isEqualTo(TX | RT);
    assertThat(read(DR)).isEqualTo('q');
  }

  @Test
  void loopBackIntoAFullFifoIsAnOverrun() {
    write(CR, ENABLED | LOOP_BACK);
    write(DR, 'a');
    write(DR, 'b');
    assertThat(read(RSR)).isEqualTo(0x8);
    assertThat(read(RIS) & OE).isEqualTo(OE);
    assertThat(read(DR)).isEqualTo('a');
    write(DR, 'c');
    assertThat(read(DR)).as("the first after the gap is marked").isEqualTo(0x800 | 'c');
    write(RSR, 0);
    assertThat(read(RSR)).isZero();
  }

  @Test
  void loopBackWithTheReceiverOffLosesWhatIsSent() {
    write(CR, 0x181);
    write(DR, 'a');
    assertThat(read(FR)).isEqualTo(EMPTY);
    assertThat(sent.size()).isZero();
    assertThat(read(RIS)).as("what old drivers use loop-back for").isEqualTo(TX);
  }

  @Test
  void aSenderMayAnswerRoomWithTheNextByte() {
    var uarts = new Pl011[1];
    uarts[0] = new Pl011(l -> level = l, sent::write, () -> uarts[0].receive('b'));
    uarts[0].write(IMSC, 4, RX);
    uarts[0].receive('a');
    assertThat(uarts[0].read(DR, 4)).isEqualTo('a');
    assertThat(level).isTrue();
    assertThat(uarts[0].read(DR, 4)).isEqualTo('b');
  }

  @Test
  void aRestoredUartGoesOnWhereTheSavedOneWas() {
    write(LCR_H, FEN_8_BITS);
    write(0x24, 0x1234);
    write(0x28, 0xff);
    write(IMSC, RT);
    type("0123456789");
    var _ = read(DR);
    type("abcdefg");
    var other = new Pl011(l -> level = l, sent::write, () -> {});
    level = false;
    StateTape.copy(uart, other);
    assertThat(level).isTrue();
    assertThat(other.hasRoom()).isFalse();
    for (char c : "123456789abcdefg".toCharArray()) {
      assertThat(other.read(DR, 4)).isEqualTo(c);
    }
    assertThat(level).isFalse();
    assertThat(other.read(0x24, 4)).isEqualTo(0x1234);
    assertThat(other.read(0x28, 4)).isEqualTo(0x3f);
  }

  @Test
  void resetDropsTheLineAndWhatWasReceived() {
    write(IMSC, RX);
    type("a");
    uart.reset();
    assertThat(level).isFalse();
    assertThat(read(FR)).isEqualTo(EMPTY);
    assertThat(roomMade).isEqualTo(1);
  }
}
