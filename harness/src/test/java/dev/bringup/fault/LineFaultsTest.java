package dev.bringup.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.fault.LineFault.Direction;
import dev.bringup.fault.LineFault.Effect;
import dev.bringup.fault.LineFaults.Consequence;
import dev.bringup.fault.LineFaults.Piece;
import dev.bringup.fault.Occurrence.At;
import dev.bringup.fault.Occurrence.Chance;
import dev.bringup.fault.Occurrence.Every;
import dev.bringup.fault.Occurrence.Since;
import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineFaultsTest {
  private static final long MILLI = 1_000_000;

  private final LineFaults line = new LineFaults();

  private void arm(Occurrence when, Effect effect) {
    line.arm(new LineFault(Direction.FROM_BOARD, when, effect), 1, false);
  }

  private static Occurrence at(long number) {
    return new At(number, Since.POWER_ON);
  }

  /** What comes out: text as it is, strikes in brackets, {@code @5} where 5 ms are reached. */
  private String pass(String text, long millis) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return text(line.pass(bytes, 0, bytes.length, millis * MILLI), millis);
  }

  private static String text(List<Piece> pieces, long millis) {
    var out = new StringBuilder();
    long time = millis;
    for (Piece piece : pieces) {
      if (piece.notBefore() != time * MILLI) {
        time = piece.notBefore() / MILLI;
        out.append('@').append(time).append(' ');
      }
      out.append(
          switch (piece) {
            case Piece.Bytes left -> new String(left.bytes(), StandardCharsets.ISO_8859_1);
            case Piece.Strike strike -> "[" + strike.what() + "]";
          });
    }
    return out.toString();
  }

  @Test
  void aGoodLineChangesNothing() {
    assertThat(pass("U-Boot", 0)).isEqualTo("U-Boot");
    assertThat(pass("", 1)).isEmpty();
  }

  @Test
  void aByteIsLostOrDoubledOrFlipped() {
    arm(at(2), new Effect.Lost(1));
    arm(at(4), new Effect.Doubled());
    arm(at(6), new Effect.Flipped());
    String out = pass("abcdefg", 0);
    assertThat(out)
        .startsWith(
            "a[1 byte from the board lost (console byte 2)]c"
                + "[1 byte from the board doubled (console byte 4)]dde"
                + "[1 bit of a byte from the board flipped (console byte 6)]")
        .endsWith("g");
    int flipped = out.charAt(out.length() - 2) ^ 'f';
    assertThat(Integer.bitCount(flipped)).isEqualTo(1);
    assertThat(line.lost()).isEqualTo(1);
    assertThat(line.added()).isEqualTo(1);
  }

  @Test
  void aBurstGoesOnInTheNextPieceAndEndsWithThePower() {
    arm(new Every(100), new Effect.Lost(3));
    arm(at(2), new Effect.Lost(4));
    assertThat(pass("abc", 0)).isEqualTo("a[4 bytes from the board lost (from console byte 2 on)]");
    assertThat(pass("defg", 1)).isEqualTo("fg");
    assertThat(line.lost()).isEqualTo(4);

    arm(new At(1, Since.ARMED), new Effect.Lost(100));
    assertThat(pass("xyz", 2))
        .isEqualTo("[100 bytes from the board lost (from console byte 8 on)]");
    line.poweredOn();
    assertThat(pass("banner", 3)).isEqualTo("banner");
  }

  @Test
  void whatIsLateHoldsAllThatComesBehindIt() {
    arm(at(3), new Effect.Late(Duration.ofMillis(20)));
    assertThat(pass("abcd", 5))
        .isEqualTo("ab[bytes from the board late by 20 ms (from console byte 3 on)]@25 cd");
    assertThat(pass("ef", 15)).isEqualTo("@25 ef");
    assertThat(pass("gh", 30)).isEqualTo("gh");
  }

  @Test
  void aPortThatIsGoneLosesAllUntilItIsBackAndSaysHowMuch() {
    arm(at(3), new Effect.PortGone(Duration.ofMillis(10)));
    assertThat(line.isGone(0)).isFalse();
    assertThat(pass("abcd", 5))
        .isEqualTo("ab[the serial port is gone for 10 ms (from console byte 3 on)]");
    assertThat(line.isGone(14 * MILLI)).isTrue();
    assertThat(line.goneFor(14 * MILLI)).isEqualTo(Duration.ofMillis(1));
    assertThat(pass("ef", 14)).isEmpty();
    assertThat(line.isGone(15 * MILLI)).isFalse();
    assertThat(pass("gh", 15))
        .isEqualTo("[the serial port is back; what the board said meanwhile is lost, bytes: 4]gh");
    assertThat(line.lost()).isEqualTo(4);
  }

  @Test
  void aPortMayBeBackWithoutAByteAndComesBackWhenDisarmed() {
    arm(at(1), new Effect.PortGone(Duration.ofMillis(10)));
    pass("a", 0);
    assertThat(text(line.tick(5 * MILLI), 5)).isEmpty();
    assertThat(text(line.tick(10 * MILLI), 10)).startsWith("[the serial port is back");

    arm(new At(1, Since.ARMED), new Effect.PortGone(Duration.ofHours(1)));
    pass("a", 20);
    assertThat(line.isGone(30 * MILLI)).isTrue();
    assertThat(text(line.disarm(30 * MILLI), 30)).startsWith("[the serial port is back");
    assertThat(pass("b", 40)).isEqualTo("b");
  }

  @Test
  void powerIsCutBehindItsByteInTheFirstBootThatGetsThere() {
    arm(at(4), new Effect.PowerCut());
    assertThat(pass("abc", 0)).isEqualTo("abc");
    line.poweredOn();
    assertThat(pass("abc", 1)).isEqualTo("abc");
    List<Piece> pieces = line.pass(new byte[] {'d', 'e'}, 0, 2, 2 * MILLI);
    assertThat(text(pieces, 2)).isEqualTo("d[power cut at console byte 4]e");
    assertThat(pieces.get(1))
        .isInstanceOfSatisfying(
            Piece.Strike.class,
            strike -> assertThat(strike.consequence()).isEqualTo(Consequence.POWER_CUT));
    line.poweredOn();
    assertThat(pass("abcdef", 3)).isEqualTo("abcdef");
  }

  @Test
  void onlyLastingFaultsSurviveADisarming() {
    arm(new Every(1), new Effect.Lost(1));
    line.arm(new LineFault(Direction.FROM_BOARD, at(2), new Effect.Doubled()), 1, true);
    line.disarm(0);
    assertThat(pass("abc", 0)).startsWith("a[").endsWith("bbc");
  }

  /** One byte with all that happens to it. */
  private record Out(List<String> strikes, List<Long> bytes, long lost, long added) {}

  @Test
  void whateverThePlanAndTheCutsTheSameComesOutAndNothingIsUnaccountedFor() {
    for (int seed = 0; seed < 400; seed++) {
      var random = new Random(seed);
      List<LineFault> plan = plan(random);
      byte[] input = new byte[random.nextInt(3000)];
      random.nextBytes(input);
      long[] times = times(random, input.length);
      Out whole = run(plan, seed, input, times, Integer.MAX_VALUE, random);
      assertThat(run(plan, seed, input, times, 1, random)).as("seed " + seed).isEqualTo(whole);
      assertThat(run(plan, seed, input, times, 50, random)).as("seed " + seed).isEqualTo(whole);
      assertThat(whole.bytes.size() - whole.added + whole.lost)
          .as("seed " + seed)
          .isEqualTo(input.length);
      assertThat(whole.bytes.stream().map(each -> each >> 8)).as("seed " + seed).isSorted();
    }
  }

  private static List<LineFault> plan(Random random) {
    var plan = new ArrayList<LineFault>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      Occurrence when =
          switch (random.nextInt(4)) {
            case 0 -> at(1 + random.nextInt(2000));
            case 1 -> new At(1 + random.nextInt(2000), Since.ARMED);
            case 2 -> new Every(1 + random.nextInt(300));
            default -> new Chance(random.nextDouble() * 0.1);
          };
      Effect effect =
          switch (random.nextInt(6)) {
            case 0 -> new Effect.Lost(1 + random.nextInt(40));
            case 1 -> new Effect.Doubled();
            case 2 -> new Effect.Flipped();
            case 3 -> new Effect.Late(Duration.ofNanos(1 + random.nextInt(5000)));
            case 4 -> new Effect.PortGone(Duration.ofNanos(1 + random.nextInt(5000)));
            default -> new Effect.PowerCut();
          };
      plan.add(new LineFault(Direction.FROM_BOARD, when, effect));
    }
    return plan;
  }

  /** When each byte comes: some together, some after a pause. */
  private static long[] times(Random random, int count) {
    var times = new long[count];
    long now = 0;
    for (int i = 0; i < count; i++) {
      now += random.nextInt(10) == 0 ? random.nextInt(1000) : 0;
      times[i] = now;
    }
    return times;
  }

  /** Passes all bytes of one time in pieces of at most {@code most}. */
  private static Out run(
      List<LineFault> plan, long seed, byte[] input, long[] times, int most, Random cuts) {
    var line = new LineFaults();
    for (int i = 0; i < plan.size(); i++) {
      line.arm(plan.get(i), seed + i, false);
    }
    var strikes = new ArrayList<String>();
    var bytes = new ArrayList<Long>();
    for (int from = 0; from < input.length; ) {
      int to = from + 1;
      int limit = most == Integer.MAX_VALUE ? most : 1 + cuts.nextInt(most);
      while (to < input.length && times[to] == times[from] && to - from < limit) {
        to++;
      }
      for (Piece piece : line.pass(input, from, to - from, times[from])) {
        switch (piece) {
          case Piece.Bytes out -> {
            for (byte each : out.bytes()) {
              bytes.add((out.notBefore() << 8) | (each & 0xff));
            }
          }
          case Piece.Strike strike ->
              strikes.add(bytes.size() + " " + strike.notBefore() + " " + strike.what());
        }
      }
      from = to;
    }
    return new Out(strikes, bytes, line.lost(), line.added());
  }

  @Test
  void anotherSeedGivesOtherChances() {
    assertThat(lossy(7)).isEqualTo(lossy(7)).isNotEqualTo(lossy(8));
    assertThat(lossy(7).length()).isBetween(800, 980);
  }

  private static String lossy(long seed) {
    var lossy = new LineFaults();
    lossy.arm(new LineFault(Direction.TO_BOARD, new Chance(0.1), new Effect.Lost(1)), seed, false);
    var bytes = new byte[1000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ('!' + i % 90);
    }
    var out = new StringBuilder();
    for (Piece piece : lossy.pass(bytes, 0, bytes.length, 0)) {
      if (piece instanceof Piece.Bytes left) {
        out.append(new String(left.bytes(), StandardCharsets.US_ASCII));
      }
    }
    return out.toString();
  }

  @Test
  void aPlanSaysWhatItDoes() {
    var plan =
        new FaultPlan(
            7,
            List.of(
                new LineFault(Direction.FROM_BOARD, new Every(502), new Effect.Lost(1)),
                new LineFault(Direction.TO_BOARD, new Chance(0.025), new Effect.Doubled()),
                new PacketFault("xen", at(100), new PacketFault.Effect.Silent())));
    assertThat(plan.words())
        .isEqualTo(
            "on, with seed 7: every 502nd byte from the board: lost;"
                + " 2.5 % of the bytes that are typed: doubled;"
                + " TFTP, block 100 of \"xen\": the server falls silent");
  }

  @Test
  void faultsThatMeanNothingAreRefused() {
    assertThatThrownBy(() -> new Chance(1.5)).isInstanceOf(BringupException.class);
    assertThatThrownBy(() -> new Every(0)).isInstanceOf(BringupException.class);
    assertThatThrownBy(() -> arm(at(0), new Effect.Doubled()))
        .hasMessage("bytes are counted from 1");
    assertThatThrownBy(() -> new LineFault(Direction.TO_BOARD, at(1), new Effect.PowerCut()))
        .hasMessageContaining("counted in bytes from the board");
    assertThatThrownBy(() -> new PacketFault(null, new Every(2), new PacketFault.Effect.Silent()))
        .hasMessage("a server falls silent at one block");
  }
}
