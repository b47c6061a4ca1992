package dev.bringup.emulator.device;

import static dev.bringup.emulator.device.VirtioGuest.INDIRECT;
import static dev.bringup.emulator.device.VirtioGuest.NEXT;
import static dev.bringup.emulator.device.VirtioGuest.RAM;
import static dev.bringup.emulator.device.VirtioGuest.RAM_SIZE;
import static dev.bringup.emulator.device.VirtioGuest.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.emulator.device.VirtioGuest.Part;
import dev.bringup.emulator.device.VirtioGuest.Ring;
import dev.bringup.emulator.device.VirtioGuest.Used;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Chains of a driver that behaves, and of drivers that do not. */
class VirtqueueTest {
  private static final int SIZE = 8;
  private static final long BUFFER = RAM + 0x8000;

  private final VirtioGuest guest = new VirtioGuest();
  private int failures;
  private final Virtqueue queue = new Virtqueue(guest, 256, () -> failures++);
  private final Ring ring = guest.new Ring(0, SIZE);

  @BeforeEach
  void start() {
    queue.size(SIZE);
    queue.place(ring.descriptors, ring.available, ring.used);
    queue.start();
  }

  private Virtqueue.Chain take() {
    Virtqueue.Chain chain = queue.take();
    assertThat(chain).isNotNull();
    return Objects.requireNonNull(chain);
  }

  private static byte[] read(Virtqueue.Chain chain, long at, int length) {
    var bytes = new byte[length];
    chain.read(at, bytes, 0, length);
    return bytes;
  }

  @Test
  void anEmptyQueueHasNoChain() {
    assertThat(queue.waiting()).isZero();
    assertThat(queue.take()).isNull();
    assertThat(failures).isZero();
  }

  @Test
  void aQueueThatWasNotStartedHasNoChain() {
    queue.reset();
    ring.offer(guest.out(new byte[4]));
    assertThat(queue.waiting()).isZero();
    assertThat(queue.take()).isNull();
    assertThat(queue.wantsInterrupt()).isFalse();
  }

  @Test
  void theBuffersOfAChainAreOneRowOfBytes() {
    Part first = guest.in(2);
    Part second = guest.in(3);
    int head =
        ring.offer(guest.out(new byte[] {1, 2, 3}), guest.out(new byte[] {4}), first, second);
    Virtqueue.Chain chain = take();
    assertThat(chain.readable()).isEqualTo(4);
    assertThat(chain.writable()).isEqualTo(5);
    assertThat(read(chain, 0, 4)).containsExactly(1, 2, 3, 4);
    assertThat(read(chain, 2, 2)).containsExactly(3, 4);
    chain.write(1, new byte[] {9, 10, 11, 12}, 1, 3);
    assertThat(guest.bytes(first)).containsExactly(0, 10);
    assertThat(guest.bytes(second)).containsExactly(11, 12, 0);
    queue.giveBack(chain, 4);
    assertThat(ring.collect()).containsExactly(new Used(head, 4));
  }

