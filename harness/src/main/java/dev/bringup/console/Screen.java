package dev.bringup.console;

import dev.bringup.console.EscapeParser.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What a VT100 with colours would show of a console: what GRUB, UEFI's menus and U-Boot's boot menu
 * need, and what programs ask a terminal before they draw. Belongs to one thread.
 *
 * <p>All characters are one column wide; a screen that is drawn in another size than this one's
 * looks as it would on a terminal of this size. Source: ECMA-48 and the manual of the VT100 (DEC
 * EK-VT100-UG), with xterm's reading of what they leave open.
 */
public final class Screen {
  /** What firmware draws for. */
  public static final int USUAL_COLUMNS = 80;

  public static final int USUAL_ROWS = 24;

  private static final int LARGEST = 1000;
  private static final int TAB = 8;

  /** Line drawing of the VT100, from 0x60 on. */
  private static final String LINES = "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";

  private final int columns;
  private final int rows;
  private final Consumer<byte[]> answers;
  private final EscapeParser parser = new EscapeParser(new Drawing());
  private int[][] glyphs;
  private int[][] styles;

  private int row;
  private int column;

  /** The last column was written: the next character goes to the next line. */
  private boolean atEnd;

  private int style = Style.PLAIN;
  private int top;
  private int bottom;
  private boolean wraps = true;
  private boolean origin;
  private boolean inserts;
  private final boolean[] drawsLines = new boolean[2];
  private int charset;
  private Saved saved = new Saved(0, 0, false, Style.PLAIN, false, false, 0, false);
  private Optional<Saved> main = Optional.empty();
  private int[][] mainGlyphs = {};
  private int[][] mainStyles = {};

  private record Saved(
      int row,
      int column,
      boolean atEnd,
      int style,
      boolean lines0,
      boolean lines1,
      int charset,
      boolean origin) {}

  /** A cleared screen of 24 rows of 80 columns whose answers nobody needs. */
  public Screen() {
    this(USUAL_COLUMNS, USUAL_ROWS, answer -> {});
  }

  /**
   * A cleared screen.
   *
   * @param columns from 1 to 1000
   * @param rows from 1 to 1000
   * @param answers gets what a terminal would send when it is asked for its kind or its cursor
   */
  public Screen(int columns, int rows, Consumer<byte[]> answers) {
    if (columns < 1 || columns > LARGEST || rows < 1 || rows > LARGEST) {
      throw new IllegalArgumentException("a screen of " + columns + " by " + rows);
    }
    this.columns = columns;
    this.rows = rows;
    this.answers = answers;
    this.bottom = rows - 1;
    this.glyphs = new int[rows][columns];
    this.styles = new int[rows][columns];
    clear(0, 0, rows - 1, columns - 1);
  }

  /** Shows the next bytes of the console. */
  public void feed(byte[] bytes) {
    parser.feed(bytes, 0, bytes.length);
  }

  /** Shows the next bytes of the console. */
  public void feed(byte[] bytes, int from, int count) {
    parser.feed(bytes, from, count);
  }

  public int columns() {
    return columns;
  }

  public int rows() {
    return rows;
  }

  /** The row of the cursor, from 0. */
  public int cursorRow() {
    return row;
  }

  /** The column of the cursor, from 0. */
  public int cursorColumn() {
    return column;
  }

  /** The text of a row, from 0, without spaces at its end. */
  public String line(int index) {
    int[] glyph = glyphs[index];
    return new String(glyph, 0, glyph.length).stripTrailing();
  }

  /** The text of all rows. */
  public List<String> lines() {
    return IntStream.range(0, rows).mapToObj(this::line).toList();
  }

  /** The rows, with a line feed behind each but the empty ones at the bottom. */
  public String text() {
    return String.join("\n", lines()).stripTrailing();
  }

  /**
   * The entry of a menu that is chosen: the text that is shown in reverse or, where there is none,
   * as no other text on the screen, near one that begins in the same column. Without spaces and the
   * asterisk that GRUB puts before it. Empty if there is no such text or more than one.
   */
  public Optional<String> highlighted() {
    List<String> reversed =
        IntStream.range(0, rows).mapToObj(this::reversed).filter(text -> !text.isBlank()).toList();
    Optional<String> chosen =
        reversed.isEmpty()
            ? MenuStyles.oddOne(glyphs, styles)
            : reversed.size() == 1 ? Optional.of(reversed.getFirst()) : Optional.empty();
    return chosen.map(String::strip).map(text -> text.startsWith("*") ? text.substring(1) : text);
  }

  private String reversed(int index) {
    var text = new StringBuilder();
    for (int c = 0; c < columns; c++) {
      if (Style.isReversed(styles[index][c])) {
        text.appendCodePoint(glyphs[index][c]);
      }
    }
    return text.toString();
  }

