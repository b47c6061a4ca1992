package dev.bringup.emulator.device;

import static dev.bringup.emulator.device.VirtioGuest.get;
import static dev.bringup.emulator.device.VirtioGuest.kick;
import static dev.bringup.emulator.device.VirtioGuest.put;
import static dev.bringup.emulator.device.VirtioMmio.ACKNOWLEDGE;
import static dev.bringup.emulator.device.VirtioMmio.CONFIGURATION;
import static dev.bringup.emulator.device.VirtioMmio.DRIVER;
import static dev.bringup.emulator.device.VirtioMmio.DRIVER_OK;
import static dev.bringup.emulator.device.VirtioMmio.FEATURES_OK;
import static dev.bringup.emulator.device.VirtioMmio.NEEDS_RESET;
import static dev.bringup.emulator.device.VirtioMmio.STATUS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.device.VirtioGuest.Ring;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The registers, with a function behind them that notes what it is told. */
class VirtioMmioTest {
  private static final long OWN_FEATURES = 0x21L | 1L << 40;

  private final VirtioGuest guest = new VirtioGuest();
  private final List<String> told = new ArrayList<>();

  private final class Function implements VirtioFunction {
    private final byte[] configuration = {1, 2, 3, 4, 5, 6, 7, 8, 9};

    @Override
    public int id() {
      return 42;
    }

    @Override
    public long features() {
      return OWN_FEATURES;
    }

    @Override
    public int[] queueSizes() {
      return new int[] {16, 64};
    }

    @Override
    public int readConfiguration(int offset) {
      return offset < configuration.length ? configuration[offset] & 0xff : 0;
    }

    @Override
    public void writeConfiguration(int offset, int value, VirtioMmio transport) {
      if (offset < configuration.length) {
        configuration[offset] = (byte) value;
      }
    }

    @Override
    public void notified(int queue, VirtioMmio transport) {
      told.add("queue " + queue);
      Virtqueue.Chain chain = transport.queue(queue).take();
      if (chain != null) {
        transport.queue(queue).giveBack(chain, 0);
        transport.interrupt(transport.queue(queue));
      }
    }

    @Override
    public void reset() {
      told.add("reset");
    }

    @Override
    public void powerOn() {
      told.add("power on");
    }

    @Override
    public void save(StateWriter out) {
      out.put(configuration);
    }

    @Override
    public void restore(StateReader in) {
      System.arraycopy(in.getBytes(), 0, configuration, 0, configuration.length);
    }
  }

  private VirtioMmio device(boolean legacy) {
    return new VirtioMmio(new Function(), guest, guest::line, legacy);
  }

  private static long features(VirtioMmio device, int word) {
    put(device, VirtioMmio.DEVICE_FEATURES_SELECT, word);
    return get(device, VirtioMmio.DEVICE_FEATURES);
  }

  @Test
  void theIdentityIsThatOfTheLayout() {
    VirtioMmio legacy = new VirtioMmio(new Function(), guest, guest::line);
    assertThat(get(legacy, VirtioMmio.MAGIC)).isEqualTo(0x74726976);
    assertThat(get(legacy, VirtioMmio.VERSION)).isEqualTo(1);
    assertThat(get(legacy, VirtioMmio.DEVICE_ID)).isEqualTo(42);
    assertThat(get(legacy, VirtioMmio.VENDOR_ID)).isEqualTo(0x554d4551);
    assertThat(get(device(false), VirtioMmio.VERSION)).isEqualTo(2);
  }

  @Test
  void anEmptySlotIsLegacyWithDeviceIdZero() {
    Device empty = VirtioMmio.empty();
    assertThat(get(empty, VirtioMmio.MAGIC)).isEqualTo(0x74726976);
    assertThat(get(empty, VirtioMmio.VERSION)).isEqualTo(1);
    assertThat(get(empty, VirtioMmio.DEVICE_ID)).isZero();
    assertThat(get(empty, VirtioMmio.VENDOR_ID)).isEqualTo(0x554d4551);
    assertThat(empty.read(VirtioMmio.MAGIC, 1)).isZero();
    put(empty, STATUS, ACKNOWLEDGE);
    assertThat(get(empty, STATUS)).isZero();
    empty.reset();
    StateTape.copy(empty, VirtioMmio.empty());
  }

