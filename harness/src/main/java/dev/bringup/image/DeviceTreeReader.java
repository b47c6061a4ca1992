package dev.bringup.image;

import dev.bringup.image.DeviceTree.Reservation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one blob (Devicetree Specification 0.4, 5.2 to 5.5). Memory stays within a small multiple
 * of the blob: values and node names are parts of it, property names are at most 255 bytes.
 */
final class DeviceTreeReader {
  static final int BEGIN_NODE = 1;
  static final int END_NODE = 2;
  static final int PROPERTY = 3;
  static final int NOP = 4;
  static final int END = 9;
  static final int HEADER_SIZE = 40;

  /** Deeper than any real tree; keeps recursive consumers of the model safe. */
  private static final int MAX_DEPTH = 64;

  private static final int MAX_NAME = 255;

  private final ImageBytes in;
  private final Map<Integer, String> names = new HashMap<>();
  private long totalSize;
  private long strings;
  private long stringsEnd;

  DeviceTreeReader(byte[] blob) {
    this.in = new ImageBytes("device tree", blob);
  }

  DeviceTree read() {
    if (in.be32(0, "the magic number") != DeviceTree.MAGIC) {
      throw in.wrong(0, "wrong magic number 0x%08x".formatted(in.be32(0, "")), "0xd00dfeed");
    }
    in.need(0, HEADER_SIZE, "the header");
    totalSize = u32(4);
    if (totalSize < HEADER_SIZE || totalSize > in.length()) {
      throw in.wrong(
          4,
          "total size is %d".formatted(totalSize),
          "%d to %d, the size of the file".formatted(HEADER_SIZE, in.length()));
    }
    long version = u32(20);
    long compatible = u32(24);
    if (version < 16 || compatible > 17) {
      throw in.wrong(
          20,
          "version %d, compatible back to %d".formatted(version, compatible),
          "version 16 or 17");
    }
    List<Reservation> reservations = reservations(block(16, 8, "the memory reservations"));
    strings = block(12, 1, "the strings block");
    stringsEnd = end(strings, 32, "the strings block");
    long structure = block(8, 4, "the structure block");
    // Version 16 does not state the size of the structure block.
    long structureEnd =
        version >= 17 ? end(structure, 36, "the structure block") : Math.max(structure, totalSize);
    return new DeviceTree(structure(structure, structureEnd), reservations, in.be32(28, ""));
  }

  private long u32(long offset) {
    return in.be32(offset, "the header") & 0xffff_ffffL;
  }

  private long block(long field, int alignment, String what) {
    long offset = u32(field);
    if (offset < HEADER_SIZE || offset > totalSize || offset % alignment != 0) {
      throw in.wrong(
          field,
          "%s begins at 0x%x".formatted(what, offset),
          "a multiple of %d from 0x%x to 0x%x".formatted(alignment, HEADER_SIZE, totalSize));
    }
    return offset;
  }

  private long end(long start, long field, String what) {
    long size = u32(field);
    if (size > totalSize - start) {
      throw in.wrong(
          field,
          "%s has %d bytes".formatted(what, size),
          "at most %d before the end of the blob".formatted(totalSize - start));
    }
    return start + size;
  }

  private List<Reservation> reservations(long start) {
    List<Reservation> found = new ArrayList<>();
    for (long at = start; ; at += 16) {
      if (at + 16 > totalSize) {
        throw in.wrong(at, "the memory reservations have no end", "an entry of zeros");
      }
      Reservation entry = new Reservation(in.be64(at, ""), in.be64(at + 8, ""));
      if (entry.address() == 0 && entry.size() == 0) {
        return found;
      }
      found.add(entry);
    }
  }

