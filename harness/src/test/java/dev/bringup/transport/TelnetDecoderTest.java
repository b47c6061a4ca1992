package dev.bringup.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TelnetDecoderTest {
  /** Says in words what it was told, runs of data joined. */
  static final class Words implements TelnetDecoder.Handler {
    private final StringBuilder words = new StringBuilder();
    private boolean inData;

    @Override
    public void data(byte[] bytes, int from, int length) {
      assertThat(length).isPositive();
      if (!inData) {
        words.append(" data:");
        inData = true;
      }
      words.append(new String(bytes, from, length, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void command(int command) {
      say("command:" + Integer.toHexString(command));
    }

    @Override
    public void negotiation(int verb, int option) {
      say(Integer.toHexString(verb) + ":" + option);
    }

    @Override
    public void subnegotiation(int option, byte[] payload) {
      say("sub:" + option + ":" + HexFormat.of().formatHex(payload));
    }

    private void say(String what) {
      inData = false;
      words.append(' ').append(what);
    }

    @Override
    public String toString() {
      return words.toString().stripLeading();
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static String decoded(boolean binary, byte[]... pieces) throws TelnetFormatException {
    var decoder = new TelnetDecoder();
    decoder.binary(binary);
    var words = new Words();
    for (byte[] piece : pieces) {
      decoder.decode(piece, 0, piece.length, words);
    }
    return words.toString();
  }

  private static final byte[] CAPTURED =
      bytes(
          "ff fb 03 ff fd 03 ff fb 01 ff fe 01 ff fd 00 ff fb 00 ff fd 2c ff fd 03 ff fc 2c"
              + "ff fa 2c 6b 00 ff f0 68 65 ff ff 6c 6c 6f 0d 0a ff fa 2c 65 00 00 ff ff 80 ff f0"
              + "ff f3 0d 00 0d ff f1 00 78");

  @Test
  void aCapturedTalkIsRead() throws TelnetFormatException {
    assertThat(decoded(true, CAPTURED))
        .isEqualTo(
            "fb:3 fd:3 fb:1 fe:1 fd:0 fb:0 fd:44 fd:3 fc:44 sub:44:6b00 data:he\u00ffllo\r\n"
                + " sub:44:650000ff80 command:f3 data:\r\0\r command:f1 data:\0x");
  }

  @Test
  void aStreamCutAtEveryByteMeansTheSame() throws TelnetFormatException {
    for (boolean binary : new boolean[] {true, false}) {
      String whole = decoded(binary, CAPTURED);
      for (int cut = 1; cut < CAPTURED.length; cut++) {
        assertThat(
                decoded(
                    binary,
                    Arrays.copyOf(CAPTURED, cut),
                    Arrays.copyOfRange(CAPTURED, cut, CAPTURED.length)))
            .as("cut at %d", cut)
            .isEqualTo(whole);
      }
      var single = new byte[CAPTURED.length][1];
      for (int i = 0; i < CAPTURED.length; i++) {
        single[i][0] = CAPTURED[i];
      }
      assertThat(decoded(binary, single)).isEqualTo(whole);
    }
  }

  @Test
  void withoutBinaryNulBehindCarriageReturnIsNoData() throws TelnetFormatException {
    assertThat(decoded(false, bytes("0d 00 41 0d 0a 00 0d 00"))).isEqualTo("data:\rA\r\n\0\r");
    assertThat(decoded(true, bytes("0d 00 41"))).isEqualTo("data:\r\0A");
  }

  @Test
  void binaryCountsFromTheByteAfterItsAgreement() throws TelnetFormatException {
    var decoder = new TelnetDecoder();
    var words = new Words();
    byte[] stream = bytes("0d 00 ff fb 00 0d 00");
    decoder.decode(
        stream,
        0,
        stream.length,
        new TelnetDecoder.Handler() {
          @Override
          public void data(byte[] bytes, int from, int length) {
            words.data(bytes, from, length);
          }

          @Override
          public void command(int command) {
            words.command(command);
          }

          @Override
          public void negotiation(int verb, int option) {
            words.negotiation(verb, option);
            decoder.binary(true);
          }

          @Override
          public void subnegotiation(int option, byte[] payload) {
            words.subnegotiation(option, payload);
          }
        });
    assertThat(words.toString()).isEqualTo("data:\r fb:0 data:\r\0");
  }

  @Test
  void aForgottenEndOfASubnegotiationEndsItAndKeepsTheCommand() throws TelnetFormatException {
    assertThat(decoded(true, bytes("ff fa 2c 01 02 ff fd 03 41")))
        .isEqualTo("sub:44:0102 fd:3 data:A");
    assertThat(decoded(true, bytes("ff fa ff f0 41"))).isEqualTo("command:f0 data:A");
  }

  @Test
  void aSubnegotiationWithoutEndIsRefused() {
    var endless = new byte[TelnetDecoder.MAX_SUBNEGOTIATION + 4];
    endless[0] = (byte) Telnet.IAC;
    endless[1] = (byte) Telnet.SB;
    endless[2] = Telnet.COM_PORT;
    assertThatThrownBy(() -> decoded(true, endless))
        .isInstanceOf(TelnetFormatException.class)
        .hasMessageContaining("4096");
  }

  @Test
  void whatIsEncodedIsDecodedWithAndWithoutBinary() throws TelnetFormatException {
    var random = new Random(4);
    byte[] alphabet = {(byte) 0xFF, '\r', '\n', 0, 'a', (byte) 0xF0};
    for (int round = 0; round < 2000; round++) {
      var data = new byte[1 + random.nextInt(12)];
      for (int i = 0; i < data.length; i++) {
        data[i] = alphabet[random.nextInt(alphabet.length)];
      }
      boolean binary = random.nextBoolean();
      int cut = random.nextInt(data.length + 1);
      assertThat(
              decoded(
                  binary,
                  Telnet.data(data, 0, cut, binary),
                  Telnet.data(data, cut, data.length - cut, binary)))
          .as(HexFormat.of().formatHex(data))
          .isEqualTo(decoded(true, Telnet.data(data, 0, data.length, true)));
    }
  }
}
