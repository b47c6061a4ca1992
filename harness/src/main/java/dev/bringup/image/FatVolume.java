package dev.bringup.image;

import dev.bringup.verdict.BringupException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;

/**
 * A new FAT volume with files in its root folder (Microsoft, FAT32 File System Specification 1.03):
 * FAT32, or FAT16 where the volume is too small for that. Time stamps are those of 1980-01-01, so
 * that equal files give equal bytes.
 */
final class FatVolume {
  static final int SECTOR = 512;

  /** What the number of clusters makes of a volume; nothing else distinguishes the two. */
  enum Kind {
    FAT16(2, 1, 512),
    FAT32(4, 32, 0);

    private final int entrySize;
    private final long reservedSectors;
    private final long rootEntries;

    Kind(int entrySize, long reservedSectors, long rootEntries) {
      this.entrySize = entrySize;
      this.reservedSectors = reservedSectors;
      this.rootEntries = rootEntries;
    }
  }

  private static final int FATS = 2;
  private static final int MEDIA = 0xf8;
  private static final int END_OF_CHAIN = 0x0fff_ffff;
  private static final int FIRST_CLUSTER = 2;

  /** Up to this size, a FAT32 volume has clusters of one sector; above, of eight. */
  private static final long LARGE = 260L << 20;

  // The specification advises to keep 16 away from the counts at which the kind changes.
  private static final long LEAST_FAT16 = 4085 + 16;
  private static final long LEAST_FAT32 = 65525 + 16;
  private static final long MOST_FAT16 = 65525 - 16;

  private final long firstSector;
  private final long sectors;
  private final Kind kind;
  private final int sectorsPerCluster;
  private final int fatSectors;
  private final long clusters;

  /**
   * @param firstSector where the volume begins on its disk
   * @param sectors its size; at least 4 MiB, at most 8 GiB
   */
  FatVolume(long firstSector, long sectors) {
    this.firstSector = firstSector;
    this.sectors = sectors;
    long bytes = sectors * SECTOR;
    if (bytes < 4L << 20 || bytes > 8L << 30) {
      throw new IllegalArgumentException("a FAT volume of " + sectors + " sectors");
    }
    int large = bytes > LARGE ? 8 : 1;
    if (clusters(Kind.FAT32, large) >= LEAST_FAT32) {
      kind = Kind.FAT32;
      sectorsPerCluster = large;
    } else {
      kind = Kind.FAT16;
      sectorsPerCluster = clusters(Kind.FAT16, 1) <= MOST_FAT16 ? 1 : 2;
    }
    fatSectors = fatSectors(kind, sectorsPerCluster);
    clusters = clusters(kind, sectorsPerCluster);
    if (clusters < LEAST_FAT16) {
      throw new IllegalArgumentException("a FAT volume of " + clusters + " clusters");
    }
  }

  /** A little more than is needed, as if the tables themselves held data. */
  private int fatSectors(Kind of, int perCluster) {
    return Math.toIntExact(ceil((sectors / perCluster + FIRST_CLUSTER) * of.entrySize, SECTOR));
  }

  private long clusters(Kind of, int perCluster) {
    return (sectors - dataStart(of, perCluster)) / perCluster;
  }

  private long dataStart(Kind of, int perCluster) {
    return of.reservedSectors
        + (long) FATS * fatSectors(of, perCluster)
        + of.rootEntries * FatFolder.ENTRY / SECTOR;
  }

  Kind kind() {
    return kind;
  }

  private int clusterSize() {
    return sectorsPerCluster * SECTOR;
  }

