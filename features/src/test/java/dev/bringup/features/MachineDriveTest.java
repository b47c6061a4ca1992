package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.builtin.FileDisk;
import dev.bringup.emulator.device.VirtioBlock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** U-Boot with files as disks. */
class MachineDriveTest {
  private static final int SECTOR = 512;

  @TempDir Path folder;

  /** A file whose sector 5 is a text. */
  private Path file(String name, String text) throws Exception {
    var content = new byte[64 * SECTOR];
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, content, 5 * SECTOR, bytes.length);
    return Files.write(folder.resolve(name), content);
  }

  @Test
  void itReadsAndWritesDisksAsTheyAllow() throws Exception {
    Path readOnly = file("a", "the first disk");
    Path writable = file("b", "the other disk");
    try (FileDisk a = FileDisk.open(readOnly, false);
        FileDisk b = FileDisk.open(writable, true);
        // The slots are filled from the last one on, U-Boot counts from the first.
        EmulatedMachine machine =
            EmulatedMachine.uBoot(false, new VirtioBlock(b, "b"), new VirtioBlock(a, "a"))) {
      machine.await("Hit any key", 0);
      machine.type(" ");
      machine.await("\n=> ", 0);
      run(machine, "virtio scan");
      assertThat(run(machine, "virtio dev 0; virtio read 0x50000000 5 1; md.b 0x50000000 10"))
          .contains("1 blocks read: OK")
          .contains("the first disk");
      assertThat(run(machine, "virtio dev 1; virtio read 0x50001000 5 1; md.b 0x50001000 10"))
          .contains("the other disk");
      assertThat(run(machine, "virtio dev 0; virtio write 0x50001000 9 1")).contains("ERROR");
      assertThat(run(machine, "virtio dev 1; virtio write 0x50001000 9 1"))
          .contains("1 blocks written: OK");
    }
    byte[] after = Files.readAllBytes(writable);
    assertThat(new String(after, 9 * SECTOR, 14, StandardCharsets.US_ASCII))
        .isEqualTo("the other disk");
    assertThat(Files.readAllBytes(readOnly))
        .isEqualTo(Files.readAllBytes(file("c", "the first disk")));
  }

  /** Types a command and gives what it says, up to the next prompt. */
  private static String run(EmulatedMachine machine, String command) {
    int before = machine.screen().length();
    machine.type(command + "\r");
    String all = machine.await("\n=> ", before);
    return all.substring(before);
  }
}
