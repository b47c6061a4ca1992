package dev.bringup.boot;

import dev.bringup.artifact.BootFiles;
import dev.bringup.units.ByteSize;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a board boots: the files of a boot set, and what a scenario changed of it. Two boots of
 * equal configurations load the same files by the same script.
 *
 * @param files the boot set's files on this machine
 * @param dom0Memory instead of what the boot set gives dom0
 * @param guestMemory by the name of a dom0less guest, instead of what the boot set gives it
 * @param missing names of staged files that are kept from the server
 * @param without what is left out of the boot script
 * @param treeCommands U-Boot commands that change the device tree before the board's own edits
 * @param script somebody's own boot script (a uImage) instead of the one that is made from all this
 */
public record BootConfiguration(
    BootFiles files,
    Optional<ByteSize> dom0Memory,
    Map<String, ByteSize> guestMemory,
    Set<String> missing,
    Set<Part> without,
    List<String> treeCommands,
    Optional<Path> script) {

  /** What a boot script can be made without, to see what the board makes of that. */
  public enum Part {
    XEN_COMMAND_LINE,
    DOM0_KERNEL,
    DEVICE_TREE_EDITS
  }

  public BootConfiguration {
    guestMemory = Map.copyOf(guestMemory);
    missing = Set.copyOf(missing);
    without = Set.copyOf(without);
    treeCommands = List.copyOf(treeCommands);
  }

  /** The boot set as it is. */
  public static BootConfiguration of(BootFiles files) {
    return new BootConfiguration(
        files, Optional.empty(), Map.of(), Set.of(), Set.of(), List.of(), Optional.empty());
  }

  public BootConfiguration withDom0Memory(ByteSize memory) {
    return new BootConfiguration(
        files, Optional.of(memory), guestMemory, missing, without, treeCommands, script);
  }

  public BootConfiguration withGuestMemory(String guest, ByteSize memory) {
    var changed = new HashMap<>(guestMemory);
    changed.put(guest, memory);
    return new BootConfiguration(
        files, dom0Memory, changed, missing, without, treeCommands, script);
  }

  public BootConfiguration withMissing(String file) {
    var changed = new HashSet<>(missing);
    changed.add(file);
    return new BootConfiguration(
        files, dom0Memory, guestMemory, changed, without, treeCommands, script);
  }

  public BootConfiguration without(Part part) {
    var changed = new HashSet<>(without);
    changed.add(part);
    return new BootConfiguration(
        files, dom0Memory, guestMemory, missing, changed, treeCommands, script);
  }

  public BootConfiguration withTreeCommands(List<String> commands) {
    return new BootConfiguration(
        files, dom0Memory, guestMemory, missing, without, commands, script);
  }

  public BootConfiguration withScript(Path own) {
    return new BootConfiguration(
        files, dom0Memory, guestMemory, missing, without, treeCommands, Optional.of(own));
  }

  boolean has(Part part) {
    return !without.contains(part);
  }
}
