package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.transport.Connection;
import dev.bringup.transport.Pty;
import dev.bringup.transport.WireEvent;
import dev.bringup.verdict.BringupException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay board of the LCUS kind that answers, at the other end of a pseudo terminal. */
@SuppressWarnings("try") // putting a far end away may be interrupted
class UsbRelayTest extends PowerSwitchContractSuite {
  private final Path folder;

  UsbRelayTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static final class Board implements FarEnd {
    private final Path link;
    private final Pty pty = Pty.make();
    private final AtomicReferenceArray<Boolean> on =
        new AtomicReferenceArray<>(new Boolean[] {false, false, false});
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private volatile Mood mood = Mood.WELL;

    Board(Path folder) throws IOException {
      link = folder.resolve("ttyUSB-relay");
      Files.createSymbolicLink(link, pty.path());
      Thread.ofVirtual().start(this::run);
    }

    private void run() {
      Connection wire = pty.connection();
      byte[] frame = new byte[4];
      int at = 0;
      try {
        while (wire.next() instanceof WireEvent.Received(ByteBuffer bytes)) {
          while (bytes.hasRemaining()) {
            frame[at] = bytes.get();
            heard.write(frame[at]);
            at = frame[0] == (byte) 0xa0 ? at + 1 : 0;
            if (at == frame.length) {
              at = 0;
              obey(wire, frame.clone());
            }
          }
        }
      } catch (BringupException e) {
        // The pty is closed.
      }
    }

    private void obey(Connection wire, byte[] frame) {
      if (frame[3] != (byte) (frame[0] + frame[1] + frame[2])) {
        return;
      }
      if (frame[2] <= 1 && mood != Mood.STUCK && mood != Mood.SILENT) {
        on.set(frame[1], frame[2] == 1);
      }
      if (frame[2] != 5) {
        return;
      }
      switch (mood) {
        case WELL, STUCK -> {
          byte state = (byte) (on.get(frame[1]) ? 1 : 0);
          byte[] answer = {frame[0], frame[1], state, (byte) (frame[0] + frame[1] + state)};
          // in two pieces, behind a byte that was lost before
          wire.write(new byte[] {(byte) 0xa1, answer[0], answer[1]});
          wire.write(new byte[] {answer[2], answer[3]});
        }
        case GARBAGE -> wire.write("AT+CGMI?\r\n".repeat(40).getBytes(StandardCharsets.US_ASCII));
        case ENDLESS -> {
          var noise = new byte[1024];
          Arrays.fill(noise, (byte) 0xa0);
          while (mood == Mood.ENDLESS) {
            wire.write(noise);
          }
        }
        case SILENT, ABSENT -> {}
      }
    }

    String settings(int channel) {
      return "driver: usb-relay\nport: " + link + "\nchannel: " + channel + "\nreads-back: true";
    }

    @Override
    public String settings() {
      return settings(2);
    }

    @Override
    public String name() {
      return "channel 2 of the USB relay at ";
    }

    @Override
    public boolean powered() {
      return on.get(2);
    }

    @Override
    public void turn(boolean state) {
      on.set(2, state);
    }

    @Override
    public void become(Mood mood) throws IOException {
      this.mood = mood;
      if (mood == Mood.ABSENT) {
        Files.delete(link);
      }
    }

    @Override
    public void close() throws IOException {
      mood = Mood.WELL;
      Files.deleteIfExists(link);
      pty.close();
    }
  }

  @Override
  FarEnd farEnd() throws IOException {
    return new Board(folder);
  }

  @Test
  void framesAreThoseOfTheDescription() throws Exception {
    try (var board = new Board(Files.createTempDirectory(folder, "board"));
        PowerSwitch one = open(board.settings(1))) {
      one.set(true);
      one.set(false);
      assertThat(HexFormat.of().formatHex(board.heard.toByteArray()))
          .isEqualTo("a00101a2" + "a00105a6" + "a00100a1" + "a00105a6");
    }
  }

  @Test
  void anOldBoardIsNotAsked() throws Exception {
    try (var board = new Board(Files.createTempDirectory(folder, "board"));
        PowerSwitch outlet = open(board.settings().replace("true", "false"))) {
      assertThat(outlet.read()).isEqualTo(PowerState.UNKNOWN);
      assertThat(board.heard.size()).isZero();
    }
  }

  @Test
  void aPortIsNamedAsEverywhere() {
    assertThatThrownBy(() -> open("driver: usb-relay\nport: relay"))
        .hasMessageStartingWith("boards/desk.yaml:2:7: \"relay\" names no serial port");
  }
}
