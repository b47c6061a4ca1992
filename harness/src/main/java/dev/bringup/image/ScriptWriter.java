package dev.bringup.image;

import dev.bringup.image.BootLayout.Placement;
import dev.bringup.verdict.BringupException;
import java.util.List;

/**
 * Writes a script in which each command runs only if all before it succeeded.
 *
 * <p>Seen on U-Boot 2023.01, and the reason for the shape: {@code exit} does not end a sourced
 * script, and {@code a && b && c} as the condition of an {@code if} inside another is true although
 * a failed. So a variable says whether to go on, and each condition is one command. The length of a
 * line in a script is not limited by the console's buffer.
 */
final class ScriptWriter {
  private final StringBuilder text = new StringBuilder();
  private final BootLayout layout;
  private final String loadCommand;

  /** A script that loads no files of its own. */
  ScriptWriter(String comment) {
    layout = new BootLayout(List.of());
    loadCommand = "";
    line(comment);
    line("setenv bringup go");
  }

  ScriptWriter(MemoryMap memory, BootLayout layout, String loadCommand) {
    this.layout = layout;
    this.loadCommand = loadCommand;
    UBootShell.word("load command", loadCommand);
    line("# Load this at %s and source it there.".formatted(hex(memory.scriptAddress())));
    for (Placement placement : layout.placements()) {
      line("# %s at %s".formatted(placement.name(), hex(placement.address())));
    }
    line("setenv bringup go");
    // What an earlier boot left there would get into the device tree.
    line("setenv bootargs");
  }

  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  void line(String line) {
    text.append(line).append('\n');
  }

  /** Runs a command; if it fails, the script says {@code MARK complaint} and stops. */
  void step(String command, String complaint) {
    line("if test \"${bringup}\" = go; then");
    line("  if %s; then true; else".formatted(command));
    stop("    ", marker(complaint));
    line("  fi");
    line("fi");
  }

  private void stop(String indent, String word) {
    line("%secho %s".formatted(indent, word));
    line("%ssetenv bringup stop".formatted(indent));
  }

  /** Runs {@code fdt} with these arguments. */
  void fdt(String step, String arguments) {
    step("fdt " + arguments, "device tree: " + step + " failed");
  }

  void say(String message) {
    line("if test \"${bringup}\" = go; then");
    line("  echo %s".formatted(UBootShell.word("marker", BootScript.MARK + message)));
    line("fi");
  }

  /** Loads all files of the layout. */
  void loadFiles(TreeSource tree) {
    for (Placement file : layout.placements()) {
      if (tree instanceof TreeSource.Firmware && file.name().equals(BootLayout.FIRMWARE_TREE)) {
        continue;
      }
      line("if test \"${bringup}\" = go; then");
      line("  if %s %s %s; then".formatted(loadCommand, hex(file.address()), file.name()));
      line("    if itest 0x${filesize} == %s; then".formatted(hex(file.size())));
      line("      echo '%sloaded %s'".formatted(BootScript.MARK, file.name()));
      line("    else");
      stop(
          "      ",
          "\"%s%s has 0x${filesize} bytes, expected %s\""
              .formatted(BootScript.MARK, file.name(), hex(file.size())));
      line("    fi");
      line("  else");
      stop("    ", "'%sload of %s failed'".formatted(BootScript.MARK, file.name()));
      line("  fi");
      line("fi");
    }
  }

  /**
   * Makes the tree that is passed on the one that {@code fdt} works on, with room, and edits it:
   * first by {@code commands}, which are U-Boot's and not looked into.
   */
  void prepareTree(TreeSource tree, List<String> commands, List<DeviceTreeEdit> edits) {
    long address = layout.at(treeName(tree)).address();
    switch (tree) {
      case TreeSource.Firmware firmware -> {
        String from = hex(firmware.address());
        // "fdt move" refuses to work before there was an "fdt addr".
        fdt("use of " + from, "addr " + from);
        fdt(
            "copy from " + from,
            "move %s %s %s"
                .formatted(from, hex(address), hex(firmware.size() + BootLayout.TREE_ROOM)));
      }
      case TreeSource.Staged staged -> {
        fdt("use of " + staged.file().name(), "addr " + hex(address));
        fdt("resize", "resize " + hex(BootLayout.TREE_ROOM - 4096));
      }
    }
    commands.forEach(command -> step(command, "device tree: " + command + " failed"));
    edits.forEach(this::edit);
    fdt("chosen", "chosen");
  }

  private void edit(DeviceTreeEdit edit) {
    line("setenv bringup_node");
    if (!edit.required()) {
      line("if test \"${bringup}\" = go; then");
      line(
          "  if fdt get size bringup_node %s; then true; else"
              .formatted(UBootShell.word("device tree path", edit.path())));
      line("    echo " + marker("no node %s, no edit".formatted(edit.path())));
      line("    setenv bringup_node none");
      line("  fi");
      line("fi");
    }
    line("if test \"${bringup}\" = go; then");
    line("  if test \"${bringup_node}\" != none; then");
    line("    echo " + marker("edit %s (%s)".formatted(edit.description(), edit.reason())));
    line("    if %s; then true; else".formatted(edit.command()));
    stop(
        "      ", marker("device tree: edit %s %s failed".formatted(edit.path(), edit.property())));
    line("    fi");
    line("  fi");
    line("fi");
  }

  private static String marker(String message) {
    return UBootShell.word("marker", BootScript.MARK + message);
  }

  static String treeName(TreeSource tree) {
    return switch (tree) {
      case TreeSource.Firmware firmware -> BootLayout.FIRMWARE_TREE;
      case TreeSource.Staged(BootFile file) -> file.name();
    };
  }

  /** Starts an image and ends the script. */
  BootScript boot(BootFile image, String ramdisk, TreeSource tree) {
    // The tree and the ramdisk are used where they lie, which is where the layout says.
    line("setenv fdt_high 0xffffffffffffffff");
    line("setenv initrd_high 0xffffffffffffffff");
    say("starting " + image.name());
    step(
        "booti %s %s %s"
            .formatted(
                hex(layout.at(image.name()).address()),
                ramdisk,
                hex(layout.at(treeName(tree)).address())),
        image.name() + " did not start");
    line("setenv bringup_node");
    return new BootScript(end(), layout);
  }

  /** Ends the script with a failure, as one that comes to its end has started nothing. */
  String end() {
    line("echo '%s'".formatted(BootScript.STOPPED));
    line("setenv bringup");
    // The result of "source" is that of the last command, but only without a line end behind it.
    text.append("false");
    if (text.length() + UImage.HEADER_SIZE + 8 > MemoryMap.SCRIPT_SIZE) {
      throw BringupException.configuration(
          "the boot script has %d bytes and may have 2 MiB".formatted(text.length()));
    }
    return text.toString();
  }
}
