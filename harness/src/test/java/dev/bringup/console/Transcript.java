package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A session with a real board, as a text: lines that begin with {@code <} were received, lines that
 * begin with {@code >} were typed, the rest is comment. Control characters are escaped as in Java.
 */
final class Transcript {
  record Entry(boolean typed, String text) {}

  final List<Entry> entries = new ArrayList<>();

  static Transcript load(String name) {
    var transcript = new Transcript();
    try (InputStream in = Transcript.class.getResourceAsStream("/transcripts/" + name)) {
      assertThat(in).as(name).isNotNull();
      for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
        if (line.startsWith("<") || line.startsWith(">")) {
          transcript.entries.add(
              new Entry(line.charAt(0) == '>', line.substring(1).translateEscapes()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return transcript;
  }

  /** The transcript of a recording. */
  static String of(Recording recording) {
    var text = new StringBuilder();
    long from = 0;
    for (ConsoleEvent event : recording.events()) {
      if (event instanceof ConsoleEvent.Typed typed) {
        received(text, recording, from, typed.offset());
        from = typed.offset();
        line(text, '>', typed.bytes());
      }
    }
    received(text, recording, from, recording.end());
    return text.toString();
  }

  private static void received(StringBuilder text, Recording recording, long from, long to) {
    String all = new String(recording.bytes(from, to), StandardCharsets.ISO_8859_1);
    int start = 0;
    while (start < all.length()) {
      int end = all.indexOf('\n', start);
      end = end < 0 ? all.length() : end + 1;
      line(text, '<', all.substring(start, end));
      start = end;
    }
  }

  private static void line(StringBuilder text, char kind, String bytes) {
    text.append(kind);
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      switch (c) {
        case '\r' -> text.append("\\r");
        case '\n' -> text.append("\\n");
        case '\\' -> text.append("\\\\");
        default -> {
          if (c >= 0x20 && c < 0x7f) {
            text.append(c);
          } else {
            text.append(String.format(Locale.ROOT, "\\%03o", (int) c));
          }
        }
      }
    }
    if (bytes.endsWith(" ")) {
      text.setLength(text.length() - 1);
      text.append("\\s"); // editors strip spaces at the end of a line
    }
    text.append('\n');
  }

  /** A board that says what it said then, provided that the same is typed. */
  Wire replayTo(BoardOutput output, Recording recording) {
    var iterator =
        new Object() {
          private int next;

          void receive() {
            while (next < entries.size() && !entries.get(next).typed()) {
              output.say(entries.get(next++).text());
            }
          }
        };
    iterator.receive();
    return bytes -> {
      recording.typed(bytes);
      assertThat(iterator.next).as("what is left of the transcript").isLessThan(entries.size());
      assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
          .isEqualTo(entries.get(iterator.next++).text());
      iterator.receive();
    };
  }
}