  @Test
  void aLegacyDeviceOffersNoFeatureAbove31() {
    VirtioMmio legacy = device(true);
    assertThat(features(legacy, 0)).isEqualTo(0x1800_0021L);
    assertThat(features(legacy, 1)).isZero();
    VirtioMmio modern = device(false);
    assertThat(features(modern, 0)).isEqualTo(0x1000_0021L);
    assertThat(features(modern, 1)).isEqualTo(0x101);
    assertThat(features(modern, 2)).isZero();
  }

  @Test
  void aLegacyDeviceKeepsOfTheDriversFeaturesThoseThatItOffered() {
    VirtioMmio device = device(true);
    put(device, VirtioMmio.DRIVER_FEATURES, 0xffff_ffffL);
    assertThat(device.has(0x1800_0021L)).isTrue();
    assertThat(device.has(2)).isFalse();
    put(device, VirtioMmio.DRIVER_FEATURES_SELECT, 1);
    put(device, VirtioMmio.DRIVER_FEATURES, 1);
    assertThat(device.has(VirtioMmio.VERSION_1)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDriverThatFollowsTheBookGetsItsBuffersBack(boolean legacy) {
    VirtioMmio device = device(legacy);
    Ring[] rings = guest.start(device, 1, 16, 32);
    assertThat(device.has(1)).isTrue();
    assertThat(device.has(0x20)).isFalse();
    told.clear();
    rings[1].offer(guest.in(4));
    kick(device, 1);
    assertThat(told).containsExactly("queue 1");
    assertThat(rings[1].collect()).hasSize(1);
    assertThat(guest.line).isTrue();
    assertThat(get(device, VirtioMmio.INTERRUPT_STATUS)).isEqualTo(1);
    put(device, VirtioMmio.INTERRUPT_ACKNOWLEDGE, 2);
    assertThat(guest.line).isTrue();
    put(device, VirtioMmio.INTERRUPT_ACKNOWLEDGE, 1);
    assertThat(guest.line).isFalse();
    assertThat(get(device, VirtioMmio.INTERRUPT_STATUS)).isZero();
  }

  @Test
  void theLegacyUsedRingLiesAtTheNextAlignedAddress() {
    VirtioMmio device = device(true);
    Ring ring = guest.new Ring(0, 16);
    put(device, VirtioMmio.GUEST_PAGE_SIZE, 4096);
    put(device, VirtioMmio.QUEUE_SIZE, 16);
    put(device, VirtioMmio.QUEUE_ALIGN, 64);
    put(device, VirtioMmio.QUEUE_PFN, ring.descriptors >>> 12);
    assertThat(get(device, VirtioMmio.QUEUE_PFN)).isEqualTo(ring.descriptors >>> 12);
    ring.offer(guest.in(1));
    kick(device, 0);
    long used = (ring.descriptors + 16 * 16 + 6 + 2 * 16 + 63) & -64;
    assertThat(guest.readShort(used + 2)).isEqualTo(1);
    assertThat(ring.usedIndex()).as("at 4096").isZero();
    put(device, VirtioMmio.QUEUE_PFN, 0);
    assertThat(get(device, VirtioMmio.QUEUE_PFN)).isZero();
    kick(device, 0);
    assertThat(told).containsExactly("queue 0");
  }

  @Test
  void thePageSizeStaysWhenTheDriverResetsTheDevice() {
    VirtioMmio device = device(true);
    put(device, VirtioMmio.GUEST_PAGE_SIZE, 4096);
    put(device, STATUS, 0);
    put(device, VirtioMmio.QUEUE_PFN, VirtioGuest.RAM >>> 12);
    assertThat(device.queue(0).descriptors()).isEqualTo(VirtioGuest.RAM);
    device.reset();
    put(device, VirtioMmio.QUEUE_PFN, 16);
    assertThat(device.queue(0).descriptors()).as("after power-on").isEqualTo(16);
  }

  @Test
  void legacyDriversMayUseAQueueBeforeTheyAreReady() {
    VirtioMmio device = device(true);
    Ring ring = guest.new Ring(0, 16);
    put(device, VirtioMmio.GUEST_PAGE_SIZE, 4096);
    VirtioGuest.place(device, 0, ring);
    ring.offer(guest.in(1));
    kick(device, 0);
    assertThat(ring.collect()).hasSize(1);
  }

  @Test
  void aModernDeviceBeginsWithDriverOkAndFindsWhatWaits() {
    VirtioMmio device = device(false);
    Ring ring = guest.new Ring(0, 16);
    put(device, VirtioMmio.DRIVER_FEATURES_SELECT, 1);
    put(device, VirtioMmio.DRIVER_FEATURES, 1);
    put(device, STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK);
    VirtioGuest.place(device, 0, ring);
    ring.offer(guest.in(1));
    kick(device, 0);
    assertThat(told).isEmpty();
    put(device, STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
    assertThat(told).containsExactly("queue 0");
    assertThat(ring.collect()).hasSize(1);
  }

  @Test
  void featuresThatWereNotOfferedOrLackVersion1AreNotOk() {
    VirtioMmio device = device(false);
    put(device, VirtioMmio.DRIVER_FEATURES, 1);
    put(device, STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK);
    assertThat(get(device, STATUS)).as("no VERSION_1").isEqualTo(ACKNOWLEDGE | DRIVER);
    put(device, VirtioMmio.DRIVER_FEATURES_SELECT, 1);
    put(device, VirtioMmio.DRIVER_FEATURES, 3);
    put(device, STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK);
    assertThat(get(device, STATUS)).as("bit 33").isEqualTo(ACKNOWLEDGE | DRIVER);
    put(device, VirtioMmio.DRIVER_FEATURES, 1);
    put(device, STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK);
    assertThat(get(device, STATUS)).isEqualTo(ACKNOWLEDGE | DRIVER | FEATURES_OK);
    put(device, VirtioMmio.DRIVER_FEATURES, 0);
    assertThat(device.has(VirtioMmio.VERSION_1)).as("fixed once they are OK").isTrue();
  }

  @Test
  void nonsenseInAQueueMakesAModernDeviceAskForReset() {
    VirtioMmio device = device(false);
    Ring[] rings = guest.start(device, 0, 16, 16);
    rings[0].offer(999);
    kick(device, 0);
    assertThat(get(device, STATUS) & NEEDS_RESET).isNotZero();
    assertThat(get(device, VirtioMmio.INTERRUPT_STATUS)).isEqualTo(2);
    told.clear();
    kick(device, 1);
    assertThat(told).as("no queue works").isEmpty();
    put(device, STATUS, ACKNOWLEDGE);
    assertThat(get(device, STATUS)).as("only reset clears it").isEqualTo(ACKNOWLEDGE | NEEDS_RESET);
    rings = guest.start(device, 0, 16, 16);
    assertThat(guest.line).isFalse();
    rings[1].offer(guest.in(1));
    kick(device, 1);
    assertThat(rings[1].collect()).hasSize(1);
  }

  @Test
  void nonsenseInAQueueOfALegacyDeviceStopsThatQueueOnly() {
    VirtioMmio device = device(true);
    Ring[] rings = guest.start(device, 0, 16, 16);
    rings[0].offer(999);
    kick(device, 0);
    assertThat(get(device, STATUS)).isEqualTo(ACKNOWLEDGE | DRIVER | DRIVER_OK);
    rings[1].offer(guest.in(1));
    kick(device, 1);
    assertThat(rings[1].collect()).hasSize(1);
    rings[0].offer(guest.in(1));
    kick(device, 0);
    assertThat(rings[0].collect()).isEmpty();
  }

  @Test
  void eachLayoutHasItsOwnRegistersOnly() {
    VirtioMmio legacy = device(true);
    put(legacy, VirtioMmio.QUEUE_DESCRIPTORS, VirtioGuest.RAM);
    put(legacy, VirtioMmio.QUEUE_READY, 1);
    assertThat(get(legacy, VirtioMmio.QUEUE_READY)).isZero();
    assertThat(get(legacy, VirtioMmio.SHARED_LENGTH)).isZero();
    assertThat(legacy.queue(0).isReady()).isFalse();
    VirtioMmio modern = device(false);
    put(modern, VirtioMmio.GUEST_PAGE_SIZE, 4096);
    put(modern, VirtioMmio.QUEUE_PFN, VirtioGuest.RAM >>> 12);
    assertThat(get(modern, VirtioMmio.QUEUE_PFN)).isZero();
    assertThat(modern.queue(0).isReady()).isFalse();
    assertThat(get(modern, VirtioMmio.SHARED_LENGTH)).isEqualTo(0xffff_ffffL);
    assertThat(get(modern, VirtioMmio.SHARED_BASE + 4)).isEqualTo(0xffff_ffffL);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void queuesThatAreNotThereHaveNoSize(boolean legacy) {
    VirtioMmio device = device(legacy);
    for (int queue : new int[] {2, 1000, -1}) {
      put(device, VirtioMmio.QUEUE_SELECT, queue);
      assertThat(get(device, VirtioMmio.QUEUE_SIZE_MAX)).isZero();
      put(device, VirtioMmio.QUEUE_SIZE, 8);
      put(device, VirtioMmio.QUEUE_READY, 1);
      put(device, VirtioMmio.QUEUE_PFN, 1);
      assertThat(get(device, VirtioMmio.QUEUE_READY)).isZero();
      assertThat(get(device, VirtioMmio.QUEUE_PFN)).isZero();
      kick(device, queue);
    }
    put(device, VirtioMmio.QUEUE_SELECT, 1);
    assertThat(get(device, VirtioMmio.QUEUE_SIZE_MAX)).isEqualTo(64);
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void offsetsWithoutARegisterReadZeroAndTakeAnything(boolean legacy) {
    VirtioMmio device = device(legacy);
    for (int offset : new int[] {0x18, 0x1c, 0x2c, 0x48, 0x54, 0x68, 0x74, 0xc4, 0xf8, 2, 0x71}) {
      put(device, offset, 0xffff_ffffL);
      assertThat(get(device, offset)).as("0x%x", offset).isZero();
    }
    for (long offset : new long[] {-4, VirtioMmio.REGION, VirtioMmio.REGION - 2, 1L << 32}) {
      device.write(offset, 4, -1);
      assertThat(device.read(offset, 4)).as("0x%x", offset).isZero();
    }
    assertThat(get(device, STATUS)).isZero();
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void registersAnswerToNoOtherSizeThanFour(int size) {
    VirtioMmio device = device(true);
    assertThat(device.read(VirtioMmio.MAGIC, size)).isZero();
    device.write(STATUS, size, ACKNOWLEDGE);
    assertThat(get(device, STATUS)).isZero();
  }

  @Test
  void theConfigurationSpaceTakesAllSizes() {
    VirtioMmio device = device(true);
    assertThat(device.read(CONFIGURATION, 1)).isEqualTo(1);
    assertThat(device.read(CONFIGURATION + 1, 2)).isEqualTo(0x0302);
    assertThat(device.read(CONFIGURATION + 4, 4)).isEqualTo(0x0807_0605);
    assertThat(device.read(CONFIGURATION, 8)).isEqualTo(0x0807_0605_0403_0201L);
    assertThat(device.read(CONFIGURATION + 8, 4)).as("over its end").isEqualTo(9);
    device.write(CONFIGURATION + 2, 4, 0xffff_ffff_0d0c_0b0aL);
    assertThat(device.read(CONFIGURATION, 8)).isEqualTo(0x0807_0d0c_0b0a_0201L);
    device.write(VirtioMmio.REGION - 1, 1, 5);
    assertThat(device.read(VirtioMmio.REGION - 1, 1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void writingZeroToTheStatusBeginsAnew(boolean legacy) {
    VirtioMmio device = device(legacy);
    Ring[] rings = guest.start(device, 1, 16, 16);
    rings[0].offer(guest.in(1));
    kick(device, 0);
    assertThat(guest.line).isTrue();
    told.clear();
    put(device, STATUS, 0);
    assertThat(told).containsExactly("reset");
    assertThat(get(device, STATUS)).isZero();
    assertThat(guest.line).isFalse();
    assertThat(get(device, VirtioMmio.INTERRUPT_STATUS)).isZero();
    assertThat(device.has(1)).isFalse();
    kick(device, 0);
    assertThat(told).containsExactly("reset");
    assertThat(device.queue(0).isReady()).isFalse();
    device.reset();
    assertThat(told).containsExactly("reset", "power on");
  }

  @Test
  void aModernQueueStopsWhenItIsNotReadyAnyMore() {
    VirtioMmio device = device(false);
    guest.start(device, 0, 16, 16);
    put(device, VirtioMmio.QUEUE_SELECT, 0);
    assertThat(get(device, VirtioMmio.QUEUE_READY)).isEqualTo(1);
    put(device, VirtioMmio.QUEUE_DESCRIPTORS, 0);
    assertThat(device.queue(0).descriptors()).as("while ready").isNotZero();
    put(device, VirtioMmio.QUEUE_READY, 0);
    assertThat(get(device, VirtioMmio.QUEUE_READY)).isZero();
    told.clear();
    kick(device, 0);
    assertThat(told).isEmpty();
  }

  @Test
  void aChangeOfTheConfigurationInterruptsARunningDriverOnly() {
    VirtioMmio device = device(false);
    device.configurationChanged();
    assertThat(guest.line).isFalse();
    assertThat(get(device, VirtioMmio.GENERATION)).isEqualTo(1);
    guest.start(device, 0, 16, 16);
    device.configurationChanged();
    assertThat(guest.line).isTrue();
    assertThat(get(device, VirtioMmio.INTERRUPT_STATUS)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRestoredDeviceGoesOnWhereTheSavedOneWas(boolean legacy) {
    VirtioMmio device = device(legacy);
    Ring[] rings = guest.start(device, 1, 16, 32);
    rings[1].offer(guest.in(1));
    kick(device, 1);
    device.write(CONFIGURATION, 1, 77);
    guest.line(false);
    VirtioMmio other = device(legacy);
    StateTape.copy(device, other);
    assertThat(guest.line).isTrue();
    assertThat(other.has(1)).isTrue();
    assertThat(other.read(CONFIGURATION, 1)).isEqualTo(77);
    assertThat(get(other, STATUS)).isEqualTo(get(device, STATUS));
    rings[1].offer(guest.in(1));
    kick(other, 1);
    assertThat(rings[1].collect()).hasSize(2);
  }

  @Test
  void aDriverHalfwayThroughItsSetUpIsRestoredToo() {
    VirtioMmio device = device(true);
    put(device, VirtioMmio.GUEST_PAGE_SIZE, 1024);
    put(device, VirtioMmio.QUEUE_SELECT, 1);
    put(device, VirtioMmio.QUEUE_ALIGN, 16);
    put(device, VirtioMmio.QUEUE_SIZE, 4);
    VirtioMmio other = device(true);
    StateTape.copy(device, other);
    put(other, VirtioMmio.QUEUE_PFN, (VirtioGuest.RAM >>> 10) + 1);
    Virtqueue queue = other.queue(1);
    assertThat(queue.descriptors()).isEqualTo(VirtioGuest.RAM + 1024);
    assertThat(queue.available()).isEqualTo(VirtioGuest.RAM + 1024 + 64);
    assertThat(queue.used()).isEqualTo(VirtioGuest.RAM + 1024 + 80);
    assertThat(get(other, VirtioMmio.QUEUE_PFN)).isEqualTo((VirtioGuest.RAM >>> 10) + 1);
  }
}
