package dev.bringup.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.fault.Occurrence;
import dev.bringup.fault.PacketFault;
import dev.bringup.fault.PacketFault.Effect;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TftpFaultsTest {
  private final List<String> told = new ArrayList<>();
  private final TftpFaults faults =
      new TftpFaults((fault, file, block) -> told.add(fault.struck(file, block)));

  /** Fault {@code effect} at {@code block} of any file. */
  static PacketFault at(int block, Effect effect) {
    return new PacketFault(null, new Occurrence.At(block, Occurrence.Since.POWER_ON), effect);
  }

  private static PacketFault every(int packets, Effect effect) {
    return new PacketFault(null, new Occurrence.Every(packets), effect);
  }

  private void arm(PacketFault... all) {
    for (PacketFault each : all) {
      faults.arm(each, 1, false);
    }
  }

  /** What comes out, in short, for DATA blocks {@code first} to {@code last}. */
  private static List<String> pass(PacketPath path, int first, int last) {
    List<String> out = new ArrayList<>();
    var wire =
        new PacketPath.Wire() {
          @Override
          public void send(byte[] packet) {
            out.add(text(packet));
          }

          @Override
          public void sendLater(Duration delay, byte[] packet) {
            out.add(text(packet) + " after " + delay.toMillis() + " ms");
          }

          private String text(byte[] packet) {
            return packet.length < 4
                ? "cut"
                : packet[1] + ":" + (ByteBuffer.wrap(packet).getShort(2) & 0xffff);
          }
        };
    for (int block = first; block <= last; block++) {
      var data = new TftpPacket.Data(block & 0xffff, ByteBuffer.allocate(1));
      path.pass(TftpCodec.encode(data), wire);
    }
    return out;
  }

  private PacketPath path(String file) {
    return Objects.requireNonNull(faults.path(file), "a path with faults");
  }

  private List<String> pass(int count) {
    return pass(path("f"), 1, count);
  }

  @Test
  void eachFaultHitsItsBlockOnceAndIsTold() {
    arm(
        at(1, new Effect.Lost()),
        at(2, new Effect.Doubled()),
        at(3, new Effect.Swapped()),
        at(5, new Effect.Cut(3)),
        at(6, new Effect.Late(Duration.ofMillis(5))),
        at(7, new Effect.Refused(3, "full")));
    assertThat(pass(7)).containsExactly("3:2", "3:2", "3:4", "3:3", "cut", "3:6 after 5 ms", "5:3");
    assertThat(told)
        .containsExactly(
            "TFTP block 1 of \"f\" lost",
            "TFTP block 2 of \"f\" doubled",
            "TFTP block 3 of \"f\" sent behind the next one",
            "TFTP block 5 of \"f\" cut to 3 bytes",
            "TFTP block 6 of \"f\" late by 5 ms",
            "TFTP block 7 of \"f\" replaced by the error \"full\" (3)");
    assertThat(pass(3)).as("sent again").containsExactly("3:1", "3:2", "3:3");
  }

  @Test
  void lossIsTheSameForTheSameSeed() {
    assertThat(lossyRun(7)).hasSizeBetween(25, 75).isEqualTo(lossyRun(7)).isNotEqualTo(lossyRun(8));
  }

  private static List<String> lossyRun(long seed) {
    var lossy = new TftpFaults((fault, file, block) -> {});
    lossy.arm(new PacketFault(null, new Occurrence.Chance(0.5), new Effect.Lost()), seed, false);
    return pass(Objects.requireNonNull(lossy.path("f")), 1, 100);
  }

  @Test
  void everyNthPacketIsCountedThroughAllTransfers() {
    arm(every(10, new Effect.Lost()));
    assertThat(pass(path("first"), 1, 7)).hasSize(7);
    assertThat(pass(path("second"), 1, 14)).hasSize(12).doesNotContain("3:3", "3:13");
    assertThat(told)
        .containsExactly("TFTP block 3 of \"second\" lost", "TFTP block 13 of \"second\" lost");
  }

  @Test
  void aServerThatFallsSilentStaysSoAndSaysSoOnceInEachTransfer() {
    faults.arm(
        new PacketFault(
            "xen", new Occurrence.At(3, Occurrence.Since.POWER_ON), new Effect.Silent()),
        1,
        false);
    PacketPath first = path("xen");
    assertThat(pass(first, 1, 4)).containsExactly("3:1", "3:2");
    assertThat(pass(first, 3, 4)).as("sent again").isEmpty();
    assertThat(pass(path("xen"), 1, 4)).as("asked again").containsExactly("3:1", "3:2");
    assertThat(told).containsExactly(told.getFirst(), told.getFirst());
    assertThat(told.getFirst()).isEqualTo("the TFTP server falls silent at block 3 of \"xen\"");
    assertThat(faults.path("Image")).as("another file").isNull();
  }

  @Test
  void blocksAreCountedBeyondTheirSixteenBits() {
    arm(at(65_537, new Effect.Lost()), at(131_073, new Effect.Lost()));
    List<String> out = pass(131_080);
    assertThat(out).hasSize(131_078);
    assertThat(told)
        .containsExactly("TFTP block 65537 of \"f\" lost", "TFTP block 131073 of \"f\" lost");
  }

  @Test
  void onlyLastingFaultsSurviveADisarming() {
    arm(at(1, new Effect.Lost()));
    faults.arm(at(2, new Effect.Lost()), 1, true);
    faults.disarm();
    assertThat(pass(3)).containsExactly("3:1", "3:3");
  }
}
