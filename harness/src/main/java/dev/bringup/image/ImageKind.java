package dev.bringup.image;

import java.nio.charset.StandardCharsets;

/** What a file is, by its content alone. */
public enum ImageKind {
  DEVICE_TREE("device tree"),
  FIT("FIT image"),
  UIMAGE("uImage"),
  ARM64_IMAGE("arm64 Image"),
  GZIP("gzip"),
  XZ("xz"),
  ZSTD("zstd"),
  CPIO("cpio archive (newc)"),
  ELF("ELF program"),
  TEXT("plain text"),
  UNKNOWN("unknown");

  private final String text;

  ImageKind(String text) {
    this.text = text;
  }

  /** The name that people know it by. */
  public String text() {
    return text;
  }

  /**
   * Recognises a file; never fails. A device tree that is damaged is still a device tree.
   *
   * @param image the whole file
   */
  public static ImageKind of(byte[] image) {
    if (starts(image, 0xd0, 0x0d, 0xfe, 0xed)) {
      return isFit(image) ? FIT : DEVICE_TREE;
    }
    if (starts(image, 0x27, 0x05, 0x19, 0x56)) {
      return UIMAGE;
    }
    if (starts(image, 0x1f, 0x8b)) {
      return GZIP;
    }
    if (starts(image, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return XZ;
    }
    if (starts(image, 0x28, 0xb5, 0x2f, 0xfd)) {
      return ZSTD;
    }
    if (starts(image, 0x7f, 'E', 'L', 'F')) {
      return ELF;
    }
    if (starts(image, '0', '7', '0', '7', '0', '1')) {
      return CPIO;
    }
    if (Arm64Image.matches(image)) {
      return ARM64_IMAGE;
    }
    return isText(image) ? TEXT : UNKNOWN;
  }

  private static boolean isFit(byte[] image) {
    try {
      return DeviceTree.read(image).root().child("images").isPresent();
    } catch (ImageFormatException e) {
      return false;
    }
  }

  private static boolean isText(byte[] image) {
    if (image.length == 0) {
      return false;
    }
    return new String(image, StandardCharsets.UTF_8)
        .chars()
        .allMatch(c -> c != '\ufffd' && (c >= ' ' || c == '\n' || c == '\r' || c == '\t'));
  }

  private static boolean starts(byte[] image, int... magic) {
    if (image.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((image[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
