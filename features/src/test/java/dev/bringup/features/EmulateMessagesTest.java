package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exit codes and messages of {@code ./bringup emulate}, and what it writes. */
class EmulateMessagesTest {
  @TempDir private Path folder;
  private Launcher bringup;

  @BeforeEach
  void launcher() {
    bringup = new Launcher(folder);
  }

  private void refused(String options, String... texts) {
    Launcher.Ended ended = bringup.run(("emulate " + options).split(" "));
    ended.tells(2, texts);
    assertThat(ended.err().lines()).as(ended.err()).hasSizeLessThanOrEqualTo(2);
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void filesThatAreMissingOrDoNotFitAreNamed() throws Exception {
    Path small = Files.write(folder.resolve("small"), new byte[100]);
    Path large = folder.resolve("large");
    try (var file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(3L << 30); // takes no space
    }
    refused("--firmware nowhere", "--firmware nowhere: no such file");
    refused("--firmware .", "--firmware .: not a regular file");
    refused("--firmware large", "--firmware large has 3,221,225,472 bytes", "67,108,864");
    refused("--kernel nowhere", "--kernel nowhere: no such file");
    refused("--kernel large", "--kernel large has 3,221,225,472 bytes");
    refused("--kernel small", "--kernel small is not an uncompressed arm64 Image");
    refused("--drive nowhere", "--drive nowhere: no such file");
    refused("--drive small", "--drive small has 100 bytes", "one sector of 512");
    refused("--initrd small", "--initrd and --append need a --kernel");
    refused("--firmware small --trace t --symbols small", "--symbols small: there is no symbol");
    assertThat(Files.size(small)).isEqualTo(100);
  }

  @Test
  void machinesThatCannotBeAreRefused() {
    refused("--cpus 9", "9 CPUs; there can be 1 to 8");
    refused("--cpus many", "--cpus", "'many'");
    refused("--memory plenty", "--memory plenty: ");
    refused("--memory 1KiB", "1024 bytes of memory; there can be 1 MiB to 255 GiB");
    refused("--gdb-wait", "--gdb-wait needs --gdb");
    refused("--gdb 70000", "--gdb 70000: \"70000\" is no port");
    refused("--trace-from 5", "--trace-from and --trace-count need a --trace");
  }

  @Test
  void aTraceCountersAndAProfileAreWritten() throws Exception {
    // movz x1, #0x900, lsl #16; movz w2, #'!'; str w2, [x1]; movz w0, #0x8400, lsl #16;
    // movk w0, #8; smc #0
    int[] words = {0xd2a1_2001, 0x5280_0422, 0xb900_0022, 0x52b0_8000, 0x7280_0100, 0xd400_0003};
    var program = new byte[4 * words.length];
    for (int i = 0; i < program.length; i++) {
      program[i] = (byte) (words[i / 4] >>> (8 * (i % 4)));
    }
    Files.write(folder.resolve("program"), program);
    Files.writeString(folder.resolve("map"), "0 T hello\nc T off\n");
    Launcher.Ended ended =
        bringup.run(
            ("emulate --firmware program --trace t --trace-from 2 --trace-count 2 --symbols map"
                    + " --counters --profile --rng 3")
                .split(" "));
    ended.tells(0, "machine: 0.000 s of its own time", "6 instructions");
    assertThat(ended.out()).isEqualTo("!");
    assertThat(Files.readAllLines(folder.resolve("t")))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("2 cpu0 EL2 0000000000000008 b9000022 str     w2, [x1]")
                    .endsWith(" hello+0x8"),
            line -> assertThat(line).startsWith("3 cpu0 EL2 000000000000000c ").endsWith(" off"));
  }
}
