package dev.bringup.provision;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The block devices of this host and whether one may be overwritten (Linux,
 * Documentation/ABI/stable/sysfs-block; proc(5) for mountinfo and swaps). Everything that is not
 * known to be a removable medium out of use is refused.
 */
public final class BlockDevices {
  private static final int SECTOR = 512; // of sysfs, whatever the device's own is

  /** {@code 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw}. */
  private static final Pattern MOUNT =
      Pattern.compile("\\d+ \\d+ (\\d+:\\d+) \\S+ (\\S+) .*? - \\S+ (\\S+) .*");

  private final Path sysfs;
  private final Path proc;
  private final boolean loops;

  /**
   * @param sysfs usually {@code /sys}
   * @param proc of this process, usually {@code /proc/self}
   * @param loops whether loop devices count as removable
   */
  BlockDevices(Path sysfs, Path proc, boolean loops) {
    this.sysfs = sysfs;
    this.proc = proc;
    this.loops = loops;
  }

  /** Those of this host. */
  public static BlockDevices ofHost() {
    return new BlockDevices(Path.of("/sys"), Path.of("/proc/self"), false);
  }

  /**
   * The size in bytes of a device that may be overwritten.
   *
   * @throws BringupException of kind CONFIGURATION with the reason if it must not be
   */
  long requireErasable(Path device) {
    String name = name(device);
    Path entry = sysfs.resolve("class/block").resolve(name);
    if (!Files.isDirectory(entry)) {
      throw refused(device, "it is no block device");
    }
    if (Files.exists(entry.resolve("partition"))) {
      throw refused(device, "it is a partition; name the whole device");
    }
    if (!isRemovable(name, entry)) {
      throw refused(device, "it is not removable, so it may be a disk of this computer");
    }
    long size = number(entry.resolve("size")) * SECTOR;
    if (size == 0) {
      throw refused(device, "there is no medium in it");
    }
    if (number(entry.resolve("ro")) != 0) {
      throw refused(device, "it is write-protected; look for the switch on the card");
    }
    List<Path> parts = parts(name, entry);
    for (Path part : parts) {
      requireUnused(device, part);
    }
    return size;
  }

  /** SD cards in readers that are no USB devices count as built in for the kernel. */
  private boolean isRemovable(String name, Path entry) {
    if (name.startsWith("loop")) {
      return loops;
    }
    return number(entry.resolve("removable")) == 1
        || (name.matches("mmcblk\\d+") && text(entry.resolve("device/type")).equals("SD"));
  }

  /** The device and its partitions. */
  private static List<Path> parts(String name, Path entry) {
    List<Path> parts = new ArrayList<>(List.of(entry));
    try (DirectoryStream<Path> below = Files.newDirectoryStream(entry, name + "*")) {
      for (Path each : below) {
        if (Files.exists(each.resolve("partition"))) {
          parts.add(each);
        }
      }
    } catch (IOException e) {
      throw unreadable(entry, e);
    }
    return parts;
  }

  private void requireUnused(Path device, Path part) {
    String number = text(part.resolve("dev"));
    String name = name(part);
    for (String line : lines("mountinfo")) {
      Matcher mount = MOUNT.matcher(line);
      // A btrfs has a number of its own, and only its source tells.
      if (mount.matches()
          && (mount.group(1).equals(number) || mount.group(3).equals("/dev/" + name))) {
        String at = plain(mount.group(2));
        throw refused(
            device,
            at.equals("/")
                ? "this computer runs from it"
                : "%s is mounted on %s; run: umount '%s'".formatted(name, at, at));
      }
    }
    for (String line : lines("../swaps")) {
      if (line.startsWith("/dev/" + name + " ")) {
        throw refused(device, name + " is in use as swap space");
      }
    }
    holder(part)
        .ifPresent(by -> {
          throw refused(device, "%s is in use by %s".formatted(name, by));
        });
  }

  /** Mount points have blanks and the like as three octal digits. */
  private static String plain(String escaped) {
    return Pattern.compile("\\\\([0-7]{3})")
        .matcher(escaped)
        .replaceAll(
            m -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(m.group(1), 8))));
  }

  /** What is built upon it: RAID, LVM, encryption. */
  private static Optional<String> holder(Path part) {
    Path holders = part.resolve("holders");
    if (!Files.isDirectory(holders)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(holders)) {
      for (Path each : all) {
        return Optional.of(name(each));
      }
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(holders, e);
    }
  }

  private static BringupException refused(Path device, String why) {
    return BringupException.configuration("%s is not written: %s".formatted(device, why));
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static long number(Path file) {
    String text = text(file);
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  /** The one line of a file of sysfs; "" if there is no such file. */
  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8).strip() : "";
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private List<String> lines(String name) {
    Path file = proc.resolve(name);
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static BringupException unreadable(Path file, IOException e) {
    return BringupException.infrastructure(
        "cannot read %s, which tells whether a device is in use: %s"
            .formatted(file, e.getMessage()),
        "write an image instead, and copy that",
        e);
  }
}
