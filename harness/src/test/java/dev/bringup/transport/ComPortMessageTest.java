package dev.bringup.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.transport.ComPortMessage.Sender;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComPortMessageTest {
  private static final List<ComPortMessage> ALL =
      List.of(
          new ComPortMessage.Signature(""),
          new ComPortMessage.Signature("ser2net\u00ff"),
          new ComPortMessage.BaudRate(9600),
          new ComPortMessage.BaudRate(0xFFFF_FFFFL),
          new ComPortMessage.DataSize(8),
          new ComPortMessage.Parity(1),
          new ComPortMessage.StopSize(3),
          new ComPortMessage.Control(ComPortMessage.Control.BREAK_ON),
          new ComPortMessage.LineState(255),
          new ComPortMessage.ModemState(0xB0),
          new ComPortMessage.Suspend(),
          new ComPortMessage.Resume(),
          new ComPortMessage.LineStateMask(16),
          new ComPortMessage.ModemStateMask(255),
          new ComPortMessage.Purge(3));

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] payload(byte[] subnegotiation) throws TelnetFormatException {
    var decoder = new TelnetDecoder();
    var words = new TelnetDecoderTest.Words();
    decoder.decode(subnegotiation, 0, subnegotiation.length, words);
    return HexFormat.of().parseHex(words.toString().replaceFirst("sub:44:", ""));
  }

  @Test
  void theBytesAreThoseOfACapture() {
    assertThat(hex(new ComPortMessage.BaudRate(9600).encode(Sender.CLIENT)))
        .isEqualTo("fffa2c0100002580fff0");
    assertThat(hex(new ComPortMessage.BaudRate(9600).encode(Sender.SERVER)))
        .isEqualTo("fffa2c6500002580fff0");
    assertThat(hex(new ComPortMessage.DataSize(8).encode(Sender.SERVER)))
        .isEqualTo("fffa2c6608fff0");
    assertThat(hex(new ComPortMessage.Control(8).encode(Sender.CLIENT)))
        .isEqualTo("fffa2c0508fff0");
    assertThat(hex(new ComPortMessage.Purge(2).encode(Sender.SERVER))).isEqualTo("fffa2c7002fff0");
    assertThat(hex(new ComPortMessage.BaudRate(0xFF00).encode(Sender.CLIENT)))
        .as("IAC in a value is sent twice")
        .isEqualTo("fffa2c010000ffff00fff0");
  }

  @Test
  void everyMessageIsReadBackFromEitherSide() throws TelnetFormatException {
    for (Sender sender : Sender.values()) {
      for (ComPortMessage message : ALL) {
        assertThat(ComPortMessage.decode(payload(message.encode(sender)), sender))
            .isEqualTo(message);
      }
    }
  }

  @Test
  void aCommandOfTheOtherSideIsUnknown() throws TelnetFormatException {
    assertThat(ComPortMessage.decode(new byte[] {101, 0, 0, 0, 0}, Sender.CLIENT))
        .isEqualTo(new ComPortMessage.Unknown(101));
    assertThat(ComPortMessage.decode(new byte[] {1, 0, 0, 0, 0}, Sender.SERVER))
        .isEqualTo(new ComPortMessage.Unknown(1));
  }

  @Test
  void valuesOfTheWrongLengthAreRefused() throws TelnetFormatException {
    for (ComPortMessage message : ALL) {
      if (message instanceof ComPortMessage.Signature
          || message instanceof ComPortMessage.Suspend
          || message instanceof ComPortMessage.Resume) {
        continue;
      }
      byte[] whole = payload(message.encode(Sender.CLIENT));
      for (int length : new int[] {0, 1, whole.length - 1, whole.length + 1}) {
        if (length != whole.length) {
          assertThatThrownBy(
                  () -> ComPortMessage.decode(Arrays.copyOf(whole, length), Sender.CLIENT))
              .as("%s cut to %d", message, length)
              .isInstanceOf(TelnetFormatException.class);
        }
      }
    }
  }

  @Test
  void modemStateNamesTheLines() {
    var lines = new ModemLines(true, false, true, false);
    assertThat(ComPortMessage.ModemState.of(lines).bits()).isEqualTo(0x50);
    assertThat(new ComPortMessage.ModemState(0x5F).lines()).isEqualTo(lines);
  }
}
