package dev.bringup.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A node of a {@link DeviceTree}: properties in order, then sub-nodes in order. Mutable. */
public final class DeviceTreeNode {
  // The specification's character set (2.2.1, 2.2.4.1) plus what trees in the field contain; what
  // matters is that a name can be written, found by path and printed.
  private static final Pattern NAME = Pattern.compile("[!-.0-~]{1,255}");

  private final String name;
  private final @Nullable DeviceTreeNode parent;
  private final Map<String, DeviceTreeProperty> properties = new LinkedHashMap<>();
  private final Map<String, DeviceTreeNode> children = new LinkedHashMap<>();

  DeviceTreeNode(String name, @Nullable DeviceTreeNode parent) {
    this.name = name;
    this.parent = parent;
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The name with its unit address; empty for the root. */
  public String name() {
    return name;
  }

  /** The full path from the root. */
  public String path() {
    Deque<String> names = new ArrayDeque<>();
    for (DeviceTreeNode node = this; node.parent != null; node = node.parent) {
      names.push(node.name);
    }
    return "/" + String.join("/", names);
  }

  public List<DeviceTreeProperty> properties() {
    return List.copyOf(properties.values());
  }

  public Optional<DeviceTreeProperty> property(String property) {
    return Optional.ofNullable(properties.get(property));
  }

  public List<DeviceTreeNode> children() {
    return List.copyOf(children.values());
  }

  boolean hasChildren() {
    return !children.isEmpty();
  }

  /** Whether there is a sub-node of exactly this name. */
  boolean hasChild(String child) {
    return children.containsKey(child);
  }

  /** The sub-node of this name; a name without unit address finds the first that fits. */
  public Optional<DeviceTreeNode> child(String child) {
    DeviceTreeNode exact = children.get(child);
    if (exact != null || child.contains("@")) {
      return Optional.ofNullable(exact);
    }
    return children.values().stream().filter(c -> c.name.startsWith(child + "@")).findFirst();
  }

  /** This node and all below it, parents first. */
  public List<DeviceTreeNode> descendants() {
    List<DeviceTreeNode> found = new ArrayList<>();
    found.add(this);
    for (int i = 0; i < found.size(); i++) {
      found.addAll(found.get(i).children.values());
    }
    return found;
  }

  /** The number by which other nodes refer to this one. */
  public OptionalInt phandle() {
    DeviceTreeProperty phandle = properties.get("phandle");
    if (phandle == null) {
      phandle = properties.get("linux,phandle");
    }
    return phandle == null || phandle.size() != 4
        ? OptionalInt.empty()
        : OptionalInt.of(phandle.cells().getFirst());
  }

  /** Sets a raw value; a new property goes behind the others. */
  public DeviceTreeNode setBytes(String property, byte[] value) {
    requireName(property);
    properties.put(property, new DeviceTreeProperty(property, value));
    return this;
  }

  /** Sets big-endian 32-bit cells; {@code cells()} without any makes a flag without value. */
  public DeviceTreeNode setCells(String property, int... cells) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * cells.length);
    buffer.asIntBuffer().put(cells);
    return setBytes(property, buffer.array());
  }

  /** Sets strings, each ended by a zero byte. */
  public DeviceTreeNode setStrings(String property, String... strings) {
    return setBytes(property, (String.join("\0", strings) + "\0").getBytes(StandardCharsets.UTF_8));
  }

  /** Returns whether there was such a property. */
  public boolean removeProperty(String property) {
    return properties.remove(property) != null;
  }

  /**
   * Adds an empty sub-node behind the others.
   *
   * @throws IllegalArgumentException if the name is taken or cannot be a node's name
   */
  public DeviceTreeNode addChild(String child) {
    requireName(child);
    if (children.containsKey(child)) {
      throw new IllegalArgumentException(path() + " already has a node " + child);
    }
    DeviceTreeNode node = new DeviceTreeNode(child, this);
    children.put(child, node);
    return node;
  }

  /** Removes a sub-node by its full name with all below it; returns whether there was one. */
  public boolean removeChild(String child) {
    return children.remove(child) != null;
  }

  /** Sets {@code status = "disabled"}: the hardware exists but must not be used. */
  public DeviceTreeNode disable() {
    return setStrings("status", "disabled");
  }

  /** Whether the node may be used: no status, or {@code okay} or {@code ok}. */
  public boolean isEnabled() {
    return property("status")
        .map(DeviceTreeProperty::string)
        .map(s -> s.equals("okay") || s.equals("ok"))
        .orElse(true);
  }

  private static void requireName(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "not a device tree name (1 to 255 printable characters without blank and slash): "
              + ImageBytes.printable(name));
    }
  }
}
