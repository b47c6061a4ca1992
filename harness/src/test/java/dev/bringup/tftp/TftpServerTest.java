package dev.bringup.tftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.fault.PacketFault;
import dev.bringup.fault.PacketFault.Effect;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.net.tftp.TFTP;
import org.apache.commons.net.tftp.TFTPClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TftpServerTest {
  private final RecordingListener listener = new RecordingListener();
  private final StagedFiles files;

  TftpServerTest(@TempDir Path uploads) {
    files = new StagedFiles(uploads);
  }

  private static byte[] content(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private TftpServer.Builder server() {
    return TftpServer.serving(files).listener(listener);
  }

  /** A client that sends and shows single packets. */
  private static final class Wire implements AutoCloseable {
    private final DatagramSocket socket;
    InetSocketAddress peer;

    Wire(TftpServer server) throws IOException {
      socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      socket.setSoTimeout(20_000);
      peer = server.address();
    }

    void send(TftpPacket packet) throws IOException {
      byte[] bytes = TftpCodec.encode(packet);
      socket.send(new DatagramPacket(bytes, bytes.length, peer));
    }

    /** The next packet, from whatever port; the next {@link #send} goes there. */
    TftpPacket receive() throws Exception {
      var datagram = new DatagramPacket(new byte[70_000], 70_000);
      socket.receive(datagram);
      peer = (InetSocketAddress) datagram.getSocketAddress();
      byte[] copy = java.util.Arrays.copyOf(datagram.getData(), datagram.getLength());
      return TftpCodec.decode(ByteBuffer.wrap(copy));
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private static TftpPacket.Read read(String file, String... options) {
    var map = new java.util.LinkedHashMap<String, String>();
    for (int i = 0; i < options.length; i += 2) {
      map.put(options[i], options[i + 1]);
    }
    return new TftpPacket.Read(file, "octet", map);
  }

  @Test
  void aTransferIsToldFromStartToEnd() throws Exception {
    byte[] bytes = content(1000);
    files.stage("f", bytes);
    try (var server = server().start();
        var wire = new Wire(server)) {
      wire.send(read("f", "blksize", "600", "foo", "bar", "tsize", "0"));
      assertThat(wire.receive())
          .isEqualTo(new TftpPacket.OptionAck(Map.of("blksize", "600", "tsize", "1000")));
      assertThat(wire.peer).as("a fresh port").isNotEqualTo(server.address());
      wire.send(new TftpPacket.Ack(0));
      assertThat(((TftpPacket.Data) wire.receive()).payload())
          .isEqualTo(ByteBuffer.wrap(bytes, 0, 600));
      wire.send(new TftpPacket.Ack(1));
      assertThat(((TftpPacket.Data) wire.receive()).payload())
          .isEqualTo(ByteBuffer.wrap(bytes, 600, 400));
      wire.send(new TftpPacket.Ack(2));

      TransferStarted started = listener.nextStarted();
      TftpTransfer transfer = listener.next();
      assertThat(started.file()).isEqualTo("f");
      assertThat(started.client().getPort()).isEqualTo(wire.socket.getLocalPort());
      assertThat(transfer)
          .isEqualTo(
              new TftpTransfer(
                  started.startNanos(),
                  started.start(),
                  started.client(),
                  TftpTransfer.Direction.READ,
                  "f",
                  "octet",
                  Map.of("blksize", "600", "foo", "bar", "tsize", "0"),
                  Map.of("blksize", "600", "tsize", "1000"),
                  1000,
                  0,
                  transfer.duration(),
                  Sha256.of(bytes),
                  new TftpOutcome.Completed()));
    }
  }

  @Test
  void refusalsAreAnsweredAndTold() throws Exception {
    try (var server = server().start();
        var wire = new Wire(server)) {
      wire.send(read("missing"));
      assertThat(wire.receive()).isEqualTo(new TftpPacket.ErrorReply(1, "File not found"));
      assertThat(listener.next().outcome()).isEqualTo(new TftpOutcome.Refused(1, "File not found"));
      wire.peer = server.address();
      wire.send(new TftpPacket.Read("missing", "mail", Map.of()));
      assertThat(((TftpPacket.ErrorReply) wire.receive()).code()).isEqualTo(4);
      assertThat(listener.next().mode()).isEqualTo("mail");
    }
  }

  @Test
  void strangersAreSentAwayAndTheTransferGoesOn() throws Exception {
    files.stage("f", content(10));
    try (var server = server().start();
        var wire = new Wire(server);
        var stranger = new Wire(server)) {
      wire.send(read("f"));
      var data = wire.receive();
      stranger.peer = wire.peer;
      stranger.send(new TftpPacket.Ack(1));
      assertThat(((TftpPacket.ErrorReply) stranger.receive()).code()).isEqualTo(5);
      assertThat(data).isInstanceOf(TftpPacket.Data.class);
      assertThat(listener.unread()).isZero();
      wire.send(new TftpPacket.Ack(1));
      assertThat(listener.next().outcome()).isEqualTo(new TftpOutcome.Completed());
    }
  }

  @Test
  void aRepeatedRequestIsNoSecondTransfer() throws Exception {
    files.stage("f", content(10));
    try (var server = server().start();
        var wire = new Wire(server)) {
      wire.send(read("f", "blksize", "8"));
      var first = wire.receive();
      InetSocketAddress transferPort = wire.peer;
      wire.peer = server.address();
      wire.send(read("f", "blksize", "8"));
      assertThat(wire.receive()).isEqualTo(first);
      assertThat(wire.peer).isEqualTo(transferPort);
      wire.send(new TftpPacket.ErrorReply(0, "enough"));
      TftpTransfer transfer = listener.next();
      assertThat(transfer.outcome()).isEqualTo(new TftpOutcome.Aborted(0, "enough"));
      assertThat(transfer.sha256()).isNull();
      assertThat(transfer.retransmitted()).isEqualTo(1);
    }
    assertThat(listener.unread()).isZero();
  }

  @Test
  void aClientMayAskForTheNextFileFromTheSamePortAtOnce() throws Exception {
    files.stage("f", content(10));
    files.stage("g", content(20));
    try (var server = server().start();
        var wire = new Wire(server)) {
      for (int i = 0; i < 50; i++) {
        for (String name : List.of("f", "missing", "g")) {
          wire.peer = server.address();
          wire.send(read(name));
          switch (wire.receive()) {
            case TftpPacket.Data(int block, ByteBuffer payload) -> {
              assertThat(payload.remaining()).isEqualTo(name.equals("f") ? 10 : 20);
              wire.send(new TftpPacket.Ack(block));
            }
            case TftpPacket.ErrorReply(int code, String text) ->
                assertThat(name).as(code + text).isEqualTo("missing");
            case TftpPacket other -> throw new AssertionError(other);
          }
        }
      }
      for (int i = 0; i < 150; i++) {
        TftpTransfer transfer = listener.next();
        assertThat(transfer.outcome())
            .isEqualTo(
                transfer.file().equals("missing")
                    ? new TftpOutcome.Refused(1, "File not found")
                    : new TftpOutcome.Completed());
      }
    }
  }

  @Test
  void garbageIsIgnoredEverywhere() throws Exception {
    files.stage("f", content(10));
    try (var server = server().start();
        var wire = new Wire(server)) {
      wire.socket.send(new DatagramPacket(new byte[] {0, 9, 1}, 3, wire.peer));
      wire.send(new TftpPacket.Ack(7));
      wire.send(read("f"));
      assertThat(wire.receive()).isInstanceOf(TftpPacket.Data.class);
      wire.socket.send(new DatagramPacket(new byte[] {0}, 1, wire.peer));
      wire.send(new TftpPacket.Ack(1));
      assertThat(listener.next().outcome()).isEqualTo(new TftpOutcome.Completed());
    }
  }

  @Test
  void moreTransfersThanAllowedAreTurnedAway() throws Exception {
    files.stage("f", content(10));
    try (var server = server().maxTransfers(1).start();
        var first = new Wire(server);
        var second = new Wire(server)) {
      first.send(read("f"));
      first.receive();
      second.send(read("f"));
      assertThat(second.receive()).isEqualTo(new TftpPacket.ErrorReply(0, "Server is busy"));
      first.send(new TftpPacket.Ack(1));
      listener.next();
      listener.next();
    }
  }

  @Test
  void aTakenPortIsAnInfrastructureError() {
    try (var server = server().start()) {
      assertThatThrownBy(() -> server().listen(server.address()).start().close())
          .isInstanceOfSatisfying(
              BringupException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
                assertThat(e.getMessage()).contains("127.0.0.1:" + server.address().getPort());
                assertThat(e.hint()).hasValueSatisfying(h -> assertThat(h).contains("ss -ulnp"));
              });
    }
  }

  @Test
  void closingTheServerEndsAndTellsWhatIsUnderWay() throws Exception {
    files.stage("f", content(10));
    TftpServer server = server().start();
    try (var wire = new Wire(server)) {
      wire.send(read("f"));
      wire.receive();
      server.close();
      assertThat(wire.receive()).isEqualTo(new TftpPacket.ErrorReply(0, "Server stopped"));
      assertThat(listener.next().outcome()).isEqualTo(new TftpOutcome.Refused(0, "Server stopped"));
    }
  }

  @Test
  void aFileThatShrinksIsNotSentAsIfItWereWhole(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("f");
    java.nio.file.Files.write(file, content(200_000));
    files.stage("f", file);
    try (var server = server().start();
        var wire = new Wire(server)) {
      wire.send(read("f", "blksize", "60000"));
      wire.receive();
      wire.send(new TftpPacket.Ack(0));
      wire.receive();
      java.nio.file.Files.write(file, content(70_000));
      wire.send(new TftpPacket.Ack(1));
      TftpPacket answer = wire.receive();
      while (answer instanceof TftpPacket.Data data) {
        wire.send(new TftpPacket.Ack(data.block()));
        answer = wire.receive();
      }
      assertThat(answer).isInstanceOf(TftpPacket.ErrorReply.class);
      assertThat(listener.next().outcome()).isInstanceOf(TftpOutcome.Refused.class);
    }
  }

  /** A file of zeros that cannot be read from {@code good} on, as a bug in somebody's code. */
  private record BrokenFile(long size, long good) implements TftpContent {
    @Override
    public int read(long position, ByteBuffer target) {
      if (position >= good) {
        throw new IllegalStateException("bug");
      }
      target.put((byte) 0);
      return 1;
    }

    @Override
    public String sha256() {
      return "";
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void aBugInSomebodysFilesEndsOneTransferAndLooksLikeNoEndOfTheFile(int window) throws Exception {
    files.stage("f", content(70_000));
    var broken =
        new TftpFiles() {
          @Override
          public TftpContent open(InetSocketAddress client, String name)
              throws TftpRefusedException {
            return name.equals("broken")
                ? new BrokenFile(200_000, 70_000)
                : files.open(client, name);
          }

          @Override
          public TftpUpload create(InetSocketAddress client, String name, OptionalLong size)
              throws TftpRefusedException {
            return files.create(client, name, size);
          }
        };
    try (var server = TftpServer.serving(broken).listener(listener).start();
        var bad = new Wire(server);
        var good = new Wire(server)) {
      // Nothing is sent twice, however slow this machine is.
      good.send(read("f", "timeout", "120"));
      good.receive();
      bad.send(read("broken", "timeout", "120", "blksize", "1428", "windowsize", "" + window));
      bad.receive();
      bad.send(new TftpPacket.Ack(0));
      TftpPacket answer = bad.receive();
      while (answer instanceof TftpPacket.Data data) {
        assertThat(data.payload().remaining()).isEqualTo(1428);
        if (data.block() % window == 0) {
          bad.send(new TftpPacket.Ack(data.block()));
        }
        answer = bad.receive();
      }
      assertThat(answer)
          .isInstanceOfSatisfying(
              TftpPacket.ErrorReply.class, error -> assertThat(error.text()).contains("bug"));
      assertThat(listener.next().outcome()).isInstanceOf(TftpOutcome.Refused.class);
      good.send(new TftpPacket.Ack(0));
      assertThat(good.receive()).isInstanceOf(TftpPacket.Data.class);
    }
  }

  @Test
  void quirksBelongToAnAddress() throws Exception {
    files.stage("f", content(10));
    var quirks = ClientQuirks.NONE.ignoringOptions().strippingLeadingSlash();
    try (var server = server().quirks(InetAddress.getLoopbackAddress(), quirks).start();
        var wire = new Wire(server)) {
      wire.send(read("//f", "blksize", "8"));
      assertThat(((TftpPacket.Data) wire.receive()).payload().remaining()).isEqualTo(10);
      wire.send(new TftpPacket.Ack(1));
      assertThat(listener.next().file()).isEqualTo("//f");
    }
  }

  private static byte[] fetch(TftpServer server, String name, int mode) throws IOException {
    var client = new TFTPClient();
    client.open();
    try {
      client.setDefaultTimeout(Duration.ofSeconds(10));
      var out = new ByteArrayOutputStream();
      client.receiveFile(
          name, mode, out, server.address().getAddress(), server.address().getPort());
      return out.toByteArray();
    } finally {
      client.close();
    }
  }

  @Test
  void commonsNetReadsAndWritesWhatIsThere() throws Exception {
    try (var server = server().start()) {
      for (int size : List.of(0, 1, 511, 512, 513, 4404, 1 << 20)) {
        byte[] bytes = content(size);
        files.stage("f", bytes);
        assertThat(fetch(server, "f", TFTP.BINARY_MODE)).isEqualTo(bytes);
        assertThat(listener.next().sha256()).isEqualTo(Sha256.of(bytes));
        var client = new TFTPClient();
        client.open();
        client.setDefaultTimeout(Duration.ofSeconds(10));
        client.sendFile(
            "up" + size,
            TFTP.BINARY_MODE,
            new ByteArrayInputStream(bytes),
            server.address().getAddress(),
            server.address().getPort());
        client.close();
        TftpTransfer written = listener.next();
        assertThat(written.sha256()).isEqualTo(Sha256.of(bytes));
        assertThat(written.bytes()).isEqualTo(size);
      }
      files.stage("text", "a\nb\n".getBytes(StandardCharsets.UTF_8));
      assertThat(fetch(server, "text", TFTP.ASCII_MODE))
          .isEqualTo(
              ("a" + System.lineSeparator() + "b" + System.lineSeparator())
                  .getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void sixtyFourClientsAtOnceGetTheSameBytes() throws Exception {
    byte[] bytes = content(300_000);
    files.stage("f", bytes);
    try (var server = server().start();
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> all = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        all.add(clients.submit(() -> fetch(server, "f", TFTP.BINARY_MODE)));
      }
      for (Future<byte[]> one : all) {
        assertThat(one.get()).isEqualTo(bytes);
      }
      for (int i = 0; i < 64; i++) {
        assertThat(listener.next().sha256()).isEqualTo(Sha256.of(bytes));
      }
    }
  }

  /** Reads with a window, as U-Boot does: one ACK for a gap, silence for old duplicates. */
  private static byte[] fetchWindowed(TftpServer server, int window) throws Exception {
    try (var wire = new Wire(server)) {
      wire.send(read("f", "blksize", "512", "timeout", "1", "windowsize", "" + window));
      assertThat(((TftpPacket.OptionAck) wire.receive()).options())
          .containsEntry("windowsize", "" + window);
      wire.send(new TftpPacket.Ack(0));
      var out = new ByteArrayOutputStream();
      int got = 0;
      int unacknowledged = 0;
      int gap = -1;
      while (true) {
        if (!(wire.receive() instanceof TftpPacket.Data(int block, ByteBuffer payload))) {
          continue;
        }
        if (block == got + 1) {
          got++;
          unacknowledged++;
          byte[] bytes = new byte[payload.remaining()];
          payload.get(bytes);
          out.writeBytes(bytes);
          boolean last = bytes.length < 512;
          if (last || unacknowledged == window) {
            wire.send(new TftpPacket.Ack(got));
            unacknowledged = 0;
          }
          if (last) {
            return out.toByteArray();
          }
        } else if (block > got && gap != got) {
          gap = got;
          unacknowledged = 0;
          wire.send(new TftpPacket.Ack(got));
        }
      }
    }
  }

  @Test
  void windowsArriveWholeOverSegmentedSends() throws Exception {
    byte[] bytes = content(512 * 300);
    files.stage("f", bytes);
    try (var server = server().start()) {
      for (int window : List.of(1, 2, 8, 64)) {
        assertThat(fetchWindowed(server, window)).as("window " + window).isEqualTo(bytes);
        assertThat(listener.next().sha256()).isEqualTo(Sha256.of(bytes));
      }
    }
  }

  private TftpServer.Builder faulty(PacketFault... all) {
    var faults = new TftpFaults((fault, file, block) -> {});
    for (PacketFault each : all) {
      faults.arm(each, 1, false);
    }
    return server().faults(faults::path);
  }

  @Test
  void faultsDoWhatTheySayAndAreSurvived() throws Exception {
    byte[] bytes = content(512 * 20);
    files.stage("f", bytes);
    try (var server =
        faulty(
                TftpFaultsTest.at(3, new Effect.Lost()),
                TftpFaultsTest.at(5, new Effect.Doubled()),
                TftpFaultsTest.at(8, new Effect.Swapped()),
                TftpFaultsTest.at(10, new Effect.Late(Duration.ofMillis(20))))
            .start()) {
      assertThat(fetchWindowed(server, 4)).isEqualTo(bytes);
      TftpTransfer transfer = listener.next();
      assertThat(transfer.outcome()).isEqualTo(new TftpOutcome.Completed());
      assertThat(transfer.retransmitted()).isPositive();
    }
  }

  @Test
  void anErrorMidwayReachesTheClientAndTheTrace() throws Exception {
    files.stage("f", content(512 * 20));
    try (var server =
        faulty(
                TftpFaultsTest.at(1, new Effect.Cut(100)),
                TftpFaultsTest.at(2, new Effect.Refused(3, "no disk")))
            .start()) {
      try (var wire = new Wire(server)) {
        wire.send(read("f"));
        assertThat(((TftpPacket.Data) wire.receive()).payload().remaining()).isEqualTo(96);
        wire.send(new TftpPacket.Ack(1));
        assertThat(wire.receive()).isEqualTo(new TftpPacket.ErrorReply(3, "no disk"));
      }
      assertThat(listener.next().outcome()).isEqualTo(new TftpOutcome.Refused(3, "no disk"));
    }
  }

  /** On a busy host the last ACK, the hash and the listener each wait for a thread. */
  @Test
  void whatAClientHasReceivedTheListenerKnowsOnceAsked() throws Exception {
    files.stage("small", content(10));
    try (TftpServer server = server().start()) {
      for (int i = 1; i <= 200; i++) {
        try (var wire = new Wire(server)) {
          wire.send(new TftpPacket.Read("small", "octet", Map.of()));
          assertThat(wire.receive()).isInstanceOf(TftpPacket.Data.class);
          wire.send(new TftpPacket.Ack(1));
        }
        assertThat(server.awaitEnds(Duration.ofMinutes(1))).isTrue();
        assertThat(listener.unread()).isEqualTo(i);
      }
    }
  }

  @Test
  void whatAClientWasRefusedTheListenerKnowsOnceAsked() throws Exception {
    try (TftpServer server = server().start()) {
      for (int i = 1; i <= 200; i++) {
        try (var wire = new Wire(server)) {
          wire.send(new TftpPacket.Read("missing", "octet", Map.of()));
          assertThat(wire.receive()).isInstanceOf(TftpPacket.ErrorReply.class);
        }
        assertThat(server.awaitEnds(Duration.ofMinutes(1))).isTrue();
        assertThat(listener.unread()).isEqualTo(i);
      }
    }
  }

  @Test
  void aLastBlockThatNobodyAcknowledgesIsWaitedForOnce() throws Exception {
    files.stage("small", content(10));
    TftpServer server = server().start();
    try (server;
        var wire = new Wire(server)) {
      wire.send(new TftpPacket.Read("small", "octet", Map.of()));
      assertThat(wire.receive()).isInstanceOf(TftpPacket.Data.class);

      assertThat(server.awaitEnds(Duration.ofMillis(1))).isFalse();
      assertThat(server.awaitEnds(Duration.ofDays(1))).isTrue();
      assertThat(listener.unread()).isZero();
    }
    assertThat(server.awaitEnds(Duration.ofDays(1))).as("closed").isTrue();
    assertThat(listener.unread()).isEqualTo(1);
  }

  @Test
  void aFileThatIsHalfSentIsNotWaitedFor() throws Exception {
    files.stage("large", content(2000));
    try (TftpServer server = server().start();
        var wire = new Wire(server)) {
      wire.send(new TftpPacket.Read("large", "octet", Map.of()));
      assertThat(wire.receive()).isInstanceOf(TftpPacket.Data.class);

      assertThat(server.awaitEnds(Duration.ofDays(1))).isTrue();
    }
  }
}
