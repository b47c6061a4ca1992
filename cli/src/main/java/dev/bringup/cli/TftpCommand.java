package dev.bringup.cli;

import dev.bringup.tftp.DirectoryFiles;
import dev.bringup.tftp.TftpJson;
import dev.bringup.tftp.TftpServer;
import dev.bringup.verdict.BringupException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "tftp",
    description = "Serves a folder by TFTP until interrupted; one JSON line for each transfer.",
    mixinStandardHelpOptions = true)
final class TftpCommand implements Callable<Integer> {
  @Option(
      names = "--root",
      required = true,
      paramLabel = "DIR",
      description = "The folder to serve; nothing outside of it can be reached.")
  private Path root;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      defaultValue = "127.0.0.1:6969",
      description = "Where to listen (default: ${DEFAULT-VALUE}).")
  private String listen;

  @Option(
      names = "--write",
      paramLabel = "none|new|replace",
      defaultValue = "none",
      description = "Whether clients may write: not at all, new files only, or over old ones.")
  private String write;

  @SuppressWarnings("NullAway.Init") // picocli injects options
  TftpCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    if (!Files.isDirectory(root)) {
      throw BringupException.configuration("--root " + root + ": no such folder");
    }
    DirectoryFiles.Writing writing =
        switch (write) {
          case "none" -> DirectoryFiles.Writing.REFUSED;
          case "new" -> DirectoryFiles.Writing.NEW_FILES;
          case "replace" -> DirectoryFiles.Writing.OVERWRITING;
          default ->
              throw BringupException.configuration(
                  "--write " + write + ": none, new or replace is needed");
        };
    var server =
        TftpServer.serving(new DirectoryFiles(root, writing))
            .listen(address(listen))
            .listener(transfer -> System.out.println(TftpJson.line(transfer)))
            .start();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
    InetSocketAddress bound = server.address();
    System.err.printf(
        "serving %s on %s:%d (Ctrl-C ends it)%n", root, bound.getHostString(), bound.getPort());
    new CountDownLatch(1).await();
    return 0;
  }

  static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    try {
      if (colon > 0) {
        int port = Integer.parseInt(text.substring(colon + 1));
        var address = new InetSocketAddress(text.substring(0, colon), port);
        if (!address.isUnresolved()) {
          return address;
        }
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw BringupException.configuration(
        "--listen " + text + ": ADDRESS:PORT is needed, such as 127.0.0.1:6969");
  }
}
