package dev.bringup.emulator.device;

import static dev.bringup.emulator.device.VirtioGuest.get;
import static dev.bringup.emulator.device.VirtioGuest.kick;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.device.VirtioGuest.Part;
import dev.bringup.emulator.device.VirtioGuest.Ring;
import dev.bringup.emulator.device.VirtioGuest.Used;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to a disk in an array. */
class VirtioBlockTest {
  private static final int IN = 0;
  private static final int OUT = 1;
  private static final int FLUSH = 4;
  private static final int GET_ID = 8;
  private static final int OK = 0;
  private static final int IO_ERROR = 1;
  private static final int UNSUPPORTED = 2;
  private static final int SECTORS = 300;

  private final VirtioGuest guest = new VirtioGuest();
  private final Store store = new Store();
  private final VirtioMmio device =
      new VirtioMmio(new VirtioBlock(store, "bringup-0"), guest, guest::line);
  private final Ring ring = guest.start(device, 0, 16)[0];

  private static final class Store implements VirtioBlock.BlockStore {
    private final byte[] content = new byte[SECTORS * 512 + 100];
    private boolean readOnly;
    private boolean broken;
    private int flushes;

    private Store() {
      new Random(1).nextBytes(content);
    }

    private void check() throws IOException {
      if (broken) {
        throw new IOException("worn out");
      }
    }

    @Override
    public long size() {
      return content.length;
    }

    @Override
    public boolean readOnly() {
      return readOnly;
    }

    @Override
    public void read(long at, byte[] into, int from, int length) throws IOException {
      check();
      System.arraycopy(content, (int) at, into, from, length);
    }

    @Override
    public void write(long at, byte[] bytes, int from, int length) throws IOException {
      check();
      System.arraycopy(bytes, from, content, (int) at, length);
    }

    @Override
    public void flush() throws IOException {
      check();
      flushes++;
    }
  }

  private Part header(int type, long sector) {
    return guest.out(
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(type)
            .putInt(0)
            .putLong(sector)
            .array());
  }

  /** The status that a request gets; 0x55 is in its place before. */
  private int status(int type, long sector, Part... data) {
    Part status = guest.in(1);
    guest.writeByte(status.address(), 0x55);
    var parts = new Part[data.length + 2];
    parts[0] = header(type, sector);
    System.arraycopy(data, 0, parts, 1, data.length);
    parts[data.length + 1] = status;
    ring.offer(parts);
    kick(device, 0);
    assertThat(ring.collect()).hasSize(1);
    return guest.bytes(status)[0];
  }

  private byte[] sectors(int from, int count) {
    return Arrays.copyOfRange(store.content, from * 512, (from + count) * 512);
  }

  @Test
  void sectorsAreReadIntoWhateverBuffersThereAre() {
    Part first = guest.in(1000);
    Part second = guest.in(24);
    assertThat(status(IN, 7, first, second)).isEqualTo(OK);
    assertThat(guest.bytes(first)).isEqualTo(Arrays.copyOf(sectors(7, 2), 1000));
    assertThat(guest.bytes(second)).isEqualTo(Arrays.copyOfRange(sectors(7, 2), 1000, 1024));
    assertThat(guest.line).isTrue();
  }

  @Test
  void longRequestsAreWhole() {
    Part data = guest.in(299 * 512);
    assertThat(status(IN, 1, data)).isEqualTo(OK);
    assertThat(guest.bytes(data)).isEqualTo(sectors(1, 299));
    var bytes = new byte[299 * 512];
    new Random(2).nextBytes(bytes);
    assertThat(status(OUT, 0, guest.out(bytes))).isEqualTo(OK);
    assertThat(sectors(0, 299)).isEqualTo(bytes);
  }

  @Test
  void sectorsAreWrittenAndNoOthers() {
    byte[] before = store.content.clone();
    var bytes = new byte[1024];
    Arrays.fill(bytes, (byte) 3);
    assertThat(status(OUT, 9, guest.out(Arrays.copyOf(bytes, 100)), guest.out(new byte[924])))
        .isEqualTo(OK);
    assertThat(Arrays.copyOf(sectors(9, 2), 100)).containsOnly(3);
    assertThat(Arrays.copyOfRange(sectors(9, 2), 100, 1024)).containsOnly(0);
    assertThat(sectors(0, 9)).isEqualTo(Arrays.copyOf(before, 9 * 512));
    assertThat(sectors(11, 289)).isEqualTo(Arrays.copyOfRange(before, 11 * 512, 300 * 512));
  }

  @Test
  void headerDataAndStatusMayShareBuffers() {
    var request = new byte[16 + 512];
    request[0] = OUT;
    request[8] = 4;
    Arrays.fill(request, 16, request.length, (byte) 9);
    ring.offer(guest.out(request), guest.in(1));
    Part answer = guest.in(513);
    ring.offer(header(IN, 4), answer);
    kick(device, 0);
    assertThat(ring.collect()).containsExactly(new Used(0, 1), new Used(2, 513));
    assertThat(Arrays.copyOf(guest.bytes(answer), 512)).containsOnly(9);
    assertThat(guest.bytes(answer)[512]).isEqualTo((byte) OK);
  }

