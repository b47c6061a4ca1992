package dev.bringup.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.artifact.FetchProgress;
import dev.bringup.image.BootDisk;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DiskWriterTest {
  private static final BootDisk DISK = disk();

  private static BootDisk disk() {
    byte[] file = new byte[3 << 20];
    new Random(3).nextBytes(file);
    return BootDisk.of(new TreeMap<>(Map.of("u-boot.bin", file)), 8 << 20);
  }

  /** A card with an older disk on it, that somebody may pull out. */
  private static final class Card implements Medium {
    private final byte[] bytes = new byte[8 << 20];

    /** What is under way is lost with the power. */
    private final byte[] durable;

    private long operationsLeft = Long.MAX_VALUE;

    private Card() {
      new Random(4).nextBytes(bytes);
      bytes[510] = 0x55;
      bytes[511] = (byte) 0xaa;
      durable = bytes.clone();
    }

    private void operation() throws IOException {
      if (operationsLeft-- == 0) {
        throw new IOException("pulled out");
      }
    }

    @Override
    public void write(long at, ByteBuffer data) throws IOException {
      operation();
      data.get(bytes, (int) at, data.remaining());
    }

    @Override
    public void force() throws IOException {
      operation();
      System.arraycopy(bytes, 0, durable, 0, bytes.length);
    }

    @Override
    public byte[] read(long at, int size) throws IOException {
      operation();
      return Arrays.copyOfRange(durable, (int) at, (int) at + size);
    }

    @Override
    public void close() {}

    private static boolean hasTable(byte[] disk) {
      return disk[510] == 0x55 && disk[511] == (byte) 0xaa;
    }
  }

  private static void write(Card card) throws IOException {
    new DiskWriter(card, "/dev/card", FetchProgress.SILENT).write(DISK);
  }

  @Test
  void aCardHoldsTheDiskAndIsReadBack() throws IOException {
    var card = new Card();
    var doing = new ArrayList<String>();
    new DiskWriter(card, "/dev/card", (what, _, _) -> doing.add(what)).write(DISK);
    assertThat(Arrays.copyOf(card.durable, DISK.content().length)).isEqualTo(DISK.content());
    assertThat(doing.stream().distinct())
        .containsExactly("writing /dev/card", "reading back /dev/card");
  }

  @Test
  void aCardThatIsPulledOutAtAnyTimeHasTheNewDiskOrNoTable() throws IOException {
    var whole = new Card();
    write(whole);
    int complete = 0;
    for (long operations = 2; ; operations++) {
      var card = new Card();
      card.operationsLeft = operations;
      try {
        write(card);
        break;
      } catch (IOException e) {
        assertThat(e).hasMessage("pulled out");
      }
      for (byte[] left : List.of(card.bytes, card.durable)) {
        if (Card.hasTable(left)) {
          complete++;
          assertThat(Arrays.equals(left, whole.durable)).as("after " + operations).isTrue();
        }
      }
    }
    assertThat(complete).as("of the last operations").isPositive();
  }

  @Test
  void aCardThatGivesBackSomethingElseIsAnInfrastructureErrorAndLosesItsTable() {
    for (int at : new int[] {0, 511, 512, 1 << 20, DISK.content().length - 1}) {
      var card = new Card();
      assertThatThrownBy(() ->
              new DiskWriter(
                      card,
                      "/dev/card",
                      (what, done, total) -> {
                        if (what.startsWith("reading") && done == 0) {
                          card.durable[at] ^= 1;
                        }
                      })
                  .write(DISK))
          .isInstanceOfSatisfying(
              BringupException.class,
              e -> assertThat(e.kind()).isEqualTo(FailureKind.INFRASTRUCTURE))
          .hasMessage("/dev/card does not give back what was written: byte %d differs", at);
      assertThat(Card.hasTable(card.durable)).isFalse();
    }
  }
}
