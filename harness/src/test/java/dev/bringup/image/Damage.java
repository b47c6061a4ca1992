package dev.bringup.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

/** Damages images in all the ways that a reader must survive. */
final class Damage {
  private Damage() {}

  /** Every image cut to {@code 0 .. end - 1} bytes must be refused with one clear line. */
  static void cutEverywhere(byte[] image, int end, Consumer<byte[]> reader) {
    for (int size = 0; size < end; size++) {
      byte[] cut = Arrays.copyOf(image, size);
      assertThatThrownBy(() -> reader.accept(cut))
          .as("cut to %d of %d bytes", size, image.length)
          .isInstanceOf(ImageFormatException.class)
          .hasMessageContaining("offset 0x")
          .hasMessageContaining("expected");
    }
  }

  /** Random changes must be read or refused, and nothing else. */
  static void changeAnywhere(byte[] image, int rounds, Consumer<byte[]> reader) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int refused = 0;
    for (int round = 0; round < rounds; round++) {
      byte[] changed = image.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      try {
        reader.accept(changed);
      } catch (ImageFormatException e) {
        refused++;
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
    assertThat(refused).as("seed " + seed).isPositive();
  }
}
