package dev.bringup.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** The other side of a pseudo terminal, reached by a link that outlives it, as by-id links do. */
final class PtyFarEnd implements TransportContractSuite.FarEnd {
  private final Path link;
  private final Function<Path, Transport> transport;
  private Pty pty;
  private @Nullable Pty other;

  PtyFarEnd(Path folder, Function<Path, Transport> transport) throws IOException {
    Assumptions.assumeTrue(Posix.isAvailable(), "pseudo terminals need Linux");
    this.transport = transport;
    link = folder.resolve("usb-Board_Console-if00");
    replug();
  }

  @Override
  public Transport transport() {
    return transport.apply(link);
  }

  @Override
  public void say(byte[] bytes) {
    pty.connection().write(bytes);
  }

  @Override
  public byte[] hear(int count) {
    var heard = new ByteArrayOutputStream();
    while (heard.size() < count) {
      switch (pty.connection().next()) {
        case WireEvent.Received(var bytes) ->
            heard.writeBytes(TransportContractSuite.copied(bytes));
        case WireEvent end -> throw new AssertionError(end.toString());
      }
    }
    return heard.toByteArray();
  }

  @Override
  public void unplug() throws IOException {
    Files.delete(link);
    other = Pty.make(); // so that the next one has another number
    pty.close();
  }

  @Override
  public void replug() throws IOException {
    pty = Pty.make();
    Files.createSymbolicLink(link, pty.path());
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(link);
    pty.close();
    if (other != null) {
      other.close();
    }
  }
}
