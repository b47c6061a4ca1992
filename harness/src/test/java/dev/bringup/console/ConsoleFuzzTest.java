package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.bringup.verdict.BringupException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Damaged recordings, and searching and filtering that must not depend on how bytes were cut. */
class ConsoleFuzzTest {
  private static final List<String> ATOMS =
      List.of(
          "a",
          "b",
          "ab",
          "a+",
          "b*",
          "[ab]*?",
          "[^a]",
          ".",
          ".*",
          ".*?",
          "\\d",
          "\\s+",
          "(?:ab|c)",
          "(a|b){2,}",
          "(?>a*)",
          "a++",
          "\r",
          "\\x0d?",
          "(b)?");
  private static final List<String> ASSERTIONS =
      List.of("^", "$", "\\b", "(?=b)", "(?!a)", "(?<=a)", "(?<!b)", "\\z", "\\Z");
  private static final byte[] HEADER = RecordingFile.header("fuzz", 0);

  @FuzzTest
  void subConsolesDoNotDependOnHowBytesWereCut(FuzzedDataProvider data) {
    int piece = data.consumeInt(1, 64);
    byte[] all = ("(XEN) " + data.consumeRemainingAsString()).getBytes(StandardCharsets.ISO_8859_1);
    assertThat(split(all, piece)).isEqualTo(split(all, all.length));
  }

  private static Map<Integer, String> split(byte[] all, int piece) {
    var said = new TreeMap<Integer, String>();
    var splitter =
        new ConsoleSplitter(
            0,
            (console, offset, bytes, from, count) ->
                said.merge(
                    console,
                    new String(bytes, from, count, StandardCharsets.ISO_8859_1),
                    String::concat));
    for (int i = 0; i < all.length; i += piece) {
      splitter.feed(all, i, Math.min(piece, all.length - i));
    }
    splitter.finish();
    return said;
  }

  @FuzzTest
  void aScreenShowsAnyBytesTheSameHoweverTheyWereCut(FuzzedDataProvider data) {
    var whole = new Screen(data.consumeInt(1, 20), data.consumeInt(1, 10), answer -> {});
    var cut = new Screen(whole.columns(), whole.rows(), answer -> {});
    byte[] all = data.consumeRemainingAsBytes();
    whole.feed(all);
    for (byte b : all) {
      cut.feed(new byte[] {b});
    }
    assertThat(cut.lines()).isEqualTo(whole.lines());
    assertThat(cut.cursorRow()).isEqualTo(whole.cursorRow());
    assertThat(cut.cursorColumn()).isEqualTo(whole.cursorColumn());
  }

  @FuzzTest
  void recordingReaderHasOneClearErrorOrABoundedResult(FuzzedDataProvider data) throws IOException {
    Path file = Files.createTempFile("fuzz", ".rec");
    try {
      boolean raw = data.consumeBoolean();
      Files.write(file, raw ? data.consumeRemainingAsBytes() : records(data));
      var recording = RecordingReader.open(file).recording();
      assertThat(recording.end()).isLessThanOrEqualTo(Files.size(file));
      assertThat(recording.bytes(0, recording.end())).hasSize((int) recording.end());
    } catch (BringupException e) {
      assertThat(e).hasMessageContaining(": at byte ");
    } finally {
      Files.delete(file);
    }
  }

  /** Records with right checksums but any type, time and contents. */
  private static byte[] records(FuzzedDataProvider data) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(HEADER);
    while (data.remainingBytes() > 0) {
      byte type = data.consumeByte();
      long nanos = data.consumeLong();
      byte[] payload = data.consumeBytes(data.consumeInt(0, 70_000));
      var record = ByteBuffer.allocate(RecordingFile.recordSize(payload.length));
      record.put(type).putLong(nanos).putInt(payload.length).put(payload);
      record.putInt(RecordingFile.crc(record.array(), 0, record.position()));
      all.writeBytes(record.array());
    }
    return all.toByteArray();
  }

  @FuzzTest
  void searchDoesNotDependOnTheCut(FuzzedDataProvider data) {
    List<ConsolePattern> patterns = new ArrayList<>();
    for (int n = data.consumeInt(1, 3); n > 0; n--) {
      patterns.add(pattern(data));
    }
    int piece = data.consumeInt(1, 7);
    byte[] bytes = data.consumeBytes(300);
    var set = new PatternSet(patterns);
    assertThat(scan(set, bytes, piece, true))
        .as("%s in %s", patterns, Arrays.toString(bytes))
        .isEqualTo(scan(set, bytes, bytes.length + 1, false));
  }

  /** A literal, or a regular expression of valid parts: Jazzer takes others for an attack. */
  private static ConsolePattern pattern(FuzzedDataProvider data) {
    if (data.consumeBoolean()) {
      String text = data.consumeAsciiString(4);
      boolean prompt = data.consumeBoolean() && text.indexOf('\n') < 0;
      return new ConsolePattern.Literal("literal", text.isEmpty() ? "a" : text, prompt);
    }
    var syntax = new StringBuilder();
    for (int n = data.consumeInt(1, 6); n > 0; n--) {
      syntax.append(data.pickValue(ATOMS));
      if (data.consumeBoolean()) {
        syntax.append(data.pickValue(ASSERTIONS));
      }
    }
    return ConsolePattern.regex(syntax.toString());
  }

  private static PatternScanner.@Nullable Hit scan(
      PatternSet set, byte[] bytes, int piece, boolean settling) {
    var scanner = new PatternScanner(set, 0, (byte) '\n');
    for (int at = 0; at < bytes.length; at += piece) {
      var hit = scanner.feed(bytes, at, Math.min(piece, bytes.length - at));
      if (hit == null && settling) {
        hit = scanner.settle();
      }
      if (hit != null) {
        return hit;
      }
    }
    return scanner.finish();
  }

  @FuzzTest
  void noiseFilterDoesNotDependOnTheCut(FuzzedDataProvider data) {
    int piece = data.consumeInt(1, 7);
    String stamp = data.consumeBoolean() ? "[    1.000000] " : "";
    byte[] bytes =
        (data.consumeAsciiString(40) + stamp + data.consumeRemainingAsAsciiString())
            .getBytes(StandardCharsets.ISO_8859_1);
    var whole = new NoiseFilter(Noise.usual(), 0);
    whole.feed(bytes, 0, bytes.length);
    var cut = new NoiseFilter(Noise.usual(), 0);
    for (int at = 0; at < bytes.length; at += piece) {
      cut.feed(bytes, at, Math.min(piece, bytes.length - at));
    }
    assertThat(cut.text().toString()).isEqualTo(whole.text().toString());
    assertThat(cut.held()).isEqualTo(whole.held());
    assertThat(cut.pieces()).isEqualTo(whole.pieces());
  }
}
