package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NoiseFilterTest {
  private static NoiseFilter filter(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    var filter = new NoiseFilter(Noise.usual(), 100);
    filter.feed(bytes, 0, bytes.length);
    return filter;
  }

  private static String clean(String text) {
    var filter = filter(text);
    return filter.text() + filter.held();
  }

  @Test
  void aLineThatNoiseCutsApartIsJoined() {
    assertThat(clean("BR:7f[   12.345678] usb 1-1: new device\r\n3a:E:0\r\n"))
        .isEqualTo("BR:7f3a:E:0\r\n");
    assertThat(clean("a(XEN) x\n(d1) y\r\n[    0.000001][  T12] z\nb")).isEqualTo("ab");
  }

  @Test
  void whatOnlyResemblesNoiseStays() {
    for (String text :
        List.of("[1.5] x", "[ 12.34567] x", "(XENON)", "(d) x", "a[0]=(1)\n", "[", "[[[", "(XEN")) {
      assertThat(clean(text)).isEqualTo(text);
    }
  }

  @Test
  void aPossibleBeginningIsHeldBackUntilItIsDecided() {
    var filter = filter("=> [   1");
    assertThat(filter.text().toString()).isEqualTo("=> ");
    assertThat(filter.held()).isEqualTo("[   1");
    filter.feed(new byte[] {'x'}, 0, 1);
    assertThat(filter.text().toString()).isEqualTo("=> [   1x");
  }

  @Test
  void everyCharKnowsItsOffset() {
    var filter = filter("ab(XEN) noise\ncd(XEN) more\ne");
    assertThat(filter.text().toString()).isEqualTo("abcde");
    assertThat(List.of(0, 1, 2, 3, 4, 5).stream().map(filter::offsetOf))
        .containsExactly(100L, 101L, 114L, 115L, 127L, 128L);
    assertThat(filter.pieces())
        .containsExactly(new NoiseFilter.Piece(2, 102, 114), new NoiseFilter.Piece(4, 116, 127));
  }

  @Test
  void noiseWithinNoiseIsAPieceOfItsOwn() {
    var filter = filter("[    1.000000] foo [    2.000000] bar\r\nx\r\n");
    assertThat(filter.text().toString()).isEqualTo("x\r\n");
    assertThat(filter.pieces())
        .containsExactly(new NoiseFilter.Piece(0, 100, 119), new NoiseFilter.Piece(0, 119, 139));
  }

  @Test
  void theResultDoesNotDependOnHowTheBytesAreCut() {
    String[] parts = {
      "[   12.345678] ",
      "[",
      "   1",
      "2.345678",
      "] ",
      "(XEN) ",
      "(",
      "d1) ",
      "abc",
      "\r\n",
      "\n",
      "[ T1]",
      " "
    };
    for (int seed = 0; seed < 5000; seed++) {
      var random = new Random(seed);
      var text = new StringBuilder();
      for (int n = random.nextInt(15); n >= 0; n--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
      var whole = filter(text.toString());
      var cut = new NoiseFilter(Noise.usual(), 100);
      for (int i = 0; i < bytes.length; i++) {
        cut.feed(bytes, i, 1);
      }
      assertThat(cut.text().toString()).as("seed %d", seed).isEqualTo(whole.text().toString());
      assertThat(cut.held()).as("seed %d", seed).isEqualTo(whole.held());
      assertThat(cut.pieces()).as("seed %d", seed).isEqualTo(whole.pieces());
    }
  }

  @Test
  void noiseMustHaveABeginning() {
    assertThatThrownBy(() -> Noise.of(List.of("x*"))).hasMessageContaining("the empty text");
    assertThatThrownBy(() -> Noise.of(List.of("("))).hasMessageContaining("noise \"(\"");
  }
}
