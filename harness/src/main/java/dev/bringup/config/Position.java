package dev.bringup.config;

import java.util.Comparator;

/**
 * A place in a file.
 *
 * @param file the file's name as people should see it
 * @param line from 1; 0 if the whole file is meant
 * @param column from 1, in code points; 0 if the whole file is meant
 */
public record Position(String file, int line, int column) implements Comparable<Position> {
  private static final Comparator<Position> ORDER =
      Comparator.comparing(Position::file)
          .thenComparingInt(Position::line)
          .thenComparingInt(Position::column);

  /** The whole of {@code file}. */
  public static Position of(String file) {
    return new Position(file, 0, 0);
  }

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }

  /** {@code file:line:column}, or {@code file} alone. */
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
