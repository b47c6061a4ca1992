package dev.bringup.emulator.aarch64.isa;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** LLVM's disassembler, as a peer. */
final class LlvmMc {
  private static final Path PROGRAM = Path.of("/usr/bin/llvm-mc");

  /** Cortex-A72 is v8.0-A with CRC32; our CPU hides its cryptography. */
  private static final List<String> COMMAND =
      List.of(
          PROGRAM.toString(),
          "--disassemble",
          "-triple=aarch64",
          "-mcpu=cortex-a72",
          "-mattr=-crypto,-aes,-sha2");

  private static final Pattern INVALID =
      Pattern.compile("<stdin>:(\\d+):\\d+: warning: invalid instruction encoding");

  private LlvmMc() {}

  static boolean isMissing() {
    return !Files.isExecutable(PROGRAM);
  }

  /** A line for each word, of single blanks and without a comment; empty if it is invalid. */
  static List<String> disassemble(Path folder, List<Integer> words)
      throws IOException, InterruptedException {
    var input = new StringBuilder();
    for (int word : words) {
      input.append(
          "0x%02x 0x%02x 0x%02x 0x%02x\n"
              .formatted(word & 255, word >>> 8 & 255, word >>> 16 & 255, word >>> 24));
    }
    Path in = Files.writeString(folder.resolve("words"), input);
    Path out = folder.resolve("lines");
    Path err = folder.resolve("warnings");
    int status =
        new ProcessBuilder(COMMAND)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("llvm-mc gave status " + status + ": " + Files.readString(err));
    }
    var invalid = new TreeSet<Integer>();
    for (String line : Files.readAllLines(err, StandardCharsets.UTF_8)) {
      Matcher matcher = INVALID.matcher(line);
      if (matcher.lookingAt()) {
        invalid.add(Integer.parseInt(matcher.group(1)) - 1);
      }
    }
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(out, StandardCharsets.UTF_8)) {
      String text = normal(line);
      if (!text.isEmpty() && !text.equals(".text")) {
        lines.add(text);
      }
    }
    if (lines.size() + invalid.size() != words.size()) {
      throw new IOException(
          "%d lines and %d warnings for %d words"
              .formatted(lines.size(), invalid.size(), words.size()));
    }
    List<String> all = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < words.size(); i++) {
      all.add(invalid.contains(i) ? "" : lines.get(next++));
    }
    return all;
  }

  static String normal(String line) {
    int comment = line.indexOf("//");
    return (comment < 0 ? line : line.substring(0, comment)).strip().replaceAll("\\s+", " ");
  }
}
