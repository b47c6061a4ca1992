package dev.bringup.transport;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** ser2net in front of a pseudo terminal, whose other side is the board. */
final class Ser2netFarEnd implements TransportContractSuite.FarEnd {
  private final String program = Peers.require("ser2net");
  private final int port = Peers.freePort();
  private final Path config;
  private final Path talk;
  private final Pty board = Pty.make();
  private final IntFunction<Transport> transport;
  private @Nullable Process process;

  /**
   * @param accepter ser2net's word for what it speaks: {@code tcp}, {@code telnet(rfc2217),tcp}
   */
  Ser2netFarEnd(Path folder, String accepter, IntFunction<Transport> transport)
      throws IOException, InterruptedException {
    this.transport = transport;
    talk = folder.resolve("talk");
    config =
        Files.writeString(
            folder.resolve("ser2net.yaml"),
            """
            connection: &board
              accepter: %s,127.0.0.1,%d
              connector: serialdev,%s,115200n81,local
            """
                .formatted(accepter, port, board.path()));
    replug();
  }

  @Override
  public Transport transport() {
    return transport.apply(port);
  }

  @Override
  public void say(byte[] bytes) {
    board.connection().write(bytes);
  }

  @Override
  public byte[] hear(int count) {
    var heard = new ByteArrayOutputStream();
    while (heard.size() < count) {
      switch (board.connection().next()) {
        case WireEvent.Received(var bytes) ->
            heard.writeBytes(TransportContractSuite.copied(bytes));
        case WireEvent end -> throw new AssertionError(end.toString());
      }
    }
    return heard.toByteArray();
  }

  @Override
  public void unplug() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  @Override
  public void replug() throws IOException, InterruptedException {
    process =
        new ProcessBuilder(program, "-n", "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(talk.toFile())
            .redirectInput(new File("/dev/null"))
            .start();
    while (!listens()) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("ser2net has ended: " + Files.readString(talk));
      }
    }
  }

  /** Asks the kernel: a connection would be the one user that ser2net lets in. */
  private boolean listens() throws IOException {
    String listening = ":%04X 00000000:0000 0A ".formatted(port);
    return Files.readString(Path.of("/proc/net/tcp")).contains(listening);
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
    board.close();
  }
}
