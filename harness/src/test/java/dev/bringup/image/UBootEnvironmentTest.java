package dev.bringup.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.image.UBootEnvironment.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UBootEnvironmentTest {
  private static final UBootEnvironment SAMPLE =
      UBootEnvironment.fromText("a=1\nb=2\n".getBytes(ISO_8859_1));

  @TempDir private Path dir;

  private static String start(byte[] block, int size) {
    return HexFormat.of().formatHex(block, 0, size);
  }

  @Test
  void blocksAreMkenvimagesAndUBootsByteForByte() {
    assertThat(start(SAMPLE.toBlock(0x100, Layout.SINGLE, 0xff, 0), 15))
        .isEqualTo("d7a88b1e613d3100623d320000ffff");
    assertThat(start(SAMPLE.toBlock(0x100, Layout.REDUNDANT, 0xff, 1), 16))
        .isEqualTo("4bcf308501613d3100623d320000ffff");
    assertThat(start(SAMPLE.toBlock(0x100, Layout.SINGLE, 0, 0), 15))
        .isEqualTo("382758e6613d3100623d3200000000");
  }

  @Test
  void blocksAreReadBack() {
    for (Layout layout : Layout.values()) {
      byte[] block = SAMPLE.toBlock(0x100, layout, 0xff, 1);
      assertThat(UBootEnvironment.fromBlock(block, layout)).isEqualTo(SAMPLE);
    }
    UBootEnvironment empty = new UBootEnvironment(Map.of());
    assertThat(UBootEnvironment.fromBlock(empty.toBlock(16, Layout.SINGLE, 0, 0), Layout.SINGLE))
        .isEqualTo(empty);
  }

  @Test
  void textHasCommentsBlankLinesAndEitherLineEnd() {
    byte[] text = "# note\r\n\r\na=1\r\n\nb=x=y\nc=\na=3".getBytes(ISO_8859_1);

    assertThat(UBootEnvironment.fromText(text).variables())
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", "3", "b", "x=y", "c", ""));
    assertThat(new String(SAMPLE.toText(), ISO_8859_1)).isEqualTo("a=1\nb=2\n");
  }

  /** U-Boot 2023.01 wrote these for {@code v} = a, backslash, b and {@code nl} = x, LF, y. */
  @Test
  void backslashesAreWrittenAsUBootWritesThem() {
    UBootEnvironment environment =
        UBootEnvironment.fromText("nl=x\\\ny\nv=a\\\\b\n\0".getBytes(ISO_8859_1));

    assertThat(environment.variables()).isEqualTo(Map.of("nl", "x\ny", "v", "a\\b"));
    assertThat(new String(environment.toText(), ISO_8859_1)).isEqualTo("nl=x\\\ny\nv=a\\\\b\n");
    byte[] block = environment.toBlock(0x100, Layout.SINGLE, 0, 0);
    assertThat(start(block, 0x14)).isEqualTo("72daa8e06e6c3d780a7900763d615c5c62000000");
    assertThat(UBootEnvironment.fromBlock(block, Layout.SINGLE)).isEqualTo(environment);
  }

  @Test
  void whatIsWrongIsNamed() {
    byte[] block = SAMPLE.toBlock(0x100, Layout.SINGLE, 0xff, 0);
    block[20] ^= 1;
    assertThatThrownBy(() -> UBootEnvironment.fromBlock(block, Layout.SINGLE))
        .hasMessageContaining("offset 0x0: wrong checksum 0x1e8ba8d7");
    assertThatThrownBy(() -> UBootEnvironment.fromText("a=1\nnonsense\n".getBytes(ISO_8859_1)))
        .hasMessageContaining("offset 0x4: \"nonsense\" is not a variable; expected name=value");
    assertThatThrownBy(() -> SAMPLE.toBlock(12, Layout.SINGLE, 0, 0))
        .hasMessageContaining("needs 9 bytes, the block has room for 8");
    assertThatThrownBy(() -> new UBootEnvironment(Map.of("a=b", "1"))).hasMessageContaining("a=b");
  }

  @Test
  void everyCutIsRefused() {
    byte[] block = SAMPLE.toBlock(0x40, Layout.SINGLE, 0xff, 0);
    Damage.cutEverywhere(block, block.length, b -> UBootEnvironment.fromBlock(b, Layout.SINGLE));
  }

  @Test
  void mkenvimageWritesTheSame() throws IOException, InterruptedException {
    Peer.require("mkenvimage", "u-boot-tools");
    Files.write(dir.resolve("env.txt"), SAMPLE.toText());
    Peer.run(dir, "mkenvimage", "-s", "0x200", "-p", "0", "-o", "env.bin", "env.txt");

    assertThat(Files.readAllBytes(dir.resolve("env.bin")))
        .isEqualTo(SAMPLE.toBlock(0x200, Layout.SINGLE, 0, 0));
  }
}
