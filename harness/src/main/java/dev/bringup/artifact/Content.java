package dev.bringup.artifact;

import dev.bringup.image.Gzip;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Bytes that can be told apart without reading them. */
sealed interface Content {

  /** Equal exactly if the bytes are. */
  String identity();

  /** The bytes. */
  byte[] read();

  /** The UTF-8 bytes of {@code text}. */
  static Content of(String text) {
    return new Made("sha256:" + Sha256.of(text), () -> text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A file of a package, checked against its manifest when it is read.
   *
   * @param path where it is wanted, which differs from {@code source} if that was reached by a link
   * @param source the regular file in the package
   */
  record Stored(UnpackedPackage in, String path, String source) implements Content {
    int mode() {
      return in.entry(source).mode();
    }

    @Override
    public String identity() {
      return "sha256:" + in.entry(source).sha256();
    }

    @Override
    public byte[] read() {
      return in.read(source);
    }
  }

  /** Something that is made on demand. */
  record Made(String identity, Supplier<byte[]> maker) implements Content {
    @Override
    public byte[] read() {
      return maker.get();
    }
  }

  /** This, compressed. */
  default Made gzipped() {
    return new Made("gzip(" + identity() + ")", () -> Gzip.compress(read()));
  }
}
