package dev.bringup.hold;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;

class HoldCodecFuzzTest {
  private record Decoded(List<HoldMessage> messages, String refusal) {}

  private static Decoded decode(byte[] bytes, int piece) {
    var decoder = new HoldCodec.Decoder();
    var messages = new ArrayList<HoldMessage>();
    try {
      for (int at = 0; at < bytes.length; at += piece) {
        decoder.feed(bytes, at, Math.min(piece, bytes.length - at), messages::add);
      }
      return new Decoded(messages, "");
    } catch (HoldFormatException e) {
      return new Decoded(messages, String.valueOf(e.getMessage()));
    }
  }

  @FuzzTest
  void anyStreamMeansTheSameHoweverItIsCutAndMessagesSurviveASecondJourney(byte[] stream) {
    Decoded whole = decode(stream, Math.max(1, stream.length));
    assertThat(decode(stream, 1)).isEqualTo(whole);
    for (HoldMessage each : whole.messages()) {
      byte[] again = HoldCodec.encode(each);
      assertThat(decode(again, again.length).messages()).containsExactly(each);
    }
  }
}
