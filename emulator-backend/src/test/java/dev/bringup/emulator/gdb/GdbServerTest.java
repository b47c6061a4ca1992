package dev.bringup.emulator.gdb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.emulator.gdb.DebugTarget.Stop;
import dev.bringup.emulator.gdb.GdbPacketCodec.Message;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Debuggers that come, go, break and misbehave on the wire. */
class GdbServerTest {
  private static final Message ACKNOWLEDGED = new Message.Acknowledged();
  private static final Message REFUSED = new Message.Refused();

  /** Milliseconds after which a lost answer fails the test. */
  private static final int PATIENCE = 30_000;

  private final FakeTarget target = new FakeTarget(FakeTarget.ADD_X0_1, FakeTarget.B_MINUS_4);
  private final GdbServer server = GdbServer.listen(0, target);

  /** A debugger's end of the wire. */
  private final class Debugger implements AutoCloseable {
    private final Socket socket =
        new Socket(server.address().getAddress(), server.address().getPort());
    private final GdbPacketCodec codec = new GdbPacketCodec(GdbCommands.PACKET_SIZE);
    private final Deque<Message> messages = new ArrayDeque<>();

    private Debugger() throws IOException {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE);
    }

    void write(String wire) throws IOException {
      socket.getOutputStream().write(wire.getBytes(ISO_8859_1));
    }

    void send(String payload) throws IOException {
      socket.getOutputStream().write(GdbPacketCodec.encode(payload));
    }

    Message next() throws IOException {
      var bytes = new byte[1000];
      while (messages.isEmpty()) {
        int n = socket.getInputStream().read(bytes);
        if (n < 0) {
          throw new SocketException("the end");
        }
        messages.addAll(codec.decode(bytes, 0, n));
      }
      return messages.removeFirst();
    }

    String ask(String payload) throws IOException {
      send(payload);
      assertThat(next()).as(payload).isEqualTo(ACKNOWLEDGED);
      return answer();
    }

    /** The next packet, which is acknowledged. */
    String answer() throws IOException {
      Message message = next();
      assertThat(message).isInstanceOf(Message.Packet.class);
      write("+");
      return ((Message.Packet) message).payload();
    }

