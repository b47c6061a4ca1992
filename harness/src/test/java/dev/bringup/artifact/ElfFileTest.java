package dev.bringup.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ElfFileTest {

  @Test
  void readsWhatAProgramNeeds() {
    ElfFile elf = ElfFile.parse(TinyElf.program("/lib/ld.so.1", "libb.so.2", "liba.so.1"), "x");
    assertThat(elf.interpreter()).contains("/lib/ld.so.1");
    assertThat(elf.libraries()).containsExactly("libb.so.2", "liba.so.1");
    assertThat(elf.modules()).isEmpty();
  }

  @Test
  void readsWhatAModuleNeeds() {
    assertThat(ElfFile.parse(TinyElf.module("m", "one", "two"), "m.ko").modules())
        .containsExactly("one", "two");
    assertThat(ElfFile.parse(TinyElf.module("m"), "m.ko").modules()).isEmpty();
  }

  @Test
  void agreesWithReadelfOnAProgramOfThisMachine() throws IOException, InterruptedException {
    Tools.need("readelf", "binutils");
    Path program = Path.of("/bin/ls").toRealPath();
    ElfFile elf = ElfFile.parse(Files.readAllBytes(program), "ls");
    String dynamic = Tools.run("readelf", "-d", program.toString()).output();
    List<String> needed =
        Pattern.compile("NEEDED.*\\[(.*)]")
            .matcher(dynamic)
            .results()
            .map(m -> m.group(1))
            .toList();
    assertThat(needed).isNotEmpty();
    assertThat(elf.libraries()).isEqualTo(needed);
    String headers = Tools.run("readelf", "-l", program.toString()).output();
    assertThat(
            Pattern.compile("interpreter: (.*)]")
                .matcher(headers)
                .results()
                .map(MatchResult::group)
                .findFirst())
        .contains("interpreter: " + elf.interpreter().orElseThrow() + "]");
  }

  @Test
  void cutAndScrambledFilesAreReadOrRefused() {
    long seed = 7;
    Random random = new Random(seed);
    for (byte[] whole : List.of(TinyElf.program("/l", "a", "b"), TinyElf.module("m", "n"))) {
      for (int length = 0; length < whole.length; length++) {
        readOrRefuse(Arrays.copyOf(whole, length), "cut to " + length);
        byte[] scrambled = whole.clone();
        scrambled[length] = (byte) random.nextInt();
        readOrRefuse(scrambled, "seed " + seed + ", byte " + length);
      }
    }
    assertThatThrownBy(() -> ElfFile.parse(new byte[100], "zero"))
        .hasMessageContaining("zero is not an intact 64-bit little-endian ELF file");
  }

  private static void readOrRefuse(byte[] bytes, String what) {
    try {
      assertThat(ElfFile.parse(bytes, what)).as(what).isNotNull();
    } catch (BringupException e) {
      assertThat(e).as(what).hasMessageContaining("is not an intact");
    }
  }
}
