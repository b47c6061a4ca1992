package dev.bringup.emulator.gdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.gdb.DebugTarget.Access;
import dev.bringup.emulator.gdb.DebugTarget.Stop;
import dev.bringup.emulator.gdb.GdbCommands.Outcome;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** What each packet asks of the machine, and its answer. */
class GdbCommandsTest {
  private final FakeTarget target = new FakeTarget(FakeTarget.B_SELF);
  private final GdbCommands commands = new GdbCommands(target);

  private String ask(String payload) {
    Outcome outcome = commands.handle(payload);
    assertThat(outcome).as(payload).isInstanceOf(Outcome.Reply.class);
    return String.join("|", ((Outcome.Reply) outcome).payloads());
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatIsNotKnownHasAnEmptyAnswer() {
    for (String payload :
        List.of(
            "",
            "!",
            "qTStatus",
            "qSymbol::",
            "vMustReplyEmpty",
            "vFile:open:,0,0",
            "bs",
            "R0",
            "qXfer:memory-map:read::0,100",
            "QNonStop:1",
            "x40000000,4")) {
      assertThat(ask(payload)).as(payload).isEmpty();
    }
  }

  @Test
  void aMalformedPacketIsAnError() {
    for (String payload :
        List.of(
            "m",
            "m40000000",
            "m40000000,",
            "m40000000,4x",
            "mxyz,4",
            "m40000000 4",
            "m12345678901234567,4",
            "M40000000,4:112233",
            "M40000000,4",
            "M40000000,1:1",
            "M40000000,2:zz11",
            "X40000000,2:abc",
            "X40000000,ffffffff:a",
            "G00",
            "Gzz",
            "P",
            "P0=00",
            "P0:0000000000000000",
            "P46=0000000000000000",
            "p",
            "p46",
            "pffffffffffffffff",
            "p0x",
            "Z0",
            "Z9,0,4",
            "Z0,zz,4",
            "z0,1",
            "H",
            "Hg",
            "Hg3",
            "Hgx",
            "Hg-2",
            "T",
            "T0",
            "T3",
            "T-1",
            "vCont;",
            "vCont;x",
            "vCont;c:3",
            "vCont;s:",
            "vCont;cc",
            "vCont;C",
            "cxx",
            "szz",
            "C",
            "qThreadExtraInfo,9",
            "qThreadExtraInfo",
            "qRcmd,6",
            "qRcmd",
            "qXfer:features:read:other.xml:0,10",
            "qXfer:features:read:target.xml:fffff,10",
            "qXfer:features:read:target.xml:0",
            "qXfer")) {
      assertThat(ask(payload)).as(payload).isEqualTo("E01");
    }
    assertThat(target.calls()).as("nothing was done").isEmpty();
  }

  @Test
  void registersAreLittleEndianInGdbsOrder() {
    var registers = new CpuRegisters();
    registers.x(0, 0x1122_3344_5566_7788L);
    registers.x(30, 30);
    registers.sp(0x31);
    registers.pc(FakeTarget.MEMORY);
    registers.cpsr(0x6000_03c5);
    registers.vector(31, 0xfedcL, 0x0123L);
    registers.fpsr(0x1b);
    registers.fpcr(0x0300_0000);
    target.registers(0, registers);
    String all = ask("g");
    assertThat(all).hasSize(2 * 788).startsWith("8877665544332211" + "0000");
    assertThat(all).endsWith("2301000000000000dcfe000000000000" + "1b000000" + "00000003");
    assertThat(ask("p0")).isEqualTo("8877665544332211");
    assertThat(ask("p1e")).isEqualTo("1e00000000000000");
    assertThat(ask("p1f")).isEqualTo("3100000000000000");
    assertThat(ask("p20")).isEqualTo("0000004000000000");
    assertThat(ask("p21")).isEqualTo("c5030060");
    assertThat(ask("p41")).isEqualTo("2301000000000000dcfe000000000000");
    assertThat(ask("p42")).isEqualTo("1b000000");
    assertThat(ask("p43")).isEqualTo("00000003");
  }

  @Test
  void eachRegisterCanBeChangedAlone() {
    var random = new Random(1);
    for (int n = 0; n < CpuRegisters.COUNT; n++) {
      var bytes = new byte[CpuRegisters.size(n)];
      random.nextBytes(bytes);
      String value = HexFormat.of().formatHex(bytes);
      String others = ask("g");
      assertThat(ask("P%x=%s".formatted(n, value))).isEqualTo("OK");
      assertThat(ask("p%x".formatted(n))).isEqualTo(value);
      int from = 2 * CpuRegisters.offset(n);
      assertThat(ask("g"))
          .isEqualTo(others.substring(0, from) + value + others.substring(from + value.length()));
    }
    String all = ask("g");
    assertThat(ask("Hg2")).isEqualTo("OK");
    assertThat(ask("g")).isNotEqualTo(all);
    assertThat(ask("G" + all)).isEqualTo("OK");
    assertThat(target.registers(1).image()).isEqualTo(target.registers(0).image());
  }

  @Test
  void systemRegistersComeBehindTheOthers() {
    assertThat(ask("p44")).isEqualTo("0008d03000000000");
    assertThat(ask("P44=0100000000000000")).isEqualTo("OK");
    assertThat(ask("p44")).isEqualTo("0100000000000000");
    assertThat(ask("P45=0100000000000000")).as("the machine refuses").isEqualTo("E01");
  }

  @Test
  void memoryIsReadUpToWhereItEnds() {
    assertThat(ask("m40000000,4")).isEqualTo("00000014");
    assertThat(ask("m40000ffe,10")).isEqualTo("0000");
    assertThat(ask("m40001000,1")).isEqualTo("E01");
    assertThat(ask("m3fffffff,4")).isEqualTo("E01");
    assertThat(ask("m40000000,ffffffff")).hasSize(2 * FakeTarget.SIZE);
    assertThat(ask("mffffffffffffffff,4")).isEqualTo("E01");
  }

  @Test
  void memoryIsWrittenInHexAndInBinary() {
    assertThat(ask("M40000100,4:78563412")).isEqualTo("OK");
    assertThat(target.word(0x4000_0100)).isEqualTo(0x1234_5678);
    assertThat(ask("X40000100,0:")).as("GDB's question").isEqualTo("OK");
    assertThat(ask("X40000100,4:\u00ff:#\u0000")).isEqualTo("OK");
    assertThat(target.word(0x4000_0100)).isEqualTo(0x0023_3aff);
    assertThat(ask("M40000fff,2:0102")).as("only half is there").isEqualTo("E01");
    assertThat(ask("M0,1:01")).isEqualTo("E01");
  }

  @Test
  void bothKindsOfBreakpointAreOneToTheMachine() {
    assertThat(ask("Z0,40000000,4")).isEqualTo("OK");
    assertThat(ask("Z0,40000000,4")).as("again").isEqualTo("OK");
    assertThat(ask("Z1,40000000,4")).isEqualTo("OK");
    assertThat(ask("Z1,40000008,4")).isEqualTo("OK");
    assertThat(target.breakpoints()).containsExactlyInAnyOrder(0x4000_0000L, 0x4000_0008L);
    assertThat(ask("z0,40000000,4")).isEqualTo("OK");
    assertThat(target.breakpoints()).as("the other kind is still there").hasSize(2);
    assertThat(ask("z1,40000000,4")).isEqualTo("OK");
    assertThat(ask("z1,40000000,4")).as("again").isEqualTo("OK");
    assertThat(target.breakpoints()).containsExactly(0x4000_0008L);
    commands.removeWatches();
    assertThat(target.breakpoints()).isEmpty();
    assertThat(target.word(FakeTarget.MEMORY)).as("memory").isEqualTo(FakeTarget.B_SELF);
  }

  @Test
  void watchpointsThatTheMachineDoesNotHaveAreNotKnown() {
    for (String type : List.of("2", "3", "4")) {
      assertThat(ask("Z" + type + ",40000000,4")).isEmpty();
    }
  }

  @Test
  void everyReasonHasItsPacket() {
    assertThat(ask("?")).isEqualTo("T02thread:1;");
    assertThat(commands.stopped(new Stop.Breakpoint(1))).isEqualTo("T05thread:2;");
    assertThat(ask("?")).isEqualTo("T05thread:2;");
    assertThat(ask("qC")).isEqualTo("QC2");
    assertThat(commands.stopped(new Stop.Stepped(0))).isEqualTo("T05thread:1;");
    assertThat(commands.stopped(new Stop.Interrupted(1))).isEqualTo("T02thread:2;");
    assertThat(commands.stopped(new Stop.Watchpoint(0, Access.WRITE, 0xf000L)))
        .isEqualTo("T05thread:1;watch:f000;");
    assertThat(commands.stopped(new Stop.Watchpoint(0, Access.READ, -1)))
        .isEqualTo("T05thread:1;rwatch:ffffffffffffffff;");
    assertThat(commands.stopped(new Stop.Watchpoint(0, Access.ANY, 0)))
        .isEqualTo("T05thread:1;awatch:0;");
    assertThat(commands.stopped(new Stop.PoweredOff())).isEqualTo("W00");
  }

  @Test
  void aThreadIsACpu() {
    assertThat(ask("qfThreadInfo")).isEqualTo("m1,2");
    assertThat(ask("qsThreadInfo")).isEqualTo("l");
    assertThat(ask("qThreadExtraInfo,2")).isEqualTo(hex("CPU 1"));
    assertThat(ask("T2")).isEqualTo("OK");
    assertThat(ask("Hc-1")).isEqualTo("OK");
    assertThat(ask("Hg0")).isEqualTo("OK");
    assertThat(ask("p20")).isEqualTo("0000004000000000");
    assertThat(ask("Hg2")).isEqualTo("OK");
    assertThat(ask("p20")).isEqualTo("0008004000000000");
    assertThat(ask("qAttached")).isEqualTo("1");
  }

  @Test
  void theLeftmostActionOfACpuCounts() throws InterruptedException {
    assertThat(ask("vCont?")).isEqualTo("vCont;c;C;s;S");
    goes("vCont;s:2;c", "step 1");
    goes("vCont;s:2", "step 1 alone");
    goes("vCont;c:1;s", "step 1");
    goes("vCont;S05:1;C05", "step 0");
    goes("vCont;s", "step 0 alone");
    goes("vCont;s:0;s:2", "step 0 alone");
    goes("s", "step 0 alone");
    goes("S05", "step 0 alone");
    ask("Hc2");
    goes("s", "step 1 alone");
    goes("vCont;c", "resume");
    goes("vCont;c:1;c:2", "resume");
    goes("c", "resume");
    goes("C02", "resume");
  }

  private void goes(String payload, String call) throws InterruptedException {
    assertThat(commands.handle(payload)).as(payload).isInstanceOf(Outcome.Running.class);
    target.interrupt();
    target.awaitStop();
    assertThat(target.calls().getLast()).as(payload).isEqualTo(call);
  }

  @Test
  void goingOnMayBeginElsewhere() throws InterruptedException {
    goes("s40000100", "step 0 alone");
    // What is there is no instruction of the pretended CPU.
    assertThat(target.awaitStop()).isEqualTo(new Stop.PoweredOff());
    assertThat(ask("p20")).isEqualTo("0001004000000000");
  }

  @Test
  void leavingMayEndTheMachine() {
    assertThat(commands.handle("D")).isEqualTo(new Outcome.Leaving(List.of("OK"), false));
    assertThat(commands.handle("k")).isEqualTo(new Outcome.Leaving(List.of(), true));
    assertThat(commands.handle("vKill;1")).isEqualTo(new Outcome.Leaving(List.of("OK"), true));
  }

  @Test
  void theDescriptionComesInPieces() throws Exception {
    assertThat(ask("qSupported:multiprocess+;swbreak+"))
        .contains("PacketSize=4000;")
        .contains("qXfer:features:read+");
    var xml = new StringBuilder();
    String piece;
    do {
      piece = ask("qXfer:features:read:target.xml:%x,100".formatted(xml.length()));
      assertThat(piece.length()).isLessThanOrEqualTo(1 + 0x100);
      xml.append(piece, 1, piece.length());
    } while (piece.startsWith("m"));
    assertThat(piece).startsWith("l");
    assertThat(xml.toString()).isEqualTo(TargetDescription.xml(target.systemRegisters()));
    var factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    var registers =
        factory
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(xml.toString())))
            .getElementsByTagName("reg");
    assertThat(registers.getLength()).isEqualTo(CpuRegisters.COUNT + 2);
    for (int n = 0; n < CpuRegisters.COUNT; n++) {
      String bits = registers.item(n).getAttributes().getNamedItem("bitsize").getNodeValue();
      assertThat(Integer.parseInt(bits)).as("register %d", n).isEqualTo(8 * CpuRegisters.size(n));
    }
  }

  @Test
  void monitorAnswersInTextThenOk() {
    assertThat(ask("qRcmd," + hex("reset now"))).isEqualTo("O" + hex("done: reset now\n") + "|OK");
    assertThat(ask("qRcmd," + hex("fail"))).isEqualTo("O" + hex("fail: as it should\n") + "|OK");
    assertThat(ask("qRcmd," + hex("quit"))).contains(hex("no command quit"));
    assertThat(ask("qRcmd,"))
        .isEqualTo(
            "O"
                + hex("help - this list\nfail - always fails\nreset - restarts the machine\n")
                + "|OK");
  }

  @RepeatedTest(20)
  void noPacketDoesHarm() throws InterruptedException {
    long seed = Long.getLong("gdb.seed", System.nanoTime());
    var random = new Random(seed);
    List<String> begins =
        List.of(
            "m",
            "M",
            "X",
            "g",
            "G",
            "p",
            "P",
            "Z",
            "z",
            "H",
            "T",
            "c",
            "s",
            "C",
            "vCont",
            "q",
            "qXfer:features:read:target.xml:",
            "qRcmd,",
            "qThreadExtraInfo,",
            "");
    String alphabet = "0123456789abcdef,:;=-csCSg\u00ff";
    for (int i = 0; i < 500; i++) {
      var payload = new StringBuilder(begins.get(random.nextInt(begins.size())));
      for (int n = random.nextInt(24); n > 0; n--) {
        payload.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      switch (commands.handle(payload.toString())) {
        case Outcome.Reply(List<String> payloads) ->
            assertThat(payloads)
                .as("seed %d", seed)
                .isNotEmpty()
                .allMatch(reply -> reply.length() <= GdbCommands.PACKET_SIZE);
        case Outcome.Running _ -> {
          target.interrupt();
          commands.stopped(target.awaitStop());
        }
        case Outcome.Leaving _ -> {}
      }
    }
    commands.removeWatches();
    assertThat(target.breakpoints()).as("seed %d", seed).isEmpty();
  }
}
