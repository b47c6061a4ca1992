package dev.bringup.tftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TftpCodecTest {
  private static final HexFormat HEX = HexFormat.of();

  /** Wire forms of real clients and servers, and what they say. */
  private static Map<String, TftpPacket> vectors() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("timeout", "5");
    options.put("blksize", "1468");
    Map<String, String> accepted = new LinkedHashMap<>();
    accepted.put("blksize", "1468");
    accepted.put("timeout", "5");
    Map<String, TftpPacket> vectors = new LinkedHashMap<>();
    vectors.put(
        "000168656c6c6f2e62696e006f6374657400",
        new TftpPacket.Read("hello.bin", "octet", Map.of()));
    vectors.put(
        "000168656c6c6f2e62696e006f637465740074696d656f75740035" + "00626c6b73697a65003134363800",
        new TftpPacket.Read("hello.bin", "octet", options));
    vectors.put("00026100" + "6e6574617363696900", new TftpPacket.Write("a", "netascii", Map.of()));
    vectors.put("0003ffff0102", new TftpPacket.Data(65535, ByteBuffer.wrap(new byte[] {1, 2})));
    vectors.put("00030001", new TftpPacket.Data(1, ByteBuffer.allocate(0)));
    vectors.put("00040000", new TftpPacket.Ack(0));
    vectors.put(
        "0005000146696c65206e6f7420666f756e6400", new TftpPacket.ErrorReply(1, "File not found"));
    vectors.put(
        "0006626c6b73697a6500313436380074696d656f7574003500", new TftpPacket.OptionAck(accepted));
    return vectors;
  }

  @Test
  void vectorsAreReadAndWritten() throws TftpFormatException {
    for (var vector : vectors().entrySet()) {
      byte[] bytes = HEX.parseHex(vector.getKey());
      assertThat(TftpCodec.decode(ByteBuffer.wrap(bytes))).isEqualTo(vector.getValue());
      assertThat(HEX.formatHex(TftpCodec.encode(vector.getValue()))).isEqualTo(vector.getKey());
    }
  }

  @Test
  void optionsKeepTheirOrderAndLoseTheirCase() throws TftpFormatException {
    byte[] bytes =
        "\0\1f\0OCTET\0TSize\0000\0BlkSize\0009\0tsize\0007\0"
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    var read = (TftpPacket.Read) TftpCodec.decode(ByteBuffer.wrap(bytes));
    assertThat(read.mode()).isEqualTo("OCTET");
    assertThat(read.options()).containsExactly(Map.entry("tsize", "0"), Map.entry("blksize", "9"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 500})
  void zerosBehindARequestAreNoOptions(int zeros) throws TftpFormatException {
    var plain = new TftpPacket.Read("f", "octet", Map.of());
    var withOption = new TftpPacket.Read("f", "octet", Map.of("tsize", "0"));
    for (TftpPacket request : List.of(plain, withOption)) {
      byte[] bytes = TftpCodec.encode(request);
      byte[] padded = Arrays.copyOf(bytes, bytes.length + zeros);
      assertThat(TftpCodec.decode(ByteBuffer.wrap(padded))).isEqualTo(request);
    }
  }

  @Test
  void packetsCutAtAnyByteAreRefusedOrReadAsAShorterPacket() {
    for (String vector : vectors().keySet()) {
      byte[] whole = HEX.parseHex(vector);
      for (int length = 0; length < whole.length; length++) {
        ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(whole, length));
        try {
          TftpPacket packet = TftpCodec.decode(cut);
          // A cut DATA is a shorter DATA, an ERROR may lack its NUL, options may be fewer.
          boolean shorter =
              switch (packet) {
                case TftpPacket.Data data -> data.payload().remaining() == length - 4;
                case TftpPacket.ErrorReply error -> "File not found".startsWith(error.text());
                default -> TftpCodec.encode(packet).length == length;
              };
          assertThat(shorter).as("%s cut to %d bytes: %s", vector, length, packet).isTrue();
        } catch (TftpFormatException e) {
          assertThat(e.getMessage()).isNotEmpty();
        }
      }
    }
  }

  @Test
  void anyBytesAreReadOrRefusedAndReadingDoesNotMoveTheBuffer() {
    long seed = 20261121;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      if (bytes.length > 1) {
        bytes[0] = 0;
        bytes[1] = (byte) random.nextInt(8);
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      try {
        TftpPacket packet = TftpCodec.decode(buffer);
        assertThat(TftpCodec.decode(ByteBuffer.wrap(TftpCodec.encode(packet)))).isEqualTo(packet);
      } catch (TftpFormatException e) {
        assertThat(e.getMessage()).isNotEmpty();
      } catch (RuntimeException e) {
        fail("seed " + seed + " packet " + HEX.formatHex(bytes), e);
      }
      assertThat(buffer.remaining()).isEqualTo(bytes.length);
    }
  }

  @Test
  void whatDoesNotFitOnTheWireIsNotWritten() {
    for (TftpPacket packet :
        List.of(
            new TftpPacket.Ack(65536),
            new TftpPacket.Ack(-1),
            new TftpPacket.Read("a\0b", "octet", Map.of()))) {
      assertThatThrownBy(() -> TftpCodec.encode(packet))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
