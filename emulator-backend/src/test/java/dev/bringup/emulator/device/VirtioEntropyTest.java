package dev.bringup.emulator.device;

import static dev.bringup.emulator.device.VirtioGuest.kick;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.device.VirtioGuest.Part;
import dev.bringup.emulator.device.VirtioGuest.Ring;
import dev.bringup.emulator.device.VirtioGuest.Used;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random bytes that a seed decides. */
class VirtioEntropyTest {
  private static final long SEED = 0x1234_5678_9abc_def0L;

  private final VirtioGuest guest = new VirtioGuest();
  private final VirtioEntropy entropy = new VirtioEntropy(SEED);
  private final VirtioMmio device = new VirtioMmio(entropy, guest, guest::line);
  private Ring ring = guest.start(device, 0, 8)[0];

  private long draw(VirtioMmio from) {
    Part buffer = guest.in(8);
    ring.offer(buffer);
    kick(from, 0);
    assertThat(ring.collect()).hasSize(1);
    return guest.readLong(buffer.address());
  }

  @Test
  void theBytesAreThoseOfThePublishedGenerator() {
    // The JDK's SplittableRandom is SplitMix64 with the same constants and the same first seed.
    var published = new SplittableRandom(SEED);
    for (int i = 0; i < 100; i++) {
      assertThat(draw(device)).isEqualTo(published.nextLong());
    }
  }

  @Test
  void everyBufferIsFilledAndTheGuestIsTold() {
    Part first = guest.in(13);
    Part second = guest.in(20);
    ring.offer(first, second);
    ring.offer(guest.in(64));
    kick(device, 0);
    assertThat(ring.collect()).containsExactly(new Used(0, 33), new Used(2, 64));
    assertThat(guest.bytes(second)).isNotEqualTo(new byte[20]);
    assertThat(guest.rises).isEqualTo(1);
  }

  @Test
  void aVeryLongRequestGetsItsBeginning() {
    Part buffer = guest.in(10_000);
    ring.offer(buffer);
    kick(device, 0);
    assertThat(ring.collect()).containsExactly(new Used(0, 4096));
    assertThat(Arrays.copyOfRange(guest.bytes(buffer), 4096, 10_000)).containsOnly(0);
  }

  @Test
  void theSequenceBeginsAgainWithTheMachineAndNotWithTheDriver() {
    long first = draw(device);
    long second = draw(device);
    ring = guest.start(device, 0, 8)[0];
    assertThat(draw(device)).isNotIn(first, second);
    device.reset();
    ring = guest.start(device, 0, 8)[0];
    assertThat(draw(device)).isEqualTo(first);
    assertThat(draw(device)).isEqualTo(second);
  }

  @Test
  void aCopyRepeatsItsTwinUntilItIsReseeded() {
    draw(device);
    var copyEntropy = new VirtioEntropy(7);
    var copy = new VirtioMmio(copyEntropy, guest, guest::line);
    StateTape.copy(device, copy);
    long next = draw(copy);
    var published = new SplittableRandom(SEED);
    published.nextLong();
    assertThat(next).isEqualTo(published.nextLong());
    copyEntropy.reseed(99);
    assertThat(draw(copy)).isEqualTo(new SplittableRandom(99).nextLong());
  }
}
