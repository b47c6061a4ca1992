package dev.bringup.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other people's clients exchange files with the server. */
class TftpPeersTest {
  private static final int BIG = (33 << 20) + 5;
  private static final List<Integer> SIZES = List.of(0, 1, 511, 512, 513, 1468 * 3, 1 << 20);

  private final Path folder;
  private final Path uploads;
  private final RecordingListener listener = new RecordingListener();
  private final StagedFiles files;

  TftpPeersTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    uploads = Files.createDirectory(folder.resolve("uploads"));
    files = new StagedFiles(uploads);
  }

  private static void needs(String program) {
    for (String place : (System.getenv("PATH") + ":/usr/sbin").split(":")) {
      if (new File(place, program).canExecute()) {
        return;
      }
    }
    Assumptions.abort(program + " is not installed");
  }

  /** Runs a client in its own folder, with a deadline. */
  private void run(List<String> command) throws Exception {
    Path talk = folder.resolve("talk");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(talk.toFile())
            .redirectInput(new File("/dev/null"))
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
      assertThat(process.exitValue()).as("%s: %s", command, Files.readString(talk)).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private Path make(int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Files.write(folder.resolve("f" + size), bytes);
  }

  /** How a client is told to fetch {@code name} into {@code local}, or to send it. */
  private interface Command {
    List<String> of(int port, String name, Path local);
  }

  private void reads(List<Integer> sizes, Command get) throws Exception {
    try (var server = TftpServer.serving(files).listener(listener).start()) {
      for (int size : sizes) {
        Path file = make(size);
        files.stage("f" + size, file);
        Path local = folder.resolve("got" + size);
        run(get.of(server.address().getPort(), "f" + size, local));
        if (size > 0 || Files.exists(local)) { // some clients make no file of nothing
          assertThat(local).hasSameBinaryContentAs(file);
        }
        TftpTransfer transfer = listener.next();
        assertThat(transfer.outcome()).isEqualTo(new TftpOutcome.Completed());
        assertThat(transfer.bytes()).isEqualTo(size);
        assertThat(transfer.sha256()).isEqualTo(Sha256.of(file));
      }
      assertThat(listener.unread()).isZero();
    }
  }

  private void writes(List<Integer> sizes, Command put) throws Exception {
    try (var server = TftpServer.serving(files).listener(listener).start()) {
      for (int size : sizes) {
        Path file = make(size);
        run(put.of(server.address().getPort(), "up" + size, file));
        TftpTransfer transfer = listener.next();
        assertThat(transfer.outcome()).isEqualTo(new TftpOutcome.Completed());
        assertThat(transfer.direction()).isEqualTo(TftpTransfer.Direction.WRITE);
        assertThat(transfer.sha256()).isEqualTo(Sha256.of(file));
        assertThat(uploads.resolve("up" + size)).hasSameBinaryContentAs(file);
      }
    }
  }

  private static List<Integer> and(int size) {
    List<Integer> sizes = new ArrayList<>(SIZES);
    sizes.add(size);
    return sizes;
  }

  @Test
  void tftpHpaReadsAcrossTheBlockWrap() throws Exception {
    needs("tftp");
    reads(
        and(BIG),
        (port, name, local) ->
            List.of(
                "tftp",
                "-m",
                "binary",
                "127.0.0.1",
                "" + port,
                "-c",
                "get",
                name,
                local.toString()));
  }

  @Test
  void tftpHpaWritesAcrossTheBlockWrap() throws Exception {
    needs("tftp");
    writes(
        and(BIG),
        (port, name, local) ->
            List.of(
                "tftp",
                "-m",
                "binary",
                "127.0.0.1",
                "" + port,
                "-c",
                "put",
                local.toString(),
                name));
  }

  @Test
  void atftpReadsWithOptions() throws Exception {
    needs("atftp");
    for (var options :
        List.of(
            List.<String>of(),
            List.of("--option", "blksize 1468", "--option", "tsize enable"),
            List.of("--option", "windowsize 8", "--option", "timeout 2"))) {
      reads(SIZES, (port, name, local) -> atftp(options, "-g", port, name, local));
    }
  }

  @Test
  void atftpWritesWithOptions() throws Exception {
    needs("atftp");
    for (var options :
        List.of(
            List.<String>of(), List.of("--option", "blksize 1468", "--option", "tsize enable"))) {
      writes(SIZES, (port, name, local) -> atftp(options, "-p", port, name, local));
    }
  }

  private static List<String> atftp(
      List<String> options, String direction, int port, String name, Path local) {
    List<String> command = new ArrayList<>(List.of("atftp"));
    command.addAll(options);
    command.addAll(List.of(direction, "-r", name, "-l", local.toString(), "127.0.0.1", "" + port));
    return command;
  }

  @Test
  void curlReads() throws Exception {
    needs("curl");
    reads(
        // curl 7.88 fails on an empty file, whichever server sends it (getpeername on its
        // unconnected
        // socket).
        SIZES.subList(1, SIZES.size()),
        (port, name, local) ->
            List.of(
                "curl",
                "-sS",
                "--tftp-blksize",
                "1468",
                "-o",
                local.toString(),
                "tftp://127.0.0.1:" + port + "/" + name));
  }

  @Test
  void curlWrites() throws Exception {
    needs("curl");
    writes(
        SIZES,
        (port, name, local) ->
            List.of(
                "curl", "-sS", "-T", local.toString(), "tftp://127.0.0.1:" + port + "/" + name));
  }

  @Test
  void busyboxReads() throws Exception {
    needs("busybox");
    reads(
        SIZES,
        (port, name, local) ->
            List.of(
                "busybox",
                "tftp",
                "-g",
                "-b",
                "1468",
                "-r",
                name,
                "-l",
                local.toString(),
                "127.0.0.1",
                "" + port));
  }

  @Test
  void busyboxWrites() throws Exception {
    needs("busybox");
    writes(
        SIZES,
        (port, name, local) ->
            List.of(
                "busybox",
                "tftp",
                "-p",
                "-r",
                name,
                "-l",
                local.toString(),
                "127.0.0.1",
                "" + port));
  }
}
