package dev.bringup.emulator.device;

import static dev.bringup.emulator.device.VirtioGuest.get;
import static dev.bringup.emulator.device.VirtioGuest.kick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.emulator.device.VirtioGuest.Part;
import dev.bringup.emulator.device.VirtioGuest.Ring;
import dev.bringup.emulator.device.VirtioGuest.Used;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames in and out of a guest, with each kind of header. */
class VirtioNetTest {
  private static final byte[] MAC = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
  private static final long MERGEABLE = 1L << 15;

  private final VirtioGuest guest = new VirtioGuest();
  private final List<byte[]> sent = new ArrayList<>();
  private int roomMade;
  private final VirtioNet net = new VirtioNet(MAC, new Port());

  private final class Port implements VirtioNet.NetworkPort {
    @Override
    public void sent(byte[] frame) {
      sent.add(frame);
    }

    @Override
    public void roomMade() {
      roomMade++;
    }
  }

  private VirtioMmio device(boolean legacy) {
    return new VirtioMmio(net, guest, guest::line, legacy);
  }

  private static byte[] frame(int length) {
    var frame = new byte[length];
    new Random(length).nextBytes(frame);
    return frame;
  }

  private static byte[] behindHeader(byte[] frame, int header) {
    var bytes = new byte[header + frame.length];
    System.arraycopy(frame, 0, bytes, header, frame.length);
    return bytes;
  }

  private byte[] payload(Part part, int header, int length) {
    return Arrays.copyOfRange(guest.bytes(part), header, header + length);
  }

