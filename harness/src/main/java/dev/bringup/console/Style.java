package dev.bringup.console;

import dev.bringup.console.EscapeParser.Sequence;

/** How a character is shown, packed into an int: attributes and two colours (ECMA-48, 8.3.117). */
final class Style {
  /** No attribute, the terminal's own colours. */
  static final int PLAIN = 0;

  private static final int BOLD = 1;
  private static final int FAINT = 1 << 1;
  private static final int ITALIC = 1 << 2;
  private static final int UNDERLINED = 1 << 3;
  private static final int BLINKING = 1 << 4;
  private static final int REVERSED = 1 << 5;
  private static final int HIDDEN = 1 << 6;
  private static final int STRUCK = 1 << 7;

  /** A colour's number plus one; 0 is the terminal's own. */
  private static final int COLOUR = 0x1ff;

  private static final int FOREGROUND = 8;
  private static final int BACKGROUND = 17;

  private Style() {}

  static boolean isReversed(int style) {
    return (style & REVERSED) != 0;
  }

  /** What an erased character looks like: it has the background only. */
  static int erased(int style) {
    return style & (COLOUR << BACKGROUND);
  }

  static int background(int style) {
    return (style >>> BACKGROUND) & COLOUR;
  }

  /** {@code style} changed as the parameters of a sequence {@code m} say, one after the other. */
  static int changed(int style, Sequence sequence) {
    int changed = style;
    int count = Math.max(1, sequence.size());
    for (int i = 0; i < count; i++) {
      int n = sequence.value(i, 0);
      if (n == 38 || n == 48) {
        int shift = n == 38 ? FOREGROUND : BACKGROUND;
        switch (sequence.value(i + 1, 0)) {
          case 5 -> {
            changed = coloured(changed, shift, sequence.value(i + 2, 0) & 0xff);
            i += 2;
          }
          case 2 -> {
            int cube =
                36 * sixth(sequence.value(i + 2, 0))
                    + 6 * sixth(sequence.value(i + 3, 0))
                    + sixth(sequence.value(i + 4, 0));
            changed = coloured(changed, shift, 16 + cube);
            i += 4;
          }
          default -> {
            return changed;
          }
        }
      } else {
        changed = changed(changed, n);
      }
    }
    return changed;
  }

  private static int sixth(int of255) {
    return Math.min(of255, 255) * 5 / 255;
  }

  private static int changed(int style, int n) {
    return switch (n) {
      case 0 -> PLAIN;
      case 1 -> style | BOLD;
      case 2 -> style | FAINT;
      case 3 -> style | ITALIC;
      case 4 -> style | UNDERLINED;
      case 5, 6 -> style | BLINKING;
      case 7 -> style | REVERSED;
      case 8 -> style | HIDDEN;
      case 9 -> style | STRUCK;
      case 21, 24 -> style & ~UNDERLINED;
      case 22 -> style & ~(BOLD | FAINT);
      case 23 -> style & ~ITALIC;
      case 25 -> style & ~BLINKING;
      case 27 -> style & ~REVERSED;
      case 28 -> style & ~HIDDEN;
      case 29 -> style & ~STRUCK;
      case 39 -> style & ~(COLOUR << FOREGROUND);
      case 49 -> style & ~(COLOUR << BACKGROUND);
      default -> {
        if (n >= 30 && n <= 37) {
          yield coloured(style, FOREGROUND, n - 30);
        } else if (n >= 40 && n <= 47) {
          yield coloured(style, BACKGROUND, n - 40);
        } else if (n >= 90 && n <= 97) {
          yield coloured(style, FOREGROUND, n - 90 + 8);
        } else if (n >= 100 && n <= 107) {
          yield coloured(style, BACKGROUND, n - 100 + 8);
        }
        yield style;
      }
    };
  }

  private static int coloured(int style, int shift, int colour) {
    return (style & ~(COLOUR << shift)) | ((colour + 1) << shift);
  }
}
