package dev.bringup.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A flattened device tree (Devicetree Specification 0.4, chapter 5), to look into, edit and write
 * back. Nodes and properties keep their order. Not safe for use by several threads.
 */
public final class DeviceTree {
  /** The first four bytes of a blob. */
  static final int MAGIC = 0xd00dfeed;

  /**
   * Memory that a kernel must leave alone.
   *
   * @param address physical address in bytes
   * @param size in bytes
   */
  public record Reservation(long address, long size) {}

  private final DeviceTreeNode root;
  private final List<Reservation> reservations;
  private final int bootCpu;

  DeviceTree(DeviceTreeNode root, List<Reservation> reservations, int bootCpu) {
    this.root = root;
    this.reservations = new ArrayList<>(reservations);
    this.bootCpu = bootCpu;
  }

  /** A tree that consists of an empty root node. */
  public static DeviceTree empty() {
    return new DeviceTree(new DeviceTreeNode("", null), List.of(), 0);
  }

  /**
   * Reads a blob of version 16 or 17; bytes behind its stated total size are ignored.
   *
   * @throws ImageFormatException if it is malformed in any way
   */
  public static DeviceTree read(byte[] blob) {
    return new DeviceTreeReader(blob).read();
  }

  public DeviceTreeNode root() {
    return root;
  }

  /** The memory reservations; the list can be changed. */
  public List<Reservation> reservations() {
    return reservations;
  }

  /** The physical id of the CPU that boots. */
  public int bootCpu() {
    return bootCpu;
  }

  /**
   * The node at a path such as {@code /cpus/cpu@0}; as in libfdt, a component without unit address
   * finds the first node of that name, and a path without leading slash begins with an alias.
   */
  public Optional<DeviceTreeNode> find(String path) {
    if (path.startsWith("/")) {
      return descend(root, path.substring(1));
    }
    int slash = path.indexOf('/');
    String alias = slash < 0 ? path : path.substring(0, slash);
    String rest = slash < 0 ? "" : path.substring(slash + 1);
    return root.child("aliases")
        .flatMap(aliases -> aliases.property(alias))
        .map(DeviceTreeProperty::string)
        .filter(target -> target.startsWith("/"))
        .flatMap(target -> descend(root, target.substring(1)))
        .flatMap(node -> descend(node, rest));
  }

  /** The node that carries this phandle. */
  public Optional<DeviceTreeNode> findByPhandle(int phandle) {
    return root.descendants().stream()
        .filter(node -> node.phandle().isPresent() && node.phandle().getAsInt() == phandle)
        .findFirst();
  }

  private static Optional<DeviceTreeNode> descend(DeviceTreeNode from, String path) {
    DeviceTreeNode node = from;
    for (String name : path.split("/", -1)) {
      if (name.isEmpty()) {
        continue;
      }
      Optional<DeviceTreeNode> next = node.child(name);
      if (next.isEmpty()) {
        return next;
      }
      node = next.get();
    }
    return Optional.of(node);
  }

  /** The blob, version 17, without room for later edits. */
  public byte[] encode() {
    return encode(0);
  }

  /**
   * The blob, version 17, with {@code room} bytes behind it that count as part of it, so that a
   * boot loader can edit it in place.
   */
  public byte[] encode(int room) {
    return new DeviceTreeWriter().write(this, room);
  }
}
