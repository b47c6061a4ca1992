package dev.bringup.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.image.ImageInspector.Inspection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
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

  @Test
  void anOverlayNeedsNoCompatible() {
    DeviceTree overlay = DeviceTree.empty();
    DeviceTreeNode fragment = overlay.root().addChild("fragment@0");
    fragment.setStrings("target-path", "/");
    assertThat(ImageInspector.inspect(overlay.encode()).problems()).isNotEmpty();
    fragment.addChild("__overlay__").setCells("foo", 1);
    assertThat(ImageInspector.inspect(overlay.encode()).problems()).isEmpty();
  }

  @Test
  void gzipInGzipIsNotFollowedForEver() {
    byte[] image = "hello\n".getBytes(UTF_8);
    for (int i = 0; i < 8; i++) {
      image = Gzip.compress(image);
    }
    assertThat(ImageInspector.inspect(image).problems()).isEmpty();
    for (int i = 0; i < 2000; i++) {
      image = Gzip.compress(image);
    }
    assertThat(ImageInspector.inspect(image).problems())
        .containsExactly("gzip in gzip and so on; want at most 8 times");
  }

  private static byte[] joined(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  @Test
  void allArchivesOfAnInitramfsCount() {
    byte[] first = new CpioArchive().file("early", 0644, new byte[5]).encode();
    byte[] second =
        new CpioArchive().file("early", 0644, new byte[2]).file("init", 0755, new byte[3]).encode();
    assertThat(ImageInspector.inspect(joined(first, new byte[512], second)))
        .satisfies(i -> assertThat(i.problems()).isEmpty())
        .satisfies(i ->
            assertThat(i.text())
                .contains("entries: 3\n", "init: yes\n", "content: 10 bytes\n")
                .doesNotContain("followed by"));
    byte[] packed = Gzip.compress(second);
    assertThat(ImageInspector.inspect(joined(first, packed)).text())
        .contains("init: not in this part\n", "followed by: gzip, " + packed.length + " bytes\n");
    assertThat(ImageInspector.inspect(joined(first, new byte[512])).text())
        .contains("init: no\n")
        .doesNotContain("followed by");
  }

  /** An entry of any name. */
  private static byte[] entry(String name, int mode, String content) {
    int[] fields = {1, mode, 0, 0, 1, 0, content.length(), 0, 0, 0, 0, name.length() + 1, 0};
    var text = new StringBuilder("070701");
    for (int field : fields) {
      text.append("%08x".formatted(field));
    }
    for (String part : List.of(name + "\0", content)) {
      text.append(part);
      text.append("\0".repeat(-text.length() & 3));
    }
    return text.toString().getBytes(US_ASCII);
  }

  private static Inspection initramfs(byte[]... entries) {
    return ImageInspector.inspect(joined(joined(entries), entry("TRAILER!!!", 0, "")));
  }

  @Test
  void namesAreThoseThatLinuxTakes() {
    for (String root : List.of("", "/", "./", ".//")) {
      assertThat(
              initramfs(
                  entry(root.isEmpty() ? "." : root, 0040755, ""),
                  entry(root + "usr", 0040755, ""),
                  entry(root + "bin", 0120777, "usr"),
                  entry(root + "bin/sh", 0100755, "sh"),
                  entry(root + "init", 0100755, "first"),
                  entry(root + "init", 0100755, "second")))
          .satisfies(i -> assertThat(i.problems()).as(root).isEmpty())
          .satisfies(i -> assertThat(i.facts()).as(root).containsEntry("init", "yes"));
    }
    assertThat(initramfs(entry("/bin/sh", 0100755, "")).problems())
        .containsExactly(
            "/bin/sh: its directory is not in the archive before it, Linux will leave it out");
  }
}
