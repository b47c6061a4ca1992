package dev.bringup.tftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.tftp.DirectoryFiles.Writing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TftpFilesTest {
  private static final InetSocketAddress CLIENT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1024);

  private final Path folder;
  private final Path root;

  TftpFilesTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    root = folder.resolve("root");
    Files.createDirectories(root.resolve("sub"));
    Files.writeString(root.resolve("a"), "hello");
    Files.writeString(root.resolve("sub/b"), "below");
    Files.writeString(folder.resolve("secret"), "secret");
    Files.createSymbolicLink(root.resolve("out"), folder.resolve("secret"));
    Files.createSymbolicLink(root.resolve("dangling"), folder.resolve("nowhere"));
    Files.createSymbolicLink(root.resolve("up"), folder);
    Files.createSymbolicLink(root.resolve("in"), Path.of("sub/b"));
  }

  private static String read(TftpFiles files, String name) throws Exception {
    try (TftpContent content = files.open(CLIENT, name)) {
      ByteBuffer all = ByteBuffer.allocate((int) content.size());
      while (all.hasRemaining() && content.read(all.position(), all) > 0) {
        // until full
      }
      assertThat(content.sha256()).isEqualTo(Sha256.of(all.array()));
      return new String(all.array(), StandardCharsets.UTF_8);
    }
  }

  private static void write(TftpFiles files, String name, String text) throws Exception {
    try (TftpUpload upload = files.create(CLIENT, name, OptionalLong.of(text.length()))) {
      upload.write(StandardCharsets.UTF_8.encode(text));
      upload.commit();
      assertThat(upload.sha256()).isEqualTo(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static void refused(TftpErrorCode code, TftpFiles files, String name) {
    assertThatThrownBy(() -> files.open(CLIENT, name).close())
        .as(name)
        .isInstanceOfSatisfying(
            TftpRefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static void writeRefused(TftpErrorCode code, TftpFiles files, String name) {
    assertThatThrownBy(() -> files.create(CLIENT, name, OptionalLong.empty()).close())
        .as(name)
        .isInstanceOfSatisfying(
            TftpRefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private List<String> namesInRoot() throws IOException {
    try (var entries = Files.list(root)) {
      return entries.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFolderIsServedButNothingOutsideIt() throws Exception {
    var files = new DirectoryFiles(root, Writing.REFUSED);
    assertThat(read(files, "a")).isEqualTo("hello");
    assertThat(read(files, "sub/b")).isEqualTo("below");
    assertThat(read(files, "./sub//b")).isEqualTo("below");
    assertThat(read(files, "in")).isEqualTo("below");
    refused(TftpErrorCode.FILE_NOT_FOUND, files, "missing");
    refused(TftpErrorCode.FILE_NOT_FOUND, files, "a/b");
    refused(TftpErrorCode.FILE_NOT_FOUND, files, "..a");
    String absolute = root.resolve("a").toString();
    for (String name :
        List.of(
            "",
            "..",
            "../secret",
            "sub/../../secret",
            "sub/../a",
            absolute,
            "/a",
            "a\0",
            "..\\secret",
            "out",
            "dangling",
            "up/secret",
            "sub",
            ".",
            "a\uD800")) {
      refused(TftpErrorCode.ACCESS_VIOLATION, files, name);
    }
  }

  @Test
  void aFolderIsWrittenToOnlyWhenAsked() throws Exception {
    writeRefused(TftpErrorCode.ACCESS_VIOLATION, new DirectoryFiles(root, Writing.REFUSED), "new");
    var files = new DirectoryFiles(root, Writing.NEW_FILES);
    write(files, "new", "text");
    write(files, "sub/new", "text");
    assertThat(root.resolve("new")).hasContent("text");
    writeRefused(TftpErrorCode.FILE_EXISTS, files, "new");
    writeRefused(TftpErrorCode.FILE_NOT_FOUND, files, "nofolder/new");
    for (String name : List.of("../new", "/new", "up/new", "dangling", "out", "sub\\new")) {
      writeRefused(TftpErrorCode.ACCESS_VIOLATION, files, name);
    }
    var overwriting = new DirectoryFiles(root, Writing.OVERWRITING);
    write(overwriting, "new", "other");
    assertThat(root.resolve("new")).hasContent("other");
    writeRefused(TftpErrorCode.ACCESS_VIOLATION, overwriting, "sub");
    assertThat(folder.resolve("secret")).hasContent("secret");
  }

  @Test
  void halfAnUploadNeverLooksComplete() throws Exception {
    var files = new DirectoryFiles(root, Writing.NEW_FILES);
    var before = namesInRoot();
    try (TftpUpload upload = files.create(CLIENT, "half", OptionalLong.empty())) {
      upload.write(StandardCharsets.UTF_8.encode("half"));
      assertThat(root.resolve("half")).doesNotExist();
      String partial =
          namesInRoot().stream().filter(n -> !before.contains(n)).findAny().orElseThrow();
      refused(TftpErrorCode.ACCESS_VIOLATION, files, partial);
    }
    assertThat(namesInRoot()).isEqualTo(before);
  }

  @Test
  void anUploadMayBeReadByWhoeverMayReadOtherNewFiles() throws Exception {
    Path usual = Files.createFile(root.resolve("usual"));
    write(new DirectoryFiles(root, Writing.NEW_FILES), "new", "new");
    assertThat(Files.getPosixFilePermissions(root.resolve("new")))
        .isEqualTo(Files.getPosixFilePermissions(usual));
  }

  @Test
  void ofTwoUploadsOfOneNameTheSecondIsRefused() throws Exception {
    var files = new DirectoryFiles(root, Writing.NEW_FILES);
    try (TftpUpload first = files.create(CLIENT, "x", OptionalLong.empty());
        TftpUpload second = files.create(CLIENT, "x", OptionalLong.empty())) {
      first.commit();
      assertThatThrownBy(second::commit)
          .isInstanceOfSatisfying(
              TftpRefusedException.class,
              e -> assertThat(e.code()).isEqualTo(TftpErrorCode.FILE_EXISTS));
    }
    assertThat(root.resolve("x")).hasContent("");
  }

  @Test
  void anUploadThatCannotFitIsRefusedAtOnce() {
    var files = new DirectoryFiles(root, Writing.NEW_FILES);
    assertThatThrownBy(() -> files.create(CLIENT, "x", OptionalLong.of(1L << 60)).close())
        .isInstanceOfSatisfying(
            TftpRefusedException.class,
            e -> assertThat(e.code()).isEqualTo(TftpErrorCode.DISK_FULL));
  }

  @Test
  void onlyStagedNamesCanBeRead() throws Exception {
    var files = new StagedFiles();
    files.stage("boot/Image", root.resolve("a"));
    files.stage("/abs", "bytes".getBytes(StandardCharsets.UTF_8));
    assertThat(files.names()).containsExactly("/abs", "boot/Image");
    assertThat(read(files, "boot/Image")).isEqualTo("hello");
    assertThat(read(files, "/abs")).isEqualTo("bytes");
    refused(TftpErrorCode.FILE_NOT_FOUND, files, "a");
    files.unstage("boot/Image");
    refused(TftpErrorCode.FILE_NOT_FOUND, files, "boot/Image");
    files.stage("gone", root.resolve("missing"));
    refused(TftpErrorCode.FILE_NOT_FOUND, files, "gone");
    writeRefused(TftpErrorCode.ACCESS_VIOLATION, files, "up");
  }

  @Test
  void uploadsOfABoardGoToItsFolder() throws Exception {
    var files = new StagedFiles(root.resolve("sub"));
    write(files, "result.txt", "1");
    write(files, "result.txt", "2");
    assertThat(root.resolve("sub/result.txt")).hasContent("2");
    writeRefused(TftpErrorCode.ACCESS_VIOLATION, files, "../result.txt");
  }

  @Test
  void nothingIsSaidAboutTheHashOfAFileThatChanged() throws Exception {
    var files = new DirectoryFiles(root, Writing.REFUSED);
    TftpContent content = files.open(CLIENT, "a");
    content.close();
    assertThat(content.sha256()).hasSize(64);
    Files.writeString(root.resolve("a"), "HELLO");
    Files.setLastModifiedTime(root.resolve("a"), FileTime.fromMillis(5));
    assertThatThrownBy(content::sha256).isInstanceOf(IOException.class);
    assertThat(read(files, "a")).isEqualTo("HELLO");
  }

  @Test
  void netasciiTranslatesLineEndsBothWays() throws Exception {
    var files = new StagedFiles(root);
    String text = "a\nb\r\nc\rd\0\n";
    String wire = "a\r\nb\r\0\r\nc\r\0d\0\r\n";
    files.stage("t", text.getBytes(StandardCharsets.UTF_8));
    try (TftpContent encoded = Netascii.encoded(files.open(CLIENT, "t"))) {
      ByteBuffer all = ByteBuffer.allocate((int) encoded.size());
      assertThat(encoded.read(0, all)).isEqualTo(wire.length());
      assertThat(new String(all.array(), StandardCharsets.UTF_8)).isEqualTo(wire);
      assertThat(encoded.sha256()).isEqualTo(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
    }
    for (int cut = 0; cut <= wire.length(); cut++) {
      var memory = new TransferSimulation.Memory();
      var upload = new Netascii.Decoding(memory);
      upload.write(StandardCharsets.UTF_8.encode(wire.substring(0, cut)));
      upload.write(StandardCharsets.UTF_8.encode(wire.substring(cut)));
      upload.commit();
      assertThat(memory.bytes.toString(StandardCharsets.UTF_8)).as("cut " + cut).isEqualTo(text);
    }
    var memory = new TransferSimulation.Memory();
    var upload = new Netascii.Decoding(memory);
    upload.write(StandardCharsets.UTF_8.encode("x\ry\r\rz\r"));
    upload.commit();
    assertThat(memory.bytes.toString(StandardCharsets.UTF_8)).isEqualTo("x\ry\r\rz\r");
  }
}