  /**
   * The volume from its first byte to the last that is used; what follows is free space, in which
   * anything may stand.
   *
   * @param id the volume's serial number
   * @param label at most 11 capital letters and digits
   * @param files by name; a name has 1 to 100 letters, digits and {@code ._-}
   * @throws BringupException of kind CONFIGURATION if they do not fit
   */
  byte[] content(int id, String label, SortedMap<String, byte[]> files) {
    FatFolder root = new FatFolder(label);
    long rootClusters =
        kind == Kind.FAT32 ? Math.max(1, ceil(FatFolder.size(files.keySet()), clusterSize())) : 0;
    if (kind == Kind.FAT16 && FatFolder.size(files.keySet()) > kind.rootEntries * FatFolder.ENTRY) {
      throw BringupException.configuration(
          "%d files are too many for a small FAT volume".formatted(files.size()));
    }
    long next = FIRST_CLUSTER + rootClusters;
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      long needed = ceil(file.getValue().length, clusterSize());
      root.add(file.getKey(), needed == 0 ? 0 : next, file.getValue().length);
      next += needed;
    }
    if (next > FIRST_CLUSTER + clusters) {
      throw BringupException.configuration(
          "the files need %d bytes, and the volume has room for %d"
              .formatted((next - FIRST_CLUSTER) * clusterSize(), clusters * clusterSize()));
    }
    long dataStart = dataStart(kind, sectorsPerCluster) * SECTOR;
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(dataStart + (next - FIRST_CLUSTER) * clusterSize()))
            .order(ByteOrder.LITTLE_ENDIAN);
    bootSector(out, 0, id, label);
    if (kind == Kind.FAT32) {
      informationSector(out, SECTOR, next);
      bootSector(out, 6 * SECTOR, id, label);
      informationSector(out, 7 * SECTOR, next);
    }
    fillFat(out, rootClusters, files);
    for (int copy = 1; copy < FATS; copy++) {
      int size = fatSectors * SECTOR;
      int first = Math.toIntExact(kind.reservedSectors * SECTOR);
      out.put(first + copy * size, out, first, size);
    }
    byte[] rootBytes = root.bytes();
    long rootAt = kind == Kind.FAT32 ? dataStart : dataStart - kind.rootEntries * FatFolder.ENTRY;
    out.put(Math.toIntExact(rootAt), rootBytes);
    long at = dataStart + rootClusters * clusterSize();
    for (byte[] file : files.values()) {
      out.put(Math.toIntExact(at), file);
      at += ceil(file.length, clusterSize()) * clusterSize();
    }
    return out.array();
  }

  private void bootSector(ByteBuffer out, int at, int id, String label) {
    boolean wide = kind == Kind.FAT32;
    // A jump over the parameters; nobody starts what is behind it.
    out.put(at, new byte[] {(byte) 0xeb, (byte) (wide ? 0x58 : 0x3c), (byte) 0x90});
    text(out, at + 3, "BRINGUP", 8);
    out.putShort(at + 11, (short) SECTOR);
    out.put(at + 13, (byte) sectorsPerCluster);
    out.putShort(at + 14, (short) kind.reservedSectors);
    out.put(at + 16, (byte) FATS);
    out.putShort(at + 17, (short) kind.rootEntries);
    boolean few = !wide && sectors < 0x10000;
    out.putShort(at + 19, (short) (few ? sectors : 0));
    out.put(at + 21, (byte) MEDIA);
    out.putShort(at + 22, (short) (wide ? 0 : fatSectors));
    out.putShort(at + 24, (short) 63);
    out.putShort(at + 26, (short) 255);
    out.putInt(at + 28, (int) firstSector);
    out.putInt(at + 32, few ? 0 : (int) sectors);
    int more = at + 36;
    if (wide) {
      out.putInt(at + 36, fatSectors);
      out.putInt(at + 44, FIRST_CLUSTER); // of the root folder
      out.putShort(at + 48, (short) 1); // the information sector
      out.putShort(at + 50, (short) 6); // the copy of this one
      more = at + 64;
    }
    out.put(more, (byte) 0x80);
    out.put(more + 2, (byte) 0x29);
    out.putInt(more + 3, id);
    text(out, more + 7, label, 11);
    text(out, more + 18, kind.name(), 8);
    out.putShort(at + 510, (short) 0xaa55);
  }

  private void informationSector(ByteBuffer out, int at, long next) {
    out.putInt(at, 0x4161_5252);
    out.putInt(at + 484, 0x6141_7272);
    out.putInt(at + 488, (int) (FIRST_CLUSTER + clusters - next)); // free
    out.putInt(at + 492, (int) next);
    out.putShort(at + 510, (short) 0xaa55);
  }

  private void fillFat(ByteBuffer out, long rootClusters, SortedMap<String, byte[]> files) {
    entry(out, 0, 0x0fff_ff00 | MEDIA);
    entry(out, 1, END_OF_CHAIN);
    long next = chain(out, FIRST_CLUSTER, rootClusters);
    for (byte[] file : files.values()) {
      next = chain(out, next, ceil(file.length, clusterSize()));
    }
  }

  /** Makes a chain of {@code count} clusters from {@code first} on; returns what is behind it. */
  private long chain(ByteBuffer out, long first, long count) {
    for (long i = first; i < first + count; i++) {
      entry(out, i, i + 1 < first + count ? (int) i + 1 : END_OF_CHAIN);
    }
    return first + count;
  }

  private void entry(ByteBuffer out, long cluster, int value) {
    int at = Math.toIntExact(kind.reservedSectors * SECTOR + cluster * kind.entrySize);
    switch (kind) {
      case FAT16 -> out.putShort(at, (short) value);
      case FAT32 -> out.putInt(at, value);
    }
  }

  private static void text(ByteBuffer out, int at, String text, int size) {
    out.put(at, (text + " ".repeat(size - text.length())).getBytes(StandardCharsets.US_ASCII));
  }

  private static long ceil(long value, long unit) {
    return (value + unit - 1) / unit;
  }
}
