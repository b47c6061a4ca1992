package dev.bringup.image;

import dev.bringup.verdict.BringupException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One property that a board needs to be different in its device tree, and why.
 *
 * @param path of a node, from the root
 * @param property to set
 * @param value to set it to
 * @param required whether a tree without that node is an error; otherwise there is nothing to edit
 *     (QEMU's virt machine with firmware and ACPI has no pl061, and its own tree then says so, but
 *     a tree dumped without firmware lists one, which a kernel dies of)
 * @param reason one line for people; shown on the console when the edit is made
 */
public record DeviceTreeEdit(
    String path, String property, Value value, boolean required, String reason) {
  /** What a property is set to. */
  public sealed interface Value {
    /** Strings, each ended by a zero byte; at least one. */
    record Text(List<String> strings) implements Value {
      public Text {
        strings = List.copyOf(strings);
      }
    }

    /** Big-endian 32-bit cells; none makes a property without value. */
    record Cells(List<Integer> cells) implements Value {
      public Cells {
        cells = List.copyOf(cells);
      }
    }
  }

  public DeviceTreeEdit {
    if (!path.startsWith("/") || !DeviceTreeNode.isName(property)) {
      throw BringupException.configuration(
          "device tree edit of \"%s\" \"%s\": a path from the root and a property name are needed"
              .formatted(ImageBytes.printable(path), ImageBytes.printable(property)));
    }
  }

  /** Sets one string of a node that must exist. */
  public static DeviceTreeEdit text(String path, String property, String text, String reason) {
    return new DeviceTreeEdit(path, property, new Value.Text(List.of(text)), true, reason);
  }

  /** The same edit, which is left out if there is no such node. */
  public DeviceTreeEdit ifPresent() {
    return new DeviceTreeEdit(path, property, value, false, reason);
  }

  /**
   * Makes the edit on a tree; returns whether there was something to edit.
   *
   * @throws BringupException of kind CONFIGURATION if a required node is missing
   */
  public boolean applyTo(DeviceTree tree) {
    DeviceTreeNode node = tree.find(path).orElse(null);
    if (node == null) {
      if (required) {
        throw BringupException.configuration(
            "device tree edit (%s): no node %s".formatted(reason, path));
      }
      return false;
    }
    switch (value) {
      case Value.Text(List<String> strings) ->
          node.setStrings(property, strings.toArray(String[]::new));
      case Value.Cells(List<Integer> cells) ->
          node.setCells(property, cells.stream().mapToInt(Integer::intValue).toArray());
    }
    return true;
  }

  /** The edit as U-Boot's {@code fdt} command. */
  String command() {
    return "fdt set %s %s%s"
        .formatted(
            UBootShell.word("device tree path", path),
            UBootShell.word("device tree property", property),
            switch (value) {
              case Value.Text(List<String> strings) ->
                  UBootShell.strings(path + " " + property, strings);
              case Value.Cells(List<Integer> cells) -> UBootShell.cells(cells);
            });
  }

  /** The edit in words. */
  String description() {
    return "%s %s = %s"
        .formatted(
            path,
            property,
            switch (value) {
              case Value.Text(List<String> strings) -> String.join(", ", strings);
              case Value.Cells(List<Integer> cells) ->
                  cells.stream()
                      .map(cell -> "0x" + Integer.toHexString(cell))
                      .collect(Collectors.joining(" ", "<", ">"));
            });
  }
}
