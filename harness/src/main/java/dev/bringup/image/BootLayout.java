package dev.bringup.image;

import dev.bringup.verdict.BringupException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where everything lies in the board's memory when the boot starts.
 *
 * @param placements in ascending order of address; no two overlap
 */
public record BootLayout(List<Placement> placements) {
  /** The name of the device tree that is passed on, when the firmware gave it. */
  public static final String FIRMWARE_TREE = "device-tree";

  /** Bytes for what a boot script adds to the device tree. */
  static final long TREE_ROOM = 64 << 10;

  /**
   * One thing in memory.
   *
   * @param name of the file
   * @param address physical, in bytes, a multiple of 2 MiB
   * @param size bytes that are loaded
   * @param reserved bytes that are kept free for it, at least {@code size}
   */
  public record Placement(String name, long address, long size, long reserved) {}

  public BootLayout {
    placements = List.copyOf(placements);
  }

  /** Where a file lies. */
  public Optional<Placement> find(String name) {
    return placements.stream().filter(p -> p.name().equals(name)).findFirst();
  }

  Placement at(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("not placed: " + name));
  }

  /**
   * Puts each file at the next free 2 MiB boundary, in order, each name once, and the device tree
   * behind them (the rules of ImageBuilder's uboot-script-gen, but with the memory that images use
   * instead of their sizes).
   *
   * @throws BringupException of kind CONFIGURATION naming the file that does not fit
   */
  static BootLayout of(MemoryMap memory, List<BootFile> files, TreeSource tree) {
    Map<String, BootFile> named = new LinkedHashMap<>();
    for (BootFile file : files) {
      BootFile before = named.putIfAbsent(file.name(), file);
      if (before != null && !before.equals(file)) {
        throw BringupException.configuration(
            "two different boot files are named %s (%d and %d bytes)"
                .formatted(file.name(), before.size(), file.size()));
      }
    }
    BootFile treeFile =
        switch (tree) {
          case TreeSource.Firmware firmware ->
              new BootFile(FIRMWARE_TREE, firmware.size(), firmware.size() + TREE_ROOM);
          case TreeSource.Staged(BootFile file) ->
              new BootFile(file.name(), file.size(), file.size() + TREE_ROOM);
        };
    if (named.putIfAbsent(treeFile.name(), treeFile) != null) {
      throw BringupException.configuration(
          "a boot file has the name of the device tree: " + treeFile.name());
    }
    List<Placement> placements = new ArrayList<>();
    long next = Math.max(memory.firstLoadAddress(), memory.scriptAddress() + MemoryMap.SCRIPT_SIZE);
    for (BootFile file : named.values()) {
      long address = free(aligned(next), file.effectiveSize(), tree);
      if (address + file.effectiveSize() > memory.loadEnd()) {
        throw BringupException.configuration(
            "%s does not fit into memory: it needs %d bytes at 0x%x, and what can be used ends at"
                    .formatted(file.name(), file.effectiveSize(), address)
                + " 0x%x".formatted(memory.loadEnd()));
      }
      placements.add(new Placement(file.name(), address, file.size(), file.effectiveSize()));
      next = address + file.effectiveSize();
    }
    return new BootLayout(placements);
  }

  /** Keeps clear of the firmware's tree, which must stay intact until it is copied. */
  private static long free(long address, long size, TreeSource tree) {
    if (tree instanceof TreeSource.Firmware(long start, long length)
        && address < start + length
        && start < address + size) {
      return aligned(start + length);
    }
    return address;
  }

  private static long aligned(long address) {
    return (address + Arm64Image.ALIGNMENT - 1) & -Arm64Image.ALIGNMENT;
  }
}
