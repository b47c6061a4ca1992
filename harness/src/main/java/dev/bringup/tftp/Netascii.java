package dev.bringup.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Netascii (RFC 1350 section 1, RFC 764): on the wire a line ends with CR LF, and a CR alone is CR
 * NUL; in files a line ends with LF.
 */
final class Netascii {
  private static final byte CR = '\r';
  private static final byte LF = '\n';

  private Netascii() {}

  /** The content as it goes over the wire: a translated copy in a temporary file. */
  static TftpContent encoded(TftpContent plain) throws IOException {
    Path copy = Files.createTempFile("tftp-netascii-", "");
    FileChannel file =
        FileChannel.open(
            copy,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try (plain) {
      ByteBuffer in = ByteBuffer.allocate(1 << 16);
      for (long position = 0; position < plain.size(); position += in.limit()) {
        if (plain.read(position, in.clear()) <= 0) {
          throw new IOException("file became shorter");
        }
        ByteBuffer out = encode(in.flip());
        while (out.hasRemaining()) {
          file.write(out);
        }
      }
      return new Encoded(plain, file, file.size());
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** Each byte stands for itself here, so the text can be cut anywhere. */
  static ByteBuffer encode(ByteBuffer plain) {
    ByteBuffer out = ByteBuffer.allocate(plain.remaining() * 2);
    for (int i = plain.position(); i < plain.limit(); i++) {
      byte b = plain.get(i);
      if (b == LF) {
        out.put(CR);
      }
      out.put(b);
      if (b == CR) {
        out.put((byte) 0);
      }
    }
    return out.flip();
  }

  private record Encoded(TftpContent plain, FileChannel file, long size) implements TftpContent {
    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      return file.read(target, position);
    }

    @Override
    public String sha256() throws IOException {
      return plain.sha256();
    }

    @Override
    public void close() {
      try {
        file.close();
      } catch (IOException e) {
        // A temporary copy: nothing can be lost.
      }
    }
  }

  /** Stores as plain text what arrives as netascii. A CR before anything else stands for itself. */
  static final class Decoding implements TftpUpload {
    private final TftpUpload target;
    private boolean afterCr;

    Decoding(TftpUpload target) {
      this.target = target;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      ByteBuffer out = ByteBuffer.allocate(bytes.remaining() + 1);
      while (bytes.hasRemaining()) {
        byte b = bytes.get();
        if (afterCr) {
          afterCr = false;
          if (b == LF) {
            out.put(LF);
            continue;
          }
          out.put(CR);
          if (b == 0) {
            continue;
          }
        }
        if (b == CR) {
          afterCr = true;
        } else {
          out.put(b);
        }
      }
      target.write(out.flip());
    }

    @Override
    public void commit() throws IOException, TftpRefusedException {
      if (afterCr) {
        target.write(ByteBuffer.wrap(new byte[] {CR}));
      }
      target.commit();
    }

    @Override
    public String sha256() {
      return target.sha256();
    }

    @Override
    public void close() {
      target.close();
    }
  }
}
