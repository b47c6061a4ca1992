package dev.bringup.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A computer with an NVMe disk that it runs from, a card in a reader and a card in a USB adapter.
 */
class BlockDevicesTest {
  @TempDir private Path root;
  private BlockDevices devices;

  @BeforeEach
  void computer() throws IOException {
    device("nvme0n1", "259:0", "0");
    partition("nvme0n1", "nvme0n1p2", "259:2");
    device("sda", "8:0", "1");
    partition("sda", "sda1", "8:1");
    device("mmcblk0", "179:0", "0");
    file("sys/class/block/mmcblk0/device/type", "SD");
    device("mmcblk1", "179:8", "0");
    file("sys/class/block/mmcblk1/device/type", "MMC");
    device("loop3", "7:3", "0");
    file("proc/swaps", "Filename\t\tType\n/dev/nvme0n1p3 partition\t1 0 -2\n");
    mounts("");
    devices = devices(false);
  }

  private BlockDevices devices(boolean loops) {
    return new BlockDevices(root.resolve("sys"), root.resolve("proc/self"), loops);
  }

  private void device(String name, String number, String removable) throws IOException {
    file("sys/class/block/" + name + "/dev", number);
    file("sys/class/block/" + name + "/removable", removable);
    file("sys/class/block/" + name + "/size", "62333952");
    file("sys/class/block/" + name + "/ro", "0");
  }

  private void partition(String device, String name, String number) throws IOException {
    for (String at : new String[] {device + "/" + name, name}) {
      file("sys/class/block/" + at + "/dev", number);
      file("sys/class/block/" + at + "/partition", "1");
    }
  }

  private void mounts(String more) throws IOException {
    file(
        "proc/self/mountinfo",
        """
        22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
        23 22 0:21 / /proc rw,nosuid shared:12 - proc proc rw
        """
            + more);
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }

  private void refused(String device, String why) {
    assertThatThrownBy(() -> devices.requireErasable(Path.of(device)))
        .isInstanceOfSatisfying(
            BringupException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
        .hasMessage(device + " is not written: " + why);
  }

  @Test
  void cardsAreTaken() {
    assertThat(devices.requireErasable(Path.of("/dev/sda"))).isEqualTo(62333952L * 512);
    assertThat(devices.requireErasable(Path.of("/dev/mmcblk0"))).isPositive();
  }

  @Test
  void whatIsBuiltInIsNot() {
    String why = "it is not removable, so it may be a disk of this computer";
    refused("/dev/nvme0n1", why);
    refused("/dev/mmcblk1", why);
    refused("/dev/loop3", why);
    assertThat(devices(true).requireErasable(Path.of("/dev/loop3"))).isPositive();
  }

  @Test
  void whatIsNoWholeDeviceIsNot() {
    refused("/dev/null", "it is no block device");
    refused("/dev/sda1", "it is a partition; name the whole device");
  }

  @Test
  void anEmptyReaderAndALockedCardAreNot() throws IOException {
    file("sys/class/block/sda/size", "0");
    refused("/dev/sda", "there is no medium in it");
    file("sys/class/block/mmcblk0/ro", "1");
    refused("/dev/mmcblk0", "it is write-protected; look for the switch on the card");
  }

  @Test
  void whatIsMountedIsNotInWholeOrInPart() throws IOException {
    mounts("40 22 8:1 / /media/pi\\040boot rw - vfat /dev/sda1 rw,fmask=0022\n");
    refused("/dev/sda", "sda1 is mounted on /media/pi boot; run: umount '/media/pi boot'");
    mounts("40 22 179:0 / /mnt rw shared:3 master:2 - ext4 /dev/mmcblk0 rw\n");
    refused("/dev/mmcblk0", "mmcblk0 is mounted on /mnt; run: umount '/mnt'");
    // btrfs has a number of its own
    mounts("40 22 0:45 /@ /mnt rw - btrfs /dev/sda1 rw\n");
    refused("/dev/sda", "sda1 is mounted on /mnt; run: umount '/mnt'");
  }

  @Test
  void aStickThatTheComputerRunsFromIsNot() throws IOException {
    file("proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
    refused("/dev/sda", "this computer runs from it");
  }

  @Test
  void swapSpaceAndWhatSomethingIsBuiltUponAreNot() throws IOException {
    file("proc/swaps", "Filename\n/dev/sda1 partition 1 0 -2\n");
    refused("/dev/sda", "sda1 is in use as swap space");
    Files.createDirectories(root.resolve("sys/class/block/mmcblk0/holders/dm-0"));
    refused("/dev/mmcblk0", "mmcblk0 is in use by dm-0");
  }

  @Test
  void withoutTheListOfMountsNothingIsWritten() throws IOException {
    Files.delete(root.resolve("proc/self/mountinfo"));
    assertThatThrownBy(() -> devices.requireErasable(Path.of("/dev/sda")))
        .isInstanceOfSatisfying(
            BringupException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INFRASTRUCTURE))
        .hasMessageContaining("tells whether a device is in use");
  }
}
