package dev.bringup.image;

import dev.bringup.image.DeviceTree.Reservation;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Writes one blob of version 17 in the order that dtc uses: header, reservations, structure. */
final class DeviceTreeWriter {
  private final ByteArrayOutputStream structure = new ByteArrayOutputStream();
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
  private final Map<String, Integer> nameOffsets = new HashMap<>();

  byte[] write(DeviceTree tree, int room) {
    node(tree.root());
    word(DeviceTreeReader.END);
    int reservationsAt = DeviceTreeReader.HEADER_SIZE;
    int structureAt = reservationsAt + 16 * (tree.reservations().size() + 1);
    int stringsAt = structureAt + structure.size();
    int total = Math.addExact(stringsAt + strings.size(), room);
    ByteBuffer blob = ByteBuffer.allocate(total);
    blob.putInt(DeviceTree.MAGIC).putInt(total).putInt(structureAt).putInt(stringsAt);
    blob.putInt(reservationsAt).putInt(17).putInt(16).putInt(tree.bootCpu());
    blob.putInt(strings.size()).putInt(structure.size());
    for (Reservation reservation : tree.reservations()) {
      blob.putLong(reservation.address()).putLong(reservation.size());
    }
    blob.putLong(0).putLong(0);
    blob.put(structure.toByteArray()).put(strings.toByteArray());
    return blob.array();
  }

  private void node(DeviceTreeNode node) {
    word(DeviceTreeReader.BEGIN_NODE);
    structure.writeBytes(text(node.name()));
    align();
    for (DeviceTreeProperty property : node.properties()) {
      word(DeviceTreeReader.PROPERTY);
      word(property.size());
      word(nameOffset(property.name()));
      structure.writeBytes(property.bytes());
      align();
    }
    node.children().forEach(this::node);
    word(DeviceTreeReader.END_NODE);
  }

  private int nameOffset(String name) {
    Integer known = nameOffsets.get(name);
    if (known != null) {
      return known;
    }
    int offset = strings.size();
    strings.writeBytes(text(name));
    nameOffsets.put(name, offset);
    return offset;
  }

  private static byte[] text(String text) {
    return (text + "\0").getBytes(StandardCharsets.ISO_8859_1);
  }

  private void word(int value) {
    structure.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
  }

  private void align() {
    while (structure.size() % 4 != 0) {
      structure.write(0);
    }
  }
}
