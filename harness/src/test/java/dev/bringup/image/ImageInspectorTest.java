package dev.bringup.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.image.ImageInspector.Inspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageInspectorTest {
  @TempDir private Path dir;

  private static byte[] tree() {
    DeviceTree tree = DeviceTree.empty();
    tree.root().setStrings("compatible", "acme,board").setStrings("model", "Acme");
    tree.root().addChild("chosen").setStrings("bootargs", "quiet");
    return tree.encode();
  }

  private static byte[] fit() {
    DeviceTree tree = DeviceTree.empty();
    tree.root().setStrings("description", "test");
    tree.root().addChild("images").addChild("kernel-1").setStrings("type", "kernel");
    tree.root().addChild("configurations").setStrings("default", "conf-1");
    return tree.encode();
  }

  private static Map<ImageKind, byte[]> samples() {
    Map<ImageKind, byte[]> samples = new LinkedHashMap<>();
    samples.put(ImageKind.DEVICE_TREE, tree());
    samples.put(ImageKind.FIT, fit());
    samples.put(ImageKind.UIMAGE, UImage.script("true\n", Instant.EPOCH).encode());
    samples.put(ImageKind.ARM64_IMAGE, Arm64ImageTest.linux(4096));
    samples.put(ImageKind.GZIP, Gzip.compress(new CpioArchive().directory("a", 0755).encode()));
    samples.put(ImageKind.XZ, HexFormat.of().parseHex("fd377a585a000004e6d6b446"));
    samples.put(ImageKind.ZSTD, HexFormat.of().parseHex("28b52ffd2000010000"));
    samples.put(ImageKind.CPIO, new CpioArchive().directory("a", 0755).encode());
    samples.put(ImageKind.ELF, HexFormat.of().parseHex("7f454c46" + "0".repeat(120)));
    samples.put(ImageKind.TEXT, "echo hello\n".getBytes(UTF_8));
    samples.put(ImageKind.UNKNOWN, new byte[] {0, 1, 2, 3});
    return samples;
  }

  @Test
  void everyKindIsRecognisedByItsContent() {
    assertThat(samples().keySet()).containsExactly(ImageKind.values());
    samples()
        .forEach((kind, image) -> {
          Inspection inspection = ImageInspector.inspect(image);
          assertThat(inspection.kind()).isEqualTo(kind);
          assertThat(inspection.text())
              .startsWith("kind: %s\nsize: %d bytes\n".formatted(kind.text(), image.length));
          if (kind == ImageKind.UNKNOWN) {
            assertThat(inspection.problems()).containsExactly("no image format that is known");
          } else {
            assertThat(inspection.problems()).as(kind.text()).isEmpty();
          }
        });
  }

  @Test
  void fileAgreesAboutTheKinds() throws IOException, InterruptedException {
    Peer.require("file", "file");
    Map<ImageKind, String> names =
        Map.of(
            ImageKind.DEVICE_TREE, "Device Tree Blob version 17",
            ImageKind.UIMAGE, "u-boot legacy uImage",
            ImageKind.ARM64_IMAGE, "Linux kernel ARM64 boot executable Image, little-endian, 4K",
            ImageKind.GZIP, "gzip compressed data",
            ImageKind.CPIO, "ASCII cpio archive (SVR4 with no CRC)");
    for (Map.Entry<ImageKind, String> name : names.entrySet()) {
      Files.write(dir.resolve("image"), samples().getOrDefault(name.getKey(), new byte[0]));
      assertThat(Peer.run(dir, "file", "-b", "image")).contains(name.getValue());
    }
  }

  @Test
  void factsAreShortLines() {
    assertThat(ImageInspector.inspect(tree()).text())
        .contains("model: Acme\n", "compatible: acme,board\n", "nodes: 2\n", "bootargs: quiet\n");
    assertThat(ImageInspector.inspect(samples().getOrDefault(ImageKind.UIMAGE, tree())).text())
        .contains("type: script\n", "architecture: arm64\n", "script lines: 1\n");
    assertThat(ImageInspector.inspect(Arm64ImageTest.xen(4096)).text())
        .contains("program: Xen\n", "memory needed: 1269960 bytes\n");
    assertThat(ImageInspector.inspect(fit()).text())
        .contains("image kernel-1: kernel\n", "default configuration: conf-1\n");
    assertThat(ImageInspector.inspect(samples().getOrDefault(ImageKind.GZIP, tree())).text())
        .contains("inside kind: cpio archive (newc)\n", "inside entries: 1\n");
  }

  @Test
  void damageIsAProblemInOneLine() {
    byte[] script = UImage.script("true\n", Instant.EPOCH).encode();
    script[script.length - 1] ^= 1;
    assertThat(ImageInspector.inspect(script).problems())
        .singleElement()
        .asString()
        .contains("wrong data checksum");
    assertThat(ImageInspector.inspect(new byte[0]).problems()).containsExactly("the file is empty");
    assertThat(ImageInspector.inspect(new byte[] {(byte) 0xd0, 0x0d, (byte) 0xfe, (byte) 0xed}))
        .satisfies(i -> assertThat(i.kind()).isEqualTo(ImageKind.DEVICE_TREE))
        .satisfies(i -> assertThat(i.problems()).hasSize(1));
    CpioArchive orphan = new CpioArchive().file("bin/sh", 0755, new byte[0]);
    assertThat(ImageInspector.inspect(orphan.encode()).problems())
        .singleElement()
        .asString()
        .contains("bin/sh: its directory is not in the archive before it");
    DeviceTree twice = DeviceTree.read(tree());
    twice.root().addChild("a").setCells("phandle", 1);
    twice.root().addChild("b").setCells("phandle", 1);
    assertThat(ImageInspector.inspect(twice.encode()).problems())
        .containsExactly("/b: phandle 0x1 is taken");
  }
}
