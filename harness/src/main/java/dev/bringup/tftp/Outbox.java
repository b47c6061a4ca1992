package dev.bringup.tftp;

/** Where a transfer puts the packets that it wants sent, in order. */
interface Outbox {
  /** A DATA packet with {@code length} bytes of the content from {@code offset} on. */
  void data(int block, long offset, int length);

  void packet(TftpPacket packet);
}
