package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleSplitterTest {
  private static final int FIRMWARE = ConsoleSplitter.FIRMWARE;
  private static final int XEN = ConsoleSplitter.XEN;
  private static final String BOOT = "(XEN) Xen version 4.17.7\r\n";
  private static final String NOTICE = " (type 'CTRL-a' three times to switch input)\r\n";
  private static final String TO_DOM0 = "(XEN) *** Serial input to DOM0" + NOTICE;
  private static final String TO_DOM1 = "(XEN) *** Serial input to DOM1" + NOTICE;

  @Test
  void realConsolesAreToldApartAsWrittenDown() throws IOException {
    assertThat(SplitText.of(SplitText.input("xen-4.17-input.txt")))
        .isEqualTo(SplitText.golden("xen-4.17-input.txt"));
  }

  @Test
  void everyCutGivesTheSame() throws IOException {
    byte[] all = SplitText.input("xen-4.17-input.txt");
    Map<Integer, String> whole = split(all, all.length);
    for (int piece = 1; piece < 70; piece++) {
      assertThat(split(all, piece)).as("pieces of %d", piece).isEqualTo(whole);
    }
    for (int cut = 0; cut <= all.length; cut++) {
      var told = new Told();
      told.splitter.feed(all, 0, cut);
      told.splitter.feed(all, cut, all.length - cut);
      told.splitter.finish();
      assertThat(told.texts().equals(whole)).as("cut at %d", cut).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clean/xen-dom0-two-guests", "clean/xen-dom0-guest", "bad/no-dom0"})
  void bootsKeepEachByteAndLeaveNoBeginningOfXens(String boot) throws IOException {
    byte[] all =
        Files.readAllBytes(
            Path.of(
                System.getProperty("bringup.root", ".."),
                "harness/src/test/resources/dev/bringup/board/boots",
                boot + ".log"));
    Map<Integer, String> told = split(all, all.length);
    assertThat(split(all, 1)).isEqualTo(told);
    assertThat(told.get(FIRMWARE))
        .contains("U-Boot 2023.01")
        .endsWith("Starting kernel ...\r\r\n\r\r\n");
    assertThat(told.get(XEN)).startsWith("Xen version 4.17.7").doesNotContain("Linux version");
    assertThat(told.values()).noneMatch(text -> text.contains("(XEN) "));
  }

  @Test
  void brokenLinesAreWholeAgain() throws IOException {
    byte[] all =
        Files.readAllBytes(
            Path.of(
                System.getProperty("bringup.root", ".."),
                "harness/src/test/resources/dev/bringup/board/boots/clean/xen-dom0-two-guests.log"));
    Map<Integer, String> told = split(all, all.length);
    assertThat(told.get(0)).contains("clocksource: Switched to clocksource arch_sys_counter\r");
    assertThat(told.get(1))
        .as("broken by the PL011's buffer")
        .contains("12.2.0, GNU ld (GNU Binutils for Debian) 2.40)");
    assertThat(told.get(2)).contains("TOKEN-SECOND--105688\r\r\r\n");
  }

  @Test
  void withoutXenAllIsFirmware() {
    assertThat(split("U-Boot\r\n=> echo (d1) DOM1: (XE\r\n"))
        .containsExactly(Map.entry(FIRMWARE, "U-Boot\r\n=> echo (d1) DOM1: (XE\r\n"));
  }

  @Test
  void aLineOfDom0GoesOnBehindTheLineThatBrokeIt() {
    assertThat(split(BOOT + TO_DOM0 + "one t(XEN) DOM1: guest\r\r\n(XEN) d1v0: xen\r\nwo\r\r\n"))
        .containsEntry(0, "one two\r\r\n")
        .containsEntry(1, "guest\r\r\n")
        .hasEntrySatisfying(XEN, text -> assertThat(text).endsWith("d1v0: xen\r\n"));
  }

  @Test
  void whatDomainsPrintByHypercallIsTheirs() {
    assertThat(split(BOOT + TO_DOM0 + "dom0(d1) early\r\n(d12) other\r\n goes on"))
        .containsEntry(0, "dom0 goes on")
        .containsEntry(1, "early\r\n")
        .containsEntry(12, "other\r\n");
  }

  @Test
  void timeStampsOfXenBelongToTheBeginning() {
    assertThat(
            split(
                BOOT
                    + "(XEN) [    3.271243] DOM2: guest\r\r\n"
                    + "(XEN) [2026-11-27 15:42:39] DOM2: more\r\r\n"
                    + "(XEN) [    3.300000] xen\r\n"))
        .containsEntry(2, "guest\r\r\nmore\r\r\n")
        .hasEntrySatisfying(XEN, text -> assertThat(text).endsWith("\n[    3.300000] xen\r\n"));
  }

  @Test
  void theGuestThatHasTheInputSpeaksWithoutItsName() {
    assertThat(split(BOOT + TO_DOM1 + "(XEN) guest# ls\r\n(XEN) bin\r\n(XEN) DOM2: x\r\ndom0"))
        .containsEntry(0, "dom0")
        .containsEntry(1, "guest# ls\r\nbin\r\n")
        .containsEntry(2, "x\r\n");
  }

  @Test
  void xensOwnLinesAreKnownWhileAGuestHasTheInput() {
    assertThat(
            split(
                BOOT
                    + TO_DOM1
                    + "(XEN) guest# (XEN) d1v0: vGICD: unhandled\r\n(XEN) Panic on CPU 1:\r\n"))
        .containsEntry(1, "guest# ")
        .hasEntrySatisfying(
            XEN,
            text -> assertThat(text).endsWith("d1v0: vGICD: unhandled\r\nPanic on CPU 1:\r\n"));
  }

  @Test
  void aGuestThatMovesToAnotherProcessorKeepsItsLine() {
    assertThat(split(BOOT + TO_DOM1 + "(XEN) guest# l(XEN) s\r\nbin dev\r\ndom0"))
        .as("the first processor's line is still open, so it says no (XEN)")
        .containsEntry(1, "guest# ls\r\nbin dev\r\n")
        .containsEntry(0, "dom0");
  }

  @Test
  void anOpenLineOfAGuestTurnsIntoXensOrAnotherGuests() {
    assertThat(
            split(
                BOOT
                    + TO_DOM1
                    + "(XEN) guest# DOM2: second\r\n(XEN) guest# *** Serial input to DOM0"
                    + NOTICE
                    + "dom0"))
        .containsEntry(1, "guest# guest# ")
        .containsEntry(2, "second\r\n")
        .containsEntry(0, "dom0");
  }

  @Test
  void aLineLeftOpenIsNotDom0sWhenTheInputIsTaken() {
    assertThat(
            split(
                BOOT
                    + TO_DOM1
                    + "(XEN) guest# "
                    + TO_DOM0
                    + "dom0# *** DOM DOM1: late\r\ngoes on DOM1: no\r\n"))
        .containsEntry(1, "guest# late\r\n")
        .containsEntry(0, "dom0# *** DOM goes on DOM1: no\r\n");
  }

  @Test
  void linesThatDom0RepeatsDoNotMoveTheInput() {
    var told = new Told();
    told.feed(BOOT + TO_DOM0 + TO_DOM1.replace("\r\n", "\r\r\n"));
    assertThat(told.splitter.input()).isZero();
    told.feed(TO_DOM1);
    assertThat(told.splitter.input()).isEqualTo(1);
  }

  @Test
  void theInputIsTheFirmwaresThenXensThenDom0s() {
    var told = new Told();
    told.feed("U-Boot\r\n");
    assertThat(told.splitter.input()).isEqualTo(FIRMWARE);
    told.feed(BOOT);
    assertThat(told.splitter.input()).isEqualTo(XEN);
    told.feed(TO_DOM0);
    assertThat(told.splitter.input()).isZero();
    told.splitter.restart();
    assertThat(told.splitter.input()).isEqualTo(FIRMWARE);
  }

  @Test
  void xenThatStartsAnewForgetsWhoHadTheInput() {
    assertThat(split(BOOT + TO_DOM1 + "(XEN) gue(XEN) Xen version 5\r\n(XEN) new\r\n"))
        .containsEntry(1, "gue")
        .hasEntrySatisfying(XEN, text -> assertThat(text).endsWith("Xen version 5\r\nnew\r\n"));
  }

  @Test
  void aLineOf125CharactersIsWholeAndOneOf126GoesOn() {
    String fits = "x".repeat(124) + "\r";
    String full = "y".repeat(126);
    assertThat(
            split(
                BOOT
                    + ("(XEN) DOM1: "
                        + fits
                        + "\r\n(XEN) DOM1: "
                        + full
                        + "\r\n(XEN) DOM1: z\r\r\n")))
        .containsEntry(1, fits + "\r\n" + full + "z\r\r\n");
  }

  @Test
  void theCarriageReturnsOfTheWireAreLearnt() {
    String full = "y".repeat(125) + "\r";
    assertThat(
            split(
                (BOOT + "(XEN) DOM1: " + full + "\r\n(XEN) DOM1: \n(XEN) DOM1: z\r\n")
                    .replace("\n", "\r\n")))
        .as("a line of 125 characters whose line feed comes alone")
        .containsEntry(1, full + "\r\nz\r\r\n");
  }

  @Test
  void beginningsThatAreCutOffAreText() {
    assertThat(split(BOOT + TO_DOM0 + "a (XEN")).containsEntry(0, "a (XEN");
    assertThat(split(BOOT + TO_DOM0 + "(XEN) DOM1: a\r\r")).containsEntry(1, "a\r\r");
  }

  @Test
  void carriageReturnsInALineStayWhereTheyAre() {
    assertThat(split(BOOT + "(XEN) DOM1: 10%\r20%\r\r100%\r\r\n"))
        .containsEntry(1, "10%\r20%\r\r100%\r\r\n");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyMixtureIsSplitTheSameHoweverItIsCutAndNoByteTwice(long seed) {
    String[] fragments = {
      "(XEN) ",
      "(XEN) DOM1: ",
      "DOM1: ",
      "(d2) ",
      "[    1.234567] ",
      "\r",
      "\n",
      "\r\n",
      "\r\r\n",
      "*** Serial input to DOM1",
      "*** Serial input to Xen",
      NOTICE,
      "Xen version ",
      "(",
      "D",
      "*",
      "d1v0: ",
      "text",
      "y".repeat(125),
      "y".repeat(126),
      "(XE",
      "DOM",
      "*** Dumping "
    };
    var random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      var text = new StringBuilder(random.nextBoolean() ? BOOT : "");
      for (int n = random.nextInt(40); n >= 0; n--) {
        text.append(fragments[random.nextInt(fragments.length)]);
      }
      byte[] all = text.toString().getBytes(StandardCharsets.ISO_8859_1);
      Map<Integer, String> whole = split(all, all.length);
      assertThat(whole.values().stream().mapToInt(String::length).sum())
          .isLessThanOrEqualTo(all.length);
      assertThat(split(all, 1)).as("seed %d: %s", seed, text).isEqualTo(whole);
      assertThat(split(all, 1 + random.nextInt(9))).isEqualTo(whole);
    }
  }

  private static Map<Integer, String> split(String text) {
    byte[] all = text.getBytes(StandardCharsets.ISO_8859_1);
    Map<Integer, String> whole = split(all, Math.max(1, all.length));
    for (int piece = 1; piece < 7; piece++) {
      assertThat(split(all, piece)).as("pieces of %d", piece).isEqualTo(whole);
    }
    return whole;
  }

  private static Map<Integer, String> split(byte[] all, int piece) {
    var told = new Told();
    for (int i = 0; i < all.length; i += piece) {
      told.splitter.feed(all, i, Math.min(piece, all.length - i));
    }
    told.splitter.finish();
    return told.texts();
  }

  /** What was told apart. */
  private static final class Told {
    private final Map<Integer, ByteArrayOutputStream> streams = new TreeMap<>();
    private final Map<Integer, Long> ends = new TreeMap<>();
    private final ConsoleSplitter splitter =
        new ConsoleSplitter(
            1000,
            (console, offset, bytes, from, count) -> {
              assertThat(count).isPositive();
              assertThat(offset).isGreaterThanOrEqualTo(ends.getOrDefault(console, 1000L));
              ends.put(console, offset + count);
              streams
                  .computeIfAbsent(console, _ -> new ByteArrayOutputStream())
                  .write(bytes, from, count);
            });

    void feed(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      splitter.feed(bytes, 0, bytes.length);
    }

    Map<Integer, String> texts() {
      var texts = new TreeMap<Integer, String>();
      streams.forEach(
          (console, stream) -> texts.put(console, stream.toString(StandardCharsets.ISO_8859_1)));
      return texts;
    }
  }
}