  /** How the character at that place looks; only equality means anything. */
  int style(int atRow, int atColumn) {
    return styles[atRow][atColumn];
  }

  private void clear(int fromRow, int fromColumn, int toRow, int toColumn) {
    for (int r = fromRow; r <= toRow; r++) {
      int from = r == fromRow ? fromColumn : 0;
      int to = r == toRow ? toColumn + 1 : columns;
      Arrays.fill(glyphs[r], from, to, ' ');
      Arrays.fill(styles[r], from, to, Style.erased(style));
    }
  }

  /** Moves rows {@code from} to the bottom of the region up; the last ones become empty. */
  private void scrollUp(int from, int count) {
    int n = Math.min(count, bottom - from + 1);
    for (int r = from; r <= bottom - n; r++) {
      glyphs[r] = glyphs[r + n];
      styles[r] = styles[r + n];
    }
    blank(bottom - n + 1, n);
  }

  private void scrollDown(int from, int count) {
    int n = Math.min(count, bottom - from + 1);
    for (int r = bottom; r >= from + n; r--) {
      glyphs[r] = glyphs[r - n];
      styles[r] = styles[r - n];
    }
    blank(from, n);
  }

  private void blank(int from, int count) {
    for (int r = from; r < from + count; r++) {
      glyphs[r] = new int[columns];
      styles[r] = new int[columns];
      clear(r, 0, r, columns - 1);
    }
  }

  private void lineFeed() {
    if (row == bottom) {
      scrollUp(top, 1);
    } else if (row < rows - 1) {
      row++;
    }
    atEnd = false;
  }

  private void moveTo(int toRow, int toColumn) {
    row = Math.clamp(toRow, origin ? top : 0, origin ? bottom : rows - 1);
    column = Math.clamp(toColumn, 0, columns - 1);
    atEnd = false;
  }

  private void shiftRight(int count) {
    int n = Math.min(count, columns - column);
    System.arraycopy(glyphs[row], column, glyphs[row], column + n, columns - column - n);
    System.arraycopy(styles[row], column, styles[row], column + n, columns - column - n);
    clear(row, column, row, column + n - 1);
  }

  private void shiftLeft(int count) {
    int n = Math.min(count, columns - column);
    System.arraycopy(glyphs[row], column + n, glyphs[row], column, columns - column - n);
    System.arraycopy(styles[row], column + n, styles[row], column, columns - column - n);
    clear(row, columns - n, row, columns - 1);
  }

  private Saved save() {
    return new Saved(row, column, atEnd, style, drawsLines[0], drawsLines[1], charset, origin);
  }

  private void restore(Saved from) {
    row = from.row();
    column = from.column();
    atEnd = from.atEnd();
    style = from.style();
    drawsLines[0] = from.lines0();
    drawsLines[1] = from.lines1();
    charset = from.charset();
    origin = from.origin();
  }

  private void reset() {
    style = Style.PLAIN;
    top = 0;
    bottom = rows - 1;
    wraps = true;
    origin = false;
    inserts = false;
    Arrays.fill(drawsLines, false);
    charset = 0;
    main = Optional.empty();
    clear(0, 0, rows - 1, columns - 1);
    moveTo(0, 0);
    saved = save();
  }

  private void alternate(boolean on) {
    if (on == main.isPresent()) {
      return;
    }
    if (on) {
      main = Optional.of(save());
      mainGlyphs = glyphs;
      mainStyles = styles;
      glyphs = new int[rows][columns];
      styles = new int[rows][columns];
      clear(0, 0, rows - 1, columns - 1);
    } else {
      glyphs = mainGlyphs;
      styles = mainStyles;
      main.ifPresent(this::restore);
      main = Optional.empty();
    }
  }