  private DeviceTreeNode structure(long start, long end) {
    @Nullable DeviceTreeNode root = null;
    List<DeviceTreeNode> open = new ArrayList<>();
    for (long at = start; ; ) {
      long token = at;
      if (at + 4 > end) {
        throw in.wrong(at, "the structure block has no end", "an end token (9)");
      }
      int kind = in.be32(at, "");
      at += 4;
      switch (kind) {
        case NOP -> {}
        case BEGIN_NODE -> {
          if (open.isEmpty() && root != null) {
            throw in.wrong(token, "a second root node", "one root node, then an end token (9)");
          }
          String name = name(at, end, "a node's name");
          at = aligned(at + name.length() + 1);
          DeviceTreeNode node = open(open, name, token);
          if (root == null) {
            root = node;
          }
          open.add(node);
        }
        case PROPERTY -> {
          if (open.isEmpty()) {
            throw in.wrong(token, "a property outside of every node", "a node first (1)");
          }
          if (at + 8 > end) {
            throw in.wrong(at, "a property is cut off", "its size and its name's offset");
          }
          long size = u32(at);
          if (size > end - (at + 8)) {
            throw in.wrong(
                at,
                "a property of %d bytes".formatted(size),
                "at most %d before the end of the structure block".formatted(end - (at + 8)));
          }
          property(open.getLast(), token, at + 4, size);
          at = aligned(at + 8 + size);
        }
        case END_NODE -> {
          if (open.isEmpty()) {
            throw in.wrong(token, "the end of a node that did not begin", "an end token (9)");
          }
          open.removeLast();
        }
        case END -> {
          if (!open.isEmpty() || root == null) {
            throw in.wrong(
                token,
                root == null ? "no root node" : "%d nodes are still open".formatted(open.size()),
                "every node begun and ended before the end token");
          }
          return root;
        }
        default ->
            throw in.wrong(
                token,
                "unknown token 0x%x".formatted(kind),
                "1 (begin), 2 (end), 3 (property), 4 (nothing) or 9 (end of all)");
      }
    }
  }

  private DeviceTreeNode open(List<DeviceTreeNode> open, String name, long token) {
    if (open.isEmpty()) {
      if (!name.isEmpty()) {
        throw in.wrong(token + 4, "the root node has a name", "an empty name");
      }
      return new DeviceTreeNode("", null);
    }
    if (open.size() >= MAX_DEPTH) {
      throw in.wrong(token, "nodes are nested too deeply", "at most " + MAX_DEPTH + " levels");
    }
    DeviceTreeNode parent = open.getLast();
    if (!DeviceTreeNode.isName(name)) {
      throw in.wrong(token + 4, "not a node's name", "printable characters without blank or slash");
    }
    if (parent.hasChild(name)) {
      throw in.wrong(
          token + 4, "a second node " + parent.path() + " " + name, "different names for siblings");
    }
    return parent.addChild(name);
  }

  private void property(DeviceTreeNode node, long token, long nameField, long size) {
    if (node.hasChildren()) {
      // libfdt does not see such a property, so showing it would be untrue.
      throw in.wrong(token, "a property behind a sub-node", "all properties before sub-nodes");
    }
    int nameOffset = in.be32(nameField, "a property's name");
    String name = names.get(nameOffset);
    if (name == null) {
      long at = strings + (nameOffset & 0xffff_ffffL);
      if (at >= stringsEnd) {
        throw in.wrong(
            nameField,
            "a property's name begins outside of the strings block",
            "an offset below 0x%x".formatted(stringsEnd - strings));
      }
      name = name(at, stringsEnd, "a property's name");
      if (!DeviceTreeNode.isName(name)) {
        throw in.wrong(at, "not a property's name", "printable characters without blank or slash");
      }
      names.put(nameOffset, name);
    }
    if (node.property(name).isPresent()) {
      throw in.wrong(token, "a second property " + name, "different names within a node");
    }
    node.setBytes(name, in.slice(nameField + 4, size, "a property's value"));
  }

  private String name(long start, long end, String what) {
    long stop = Math.min(end, start + MAX_NAME + 1);
    for (long at = start; at < stop; at++) {
      if (in.u8(at, what) == 0) {
        return ImageBytes.zeroEnded(in.slice(start, at - start, what));
      }
    }
    throw in.wrong(start, what + " has no end", "a zero byte within " + MAX_NAME + " characters");
  }

  private static long aligned(long offset) {
    return (offset + 3) & ~3L;
  }
}
