package dev.bringup.report;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Gathers bytes until a line is whole. */
final class LineStream extends OutputStream {
  /** A line that grows longer is passed on in pieces. */
  private static final int LONGEST = 1 << 16;

  private final BoardProgress progress;
  private final PrintStream target;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private LineStream(BoardProgress progress, PrintStream target) {
    this.progress = progress;
    this.target = target;
  }

  static PrintStream to(BoardProgress progress, PrintStream target) {
    return new PrintStream(new LineStream(progress, target), false, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void write(int b) {
    line.write(b);
    if (b == '\n' || line.size() >= LONGEST) {
      pass();
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    int last = offset + length - 1;
    while (last >= offset && bytes[last] != '\n') {
      last--;
    }
    line.write(bytes, offset, last + 1 - offset);
    if (last >= offset) {
      pass();
    }
    line.write(bytes, last + 1, offset + length - last - 1);
    if (line.size() >= LONGEST) {
      pass();
    }
  }

  @Override
  public synchronized void close() {
    pass();
    target.flush();
  }

  private void pass() {
    if (line.size() > 0) {
      String text = line.toString(StandardCharsets.UTF_8);
      line.reset();
      progress.print(target, text);
    }
  }
}
