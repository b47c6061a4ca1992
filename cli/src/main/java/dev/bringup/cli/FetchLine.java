package dev.bringup.cli;

import dev.bringup.artifact.FetchProgress;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Shows a fetch: one line that is drawn over on a terminal, a line for each new activity elsewhere.
 */
final class FetchLine implements FetchProgress {
  private final PrintStream out;
  private final boolean live;
  private String shown = "";

  FetchLine(PrintStream out, boolean live) {
    this.out = out;
    this.live = live;
  }

  @Override
  public void update(String doing, long done, long total) {
    String line =
        live && total > 0
            ? String.format(
                Locale.ROOT, "%s %d%% of %.1f MiB", doing, done * 100 / total, total / 1048576.0)
            : doing;
    if (line.equals(shown) || isCheck(doing)) {
      return;
    }
    shown = line;
    if (live) {
      out.print("\r\u001b[2K" + line);
      out.flush();
    } else {
      out.println(line);
    }
  }

  /** Looking at what is there is too short and too frequent to be news. */
  private static boolean isCheck(String doing) {
    return doing.startsWith("checking");
  }

  /** Leaves the terminal as if nothing had been shown. */
  void erase() {
    if (live && !shown.isEmpty()) {
      out.print("\r\u001b[2K");
      out.flush();
    }
  }
}
