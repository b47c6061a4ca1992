package dev.bringup.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Describes an image in a few lines and lists what is wrong with it; for people and scripts. */
public final class ImageInspector {
  /** Largest content of a gzip file that is looked into. */
  private static final int UNPACK_LIMIT = 256 << 20;

  /** The largest tree that the arm64 boot protocol allows. */
  private static final int MAX_TREE = 2 << 20;

  /**
   * What was found.
   *
   * @param kind what the file is
   * @param facts in the order in which people want them; keys are stable
   * @param problems one line each; empty if all is well
   */
  public record Inspection(ImageKind kind, Map<String, String> facts, List<String> problems) {
    public Inspection {
      facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
      problems = List.copyOf(problems);
    }

    /** Lines {@code key: value}, each ended by LF. */
    public String text() {
      return facts.entrySet().stream()
          .map(fact -> fact.getKey() + ": " + fact.getValue() + "\n")
          .collect(Collectors.joining());
    }
  }

  /** More than anybody packs on purpose; a file that unpacks to itself has no end. */
  private static final int MAX_PACKINGS = 8;

  private static final Pattern LEADING = Pattern.compile("^(\\.?/)+");

  private final byte[] image;
  private final int packings;
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  private ImageInspector(byte[] image, int packings) {
    this.image = image;
    this.packings = packings;
  }

  /**
   * Looks into a file; never fails, a damaged image is a problem in the result.
   *
   * @param image the whole file
   */
  public static Inspection inspect(byte[] image) {
    return inspect(image, 0);
  }

  /**
   * @param packings in how many others the image was packed
   */
  private static Inspection inspect(byte[] image, int packings) {
    ImageInspector inspector = new ImageInspector(image, packings);
    ImageKind kind = ImageKind.of(image);
    inspector.fact("kind", kind.text());
    inspector.fact("size", image.length + " bytes");
    try {
      inspector.describe(kind);
    } catch (ImageFormatException e) {
      inspector.problems.add(String.valueOf(e.getMessage()));
    }
    return new Inspection(kind, inspector.facts, inspector.problems);
  }

  private void describe(ImageKind kind) {
    switch (kind) {
      case DEVICE_TREE -> deviceTree(DeviceTree.read(image));
      case FIT -> fit(DeviceTree.read(image));
      case UIMAGE -> uImage(UImage.read(image));
      case ARM64_IMAGE -> arm64(Arm64Image.read(image));
      case CPIO -> cpio(new CpioReader(image).readAll());
      case GZIP -> gzip();
      case TEXT -> fact("lines", String.valueOf(new String(image, UTF_8).lines().count()));
      case UNKNOWN ->
          problems.add(image.length == 0 ? "the file is empty" : "no image format that is known");
      case XZ, ZSTD, ELF -> {}
    }
  }