  @Test
  void nothingIsReadOrWrittenBehindTheEndOfAChain() {
    ring.offer(guest.out(new byte[4]), guest.in(4));
    Virtqueue.Chain chain = take();
    assertThatThrownBy(() -> read(chain, 1, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> chain.write(4, new byte[1], 0, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void chainsComeBackInAnyOrder() {
    int first = ring.offer(guest.in(1));
    int second = ring.offer(guest.in(1));
    Virtqueue.Chain one = take();
    Virtqueue.Chain two = take();
    queue.giveBack(two, 1);
    queue.giveBack(one, 0);
    assertThat(ring.collect()).containsExactly(new Used(second, 1), new Used(first, 0));
  }

  @Test
  void whatWasPutBackIsTakenAgain() {
    int first = ring.offer(guest.in(1));
    ring.offer(guest.in(1));
    take();
    take();
    queue.putBack(2);
    assertThat(queue.waiting()).isEqualTo(2);
    queue.giveBack(take(), 0);
    assertThat(ring.collect()).containsExactly(new Used(first, 0));
  }

  @Test
  void theIndicesWrapAt65536() {
    Part buffer = guest.out(new byte[] {7});
    for (int i = 0; i < 65_536 + 3 * SIZE; i++) {
      int head = ring.offer(buffer, buffer);
      assertThat(queue.waiting()).isEqualTo(1);
      queue.giveBack(take(), i);
      assertThat(ring.collect()).containsExactly(new Used(head, i));
    }
    assertThat(ring.usedIndex()).isEqualTo(3 * SIZE);
    ring.offer(buffer);
    take();
    queue.putBack(1);
    assertThat(queue.waiting()).isEqualTo(1);
    assertThat(failures).isZero();
  }

  @Test
  void puttingBackGoesOverTheWrapAsWell() {
    Part buffer = guest.in(1);
    for (int i = 0; i < 65_535; i++) {
      ring.offer(buffer);
      queue.giveBack(take(), 0);
    }
    ring.offer(buffer);
    ring.offer(buffer);
    take();
    take();
    queue.putBack(2);
    assertThat(queue.waiting()).isEqualTo(2);
    take();
    take();
    assertThat(queue.waiting()).isZero();
    assertThat(failures).isZero();
  }

  @Test
  void aFullRingIsTakenWhole() {
    for (int i = 0; i < SIZE; i++) {
      ring.offer(guest.in(1));
    }
    assertThat(queue.waiting()).isEqualTo(SIZE);
    for (int i = 0; i < SIZE; i++) {
      queue.giveBack(take(), i);
    }
    assertThat(ring.collect()).hasSize(SIZE);
    assertThat(failures).isZero();
  }

  @Test
  void aChainMayUseAllDescriptors() {
    var parts = new Part[SIZE];
    for (int i = 0; i < SIZE; i++) {
      parts[i] = guest.out(new byte[] {(byte) i});
    }
    ring.offer(parts);
    assertThat(read(take(), 0, SIZE)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void buffersOfNoLengthCountForNothingWhereverTheyAre() {
    ring.describe(0, 0, 0, NEXT, 1);
    ring.describe(1, BUFFER, 0, NEXT, 2);
    ring.describe(2, BUFFER, 2, NEXT, 3);
    ring.describe(3, -1, 0, NEXT | WRITE, 4);
    ring.describe(4, BUFFER, 3, WRITE, 0);
    ring.offer(0);
    Virtqueue.Chain chain = take();
    assertThat(chain.readable()).isEqualTo(2);
    assertThat(chain.writable()).isEqualTo(3);
    ring.describe(5, BUFFER, 0, 0, 0);
    ring.offer(5);
    assertThat(take().readable()).isZero();
    assertThat(failures).isZero();
  }

  @Test
  void anIndirectTableMayBeLongerThanTheRing() {
    long table = guest.allocate(16 * 20);
    Part byteIn = guest.in(1);
    for (int i = 0; i < 20; i++) {
      guest.describe(
          table, i, byteIn.address(), 1, (i < 12 ? 0 : WRITE) | (i < 19 ? NEXT : 0), i + 1);
    }
    ring.describe(3, table, 16 * 20, INDIRECT, 0);
    ring.offer(3);
    Virtqueue.Chain chain = take();
    assertThat(chain.readable()).isEqualTo(12);
    assertThat(chain.writable()).isEqualTo(8);
    queue.giveBack(chain, 8);
    assertThat(ring.collect()).containsExactly(new Used(3, 8));
  }

  @Test
  void anIndirectTableMayFollowOrdinaryDescriptors() {
    long table = guest.allocate(16);
    guest.describe(table, 0, BUFFER, 5, WRITE, 0);
    ring.describe(0, BUFFER, 2, NEXT, 1);
    ring.describe(1, table, 16, INDIRECT | WRITE, 0);
    ring.offer(0);
    Virtqueue.Chain chain = take();
    assertThat(chain.readable()).isEqualTo(2);
    assertThat(chain.writable()).isEqualTo(5);
  }

  /** What a driver must not do. */
  static List<Named<Consumer<VirtqueueTest>>> nonsense() {
    return List.of(
        Named.of(
            "loop",
            test -> {
              test.ring.describe(0, BUFFER, 1, NEXT, 1);
              test.ring.describe(1, BUFFER, 1, NEXT, 0);
              test.ring.offer(0);
            }),
        Named.of(
            "loop on itself",
            test -> {
              test.ring.describe(0, BUFFER, 0, NEXT, 0);
              test.ring.offer(0);
            }),
        Named.of("head out of range", test -> test.ring.offer(SIZE)),
        Named.of("head at the limit of its type", test -> test.ring.offer(0xffff)),
        Named.of(
            "next out of range",
            test -> {
              test.ring.describe(0, BUFFER, 1, NEXT, SIZE);
              test.ring.offer(0);
            }),
        Named.of(
            "more chains than the ring holds",
            test -> test.guest.writeShort(test.ring.available + 2, SIZE + 1)),
        Named.of(
            "index runs backward", test -> test.guest.writeShort(test.ring.available + 2, 0xffff)),
        Named.of(
            "buffer outside of memory",
            test -> {
              test.ring.describe(0, 0x1000, 1, 0, 0);
              test.ring.offer(0);
            }),
        Named.of(
            "buffer over the end of memory",
            test -> {
              test.ring.describe(0, RAM + RAM_SIZE - 4, 5, WRITE, 0);
              test.ring.offer(0);
            }),
        Named.of(
            "buffer at the end of addresses",
            test -> {
              test.ring.describe(0, -1, 2, 0, 0);
              test.ring.offer(0);
            }),
        Named.of(
            "buffer longer than memory",
            test -> {
              test.ring.describe(0, RAM, 0xffff_ffff, WRITE, 0);
              test.ring.offer(0);
            }),
        Named.of(
            "to read after to write",
            test -> {
              test.ring.describe(0, BUFFER, 1, NEXT | WRITE, 1);
              test.ring.describe(1, BUFFER, 1, 0, 0);
              test.ring.offer(0);
            }),
        Named.of(
            "indirect and next",
            test -> {
              test.guest.describe(BUFFER, 0, BUFFER, 1, 0, 0);
              test.ring.describe(0, BUFFER, 16, INDIRECT | NEXT, 1);
              test.ring.describe(1, BUFFER, 1, 0, 0);
              test.ring.offer(0);
            }),
        Named.of(
            "indirect in indirect",
            test -> {
              test.guest.describe(BUFFER, 0, BUFFER, 16, INDIRECT, 0);
              test.ring.describe(0, BUFFER, 16, INDIRECT, 0);
              test.ring.offer(0);
            }),
        Named.of(
            "indirect of no length",
            test -> {
              test.ring.describe(0, BUFFER, 0, INDIRECT, 0);
              test.ring.offer(0);
            }),
        Named.of(
            "indirect of broken length",
            test -> {
              test.ring.describe(0, BUFFER, 17, INDIRECT, 0);
              test.ring.offer(0);
            }),
        Named.of(
            "indirect of endless length",
            test -> {
              test.ring.describe(0, RAM, 0xffff_fff0, INDIRECT, 0);
              test.ring.offer(0);
            }),
        Named.of(
            "indirect of more descriptors than any driver uses",
            test -> {
              test.guest.describe(BUFFER, 0, BUFFER, 1, 0, 0);
              test.ring.describe(0, BUFFER, 16 * 1025, INDIRECT, 0);
              test.ring.offer(0);
            }),
        Named.of(
            "indirect outside of memory",
            test -> {
              test.ring.describe(0, RAM + RAM_SIZE - 16, 32, INDIRECT, 0);
              test.ring.offer(0);
            }),
        Named.of(
            "indirect loop",
            test -> {
              test.guest.describe(BUFFER, 0, BUFFER, 1, NEXT, 1);
              test.guest.describe(BUFFER, 1, BUFFER, 1, NEXT, 0);
              test.ring.describe(0, BUFFER, 32, INDIRECT, 0);
              test.ring.offer(0);
            }),
        Named.of(
            "indirect next out of range",
            test -> {
              test.guest.describe(BUFFER, 0, BUFFER, 1, NEXT, 2);
              test.ring.describe(0, BUFFER, 32, INDIRECT, 0);
              test.ring.offer(0);
            }));
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void nonsenseStopsTheQueueUntilItIsReset(Consumer<VirtqueueTest> nonsense) {
    nonsense.accept(this);
    assertThat(queue.take()).isNull();
    assertThat(failures).isEqualTo(1);
    assertThat(queue.take()).isNull();
    assertThat(queue.waiting()).isZero();
    assertThat(failures).as("told once").isEqualTo(1);
    assertThat(ring.usedIndex()).isZero();

    queue.reset();
    guest.writeInt(ring.available, 0);
    start();
    ring.describe(0, BUFFER, 1, 0, 0);
    guest.writeShort(ring.available + 4, 0);
    guest.writeShort(ring.available + 2, 1);
    assertThat(take().readable()).isEqualTo(1);
  }

  @Test
  void ringsOutsideOfMemoryAreRefused() {
    long[][] places = {
      {RAM + RAM_SIZE - 16 * SIZE + 16, ring.available, ring.used},
      {ring.descriptors, RAM + RAM_SIZE - 6 - 2 * SIZE + 2, ring.used},
      {ring.descriptors, ring.available, RAM + RAM_SIZE - 6 - 8 * SIZE + 4},
      {0, 0, 0},
      {-16, -16, -16},
    };
    for (int i = 0; i < places.length; i++) {
      queue.reset();
      queue.size(SIZE);
      queue.place(places[i][0], places[i][1], places[i][2]);
      queue.start();
      assertThat(failures).isEqualTo(i + 1);
      assertThat(queue.take()).isNull();
    }
  }

  @Test
  void onlyPowersOfTwoUpToTheMaximumAreSizes() {
    queue.reset();
    for (int size : new int[] {0, 3, 255, 512, -1, Integer.MIN_VALUE}) {
      queue.size(size);
      assertThat(queue.size()).isEqualTo(256);
    }
    queue.size(1);
    assertThat(queue.size()).isEqualTo(1);
    start();
    queue.size(16);
    assertThat(queue.size()).as("while in use").isEqualTo(SIZE);
  }

  @Test
  void randomRingsNeverThrowNorLoop() {
    for (long seed = 0; seed < 3000; seed++) {
      var random = new Random(seed);
      queue.reset();
      start();
      for (int i = 0; i < 2 * SIZE; i++) {
        long address =
            random.nextInt(8) == 0 ? random.nextLong() : BUFFER + 16L * random.nextInt(8);
        int length = random.nextInt(6) == 0 ? random.nextInt() : 16 * random.nextInt(5);
        long table = i < SIZE ? ring.descriptors : BUFFER;
        int flags = random.nextInt(3) == 0 ? random.nextInt(8) : NEXT;
        guest.describe(table, i % SIZE, address, length, flags, random.nextInt(SIZE + 1));
        guest.writeShort(ring.available + 4 + 2L * (i % SIZE), random.nextInt(SIZE + 1));
      }
      guest.writeShort(ring.available + 2, random.nextInt(SIZE + 2));
      int waiting = queue.waiting();
      assertThat(waiting).as("seed %d", seed).isBetween(0, SIZE);
      for (int i = 0; i < waiting; i++) {
        Virtqueue.Chain chain = queue.take();
        if (chain == null) {
          break;
        }
        int readable = (int) chain.readable();
        assertThat(read(chain, 0, readable)).hasSize(readable);
        queue.giveBack(chain, 0);
      }
    }
    assertThat(failures).as("some rings are nonsense, some are not").isBetween(500, 2990);
  }

  @Test
  void theInterruptIsTheDriversChoice() {
    assertThat(queue.wantsInterrupt()).isTrue();
    ring.wantNoInterrupts();
    assertThat(queue.wantsInterrupt()).isFalse();
  }
}