    void expectEnd() {
      assertThatThrownBy(this::next).isInstanceOf(SocketException.class);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void itListensToThisHostOnly() {
    assertThat(server.address().getAddress().isLoopbackAddress()).isTrue();
  }

  @Test
  void aTakenPortIsALabsFailure() {
    assertThatThrownBy(() -> GdbServer.listen(server.address().getPort(), target).close())
        .isInstanceOf(BringupException.class)
        .hasMessageContaining("cannot listen for GDB at");
  }

  @Test
  void theMachineStopsWhenADebuggerComesAndGoesOnWhenItLeaves() throws Exception {
    target.resume();
    try (var gdb = new Debugger()) {
      assertThat(gdb.ask("?")).isEqualTo("T02thread:1;");
      assertThat(target.isRunning()).isFalse();
      gdb.ask("Z0,40000800,4");
      assertThat(gdb.ask("D")).isEqualTo("OK");
      gdb.expectEnd();
    }
    server.close();
    assertThat(target.breakpoints()).isEmpty();
    assertThat(target.isRunning()).isTrue();
  }

  @Test
  void aBreakpointEndsARun() throws Exception {
    try (var gdb = new Debugger()) {
      assertThat(gdb.ask("Z0,40000804,4")).isEqualTo("OK");
      assertThat(gdb.ask("vCont;c")).isEqualTo("T05thread:2;");
      assertThat(gdb.ask("p20")).as("of the CPU that stopped").isEqualTo("0408004000000000");
      assertThat(gdb.ask("c")).as("it stands there still").isEqualTo("T05thread:2;");
      assertThat(gdb.ask("vCont;s:2")).isEqualTo("T05thread:2;");
      assertThat(gdb.ask("p20")).isEqualTo("0008004000000000");
    }
  }

  @Test
  void aBreakEndsARun() throws Exception {
    try (var gdb = new Debugger()) {
      for (int i = 0; i < 20; i++) {
        gdb.send("vCont;c");
        assertThat(gdb.next()).isEqualTo(ACKNOWLEDGED);
        gdb.write("\u0003");
        assertThat(gdb.answer()).isEqualTo("T02thread:1;");
      }
      gdb.write("\u0003\u0003");
      assertThat(gdb.ask("qC")).as("one that comes late is nothing").isEqualTo("QC1");
    }
  }

  @Test
  void aPacketEndsARunAndIsAnsweredAfterIt() throws Exception {
    try (var gdb = new Debugger()) {
      gdb.send("c");
      assertThat(gdb.next()).isEqualTo(ACKNOWLEDGED);
      assertThat(gdb.ask("qC")).isEqualTo("T02thread:1;");
      assertThat(gdb.answer()).isEqualTo("QC1");
      assertThat(gdb.ask("?")).isEqualTo("T02thread:1;");
    }
  }

  @Test
  void aMachineThatTurnsItselfOffEndsTheVisit() throws Exception {
    try (var gdb = new Debugger()) {
      assertThat(gdb.ask("M40000000,4:000040d4")).isEqualTo("OK");
      assertThat(gdb.ask("c")).isEqualTo("W00");
      gdb.expectEnd();
    }
    try (var gdb = new Debugger()) {
      assertThat(gdb.ask("?")).isEqualTo("W00");
      assertThat(gdb.ask("D")).isEqualTo("OK");
    }
    server.close();
    assertThat(target.calls()).as("it is not resumed").containsOnlyOnce("resume");
  }

  @Test
  void whatIsRefusedIsSentAgain() throws Exception {
    try (var gdb = new Debugger()) {
      gdb.send("qC");
      assertThat(gdb.next()).isEqualTo(ACKNOWLEDGED);
      assertThat(gdb.next()).isEqualTo(new Message.Packet("QC1"));
      gdb.write("-");
      assertThat(gdb.answer()).isEqualTo("QC1");
      gdb.write("-");
      assertThat(gdb.ask("qC")).as("acknowledged: not again").isEqualTo("QC1");
    }
  }

  @Test
  void damageIsRefusedAndMalformedIsAnError() throws Exception {
    try (var gdb = new Debugger()) {
      gdb.write("$qC#00");
      assertThat(gdb.next()).isEqualTo(REFUSED);
      gdb.write("$*#2a");
      assertThat(gdb.next()).isEqualTo(ACKNOWLEDGED);
      assertThat(gdb.answer()).isEqualTo("E01");
      assertThat(gdb.ask("m".repeat(GdbCommands.PACKET_SIZE + 1))).isEqualTo("E01");
      assertThat(gdb.ask("qC")).isEqualTo("QC1");
    }
  }

  @Test
  void acknowledgementsCanBeDoneWithout() throws Exception {
    try (var gdb = new Debugger()) {
      assertThat(gdb.ask("QStartNoAckMode")).isEqualTo("OK");
      gdb.send("qC");
      assertThat(gdb.next()).isEqualTo(new Message.Packet("QC1"));
      gdb.write("-$qC#00");
      assertThat(gdb.next()).isEqualTo(new Message.Packet("E01"));
    }
  }

  @Test
  void aWireThatEndsIsADetach() throws Exception {
    try (var gdb = new Debugger()) {
      assertThat(gdb.ask("Z0,40000100,4")).isEqualTo("OK");
      gdb.send("c");
      assertThat(gdb.next()).isEqualTo(ACKNOWLEDGED);
    }
    try (var gdb = new Debugger()) {
      assertThat(gdb.ask("?")).as("the next one is served").isEqualTo("T02thread:1;");
      assertThat(target.breakpoints()).isEmpty();
      assertThat(target.calls()).containsOnlyOnce("unbreak 40000100");
    }
  }

  @Test
  void killIsTold() throws Exception {
    try (var gdb = new Debugger()) {
      gdb.send("k");
      assertThat(gdb.next()).isEqualTo(ACKNOWLEDGED);
      gdb.expectEnd();
    }
    server.close();
    assertThat(target.calls()).containsExactly("kill");
  }

  @Test
  void closingSendsADebuggerAway() throws Exception {
    try (var gdb = new Debugger()) {
      assertThat(gdb.ask("Z1,40000100,4")).isEqualTo("OK");
      gdb.send("c");
      assertThat(gdb.next()).isEqualTo(ACKNOWLEDGED);
      server.close();
      gdb.expectEnd();
      assertThat(target.breakpoints()).isEmpty();
      assertThat(target.isRunning()).as("without the debugger").isTrue();
    }
  }

  @Test
  void closingTwiceOrWithNobodyThereIsFine() throws Exception {
    server.close();
    server.close();
    assertThat(target.awaitStop()).isEqualTo(new Stop.Interrupted(0));
  }

  @RepeatedTest(5)
  void garbageEndsNothing() throws Exception {
    long seed = Long.getLong("gdb.seed", System.nanoTime());
    var random = new Random(seed);
    for (int visit = 0; visit < 5; visit++) {
      try (var gdb = new Debugger()) {
        var garbage = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
          garbage.append(
              random.nextBoolean()
                  ? "$#*}+-\u0003cs".charAt(random.nextInt(9))
                  : (char) random.nextInt(256));
        }
        gdb.write(garbage.toString());
      } catch (SocketException e) {
        // What the stub had not read when it was left.
      }
    }
    try (var gdb = new Debugger()) {
      assertThat(gdb.ask("qC")).as("seed %d", seed).isEqualTo("QC1");
    }
  }
}