  @ParameterizedTest
  @CsvSource({
    "300, 512",
    "299, 1024",
    "0, 153712",
    "-1, 512",
    "9223372036854775807, 512",
    "0, 100",
    "0, 513"
  })
  void whatIsNotOnTheDiskIsAnIoError(long sector, int length) {
    byte[] before = store.content.clone();
    Part data = guest.in(length);
    assertThat(status(IN, sector, data)).isEqualTo(IO_ERROR);
    assertThat(guest.bytes(data)).containsOnly(0);
    assertThat(status(OUT, sector, guest.out(new byte[length]))).isEqualTo(IO_ERROR);
    assertThat(store.content).isEqualTo(before);
  }

  @Test
  void theLastSectorIsOnTheDisk() {
    Part data = guest.in(512);
    assertThat(status(IN, 299, data)).isEqualTo(OK);
    assertThat(guest.bytes(data)).isEqualTo(sectors(299, 1));
    assertThat(status(IN, 300)).as("nothing from the end").isEqualTo(OK);
  }

  @Test
  void flushReachesTheStore() {
    assertThat(status(FLUSH, 0)).isEqualTo(OK);
    assertThat(store.flushes).isEqualTo(1);
  }

  @Test
  void theSerialIsPaddedWithZeros() {
    Part id = guest.in(20);
    assertThat(status(GET_ID, 0, id)).isEqualTo(OK);
    assertThat(new String(guest.bytes(id), StandardCharsets.US_ASCII))
        .isEqualTo("bringup-0" + "\0".repeat(11));
    Part little = guest.in(4);
    assertThat(status(GET_ID, 0, little)).isEqualTo(OK);
    assertThat(guest.bytes(little)).containsExactly('b', 'r', 'i', 'n');
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 11, 13, -1})
  void otherRequestsAreUnsupported(int type) {
    assertThat(status(type, 0, guest.in(512))).isEqualTo(UNSUPPORTED);
  }

  @Test
  void aBrokenStoreIsAnIoError() {
    store.broken = true;
    assertThat(status(IN, 0, guest.in(512))).isEqualTo(IO_ERROR);
    assertThat(status(OUT, 0, guest.out(new byte[512]))).isEqualTo(IO_ERROR);
    assertThat(status(FLUSH, 0)).isEqualTo(IO_ERROR);
    store.broken = false;
    assertThat(status(IN, 0, guest.in(512))).isEqualTo(OK);
  }

  @Test
  void aReadOnlyDiskSaysSoAndRefuses() {
    assertThat(get(device, VirtioMmio.DEVICE_FEATURES) & 0x20).isZero();
    store.readOnly = true;
    assertThat(get(device, VirtioMmio.DEVICE_FEATURES) & 0x20).isNotZero();
    byte[] before = store.content.clone();
    assertThat(status(OUT, 0, guest.out(new byte[512]))).isEqualTo(IO_ERROR);
    assertThat(store.content).isEqualTo(before);
    assertThat(status(IN, 0, guest.in(512))).isEqualTo(OK);
  }

  @Test
  void theCapacityIsInWholeSectors() {
    assertThat(device.read(VirtioMmio.CONFIGURATION, 8)).isEqualTo(SECTORS);
    assertThat(device.read(VirtioMmio.CONFIGURATION + 12, 4)).as("seg_max").isEqualTo(254);
  }

  @Test
  void whatIsNoRequestStopsTheQueue() {
    ring.offer(guest.out(new byte[15]), guest.in(1));
    kick(device, 0);
    assertThat(ring.collect()).isEmpty();
    ring.offer(header(FLUSH, 0), guest.in(1));
    kick(device, 0);
    assertThat(store.flushes).isZero();
    Ring again = guest.start(device, 0, 16)[0];
    again.offer(header(FLUSH, 0));
    kick(device, 0);
    assertThat(again.collect()).as("no place for the status").isEmpty();
  }

  @Test
  void readingOverTheRingsDoesNotMakeRequestsWithoutEnd() {
    // The disk says that more and more requests wait, each time that one is read.
    for (int i = 0; i < SECTORS; i++) {
      Arrays.fill(store.content, i * 512, (i + 1) * 512, (byte) 0);
      store.content[i * 512 + 2] = (byte) (i + 2);
    }
    ring.offer(header(IN, 0), new Part(ring.available, 512, true), guest.in(1));
    kick(device, 0);
    assertThat(ring.usedIndex()).isEqualTo(1);
  }

  @Test
  void aRestoredDiskGoesOnWhereTheSavedOneWas() {
    assertThat(status(FLUSH, 0)).isEqualTo(OK);
    var other = new VirtioMmio(new VirtioBlock(store, "bringup-0"), guest, guest::line);
    StateTape.copy(device, other);
    ring.offer(header(FLUSH, 0), guest.in(1));
    kick(other, 0);
    assertThat(ring.collect()).hasSize(1);
    assertThat(store.flushes).isEqualTo(2);
  }
}
