package dev.bringup.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bringup.power.PowerState;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes between the holder of a board and those that attach to it. */
class HoldCodecTest {

  private static List<HoldMessage> decoded(byte[] bytes, int piece) throws HoldFormatException {
    var decoder = new HoldCodec.Decoder();
    var messages = new ArrayList<HoldMessage>();
    for (int at = 0; at < bytes.length; at += piece) {
      decoder.feed(bytes, at, Math.min(piece, bytes.length - at), messages::add);
    }
    return messages;
  }

  @Test
  void everyMessageArrivesHoweverItIsCut() throws HoldFormatException {
    var stream = new ByteArrayOutputStream();
    for (HoldMessage each : Messages.all()) {
      stream.writeBytes(HoldCodec.encode(each));
    }
    for (int piece = 1; piece < 40; piece++) {
      assertThat(decoded(stream.toByteArray(), piece))
          .as("pieces of %d", piece)
          .isEqualTo(Messages.all());
    }
  }

  @Test
  void aLongTextIsCutBetweenTwoCharacters() throws HoldFormatException {
    String text = "ä".repeat(HoldMessage.LONGEST_TEXT);
    byte[] odd = HoldCodec.encode(new HoldMessage.Mark("x" + text));

    assertThat(decoded(odd, odd.length))
        .containsExactly(new HoldMessage.Mark("x" + "ä".repeat(HoldMessage.LONGEST_TEXT / 2 - 1)));
  }

  @Test
  void theLargestStateFits() throws HoldFormatException {
    String long32 = "d".repeat(40);
    var state =
        new HoldMessage.State(
            PowerState.OFF,
            "k".repeat(5000),
            false,
            Integer.MAX_VALUE,
            "i".repeat(5000),
            Collections.nCopies(200, long32));
    byte[] bytes = HoldCodec.encode(state);

    assertThat(decoded(bytes, bytes.length)).hasSize(1);
  }

  @Test
  void whatIsNoMessageIsRefused() {
    refused("a message of 65535 bytes", 'S', 0xff, 0xff);
    refused("a message of kind 90", 'Z', 0, 0);
    refused("\"X\" is none of [ON, OFF, CYCLE]", 'p', 0, 3, 0, 1, 'X');
    refused("a message that is cut off", 'm', 0, 1, 0);
    refused("a message that is cut off", 'm', 0, 3, 0, 2, 'x');
    refused("1 bytes behind a message", 'l', 0, 1, 'x');
    refused("a text of 65535 bytes", 'm', 0, 2, 0xff, 0xff);
    refused("an offset of -1", 's', 0, 10, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255);
  }

  private static void refused(String why, int... bytes) {
    var sent = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      sent[i] = (byte) bytes[i];
    }
    assertThatExceptionOfType(HoldFormatException.class)
        .isThrownBy(() -> decoded(sent, 1))
        .withMessage(why);
  }
}
