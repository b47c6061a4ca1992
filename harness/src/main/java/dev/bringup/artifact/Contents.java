package dev.bringup.artifact;

import dev.bringup.artifact.BootPlan.Guest;
import dev.bringup.artifact.BootSet.BuiltImage;
import dev.bringup.artifact.BootSet.FileOrigin;
import dev.bringup.artifact.BootSet.InPackage;
import dev.bringup.verdict.BringupException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The contents that a boot set names, found in its unpacked packages. */
final class Contents {
  private final BootSet set;
  private final Map<String, UnpackedPackage> packages;
  private final MadeFiles made;
  private final List<String> building = new ArrayList<>();

  /**
   * @param packages by the names and patterns of the set
   * @param made keeps what is made on the way
   */
  Contents(BootSet set, Map<String, UnpackedPackage> packages, MadeFiles made) {
    this.set = set;
    this.packages = Map.copyOf(packages);
    this.made = made;
  }

  /** The content of the file that is staged as {@code name}. */
  Content staged(String name) {
    FileOrigin origin = set.files().get(name);
    if (origin == null) {
      throw wrong("there is no file " + name);
    }
    return of(origin);
  }

  Content of(FileOrigin origin) {
    return switch (origin) {
      case InPackage(String alias, String path, boolean gzip) -> {
        Content content = inPackage(alias, path);
        yield gzip ? made.kept(content.gzipped()) : content;
      }
      case BuiltImage(String name) -> image(name);
    };
  }

  int mode(FileOrigin origin) {
    return switch (origin) {
      case InPackage(String alias, String path, boolean _) -> inPackage(alias, path).mode();
      case BuiltImage _ -> 0644;
    };
  }

  /** The one file of a package that matches {@code glob}. */
  Content.Stored inPackage(String alias, String glob) {
    UnpackedPackage in = unpacked(alias);
    List<String> matches = in.matching(glob).stream().filter(p -> in.file(p).isPresent()).toList();
    if (matches.isEmpty() && in.file(glob).isPresent()) {
      matches = List.of(glob); // below a folder that is a link
    }
    if (matches.size() != 1) {
      throw wrong(
          "%s files in %s match %s; exactly one must"
              .formatted(matches.isEmpty() ? "no" : matches.size(), in.id(), glob));
    }
    String path = matches.getFirst();
    return new Content.Stored(in, path, in.file(path).orElseThrow());
  }

  UnpackedPackage unpacked(String alias) {
    String pattern = set.packages().get(alias);
    UnpackedPackage unpacked = pattern == null ? null : packages.get(pattern);
    if (unpacked == null) {
      throw wrong("there is no package with the short name " + alias);
    }
    return unpacked;
  }

  private Content image(String name) {
    List<InitramfsEntry> entries = set.initramfs().get(name);
    if (entries == null) {
      throw wrong("there is no initramfs " + name);
    }
    if (building.contains(name)) {
      throw wrong("the initramfs " + name + " contains itself");
    }
    building.add(name);
    try {
      List<UnpackedPackage> libraries = set.libraryPackages().stream().map(packages::get).toList();
      return made.image(
          new InitramfsBuilder(set, this, new Libraries(libraries, set.architecture()))
              .add(entries));
    } finally {
      building.remove(name);
    }
  }

  List<Guest> xlGuests() {
    return set.boot()
        .filter(BootPlan.Xen.class::isInstance)
        .map(BootPlan.Xen.class::cast)
        .map(xen -> xen.guests(Guest.Start.XL))
        .orElse(List.of());
  }

  private BringupException wrong(String what) {
    return BringupException.configuration(set.origin() + ": boot set " + set.name() + ": " + what);
  }
}
