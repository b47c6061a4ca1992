package dev.bringup.emulator.gdb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.gdb.GdbPacketCodec.Message;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Packets survive any cut, and nothing that is not one gets through. */
class GdbPacketCodecTest {
  private static final int LIMIT = 400;

  private final GdbPacketCodec codec = new GdbPacketCodec(LIMIT);

  private List<Message> decode(String wire) {
    byte[] bytes = wire.getBytes(ISO_8859_1);
    return codec.decode(bytes, 0, bytes.length);
  }

  private static String framed(String raw) {
    int sum = raw.chars().sum() & 0xff;
    return "$" + raw + "#" + "%02x".formatted(sum);
  }

  private static String wire(String payload) {
    return new String(GdbPacketCodec.encode(payload), ISO_8859_1);
  }

  @Test
  void aPacketHasADollarAndAChecksum() {
    assertThat(wire("OK")).isEqualTo("$OK#9a");
    assertThat(wire("")).isEqualTo("$#00");
    assertThat(decode("$OK#9a$#00"))
        .containsExactly(new Message.Packet("OK"), new Message.Packet(""));
  }

  @Test
  void checksumDigitsAreOfEitherCase() {
    assertThat(decode("$OK#9A")).containsExactly(new Message.Packet("OK"));
  }

  @Test
  void bytesWithAMeaningAreEscaped() {
    assertThat(wire("a$b#c}d*")).startsWith("$a}\u0004b}\u0003c}]d}\n#");
    assertThat(decode(framed("X0,1:}\u0003}]}\u0004}\n")))
        .containsExactly(new Message.Packet("X0,1:#}$*"));
  }

  @Test
  void runsAreExpanded() {
    assertThat(decode(framed("0* 1*\"")))
        .containsExactly(new Message.Packet("0000" + "1".repeat(6)));
    assertThat(decode(framed("x*~"))).containsExactly(new Message.Packet("x".repeat(98)));
  }

  @Test
  void aRunThatCannotBeIsMalformed() {
    for (String raw : List.of("*!", "a*", "a*\u0005", "a*\u007f", "a}")) {
      assertThat(decode(framed(raw))).as(raw).singleElement().isInstanceOf(Message.Malformed.class);
    }
    assertThat(decode("$OK#9a")).containsExactly(new Message.Packet("OK"));
  }

  @Test
  void aWrongChecksumIsDamage() {
    for (String wire : List.of("$OK#9b", "$OK#zz", "$O#9a", "$OK#9$")) {
      assertThat(decode(wire)).as(wire).singleElement().isInstanceOf(Message.Damaged.class);
    }
    assertThat(decode("$OK#9a")).containsExactly(new Message.Packet("OK"));
  }

  @Test
  void aDollarBeginsAnew() {
    assertThat(decode("$m0,$OK#9a")).containsExactly(new Message.Packet("OK"));
  }

  @Test
  void betweenPacketsThereAreAnswersAndBreaks() {
    assertThat(decode("+noise-\u0003$\u0003#03"))
        .containsExactly(
            new Message.Acknowledged(),
            new Message.Refused(),
            new Message.Break(),
            new Message.Packet("\u0003"));
  }

  @Test
  void whatIsTooLongIsMalformedAndForgotten() {
    assertThat(decode(framed("a".repeat(LIMIT)))).containsExactly(packet("a".repeat(LIMIT)));
    assertThat(decode(framed("a".repeat(LIMIT + 1))))
        .singleElement()
        .isInstanceOf(Message.Malformed.class);
    assertThat(decode(framed("a*~".repeat(5))))
        .as("too long only when expanded")
        .singleElement()
        .isInstanceOf(Message.Malformed.class);
    assertThat(decode("$OK#9a")).containsExactly(new Message.Packet("OK"));
  }

  private static Message packet(String payload) {
    return new Message.Packet(payload);
  }

  @Test
  void everyByteComesThroughAtEveryCut() {
    var payload = new StringBuilder();
    for (int i = 0; i < 256; i++) {
      payload.append((char) i);
    }
    var out = new ByteArrayOutputStream();
    out.writeBytes("+".getBytes(ISO_8859_1));
    out.writeBytes(GdbPacketCodec.encode(payload.toString()));
    out.writeBytes("\u0003-".getBytes(ISO_8859_1));
    out.writeBytes(framed("0*\"").getBytes(ISO_8859_1));
    byte[] wire = out.toByteArray();
    for (int cut = 0; cut <= wire.length; cut++) {
      var fresh = new GdbPacketCodec(LIMIT);
      List<Message> all = new ArrayList<>(fresh.decode(wire, 0, cut));
      all.addAll(fresh.decode(wire, cut, wire.length - cut));
      assertThat(all)
          .as("cut at %d", cut)
          .containsExactly(
              new Message.Acknowledged(),
              packet(payload.toString()),
              new Message.Break(),
              new Message.Refused(),
              packet("000000"));
    }
  }

  @RepeatedTest(20)
  void randomPacketsComeThroughInRandomPieces() {
    long seed = Long.getLong("gdb.seed", System.nanoTime());
    var random = new Random(seed);
    List<Message> expected = new ArrayList<>();
    var out = new ByteArrayOutputStream();
    for (int i = 0; i < 50; i++) {
      var payload = new StringBuilder();
      for (int n = random.nextInt(200); n > 0; n--) {
        payload.append("$#*}".charAt(random.nextInt(4)));
        payload.append((char) random.nextInt(256));
      }
      payload.setLength(Math.min(payload.length(), LIMIT / 2));
      out.writeBytes(GdbPacketCodec.encode(payload.toString()));
      expected.add(packet(payload.toString()));
    }
    byte[] wire = out.toByteArray();
    List<Message> all = new ArrayList<>();
    for (int at = 0; at < wire.length; ) {
      int n = Math.min(1 + random.nextInt(90), wire.length - at);
      all.addAll(codec.decode(wire, at, n));
      at += n;
    }
    assertThat(all).as("seed %d", seed).isEqualTo(expected);
  }

  @RepeatedTest(20)
  void afterGarbageAPacketIsUnderstood() {
    long seed = Long.getLong("gdb.seed", System.nanoTime());
    var random = new Random(seed);
    var garbage = new byte[2000];
    for (int i = 0; i < garbage.length; i++) {
      garbage[i] =
          (byte)
              (random.nextBoolean()
                  ? "$#*}+-\u0003".charAt(random.nextInt(7))
                  : random.nextInt(256));
    }
    codec.decode(garbage, 0, garbage.length);
    // Ends whatever the garbage may have begun.
    decode("$#00");
    decode("$#00");
    assertThat(decode("$OK#9a")).as("seed %d", seed).containsExactly(new Message.Packet("OK"));
  }
}
