package dev.bringup.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TftpFaultsTest {
  /** What comes out, in short, for DATA blocks 1 to {@code count}. */
  private static List<String> pass(TftpFaults faults, int count) throws TftpFormatException {
    List<String> out = new ArrayList<>();
    var wire =
        new PacketPath.Wire() {
          @Override
          public void send(byte[] packet) {
            out.add(text(packet));
          }

          @Override
          public void sendLater(Duration delay, byte[] packet) {
            out.add(text(packet) + " after " + delay.toMillis() + " ms");
          }

          private String text(byte[] packet) {
            return packet.length < 4 ? "cut" : "" + packet[1] + ":" + packet[3];
          }
        };
    for (int block = 1; block <= count; block++) {
      var data = new TftpPacket.Data(block, ByteBuffer.allocate(1));
      faults.pass(TftpCodec.encode(data), wire);
    }
    return out;
  }

  @Test
  void eachFaultHitsItsBlockOnce() throws Exception {
    var faults =
        new TftpFaults(1)
            .drop(1)
            .duplicate(2)
            .reorder(3)
            .cut(5, 3)
            .delay(6, Duration.ofMillis(5))
            .error(7, 3, "full");
    assertThat(pass(faults, 7))
        .containsExactly("3:2", "3:2", "3:4", "3:3", "cut", "3:6 after 5 ms", "5:3");
    assertThat(pass(faults, 3)).containsExactly("3:1", "3:2", "3:3");
  }

  @Test
  void lossIsTheSameForTheSameSeed() throws Exception {
    var first = pass(new TftpFaults(7).lose(0.5), 100);
    assertThat(first).hasSizeBetween(25, 75);
    assertThat(pass(new TftpFaults(7).lose(0.5), 100)).isEqualTo(first);
    assertThat(pass(new TftpFaults(8).lose(0.5), 100)).isNotEqualTo(first);
  }
}
