package dev.bringup.artifact;

import dev.bringup.artifact.BootPlan.Guest;
import dev.bringup.artifact.BootSet.FileOrigin;
import dev.bringup.image.CpioArchive;
import dev.bringup.image.Gzip;
import dev.bringup.verdict.BringupException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Lays out one initramfs. First everything is named by check sums, which gives the image's {@link
 * #key}; only if no image of that key exists yet are the contents read and packed. Equal input
 * gives equal bytes: entries are sorted and carry no time and no owner.
 */
final class InitramfsBuilder {
  private static final String FORMAT = "bringup initramfs 1";

  private final BootSet set;
  private final Contents contents;
  private final Libraries libraries;
  private final SortedMap<String, Node> nodes = new TreeMap<>();

  /** What stands at one path. */
  private sealed interface Node {
    /** What it is, in a form that is equal exactly if it is the same. */
    String identity();
  }

  private record Folder() implements Node {
    @Override
    public String identity() {
      return "folder";
    }
  }

  private record Regular(int mode, Content content) implements Node {
    @Override
    public String identity() {
      return "file " + Integer.toOctalString(mode) + " " + content.identity();
    }
  }

  private record Link(String target) implements Node {
    @Override
    public String identity() {
      return "link " + target;
    }
  }

  private record Special(int mode, int major, int minor) implements Node {
    @Override
    public String identity() {
      return "device " + Integer.toOctalString(mode) + " " + major + " " + minor;
    }
  }

  InitramfsBuilder(BootSet set, Contents contents, Libraries libraries) {
    this.set = set;
    this.contents = contents;
    this.libraries = libraries;
  }

  InitramfsBuilder add(List<InitramfsEntry> entries) {
    entries.forEach(this::add);
    return this;
  }

  private void add(InitramfsEntry entry) {
    switch (entry) {
      case InitramfsEntry.Directories(List<String> paths) -> paths.forEach(this::folder);
      case InitramfsEntry.CopiedFile(String to, FileOrigin from) ->
          put(to, new Regular(contents.mode(from), contents.of(from)));
      case InitramfsEntry.Programs(String alias, List<String> paths) ->
          paths.forEach(path -> program(alias, path));
      case InitramfsEntry.Libraries(List<String> names) ->
          names.forEach(name -> place(libraries.closure(name)));
      case InitramfsEntry.Modules modules -> modules(modules);
      case InitramfsEntry.Symlink(String path, String target) -> put(path, new Link(target));
      case InitramfsEntry.Text(String path, int mode, String content) ->
          put(path, new Regular(mode, Content.of(content)));
      case InitramfsEntry.Device(String path, int mode, int major, int minor) ->
          put(path, new Special(mode, major, minor));
      case InitramfsEntry.XlGuests(String directory) -> xlGuests(directory);
    }
  }

  private void program(String alias, String path) {
    Content.Stored program = contents.inPackage(alias, path);
    put(path, new Regular(program.mode(), program));
    place(libraries.closureOf(program));
  }

  private void place(Map<String, Content.Stored> files) {
    files.forEach((path, file) -> put(path, new Regular(file.mode(), file)));
  }

  private void modules(InitramfsEntry.Modules modules) {
    List<Content.Stored> order =
        new KernelModules(contents.unpacked(modules.alias())).closure(modules.names());
    StringBuilder text = new StringBuilder();
    for (Content.Stored module : order) {
      put(module.path(), new Regular(0644, module));
      text.append('/').append(module.path()).append('\n');
    }
    put(InitramfsEntry.Modules.LOAD_ORDER, new Regular(0644, Content.of(text.toString())));
  }

  private void xlGuests(String directory) {
    for (Guest guest : contents.xlGuests()) {
      String kernel = "guests/" + guest.kernel();
      String ramdisk = "guests/" + guest.ramdisk();
      put(kernel, new Regular(0644, contents.staged(guest.kernel())));
      put(ramdisk, new Regular(0644, contents.staged(guest.ramdisk())));
      put(directory + "/" + guest.name() + ".cfg", new Regular(0644, Content.of(xlConfig(guest))));
    }
  }

  /** Reference: xl.cfg(5). A guest that stops is destroyed, so that no reboot hides a crash. */
  private static String xlConfig(Guest guest) {
    return """
    name = "%s"
    kernel = "/guests/%s"
    ramdisk = "/guests/%s"
    extra = "%s"
    memory = %d
    vcpus = %d
    on_poweroff = "destroy"
    on_reboot = "destroy"
    on_crash = "destroy"
    """
        .formatted(
            guest.name(),
            guest.kernel(),
            guest.ramdisk(),
            guest.arguments(),
            guest.memory().bytes() >> 20,
            guest.vcpus());
  }

  private void folder(String path) {
    if (!path.isEmpty() && !(nodes.get(path) instanceof Folder)) {
      put(path, new Folder());
    }
  }

  private void put(String path, Node node) {
    folder(PackagePath.parent(path));
    Node there = nodes.putIfAbsent(path, node);
    if (there != null && !there.identity().equals(node.identity())) {
      throw BringupException.configuration(
          "%s: boot set %s puts two different things at /%s of an initramfs"
              .formatted(set.origin(), set.name(), path));
    }
  }

  /** Equal for images of equal content. */
  String key() {
    StringBuilder text = new StringBuilder(FORMAT).append('\n');
    nodes.forEach(
        (path, node) -> text.append(path).append('\t').append(node.identity()).append('\n'));
    return Sha256.of(text.toString());
  }

  /** The compressed image. */
  byte[] build() {
    CpioArchive archive = new CpioArchive();
    nodes.forEach((path, node) -> {
      var _ =
          switch (node) {
            case Folder() -> archive.directory(path, 0755);
            case Regular(int mode, Content content) -> archive.file(path, mode, content.read());
            case Link(String target) -> archive.symlink(path, target);
            case Special(int mode, int major, int minor) ->
                archive.characterDevice(path, mode, major, minor);
          };
    });
    return Gzip.compress(archive.encode());
  }
}