  private static int header(boolean legacy) {
    return legacy ? 10 : 12;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFrameOfTheGuestLeavesWithoutItsHeader(boolean legacy) {
    VirtioMmio device = device(legacy);
    Ring transmit = guest.start(device, 0, 16, 16)[1];
    int head = transmit.offer(guest.out(behindHeader(frame(60), header(legacy))));
    int second = transmit.offer(guest.out(new byte[header(legacy)]), guest.out(frame(1514)));
    kick(device, 1);
    assertThat(sent).containsExactly(frame(60), frame(1514));
    assertThat(transmit.collect()).containsExactly(new Used(head, 0), new Used(second, 0));
    assertThat(guest.line).isTrue();
    assertThat(guest.rises).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFrameForTheGuestComesBehindAHeader(boolean legacy) {
    VirtioMmio device = device(legacy);
    Ring receive = guest.start(device, 0, 16, 16)[0];
    Part buffer = guest.in(1526);
    int head = receive.offer(buffer);
    assertThat(net.receive(frame(300), device)).isTrue();
    assertThat(receive.collect()).containsExactly(new Used(head, header(legacy) + 300));
    assertThat(payload(buffer, header(legacy), 300)).isEqualTo(frame(300));
    assertThat(Arrays.copyOf(guest.bytes(buffer), 10)).containsOnly(0);
    if (!legacy) {
      assertThat(guest.bytes(buffer)[10]).as("num_buffers").isEqualTo((byte) 1);
    }
    assertThat(get(device, VirtioMmio.INTERRUPT_STATUS)).isEqualTo(VirtioMmio.USED_BUFFER);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLongFrameIsSpreadOverMergeableBuffers(boolean legacy) {
    VirtioMmio device = device(legacy);
    Ring receive = guest.start(device, MERGEABLE, 16, 16)[0];
    Part[] buffers = {guest.in(100), guest.in(100), guest.in(100)};
    for (Part buffer : buffers) {
      receive.offer(buffer);
    }
    assertThat(net.receive(frame(200), device)).isTrue();
    assertThat(receive.collect())
        .containsExactly(new Used(0, 100), new Used(1, 100), new Used(2, 12));
    byte[] all = new byte[212];
    System.arraycopy(guest.bytes(buffers[0]), 0, all, 0, 100);
    System.arraycopy(guest.bytes(buffers[1]), 0, all, 100, 100);
    System.arraycopy(guest.bytes(buffers[2]), 0, all, 200, 12);
    assertThat(all[10]).as("num_buffers").isEqualTo((byte) 3);
    assertThat(Arrays.copyOfRange(all, 12, 212)).isEqualTo(frame(200));
    assertThat(guest.rises).isEqualTo(1);
  }

  @Test
  void withTooFewMergeableBuffersNothingIsTakenUntilThereAreMore() {
    VirtioMmio device = device(false);
    Ring receive = guest.start(device, MERGEABLE, 16, 16)[0];
    receive.offer(guest.in(100));
    assertThat(net.receive(frame(120), device)).isFalse();
    assertThat(receive.collect()).isEmpty();
    receive.offer(guest.in(100));
    kick(device, 0);
    assertThat(net.receive(frame(120), device)).isTrue();
    assertThat(receive.collect()).containsExactly(new Used(0, 100), new Used(1, 32));
  }

  @Test
  void withoutABufferTheGuestsNextOneIsAnnounced() {
    VirtioMmio device = device(true);
    assertThat(net.receive(frame(60), device)).as("before the driver").isFalse();
    Ring receive = guest.start(device, 0, 16, 16)[0];
    assertThat(net.receive(frame(60), device)).isFalse();
    int before = roomMade;
    receive.offer(guest.in(1526));
    kick(device, 0);
    assertThat(roomMade).isEqualTo(before + 1);
    assertThat(net.receive(frame(60), device)).isTrue();
    assertThat(net.receive(frame(60), device)).isFalse();
  }

  @Test
  void aModernCardGivesNothingBeforeTheDriverIsReady() {
    VirtioMmio device = device(false);
    Ring ring = guest.new Ring(0, 16);
    VirtioGuest.place(device, 0, ring);
    ring.offer(guest.in(1526));
    kick(device, 0);
    assertThat(roomMade).isZero();
    assertThat(net.receive(frame(60), device)).isFalse();
    assertThat(ring.collect()).isEmpty();
  }

  @Test
  void aFrameTooLongForTheBufferIsLostAndTheBufferIsKept() {
    VirtioMmio device = device(true);
    Ring receive = guest.start(device, 0, 16, 16)[0];
    receive.offer(guest.in(100));
    assertThat(net.receive(frame(91), device)).isTrue();
    assertThat(receive.collect()).isEmpty();
    assertThat(net.receive(frame(90), device)).isTrue();
    assertThat(receive.collect()).containsExactly(new Used(0, 100));
  }

  @Test
  void aFrameLongerThanAllMergeableBuffersIsLost() {
    VirtioMmio device = device(true);
    Ring receive = guest.start(device, MERGEABLE, 4, 4)[0];
    for (int i = 0; i < 4; i++) {
      receive.offer(guest.in(20));
    }
    assertThat(net.receive(frame(69), device)).isTrue();
    assertThat(receive.collect()).isEmpty();
    assertThat(net.receive(frame(68), device)).isTrue();
    assertThat(receive.collect()).hasSize(4);
  }

  @Test
  void whatIsNoFrameIsGivenBackAndNotSent() {
    VirtioMmio device = device(true);
    Ring transmit = guest.start(device, 0, 16, 16)[1];
    transmit.offer(guest.out(new byte[10]));
    transmit.offer(guest.out(new byte[3]));
    transmit.offer(guest.out(new byte[70_000]));
    transmit.offer(guest.out(behindHeader(frame(60), 10)));
    kick(device, 1);
    assertThat(sent).containsExactly(frame(60));
    assertThat(transmit.collect()).hasSize(4);
  }

  @Test
  void theGuestIsNotInterruptedIfItDoesNotWant() {
    VirtioMmio device = device(true);
    Ring transmit = guest.start(device, 0, 16, 16)[1];
    transmit.wantNoInterrupts();
    transmit.offer(guest.out(behindHeader(frame(60), 10)));
    kick(device, 1);
    assertThat(sent).hasSize(1);
    assertThat(guest.line).isFalse();
  }

  @Test
  void theCableCanBePulledOut() {
    VirtioMmio device = device(false);
    Ring[] rings = guest.start(device, 0, 16, 16);
    assertThat(device.read(VirtioMmio.CONFIGURATION + 6, 2)).isEqualTo(1);
    net.link(false, device);
    assertThat(device.read(VirtioMmio.CONFIGURATION + 6, 2)).isZero();
    assertThat(get(device, VirtioMmio.INTERRUPT_STATUS)).isEqualTo(VirtioMmio.CONFIGURATION_CHANGE);
    assertThat(get(device, VirtioMmio.GENERATION)).isEqualTo(1);
    rings[0].offer(guest.in(1526));
    rings[1].offer(guest.out(behindHeader(frame(60), 12)));
    kick(device, 1);
    assertThat(sent).isEmpty();
    assertThat(rings[1].collect()).hasSize(1);
    assertThat(net.receive(frame(60), device)).isTrue();
    assertThat(rings[0].collect()).isEmpty();
    net.link(false, device);
    assertThat(get(device, VirtioMmio.GENERATION)).as("no change").isEqualTo(1);
    net.link(true, device);
    assertThat(net.receive(frame(60), device)).isTrue();
    assertThat(rings[0].collect()).hasSize(1);
  }

  @Test
  void onlyALegacyDriverSetsTheAddress() {
    VirtioMmio device = device(true);
    for (int i = 0; i < 6; i++) {
      assertThat(device.read(VirtioMmio.CONFIGURATION + i, 1)).isEqualTo(MAC[i]);
      device.write(VirtioMmio.CONFIGURATION + i, 1, 0xa0 + i);
    }
    assertThat(device.read(VirtioMmio.CONFIGURATION, 4)).isEqualTo(0xa3a2a1a0L);
    assertThat(device.read(VirtioMmio.CONFIGURATION + 4, 2)).isEqualTo(0xa5a4L);
    device.reset();
    assertThat(device.read(VirtioMmio.CONFIGURATION, 4)).isEqualTo(0x12005452L);
    VirtioMmio modern = device(false);
    modern.write(VirtioMmio.CONFIGURATION, 1, 0xa0);
    assertThat(modern.read(VirtioMmio.CONFIGURATION, 1)).isEqualTo(0x52);
    assertThatThrownBy(() -> new VirtioNet(new byte[5], new Port()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anAnswerMayComeWhileTheGuestIsStillSending() {
    var device = new VirtioMmio[1];
    var echo = new VirtioNet[1];
    echo[0] =
        new VirtioNet(
            MAC,
            new VirtioNet.NetworkPort() {
              @Override
              public void sent(byte[] frame) {
                assertThat(echo[0].receive(frame, device[0])).isTrue();
              }

              @Override
              public void roomMade() {}
            });
    device[0] = new VirtioMmio(echo[0], guest, guest::line);
    Ring[] rings = guest.start(device[0], 0, 16, 16);
    Part[] buffers = {guest.in(1526), guest.in(1526)};
    rings[0].offer(buffers[0]);
    rings[0].offer(buffers[1]);
    rings[1].offer(guest.out(behindHeader(frame(60), 10)));
    rings[1].offer(guest.out(behindHeader(frame(61), 10)));
    kick(device[0], 1);
    assertThat(rings[0].collect()).containsExactly(new Used(0, 70), new Used(1, 71));
    assertThat(payload(buffers[1], 10, 61)).isEqualTo(frame(61));
  }

  @Test
  void aRestoredCardGoesOnWhereTheSavedOneWas() {
    VirtioMmio device = device(false);
    Ring[] rings = guest.start(device, MERGEABLE, 16, 16);
    rings[0].offer(guest.in(1526));
    rings[0].offer(guest.in(1526));
    assertThat(net.receive(frame(60), device)).isTrue();
    var otherNet = new VirtioNet(new byte[6], new Port());
    var other = new VirtioMmio(otherNet, guest, guest::line, false);
    StateTape.copy(device, other);
    assertThat(other.read(VirtioMmio.CONFIGURATION, 4)).isEqualTo(0x12005452L);
    assertThat(get(other, VirtioMmio.INTERRUPT_STATUS)).isEqualTo(VirtioMmio.USED_BUFFER);
    assertThat(otherNet.receive(frame(80), other)).isTrue();
    assertThat(rings[0].collect()).containsExactly(new Used(0, 72), new Used(1, 92));
    assertThat(otherNet.receive(frame(80), other)).isFalse();
  }
}
