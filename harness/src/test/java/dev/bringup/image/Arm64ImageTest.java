package dev.bringup.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Arm64ImageTest {
  /** As Debian's kernel 6.1 for arm64 begins. */
  private static final String LINUX =
      "4d5a40fa56a35914"
          + "0".repeat(16)
          + "0000010200000000"
          + "0a00000000000000"
          + "0".repeat(48)
          + "41524d6440000000";

  /** As Debian's Xen 4.17 for arm64 begins. */
  private static final String XEN =
      "4d5a009157000014"
          + "0".repeat(16)
          + "c860130000000000"
          + "0a00000000000000"
          + "0".repeat(48)
          + "41524d6440000000";

  static byte[] image(String header, int size, String content) {
    byte[] image = Arrays.copyOf(HexFormat.of().parseHex(header), size);
    System.arraycopy(content.getBytes(US_ASCII), 0, image, 64, content.length());
    return image;
  }

  static byte[] linux(int size) {
    return image(LINUX, size, "Linux version 6.1 Xen version not found");
  }

  static byte[] xen(int size) {
    return image(XEN, size, "Xen version %d.%d%s");
  }

  @Test
  void debiansKernelHeaderIsUnderstood() {
    Arm64Image image = Arm64Image.read(linux(200));

    assertThat(image)
        .isEqualTo(new Arm64Image(200, 0, 0x0201_0000, 0xa, true, Arm64Image.Program.LINUX));
    assertThat(image.effectiveSize()).isEqualTo(0x0201_0000);
    assertThat(image.pageSize()).isEqualTo("4K");
    assertThat(image.placeableAnywhere()).isTrue();
    assertThat(image.problems()).isEmpty();
  }

  @Test
  void xenIsToldFromALinuxThatKnowsXen() {
    Arm64Image image = Arm64Image.read(xen(200));

    assertThat(image.program()).isEqualTo(Arm64Image.Program.XEN);
    assertThat(image.imageSize()).isEqualTo(0x1360c8);
    assertThat(Arm64Image.read(image(LINUX, 200, "")).program())
        .isEqualTo(Arm64Image.Program.UNKNOWN);
  }

  @Test
  void whatBootiWouldDoDifferentlyIsAProblem() {
    assertThat(new Arm64Image(10, 0, 0, 8, true, Arm64Image.Program.LINUX).problems())
        .singleElement()
        .asString()
        .contains("no image size");
    assertThat(new Arm64Image(10, 0, 9, 8, true, Arm64Image.Program.LINUX).problems())
        .singleElement()
        .asString()
        .contains("larger than its stated image size");
    assertThat(new Arm64Image(10, 2 << 20, 99, 9, true, Arm64Image.Program.LINUX).problems())
        .hasSize(2);
    assertThat(new Arm64Image(10, 0, 99, 0, true, Arm64Image.Program.LINUX).problems())
        .singleElement()
        .asString()
        .contains("bit 3");
    assertThat(new Arm64Image(10, 0, -1, 8, true, Arm64Image.Program.LINUX).problems())
        .isNotEmpty();
  }

  @Test
  void bootiMovesWhatDoesNotLieAtATwoMebibyteBoundary() {
    Arm64Image anywhere = new Arm64Image(10, 0, 99, 8, true, Arm64Image.Program.LINUX);
    assertThat(anywhere.bootiTarget(0x4040_0000L, 0x4000_0000L)).isEqualTo(0x4040_0000L);
    assertThat(anywhere.bootiTarget(0x4048_0000L, 0x4000_0000L)).isEqualTo(0x4060_0000L);
    Arm64Image low = new Arm64Image(10, 0x8_0000, 99, 0, true, Arm64Image.Program.LINUX);
    assertThat(low.bootiTarget(0x4040_0000L, 0x4000_0000L)).isEqualTo(0x4008_0000L);
  }

  @Test
  void everyCutOfTheHeaderIsRefused() {
    Damage.cutEverywhere(linux(200), 64, Arm64Image::read);
    assertThatThrownBy(() -> Arm64Image.read(new byte[64]))
        .hasMessageContaining("offset 0x38: wrong magic number 0x00000000; expected 0x644d5241");
  }
}
