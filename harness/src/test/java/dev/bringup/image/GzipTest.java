package dev.bringup.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GzipTest {
  @TempDir private Path dir;

  @Test
  void theHeaderHasNoTimeNoNameAndNoSystem() {
    byte[] packed = Gzip.compress(new byte[1000]);

    assertThat(Arrays.copyOf(packed, 10)).containsExactly(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
    assertThat(Gzip.compress(new byte[1000])).isEqualTo(packed);
    assertThat(Gzip.decompress(packed, 1000)).isEqualTo(new byte[1000]);
  }

  @Test
  void aFileThatUnpacksToTooMuchIsRefused() {
    byte[] packed = Gzip.compress(new byte[1001]);

    assertThatThrownBy(() -> Gzip.decompress(packed, 1000))
        .isInstanceOf(ImageFormatException.class)
        .hasMessageContaining("more than 1000 bytes");
  }

  @Test
  void everyCutIsRefused() {
    byte[] packed = Gzip.compress("some text that is long enough".getBytes(StandardCharsets.UTF_8));
    Damage.cutEverywhere(packed, packed.length, p -> Gzip.decompress(p, 1000));
  }

  @Test
  void gzipItselfFindsItIntact() throws IOException, InterruptedException {
    Peer.require("gzip", "gzip");
    Files.write(dir.resolve("a.gz"), Gzip.compress(new byte[100_000]));
    Peer.run(dir, "gzip", "-t", "a.gz");
  }
}
