package dev.bringup.report;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A terminal of unlimited height that understands what {@link LiveLine} sends and refuses all else.
 */
final class Screen {
  private static final Pattern SEQUENCE = Pattern.compile("\u001b\\[(\\?7[lh]|2K|1A)");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final int width;

  Screen(int width) {
    this.width = width;
  }

  PrintStream stream() {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  int bytes() {
    return bytes.size();
  }

  /** What a person sees now, without empty lines at the end. */
  List<String> lines() {
    String sent = bytes.toString(StandardCharsets.UTF_8);
    List<StringBuilder> rows = new ArrayList<>(List.of(new StringBuilder()));
    int row = 0;
    int column = 0;
    Matcher sequence = SEQUENCE.matcher(sent);
    for (int i = 0; i < sent.length(); i++) {
      char c = sent.charAt(i);
      if (c == '\u001b') {
        if (!sequence.find(i) || sequence.start() != i) {
          throw new AssertionError("unknown sequence at " + i);
        }
        if (sequence.group(1).equals("2K")) {
          rows.get(row).setLength(0);
        } else if (sequence.group(1).equals("1A")) {
          row--;
        }
        i = sequence.end() - 1;
      } else if (c == '\r') {
        column = 0;
      } else if (c == '\n') {
        row++;
        column = 0;
        if (row == rows.size()) {
          rows.add(new StringBuilder());
        }
      } else {
        StringBuilder line = rows.get(row);
        while (line.length() <= column) {
          line.append(' ');
        }
        line.setCharAt(column++, c);
        if (column > width) {
          throw new AssertionError("wraps: " + line);
        }
      }
    }
    List<String> lines =
        new ArrayList<>(rows.stream().map(r -> r.toString().stripTrailing()).toList());
    while (!lines.isEmpty() && lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    return lines;
  }
}
