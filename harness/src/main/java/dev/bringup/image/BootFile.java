package dev.bringup.image;

import dev.bringup.verdict.BringupException;
import java.util.regex.Pattern;

/**
 * A staged file that a boot script loads.
 *
 * @param name what the boot loader asks the server for
 * @param size of the file in bytes, more than 0; the script checks that so many arrived
 * @param effectiveSize bytes of memory that it uses from where it lies, at least {@code size}
 */
public record BootFile(String name, long size, long effectiveSize) {
  /** Bytes that tell how much memory a file needs. */
  public static final int BEGINNING = Arm64Image.HEADER_SIZE;

  // U-Boot asks for the first 127 characters of a longer name (net/tftp.c, MAX_LEN).
  // What needs no quoting in U-Boot's shell, in TFTP, and in a console log that people search.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._/+~@:-]{0,126}");

  public BootFile {
    if (!NAME.matcher(name).matches()) {
      throw BringupException.configuration(
          "boot file \"%s\": a name of 1 to 127 letters, digits and ._/+~@:- is needed"
              .formatted(ImageBytes.printable(name)));
    }
    if (size <= 0 || effectiveSize < size || effectiveSize > 1L << 40) {
      throw BringupException.configuration(
          "boot file %s: %d bytes, %d in use; it must not be empty"
              .formatted(name, size, effectiveSize));
    }
  }

  /** A file that uses as much memory as it has bytes: a ramdisk, a device tree. */
  public static BootFile plain(String name, long size) {
    return new BootFile(name, size, size);
  }

  /**
   * A file with the memory that it needs by its content: an arm64 Image uses more than its size.
   */
  public static BootFile of(String name, byte[] content) {
    return of(name, content, content.length);
  }

  /**
   * As {@link #of(String, byte[])}, for a large file of which only the beginning is read.
   *
   * @param beginning at least the first {@value #BEGINNING} bytes, or all if there are fewer
   * @param size of the whole file in bytes
   */
  public static BootFile of(String name, byte[] beginning, long size) {
    if (!Arm64Image.matches(beginning)) {
      return plain(name, size);
    }
    Arm64Image image = Arm64Image.header(beginning, size);
    if (!image.problems().isEmpty()) {
      throw BringupException.configuration(
          "boot file %s: %s".formatted(name, image.problems().getFirst()));
    }
    // booti moves an image up by its text offset.
    return new BootFile(name, size, image.effectiveSize() + image.textOffset());
  }
}
