package dev.bringup.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that remembers why it could not be written: {@link PrintStream} forgets, and a
 * script would take half a document on a full disk for the whole.
 */
final class StandardOutput extends FileOutputStream {
  private static final int BUFFER = 8192;

  /** What Linux says if the reader has gone, who has what he wanted: {@code | head -1}. */
  private static final String READER_GONE = "Broken pipe";

  private volatile @Nullable String problem;

  private StandardOutput() {
    super(FileDescriptor.out);
  }

  /** Puts it in the place of {@link System#out}. */
  static StandardOutput use() {
    var out = new StandardOutput();
    System.setOut(
        new PrintStream(new BufferedOutputStream(out, BUFFER), true, System.out.charset()));
    return out;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    try {
      super.write(bytes, offset, count);
    } catch (IOException e) {
      problem = String.valueOf(e.getMessage());
      throw e;
    }
  }

  /** Says if something is missing, and returns the exit code, which is not 0 then. */
  int told(int code) {
    String why = problem;
    if (why == null || why.equals(READER_GONE)) {
      return code;
    }
    System.err.println("bringup: cannot write to standard output: " + why);
    System.err.println("try: see where it goes; what is there is not all");
    return code == 0 ? 3 : code;
  }
}