  private void fact(String key, String value) {
    facts.put(key, ImageBytes.printable(value));
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  private void deviceTree(DeviceTree tree) {
    DeviceTreeNode root = tree.root();
    text(root, "model", "model");
    root.property("compatible")
        .ifPresentOrElse(
            p -> fact("compatible", String.join(", ", p.strings())),
            () -> {
              if (!isOverlay(root)) {
                problems.add("the root node has no property compatible");
              }
            });
    fact("nodes", String.valueOf(root.descendants().size()));
    for (DeviceTree.Reservation reservation : tree.reservations()) {
      fact("reserved memory " + hex(reservation.address()), hex(reservation.size()));
    }
    root.child("chosen")
        .ifPresent(chosen -> {
          text(chosen, "stdout-path", "stdout-path");
          text(chosen, "bootargs", "bootargs");
          text(chosen, "xen,xen-bootargs", "xen,xen-bootargs");
          text(chosen, "xen,dom0-bootargs", "xen,dom0-bootargs");
        });
    if (image.length > MAX_TREE) {
      problems.add("%d bytes; an arm64 kernel takes at most 2 MiB".formatted(image.length));
    }
    Set<Integer> phandles = new HashSet<>();
    for (DeviceTreeNode node : root.descendants()) {
      if (node.phandle().isPresent() && !phandles.add(node.phandle().getAsInt())) {
        problems.add(
            "%s: phandle %s is taken".formatted(node.path(), hex(node.phandle().getAsInt())));
      }
    }
  }

  /** Whether the tree says what to change in another one; then that one says for which board. */
  private static boolean isOverlay(DeviceTreeNode root) {
    return root.children().stream().anyMatch(fragment -> fragment.hasChild("__overlay__"));
  }

  private void text(DeviceTreeNode node, String property, String key) {
    node.property(property).ifPresent(p -> fact(key, p.string()));
  }

  private void fit(DeviceTree tree) {
    text(tree.root(), "description", "description");
    for (DeviceTreeNode part : tree.find("/images").orElseThrow().children()) {
      fact(
          "image " + part.name(),
          List.of("type", "arch", "os", "compression").stream()
              .flatMap(key -> part.property(key).stream())
              .map(DeviceTreeProperty::string)
              .collect(Collectors.joining(", ")));
    }
    tree.find("/configurations")
        .ifPresentOrElse(
            c -> text(c, "default", "default configuration"),
            () -> problems.add("no node /configurations"));
  }

  private void uImage(UImage found) {
    UImage.Header header = found.header();
    fact("type", found.typeName());
    fact("name", header.name());
    fact("created", header.time().toString());
    fact("os", found.systemName());
    fact("architecture", found.architectureName());
    fact("compression", found.compressionName());
    fact("data size", found.data().length + " bytes");
    fact("load address", hex(header.load()));
    fact("entry point", hex(header.entry()));
    if (header.type() == UImage.Type.SCRIPT.number()) {
      fact("script lines", String.valueOf(found.scriptText().lines().count()));
    } else if (header.type() == UImage.Type.MULTI.number()) {
      fact("parts", String.valueOf(found.parts().size()));
    }
  }

  private void arm64(Arm64Image found) {
    fact("program", found.program().text());
    fact("text offset", hex(found.textOffset()));
    fact("image size", "%s (%d bytes)".formatted(hex(found.imageSize()), found.imageSize()));
    fact("memory needed", found.effectiveSize() + " bytes");
    fact("flags", hex(found.flags()));
    fact("page size", found.pageSize());
    fact("placement", found.placeableAnywhere() ? "anywhere" : "near the start of RAM");
    fact("EFI stub", found.efiStub() ? "yes" : "no");
    problems.addAll(found.problems());
  }

  private void cpio(CpioReader.Initramfs archive) {
    List<CpioArchive.Entry> entries = archive.entries();
    fact("entries", String.valueOf(entries.size()));
    byte[] behind = Arrays.copyOfRange(image, archive.end(), image.length);
    boolean init = entries.stream().anyMatch(entry -> path(entry).equals("init"));
    fact("init", init ? "yes" : behind.length == 0 ? "no" : "not in this part");
    fact("content", entries.stream().mapToLong(CpioArchive.Entry::size).sum() + " bytes");
    if (behind.length > 0) {
      fact("followed by", "%s, %d bytes".formatted(ImageKind.of(behind).text(), behind.length));
    }
    Set<String> directories = new HashSet<>(Set.of("."));
    for (CpioArchive.Entry entry : entries) {
      String path = path(entry);
      int slash = path.lastIndexOf('/');
      if (!directories.contains(slash < 0 ? "." : path.substring(0, slash))) {
        problems.add(
            ImageBytes.printable(entry.name())
                + ": its directory is not in the archive before it, Linux will leave it out");
      }
      if (entry.isDirectory() || entry.isSymlink()) { // Linux follows a link to a directory
        directories.add(path);
      }
    }
  }

  /** Where Linux puts it, below the root. */
  private static String path(CpioArchive.Entry entry) {
    String path = LEADING.matcher(entry.name()).replaceFirst("");
    return path.isEmpty() ? "." : path;
  }

  private void gzip() {
    if (packings == MAX_PACKINGS) {
      problems.add("gzip in gzip and so on; want at most " + MAX_PACKINGS + " times");
      return;
    }
    Inspection inner = inspect(Gzip.decompress(image, UNPACK_LIMIT), packings + 1);
    inner.facts().forEach((key, value) -> fact("inside " + key, value));
    inner.problems().stream().filter(p -> inner.kind() != ImageKind.UNKNOWN).forEach(problems::add);
  }
}
