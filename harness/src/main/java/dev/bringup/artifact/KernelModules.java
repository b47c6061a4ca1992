package dev.bringup.artifact;

import dev.bringup.verdict.BringupException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/** The modules of a kernel package and what they depend on (modinfo(8), "depends"). */
final class KernelModules {
  private final UnpackedPackage kernel;
  private final Map<String, String> paths = new TreeMap<>();

  KernelModules(UnpackedPackage kernel) {
    this.kernel = kernel;
    for (String path : kernel.paths()) {
      if (path.startsWith("lib/modules/") && path.endsWith(".ko")) {
        String file = PackagePath.name(path);
        paths.put(plain(file.substring(0, file.length() - ".ko".length())), path);
      }
    }
  }

  /** Modules and their dependencies, in an order in which they can be inserted. */
  List<Content.Stored> closure(List<String> names) {
    SequencedMap<String, Content.Stored> order = new LinkedHashMap<>();
    names.forEach(name -> add(name, order, new LinkedHashSet<>()));
    return List.copyOf(order.values());
  }

  private void add(String name, Map<String, Content.Stored> order, Set<String> above) {
    String plain = plain(name);
    if (order.containsKey(plain)) {
      return;
    }
    String path = paths.get(plain);
    if (path == null) {
      throw BringupException.configuration(
          kernel.id().name() + " has no kernel module " + name + " (as a file .ko)");
    }
    if (!above.add(plain)) {
      throw BringupException.configuration(
          kernel.id().name() + ": kernel modules depend on each other: " + above);
    }
    Content.Stored module = new Content.Stored(kernel, path, path);
    ElfFile.parse(module.read(), path).modules().forEach(needed -> add(needed, order, above));
    above.remove(plain);
    order.put(plain, module);
  }

  /** The kernel takes a dash and an underscore for the same. */
  private static String plain(String name) {
    return name.replace('-', '_');
  }
}
