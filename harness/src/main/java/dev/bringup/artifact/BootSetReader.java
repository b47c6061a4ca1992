package dev.bringup.artifact;

import dev.bringup.artifact.BootPlan.Dom0;
import dev.bringup.artifact.BootPlan.Guest;
import dev.bringup.artifact.BootPlan.Shell;
import dev.bringup.artifact.BootSet.BuiltImage;
import dev.bringup.artifact.BootSet.FileOrigin;
import dev.bringup.artifact.BootSet.InPackage;
import dev.bringup.config.Problem;
import dev.bringup.config.Words;
import dev.bringup.config.YamlNode;
import dev.bringup.units.ByteSize;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Turns a tree that its schema found complete into a boot set; checks what no schema can. */
final class BootSetReader {
  private static final Map<String, Set<String>> ENTRY_KEYS =
      Map.of(
          "directories", Set.of(),
          "file", Set.of("package", "path", "initramfs"),
          "programs", Set.of("package"),
          "libraries", Set.of(),
          "modules", Set.of("package"),
          "symlink", Set.of("target"),
          "text", Set.of("content", "mode"),
          "device", Set.of("mode", "major", "minor"),
          "xl-guests", Set.of());
  private static final long MIB = 1 << 20;

  private final YamlNode root;
  private final List<Problem> problems = new ArrayList<>();

  BootSetReader(YamlNode root) {
    this.root = root;
  }

  BootSet read(String name, String origin) {
    BootSet set =
        new BootSet(
            name,
            origin,
            root.get("description").text(),
            root.find("architecture").map(YamlNode::text).orElse("arm64"),
            map(root.find("packages"), YamlNode::text),
            root.find("library-packages").map(YamlNode::texts).orElse(List.of()),
            map(
                root.find("initramfs"),
                entries -> entries.items().stream().map(this::entry).toList()),
            map(root.find("files"), this::origin),
            boot());
    Problem.throwIfAny(problems);
    return set;
  }

  private static <T> Map<String, T> map(Optional<YamlNode> node, Function<YamlNode, T> reader) {
    Map<String, T> map = new LinkedHashMap<>();
    node.ifPresent(
        n -> n.map().entries().forEach((key, entry) -> map.put(key, reader.apply(entry.value()))));
    return map;
  }

  private FileOrigin origin(YamlNode node) {
    Optional<YamlNode> image = node.find("initramfs");
    if (image.isPresent()) {
      refuse(node, "path", "initramfs");
      refuse(node, "gzip", "initramfs");
      return new BuiltImage(known(image.get(), "initramfs"));
    }
    return new InPackage(
        alias(node),
        path(required(node, "path")),
        node.find("gzip").map(YamlNode::bool).orElse(false));
  }

  private void refuse(YamlNode node, String key, String beside) {
    node.find(key)
        .ifPresent(
            v -> wrong(v, Words.quote(key) + " means nothing beside " + Words.quote(beside)));
  }

  private InitramfsEntry entry(YamlNode node) {
    Set<String> keys = node.map().entries().keySet();
    String kind = keys.stream().filter(ENTRY_KEYS::containsKey).findFirst().orElseThrow();
    for (String key : keys) {
      if (!key.equals(kind) && !ENTRY_KEYS.getOrDefault(kind, Set.of()).contains(key)) {
        refuse(node, key, kind);
      }
    }
    YamlNode value = node.get(kind);
    return switch (kind) {
      case "directories" -> new InitramfsEntry.Directories(paths(value));
      case "file" -> new InitramfsEntry.CopiedFile(path(value), copied(node));
      case "programs" -> new InitramfsEntry.Programs(alias(node), paths(value));
      case "libraries" -> new InitramfsEntry.Libraries(value.texts());
      case "modules" -> new InitramfsEntry.Modules(alias(node), value.texts());
      case "symlink" -> new InitramfsEntry.Symlink(path(value), required(node, "target").text());
      case "text" ->
          new InitramfsEntry.Text(
              path(value), mode(node, "0644"), required(node, "content").text());
      case "device" ->
          new InitramfsEntry.Device(
              path(value),
              mode(node, "0600"),
              required(node, "major").integer(),
              required(node, "minor").integer());
      default -> new InitramfsEntry.XlGuests(path(value));
    };
  }