  private void answer(String text) {
    answers.accept(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** What characters and sequences do to the screen. */
  private final class Drawing implements EscapeParser.Actions {
    @Override
    public void print(int codePoint) {
      if (atEnd && wraps) {
        column = 0;
        lineFeed();
      }
      if (inserts) {
        shiftRight(1);
      }
      boolean line = drawsLines[charset] && codePoint >= 0x60 && codePoint <= 0x7e;
      glyphs[row][column] = line ? LINES.charAt(codePoint - 0x60) : codePoint;
      styles[row][column] = style;
      if (column < columns - 1) {
        column++;
      } else {
        atEnd = true;
      }
    }

    @Override
    public void control(int c) {
      switch (c) {
        case '\b' -> moveTo(row, column - 1);
        case '\t' -> moveTo(row, (column / TAB + 1) * TAB);
        case '\n', 0x0b, 0x0c -> lineFeed();
        case '\r' -> moveTo(row, 0);
        case 0x0e -> charset = 1;
        case 0x0f -> charset = 0;
        default -> {} // the bell, and what a VT100 ignores
      }
    }

    @Override
    public void escape(char intermediate, char end) {
      switch (intermediate) {
        case '(' -> drawsLines[0] = end == '0';
        case ')' -> drawsLines[1] = end == '0';
        case 0 -> escape(end);
        default -> {}
      }
    }

    private void escape(char end) {
      switch (end) {
        case '7' -> saved = save();
        case '8' -> restore(saved);
        case 'D' -> lineFeed();
        case 'E' -> {
          column = 0;
          lineFeed();
        }
        case 'M' -> {
          if (row == top) {
            scrollDown(top, 1);
          } else if (row > 0) {
            row--;
          }
          atEnd = false;
        }
        case 'c' -> reset();
        default -> {}
      }
    }

    @Override
    public void sequence(Sequence s) {
      if (s.intermediate() != 0) {
        return;
      }
      switch (s.mark()) {
        case 0 -> standard(s);
        case '?' -> {
          if (s.end() == 'h' || s.end() == 'l') {
            for (int i = 0; i < s.size(); i++) {
              privateMode(s.value(i, 0), s.end() == 'h');
            }
          }
        }
        default -> {}
      }
    }

    private void standard(Sequence s) {
      int n = s.count(0, 1);
      switch (s.end()) {
        case 'A' -> moveTo(Math.max(row - n, row >= top ? top : 0), column);
        case 'B', 'e' -> moveTo(Math.min(row + n, row <= bottom ? bottom : rows - 1), column);
        case 'C', 'a' -> moveTo(row, column + n);
        case 'D' -> moveTo(row, column - n);
        case 'E' -> moveTo(Math.min(row + n, row <= bottom ? bottom : rows - 1), 0);
        case 'F' -> moveTo(Math.max(row - n, row >= top ? top : 0), 0);
        case 'G', '`' -> moveTo(row, n - 1);
        case 'H', 'f' -> moveTo((origin ? top : 0) + n - 1, s.count(1, 1) - 1);
        case 'd' -> moveTo((origin ? top : 0) + n - 1, column);
        case 'J' -> eraseScreen(s.value(0, 0));
        case 'K' -> eraseLine(s.value(0, 0));
        case 'X' -> clear(row, column, row, Math.min(column + n, columns) - 1);
        case '@' -> shiftRight(n);
        case 'P' -> shiftLeft(n);
        case 'L' -> {
          if (row >= top && row <= bottom) {
            scrollDown(row, n);
          }
        }
        case 'M' -> {
          if (row >= top && row <= bottom) {
            scrollUp(row, n);
          }
        }
        case 'S' -> scrollUp(top, n);
        case 'T' -> scrollDown(top, n);
        case 'm' -> style = Style.changed(style, s);
        case 'r' -> region(n - 1, s.count(1, rows) - 1);
        case 's' -> saved = save();
        case 'u' -> restore(saved);
        case 'h', 'l' -> inserts = s.value(0, 0) == 4 ? s.end() == 'h' : inserts;
        case 'n' -> {
          if (s.value(0, 0) == 5) {
            answer("\u001b[0n");
          } else if (s.value(0, 0) == 6) {
            int shownRow = row - (origin ? top : 0) + 1;
            answer("\u001b[" + shownRow + ";" + (column + 1) + "R");
          }
        }
        case 'c' -> {
          if (s.value(0, 0) == 0) {
            answer("\u001b[?1;2c"); // a VT100 with advanced video
          }
        }
        default -> {}
      }
    }

    private void eraseScreen(int which) {
      switch (which) {
        case 0 -> clear(row, column, rows - 1, columns - 1);
        case 1 -> clear(0, 0, row, column);
        case 2 -> clear(0, 0, rows - 1, columns - 1);
        default -> {}
      }
    }

    private void eraseLine(int which) {
      switch (which) {
        case 0 -> clear(row, column, row, columns - 1);
        case 1 -> clear(row, 0, row, column);
        case 2 -> clear(row, 0, row, columns - 1);
        default -> {}
      }
    }

    private void region(int first, int last) {
      int end = Math.min(last, rows - 1);
      if (first < end) {
        top = first;
        bottom = end;
        moveTo(origin ? top : 0, 0);
      }
    }

    private void privateMode(int mode, boolean on) {
      switch (mode) {
        case 6 -> {
          origin = on;
          moveTo(on ? top : 0, 0);
        }
        case 7 -> wraps = on;
        case 47, 1047, 1049 -> alternate(on);
        default -> {}
      }
    }
  }
}
