package dev.bringup.run;

import dev.bringup.verdict.BringupException;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A file that Cucumber writes. Cucumber ends the whole run when a write fails; on a full disk this
 * one ends there, says so once, and lets the run go on.
 */
final class ResultFile extends OutputStream {
  private final Path path;
  private final OutputStream out;
  private final Consumer<BringupException> problems;
  private boolean failed;

  /**
   * @param problems told if the file can no longer be written
   * @throws BringupException (infrastructure) if the file cannot be created
   */
  ResultFile(Path folder, String name, Consumer<BringupException> problems) {
    this.path = folder.resolve(name);
    this.problems = problems;
    try {
      this.out = new BufferedOutputStream(new FileOutputStream(path.toFile()));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private interface Write {
    void to(OutputStream out) throws IOException;
  }

  private void attempt(Write write) {
    if (failed) {
      return;
    }
    try {
      write.to(out);
    } catch (IOException e) {
      failed = true;
      problems.accept(failure(e));
    }
  }

  private BringupException failure(IOException cause) {
    return BringupException.infrastructure(
        "cannot write " + path + ": " + cause.getMessage(),
        "check that the folder is writable and the disk is not full",
        cause);
  }

  @Override
  public void write(int b) {
    attempt(to -> to.write(b));
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    attempt(to -> to.write(bytes, from, length));
  }

  @Override
  public void flush() {
    attempt(OutputStream::flush);
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      attempt(_ -> {
        throw e;
      });
    }
  }
}
