package dev.bringup.tftp;

import java.net.InetSocketAddress;
import java.util.OptionalLong;

/** Where the names that clients send resolve to. Thread-safe; may block on the file system. */
public interface TftpFiles {
  /**
   * Opens a file for reading.
   *
   * @param name as the client sent it, except for quirks; to be treated as hostile
   * @throws TftpRefusedException with the answer for the client
   */
  TftpContent open(InetSocketAddress client, String name) throws TftpRefusedException;

  /**
   * Opens a file for writing.
   *
   * @param size how long the client says that it will be (RFC 2349)
   * @throws TftpRefusedException with the answer for the client
   */
  TftpUpload create(InetSocketAddress client, String name, OptionalLong size)
      throws TftpRefusedException;
}
