package dev.bringup.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

class TelnetFuzzTest {
  /** A board's line that counts what it is told. */
  private static final class Line implements TelnetServerSession.Port {
    private final ByteArrayOutputStream typed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream replies = new ByteArrayOutputStream();

    @Override
    public void typed(byte[] bytes, int from, int length) {
      typed.write(bytes, from, length);
    }

    @Override
    public boolean setBreak(boolean on) {
      return true;
    }

    @Override
    public void set(ControlLine line, boolean on) {}

    @Override
    public Optional<LineSettings> settings() {
      return Optional.empty();
    }

    @Override
    public ModemLines modemLines() {
      return new ModemLines(true, true, false, true);
    }

    @Override
    public void suspended(boolean on) {}

    @Override
    public void reply(byte[] bytes) {
      replies.writeBytes(bytes);
    }
  }

  @FuzzTest
  void aServerAnswersTheSameHoweverTheStreamIsCut(byte[] stream) {
    var whole = new Line();
    var cut = new Line();
    boolean wholeOk = fed(whole, stream, stream.length);
    boolean cutOk = fed(cut, stream, 1);
    assertThat(cutOk).isEqualTo(wholeOk);
    assertThat(cut.typed.toByteArray()).isEqualTo(whole.typed.toByteArray());
    assertThat(cut.replies.toByteArray()).isEqualTo(whole.replies.toByteArray());
    assertThat(whole.typed.size()).isLessThanOrEqualTo(stream.length);
    // Long answers to short questions would help those who flood others.
    assertThat(whole.replies.size()).isLessThanOrEqualTo(40 + 8 * stream.length);
  }

  private static boolean fed(Line line, byte[] stream, int piece) {
    var session = new TelnetServerSession("fuzzed", line);
    session.begin();
    try {
      for (int at = 0; at < stream.length; at += piece) {
        session.received(stream, at, Math.min(piece, stream.length - at));
      }
      return true;
    } catch (TelnetFormatException documented) {
      return false;
    }
  }
}
