package dev.bringup.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UImageTest {
  private static final Instant TIME = Instant.ofEpochSecond(1_600_000_000);

  /** The example of the article that mkimage 2023.01 made into the known bytes below. */
  private static final String SCRIPT =
      """
      setenv serverip 192.168.0.1
      setenv ipaddr 192.168.0.2
      tftpb 0xC00000 boot2.scr
      source 0xC00000
      """;

  @TempDir private Path dir;

  private static UImage script() {
    UImage plain = UImage.script(SCRIPT, TIME);
    return new UImage(
        UImage.Header.arm64(UImage.Type.SCRIPT, TIME, 0x240_0000, 0x240_0000, ""), plain.data());
  }

  private static UImage kernel() {
    return new UImage(
        UImage.Header.arm64(UImage.Type.KERNEL, TIME, 0x80000, 0x80000, "test"), new byte[100]);
  }

  private static String hex(byte[] bytes, int size) {
    return HexFormat.of().formatHex(bytes, 0, size);
  }

  @Test
  void aScriptIsMkimagesByteForByte() throws NoSuchAlgorithmException {
    byte[] image = script().encode();

    assertThat(image).hasSize(167);
    assertThat(hex(image, 32))
        .isEqualTo("270519566f7a05515f5e10000000006702400000024000007d1f64b805160600");
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(image)))
        .isEqualTo("c7dcdc7ab5f029ed3fe5ad3f2e1f5e250f3871d560fdf9127b3e457360932331");
    assertThat(UImage.read(image).scriptText()).isEqualTo(SCRIPT);
  }

  @Test
  void aKernelIsMkimagesByteForByte() {
    byte[] image = kernel().encode();

    assertThat(hex(image, 64))
        .isEqualTo(
            "270519562b359a4a5f5e10000000006400080000000800009988c6ca0516020074657374"
                + "00".repeat(28));
    assertThat(UImage.read(image).header()).isEqualTo(kernel().header());
    assertThat(UImage.read(image).data()).isEqualTo(new byte[100]);
  }

  @Test
  void eachFailedCheckIsNamed() {
    byte[] good = kernel().encode();
    assertThatThrownBy(() -> UImage.read(changed(good, 0)))
        .hasMessageContaining("offset 0x0: wrong magic number 0x26051956; expected 0x27051956");
    assertThatThrownBy(() -> UImage.read(changed(good, 40)))
        .hasMessageContaining("offset 0x4: wrong header checksum 0x2b359a4a");
    assertThatThrownBy(() -> UImage.read(changed(good, 64)))
        .hasMessageContaining("offset 0x18: wrong data checksum 0x9988c6ca");
    assertThatThrownBy(() -> UImage.read(good).scriptText())
        .hasMessageContaining("offset 0x1e: the type is kernel; expected 6 (script)");
    UImage empty = new UImage(script().header(), new byte[4]);
    assertThatThrownBy(empty::scriptText).hasMessageContaining("an empty script");
    UImage endless = new UImage(script().header(), new byte[] {0, 0, 0, 9});
    assertThatThrownBy(endless::scriptText).hasMessageContaining("the table of lengths");
  }

  @Test
  void everyCutAndEveryChangedByteIsRefused() {
    byte[] good = script().encode();
    Damage.cutEverywhere(good, good.length, UImage::read);
    for (int i = 0; i < good.length; i++) {
      byte[] changed = changed(good, i);
      assertThatThrownBy(() -> UImage.read(changed))
          .as("byte %d", i)
          .isInstanceOf(ImageFormatException.class);
    }
  }

  @Test
  void partsOfAMultiFileImageAreTakenApart() {
    byte[] data =
        ByteBuffer.allocate(4 * 3 + 8 + 3)
            .putInt(5)
            .putInt(3)
            .putInt(0)
            .put(new byte[] {1, 2, 3, 4, 5, 0, 0, 0, 6, 7, 8})
            .array();
    UImage multi = new UImage(UImage.Header.arm64(UImage.Type.MULTI, TIME, 0, 0, ""), data);

    assertThat(multi.parts()).containsExactly(new byte[] {1, 2, 3, 4, 5}, new byte[] {6, 7, 8});
  }

  @Test
  void whatTheHeaderCannotHoldIsRefused() {
    assertThatThrownBy(() -> UImage.Header.arm64(UImage.Type.KERNEL, TIME, 1L << 32, 0, ""))
        .hasMessageContaining("load address 0x100000000 does not fit 32 bits");
    assertThatThrownBy(() -> UImage.Header.arm64(UImage.Type.KERNEL, TIME, 0, 0, "x".repeat(33)))
        .hasMessageContaining("name");
  }

  @Test
  void mkimageWritesTheSameAndDumpimageReadsOurs() throws IOException, InterruptedException {
    Peer.require("mkimage", "u-boot-tools");
    Peer.require("dumpimage", "u-boot-tools");
    Files.writeString(dir.resolve("boot.source"), SCRIPT);
    Peer.Result made =
        Peer.execute(
            dir,
            Map.of("SOURCE_DATE_EPOCH", "1600000000"),
            "mkimage -T script -A arm64 -C none -a 0x2400000 -e 0x2400000 -d boot.source boot.scr"
                .split(" "));
    assertThat(made.exitCode()).isZero();
    assertThat(Files.readAllBytes(dir.resolve("boot.scr"))).isEqualTo(script().encode());

    Files.write(dir.resolve("kernel"), kernel().encode());
    assertThat(Peer.run(dir, "dumpimage", "-l", "kernel"))
        .contains("Image Name:   test", "AArch64 Linux Kernel Image (uncompressed)")
        .contains("Load Address: 00080000");
    Peer.run(dir, "dumpimage", "-T", "kernel", "-p", "0", "-o", "data", "kernel");
    assertThat(Files.readAllBytes(dir.resolve("data"))).isEqualTo(new byte[100]);
  }

  private static byte[] changed(byte[] image, int offset) {
    byte[] changed = Arrays.copyOf(image, image.length);
    changed[offset] ^= 1;
    return changed;
  }
}
