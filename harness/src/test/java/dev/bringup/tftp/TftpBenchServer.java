package dev.bringup.tftp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** Serves a folder until its standard input ends: {@code TftpBenchServer FOLDER PORT}. */
final class TftpBenchServer {
  private TftpBenchServer() {}

  public static void main(String[] args) throws Exception {
    var files = new DirectoryFiles(Path.of(args[0]), DirectoryFiles.Writing.REFUSED);
    var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
    TransferListener listener =
        transfer -> {
          if (!(transfer.outcome() instanceof TftpOutcome.Completed)) {
            System.err.println(TftpJson.line(transfer));
          }
        };
    try (var server = TftpServer.serving(files).listen(listen).listener(listener).start()) {
      System.out.println("listening on " + server.address());
      while (System.in.read() >= 0) {
        // Until the caller goes away.
      }
    }
  }
}
