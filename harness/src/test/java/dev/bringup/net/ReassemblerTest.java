package dev.bringup.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReassemblerTest {
  private static final Ipv4Address BOARD = Ipv4Address.parse("192.168.76.2");
  private static final Ipv4Address SERVER = Ipv4Address.parse("192.168.76.1");

  private final Reassembler reassembler = new Reassembler();

  @Test
  void fragmentsInAnyOrderAndTwiceMakeTheDatagramOnce() {
    for (long seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      byte[] whole = new byte[1 + random.nextInt(65515)];
      random.nextBytes(whole);
      var fragments = new ArrayList<Ipv4Packet>();
      int at = 0;
      while (at < whole.length) {
        int length = Math.min(whole.length - at, 8 * (1 + random.nextInt(400)));
        fragments.add(fragment((int) seed, whole, at, length));
        at += length;
      }
      Collections.shuffle(fragments, random);
      Ipv4Packet last = fragments.removeLast();
      for (Ipv4Packet fragment : fragments) {
        assertThat(reassembler.add(fragment, 0)).as("seed %d", seed).isNull();
        if (random.nextBoolean()) {
          assertThat(reassembler.add(fragment, 0)).as("seed %d", seed).isNull();
        }
      }
      Ipv4Packet result = reassembler.add(last, 0);
      assertThat(result).as("seed %d", seed).isNotNull();
      assertThat(result.payload()).as("seed %d", seed).isEqualTo(ByteBuffer.wrap(whole));
      assertThat(result.isFragment()).isFalse();
    }
  }

  @Test
  void overlappingFragmentsEndTheirDatagram() {
    byte[] whole = new byte[64];
    assertThat(reassembler.add(fragment(1, whole, 0, 24), 0)).isNull();
    assertThatThrownBy(() -> reassembler.add(fragment(1, whole, 16, 16), 0))
        .isInstanceOf(PacketFormatException.class);
    byte[] other = new byte[64];
    other[3] = 1;
    assertThat(reassembler.add(fragment(1, whole, 0, 24), 0)).isNull();
    assertThatThrownBy(() -> reassembler.add(fragment(1, other, 0, 24), 0))
        .isInstanceOf(PacketFormatException.class);
  }

  @Test
  void fragmentsThatCannotFitAreRefused() {
    byte[] whole = new byte[64];
    assertThatThrownBy(() -> reassembler.add(fragment(1, whole, 0, 9), 0))
        .isInstanceOf(PacketFormatException.class);
    assertThatThrownBy(() -> reassembler.add(fragment(1, whole, 0, 0), 0))
        .isInstanceOf(PacketFormatException.class);
    var beyond = new Ipv4Packet(BOARD, SERVER, 17, 1, true, 65528, ByteBuffer.allocate(8));
    assertThatThrownBy(() -> reassembler.add(beyond, 0)).isInstanceOf(PacketFormatException.class);
    assertThat(reassembler.add(fragment(2, whole, 48, 16), 0)).isNull();
    var afterTheEnd = new Ipv4Packet(BOARD, SERVER, 17, 2, true, 64, ByteBuffer.allocate(8));
    assertThatThrownBy(() -> reassembler.add(afterTheEnd, 0))
        .isInstanceOf(PacketFormatException.class);
  }

  @Test
  void oldAndTooManyDatagramsAreGivenUpAndCounted() {
    byte[] whole = new byte[16];
    assertThat(reassembler.add(fragment(1, whole, 0, 8), 0)).isNull();
    long later = Reassembler.TIMEOUT.toNanos();
    assertThat(reassembler.add(fragment(1, whole, 8, 8), later)).isNull();
    assertThat(reassembler.takeLost()).isEqualTo(1);
    for (int id = 100; id < 100 + Reassembler.MAX_DATAGRAMS; id++) {
      assertThat(reassembler.add(fragment(id, whole, 0, 8), later)).isNull();
    }
    assertThat(reassembler.takeLost()).isEqualTo(1);
    assertThat(reassembler.add(fragment(101, whole, 8, 8), later)).isNotNull();
  }

  private static Ipv4Packet fragment(int id, byte[] whole, int at, int length) {
    return new Ipv4Packet(
        BOARD,
        SERVER,
        Ipv4Packet.UDP,
        id,
        at + length < whole.length,
        at,
        ByteBuffer.wrap(whole, at, length).slice());
  }
}