  private FileOrigin copied(YamlNode node) {
    if (node.find("initramfs").isPresent() == node.find("package").isPresent()) {
      throw node.wrong("\"file\" needs either \"package\" and \"path\" or \"initramfs\" beside it");
    }
    return origin(node);
  }

  private static int mode(YamlNode node, String otherwise) {
    return Integer.parseInt(node.find("mode").map(YamlNode::text).orElse(otherwise), 8);
  }

  private List<String> paths(YamlNode list) {
    return list.items().stream().map(this::path).toList();
  }

  /** Paths must be as they will stand in a manifest or an image. */
  private String path(YamlNode node) {
    String path = node.text();
    Optional<String> clean = PackagePath.clean(path);
    if (clean.isEmpty() || !clean.get().equals(path)) {
      wrong(
          node,
          "the path %s must be relative, without \"..\" or doubled slashes%s"
              .formatted(
                  Words.quote(path),
                  clean.filter(c -> !c.isEmpty()).map(c -> ", so " + Words.quote(c)).orElse("")));
    }
    return path;
  }

  private String alias(YamlNode node) {
    return known(required(node, "package"), "packages");
  }

  /** A text that must be a key of the map {@code in} of this file. */
  private String known(YamlNode node, String in) {
    String key = node.text();
    Collection<String> keys =
        root.find(in).<Collection<String>>map(m -> m.map().entries().keySet()).orElse(List.of());
    if (!keys.contains(key)) {
      wrong(
          node,
          "%s is not in %s%s"
              .formatted(
                  Words.quote(key), Words.quote(in), Words.suggestion(key, keys, "there are:")));
    }
    return key;
  }

  private static YamlNode required(YamlNode node, String key) {
    return node.find(key).orElseThrow(() -> node.wrong("missing key " + Words.quote(key)));
  }

  private Optional<BootPlan> boot() {
    Optional<BootPlan> xen = root.find("xen").map(this::xen);
    Optional<BootPlan> linux = root.find("linux").map(this::linux);
    if (xen.isPresent()) {
      linux.ifPresent(_ -> wrong(root.get("linux"), "a boot set has either \"xen\" or \"linux\""));
    }
    return xen.or(() -> linux);
  }

  private BootPlan linux(YamlNode node) {
    return new BootPlan.Linux(
        file(node, "kernel"), file(node, "ramdisk"), node.get("command-line").text(), shell(node));
  }

  private BootPlan xen(YamlNode node) {
    List<Guest> guests = new ArrayList<>();
    node.find("guests")
        .ifPresent(g -> g.map().entries().forEach((name, e) -> guests.add(guest(name, e.value()))));
    YamlNode dom0 = node.get("dom0");
    return new BootPlan.Xen(
        file(node, "image"),
        node.find("command-line").map(YamlNode::text).orElse(""),
        new Dom0(
            file(dom0, "kernel"),
            file(dom0, "ramdisk"),
            dom0.get("command-line").text(),
            memory(dom0),
            vcpus(dom0),
            shell(dom0)),
        guests);
  }

  private Guest guest(String name, YamlNode node) {
    boolean xl = node.get("start").text().equals("xl");
    if (xl) {
      refuse(node, "enhanced", "start: xl");
    }
    return new Guest(
        name,
        xl ? Guest.Start.XL : Guest.Start.DOM0LESS,
        node.find("enhanced").map(YamlNode::bool).orElse(false),
        file(node, "kernel"),
        file(node, "ramdisk"),
        node.get("command-line").text(),
        memory(node),
        vcpus(node),
        shell(node));
  }

  private String file(YamlNode node, String key) {
    return known(node.get(key), "files");
  }

  private ByteSize memory(YamlNode node) {
    ByteSize memory = node.get("memory").size();
    if (memory.bytes() % MIB != 0) {
      wrong(node.get("memory"), "memory must be whole MiB");
    }
    return memory;
  }

  private static int vcpus(YamlNode node) {
    return node.find("vcpus").map(YamlNode::integer).orElse(1);
  }

  private static Shell shell(YamlNode node) {
    return new Shell(node.get("token").text(), node.get("prompt").text());
  }

  private void wrong(YamlNode node, String message) {
    problems.add(new Problem(node.at(), message));
  }
}
