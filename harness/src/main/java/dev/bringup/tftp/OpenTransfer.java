package dev.bringup.tftp;

import java.io.IOException;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * An accepted request: its files are open, its options agreed.
 *
 * @param content what is read from; empty for a write
 * @param hash of the server's file, when the transfer is complete
 * @param close lets the files go
 */
record OpenTransfer(
    TransferLog log,
    Transfer transfer,
    TftpOptions options,
    TftpContent content,
    TransferLog.Hash hash,
    Runnable close) {

  /** Looks up the file. May block. */
  static OpenTransfer of(
      TftpPacket.Request request, TftpFiles files, ClientQuirks quirks, TransferLog log)
      throws TftpRefusedException {
    boolean netascii =
        switch (request.mode().toLowerCase(Locale.ROOT)) {
          case "octet" -> false;
          case "netascii" -> true;
          default ->
              throw new TftpRefusedException(
                  TftpErrorCode.ILLEGAL_OPERATION, "Mode is not octet or netascii");
        };
    String name = quirks.nameFor(request.file());
    return switch (request) {
      case TftpPacket.Read _ -> {
        TftpContent content = files.open(log.client(), name);
        if (netascii) {
          content = encoded(content);
        }
        var options =
            TftpOptions.negotiate(request.options(), OptionalLong.of(content.size()), quirks);
        var transfer = new ReadTransfer(content.size(), options, quirks.wrapToOne());
        yield new OpenTransfer(log, transfer, options, content, content::sha256, content::close);
      }
      case TftpPacket.Write _ -> {
        long promised = TftpOptions.number(request.options().getOrDefault("tsize", ""));
        var size = promised < 0 ? OptionalLong.empty() : OptionalLong.of(promised);
        TftpUpload plain = files.create(log.client(), name, size);
        TftpUpload upload = netascii ? new Netascii.Decoding(plain) : plain;
        var options = TftpOptions.negotiate(request.options(), size, quirks);
        var transfer = new WriteTransfer(upload, options, quirks.wrapToOne());
        yield new OpenTransfer(
            log, transfer, options, BytesContent.of(new byte[0]), upload::sha256, upload::close);
      }
    };
  }

  private static TftpContent encoded(TftpContent content) throws TftpRefusedException {
    try {
      return Netascii.encoded(content);
    } catch (IOException e) {
      throw new TftpRefusedException(
          TftpErrorCode.UNDEFINED, "File cannot be translated to netascii");
    }
  }
}
