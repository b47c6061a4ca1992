package dev.bringup.emulator.machine;

import dev.bringup.verdict.BringupException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * A machine's state in a file: all that its future depends on, flash and what it starts with at a
 * reset included. Not in it: the content of disks, and who is at the other ends of its wires.
 *
 * <p>The file is a header (magic, format, model, making), the state as {@link VirtMachine#save}
 * writes it, deflated and with pages of zeros left out, and SHA-256 of all before. A file is
 * checked as a whole before a machine is touched; only the format that is written is read.
 */
public final class SnapshotFile {
  /** As PNG's: a transfer as text, or one that strips bit 7, shows at once. */
  private static final byte[] MAGIC = {(byte) 0x89, 'B', 'U', 'S', '\r', '\n', 0x1a, '\n'};

  private static final int FORMAT = 1;
  private static final String MODEL = "virt";
  private static final int HASH = 32;
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final VirtMachine.Configuration configuration;
  private final String making;

  private SnapshotFile(Path file, VirtMachine.Configuration configuration, String making) {
    this.file = file;
    this.configuration = configuration;
    this.making = making;
  }

  /**
   * Writes the state of a machine that does not run. The file comes into being when it is whole.
   *
   * @throws BringupException (infrastructure) if it cannot be written
   */
  public static void save(VirtMachine machine, Path file) {
    Path whole = file.toAbsolutePath();
    try {
      Path part = Files.createTempFile(whole.getParent(), whole.getFileName().toString(), ".part");
      try {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), BUFFER)) {
          write(machine, out);
        }
        Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException | UncheckedIOException e) {
      throw BringupException.infrastructure(
          "the snapshot %s cannot be written: %s".formatted(file, e),
          "choose a folder that exists, may be written and has room",
          e);
    }
  }

  private static void write(VirtMachine machine, OutputStream out) throws IOException {
    MessageDigest digest = sha256();
    var checked = new DigestOutputStream(out, digest);
    var header = new DataOutputStream(checked);
    VirtMachine.Configuration made = machine.configuration();
    header.write(MAGIC);
    header.writeInt(FORMAT);
    header.writeUTF(MODEL);
    header.writeInt(made.cpus());
    header.writeLong(made.ram());
    header.writeBoolean(made.virtualization());
    header.writeBoolean(made.gpio());
    header.writeLong(made.start().getEpochSecond());
    header.writeUTF(machine.making());
    header.flush();
    var deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      var deflating = new DeflaterOutputStream(checked, deflater, BUFFER);
      var state = new SnapshotWriter(deflating);
      machine.saveStart(state);
      machine.save(state);
      state.flush();
      deflating.finish();
    } finally {
      deflater.end();
    }
    out.write(digest.digest());
  }

  /**
   * Opens a snapshot, and makes sure that it is one and whole.
   *
   * @throws BringupException (configuration) if there is no such file or it is not one, is of
   *     another format, or is damaged
   */
  public static SnapshotFile open(Path file) {
    try (DataInputStream in = input(file)) {
      requireFormat(file, in);
      requireWhole(file);
      return header(file, in);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static DataInputStream input(Path file) throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
  }

  private static BringupException unreadable(Path file, Exception e) {
    return switch (e) {
      case NoSuchFileException _ ->
          BringupException.configuration("the snapshot " + file + ": no such file");
      case EOFException _ -> damaged(file);
      default -> BringupException.configuration("the snapshot %s: %s".formatted(file, e));
    };
  }

  private static BringupException damaged(Path file) {
    return BringupException.configuration(
        "the snapshot %s is damaged or not whole; save it anew".formatted(file));
  }

  private static void requireFormat(Path file, DataInputStream in) throws IOException {
    byte[] magic = in.readNBytes(MAGIC.length);
    if (!Arrays.equals(magic, MAGIC)) {
      throw BringupException.configuration(file + " is not a snapshot of a machine");
    }
    int format = in.readInt();
    if (format != FORMAT) {
      throw BringupException.configuration(
          "the snapshot %s has format %d, this version reads format %d; save it anew"
              .formatted(file, format, FORMAT));
    }
    String model = in.readUTF();
    if (!model.equals(MODEL)) {
      throw BringupException.configuration(
          "the snapshot %s is of a machine \"%s\"; there is %s".formatted(file, model, MODEL));
    }
  }

  /** What stands behind the model. */
  private static SnapshotFile header(Path file, DataInputStream in) throws IOException {
    var configuration =
        new VirtMachine.Configuration(
            in.readInt(),
            in.readLong(),
            in.readBoolean(),
            in.readBoolean(),
            Instant.ofEpochSecond(in.readLong()));
    return new SnapshotFile(file, configuration, in.readUTF());
  }

  private static void requireWhole(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = Files.newInputStream(file)) {
      var checked = new DigestInputStream(in, digest);
      long left = Files.size(file) - HASH;
      var buffer = new byte[BUFFER];
      while (left > 0) {
        int count = checked.read(buffer, 0, (int) Math.min(left, BUFFER));
        if (count < 0) {
          throw new EOFException();
        }
        left -= count;
      }
      if (!Arrays.equals(in.readNBytes(HASH), digest.digest())) {
        throw damaged(file);
      }
    }
  }

  /** What the machine that it is of was made with. */
  public VirtMachine.Configuration configuration() {
    return configuration;
  }

  /**
   * Gives the state to a machine of the same making that does not run. Virtual time goes on from
   * when it was saved.
   *
   * @throws BringupException (configuration) if the machine is made otherwise
   */
  public void restore(VirtMachine machine) {
    if (!machine.configuration().equals(configuration) || !machine.making().equals(making)) {
      throw BringupException.configuration(
          "the snapshot %s is of a machine with %s; this one has %s"
              .formatted(
                  file,
                  text(configuration, making),
                  text(machine.configuration(), machine.making())));
    }
    try (DataInputStream in = input(file)) {
      requireFormat(file, in);
      var _ = header(file, in);
      var state = new SnapshotReader(new InflaterInputStream(in), file.toString());
      machine.restoreStart(state);
      machine.restore(state);
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(file, e);
    }
  }

  private static String text(VirtMachine.Configuration made, String making) {
    return "%d CPUs %s EL2, %d MiB of memory, a clock that starts at %s, %s, %s"
        .formatted(
            made.cpus(),
            made.virtualization() ? "with" : "without",
            made.ram() >> 20,
            made.start(),
            made.gpio() ? "GPIO" : "no GPIO",
            making);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
