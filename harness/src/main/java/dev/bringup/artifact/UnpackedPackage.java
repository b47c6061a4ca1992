package dev.bringup.artifact;

import dev.bringup.artifact.PackageManifest.Entry;
import dev.bringup.artifact.PackageManifest.File;
import dev.bringup.artifact.PackageManifest.Link;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A package in the cache. What it hands out was compared with the manifest in that moment. */
final class UnpackedPackage {
  private static final int MOST_LINKS = 16;

  private final Path folder;
  private final PackageManifest manifest;

  private UnpackedPackage(Path folder, PackageManifest manifest) {
    this.folder = folder;
    this.manifest = manifest;
  }

  /** Opens {@code folder}, whose manifest must be intact. */
  static UnpackedPackage open(Path folder) {
    try {
      byte[] text = Files.readAllBytes(folder.resolve(PackageManifest.FILE));
      return new UnpackedPackage(
          folder, PackageManifest.decode(new String(text, StandardCharsets.UTF_8)));
    } catch (NoSuchFileException e) {
      throw damaged(folder, "it has no manifest");
    } catch (IOException e) {
      throw damaged(folder, "its manifest: " + e.getMessage());
    }
  }

  private static BringupException damaged(Path folder, String how) {
    return BringupException.infrastructure(
        "the cached package " + folder + " is damaged: " + how,
        "run: bringup artifacts fetch (it repairs the cache)");
  }

  DebianPackage id() {
    return manifest.of();
  }

  Path folder() {
    return folder;
  }

  /** Bytes of all files. */
  long size() {
    return manifest.entries().values().stream()
        .mapToLong(e -> e instanceof File f ? f.size() : 0)
        .sum();
  }

  /** The file at {@code path}, through links of this package; its path in the package. */
  Optional<String> file(String path) {
    String at = path;
    for (int i = 0; i < MOST_LINKS; i++) {
      Entry entry = manifest.entries().get(at);
      if (entry == null) {
        Optional<String> moved = throughLinkedFolder(at);
        if (moved.isEmpty()) {
          return Optional.empty();
        }
        at = moved.get();
        continue;
      }
      switch (entry) {
        case File _ -> {
          return Optional.of(at);
        }
        case Link link -> at = PackagePath.follow(at, link.target());
      }
    }
    return Optional.empty();
  }

  private Optional<String> throughLinkedFolder(String path) {
    for (String up = PackagePath.parent(path); !up.isEmpty(); up = PackagePath.parent(up)) {
      if (manifest.entries().get(up) instanceof Link link) {
        return Optional.of(PackagePath.follow(up, link.target()) + path.substring(up.length()));
      }
    }
    return Optional.empty();
  }

  /** Paths of all files and links, in order. */
  Set<String> paths() {
    return manifest.entries().keySet();
  }

  /** Paths of files and links that match {@code glob}, in order. */
  List<String> matching(String glob) {
    Pattern pattern = PackagePath.glob(glob);
    return manifest.entries().keySet().stream().filter(p -> pattern.matcher(p).matches()).toList();
  }

  /** What the manifest says about the file that {@link #file} or {@link #matching} gave. */
  File entry(String file) {
    if (manifest.entries().get(file) instanceof File entry) {
      return entry;
    }
    throw new IllegalArgumentException(file + " is not a file of " + id());
  }

  /** The checked content of a file. */
  byte[] read(String file) {
    Path path = DebUnpacking.content(folder, file);
    byte[] content;
    try {
      content = Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw damaged(folder, file + " is missing");
    } catch (IOException e) {
      throw Disk.failure("read", path, e);
    }
    if (!Sha256.of(content).equals(entry(file).sha256())) {
      throw damaged(folder, file + " has changed");
    }
    return content;
  }

  /** Where a file lies, after a check of its content. */
  Path checked(String file) {
    Path path = DebUnpacking.content(folder, file);
    problem(file)
        .ifPresent(p -> {
          throw damaged(folder, p);
        });
    return path;
  }

  /** What is wrong with the package on disk, one line each; nothing if it is intact. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    manifest
        .entries()
        .forEach((path, entry) -> {
          if (entry instanceof File) {
            problem(path).ifPresent(problems::add);
          }
        });
    return problems;
  }

  private Optional<String> problem(String file) {
    Path path = DebUnpacking.content(folder, file);
    try {
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(file + " is missing");
      }
      boolean intact =
          Files.size(path) == entry(file).size() && Sha256.of(path).equals(entry(file).sha256());
      return intact ? Optional.empty() : Optional.of(file + " has changed");
    } catch (IOException e) {
      return Optional.of(file + " cannot be read: " + e.getMessage());
    }
  }
}
