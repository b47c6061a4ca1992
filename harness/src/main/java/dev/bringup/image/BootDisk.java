package dev.bringup.image;

import dev.bringup.verdict.BringupException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.SortedMap;

/**
 * A disk with a partition table (MBR) and one FAT partition, from which firmware and boot loaders
 * read files. Equal files give equal bytes: nothing in it comes from a clock or a random number.
 * Immutable.
 */
public final class BootDisk {
  /** The partition begins here, in bytes, as all partitioning tools have it. */
  public static final long PARTITION = 1L << 20;

  /** The smallest disk, in bytes. */
  public static final long LEAST = 8L << 20;

  /** The largest disk, in bytes. */
  public static final long MOST = 8L << 30;

  private static final String LABEL = "BRINGUP";
  private static final int FAT32_TYPE = 0x0c;
  private static final int FAT16_TYPE = 0x0e;

  private final byte[] content;
  private final long size;
  private final String kind;

  private BootDisk(byte[] content, long size, String kind) {
    this.content = content;
    this.size = size;
    this.kind = kind;
  }

  /**
   * A disk of {@code size} bytes with these files in the root folder of its partition.
   *
   * @param size a multiple of 1 MiB, {@link #LEAST} to {@link #MOST}
   * @throws BringupException of kind CONFIGURATION if the size is wrong, the files do not fit, or a
   *     name is not 1 to 100 letters, digits and {@code ._-}
   */
  public static BootDisk of(SortedMap<String, byte[]> files, long size) {
    requireSize(size);
    long first = PARTITION / FatVolume.SECTOR;
    long sectors = (size - PARTITION) / FatVolume.SECTOR;
    var volume = new FatVolume(first, sectors);
    ByteBuffer identity = ByteBuffer.wrap(digest(files));
    byte[] partition = volume.content(identity.getInt(0), LABEL, files);
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(PARTITION + partition.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(440, identity.getInt(4)); // the disk's signature
    out.put(446, (byte) 0x80); // U-Boot looks at partitions that are marked as bootable
    out.put(447, FAR_AWAY);
    out.put(450, (byte) (volume.kind() == FatVolume.Kind.FAT32 ? FAT32_TYPE : FAT16_TYPE));
    out.put(451, FAR_AWAY);
    out.putInt(454, (int) first);
    out.putInt(458, (int) sectors);
    out.putShort(510, (short) 0xaa55);
    out.put(Math.toIntExact(PARTITION), partition);
    return new BootDisk(out.array(), size, volume.kind().name());
  }

  /**
   * Refuses a size that no disk can have here.
   *
   * @throws BringupException of kind CONFIGURATION that names what can be
   */
  public static void requireSize(long size) {
    if (size < LEAST || size > MOST || size % (1 << 20) != 0) {
      throw BringupException.configuration(
          "a disk of %d bytes; right is a multiple of 1 MiB from %d MiB to %d MiB"
              .formatted(size, LEAST >> 20, MOST >> 20));
    }
  }

  /** Cylinder, head and sector of what is addressed by its number alone. */
  private static final byte[] FAR_AWAY = {(byte) 0xfe, (byte) 0xff, (byte) 0xff};

  private static byte[] digest(SortedMap<String, byte[]> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        String head = file.getKey() + "\0" + file.getValue().length + "\0";
        digest.update(head.getBytes(StandardCharsets.UTF_8));
        digest.update(file.getValue());
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** The disk's size in bytes. */
  public long size() {
    return size;
  }

  /**
   * The bytes from the first on, with the partition table in the first 512; behind them is free
   * space, in which anything may stand.
   */
  public byte[] content() {
    return content.clone();
  }

  /** The partition's file system: {@code FAT16} or {@code FAT32}. */
  public String kind() {
    return kind;
  }
}
