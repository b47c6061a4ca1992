package dev.bringup.artifact;

import dev.bringup.artifact.ArtifactStore.Damage;
import dev.bringup.artifact.BootFiles.BootFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Files that were made from packages: images and compressed files. Their names are the check sum of
 * what they were made from and their own, so a file is either right or recognisably wrong, and
 * processes that make the same one at the same time do not harm each other.
 */
final class MadeFiles {
  private static final int SHA256 = 64;

  private final Path folder;

  MadeFiles(Path folder) {
    this.folder = folder;
  }

  /** The image that {@code builder} describes, as a content that is built when it is read. */
  Content image(InitramfsBuilder builder) {
    String key = builder.key();
    return new Content.Made("initramfs:" + key, () -> read(key, builder::build));
  }

  /** {@code content}, made once and read from here after that. */
  Content kept(Content.Made content) {
    return new Content.Made(content.identity(), () -> read(key(content), content::read));
  }

  /** The file of a made content, made now if it is not there. */
  BootFile file(String name, Content content) {
    String key = key(content);
    Path path = find(key).orElseGet(() -> make(key, content::read));
    return new BootFile(
        name,
        path,
        Disk.run("read", path, () -> Files.size(path)),
        path.getFileName().toString().substring(SHA256 + 1));
  }

  private static String key(Content content) {
    String identity = content.identity();
    return identity.startsWith("initramfs:")
        ? identity.substring("initramfs:".length())
        : Sha256.of(identity);
  }

  private byte[] read(String key, Supplier<byte[]> maker) {
    Path path = find(key).orElseGet(() -> make(key, maker));
    return Disk.run("read", path, () -> Files.readAllBytes(path));
  }

  private Path make(String key, Supplier<byte[]> maker) {
    byte[] content = maker.get();
    Path path = folder.resolve(key + "-" + Sha256.of(content));
    Disk.writeAtomically(path, content); // even over one of that name: it would be damaged
    return path;
  }

  /** The intact file of that key. */
  private Optional<Path> find(String key) {
    return files().stream()
        .filter(f -> f.getFileName().toString().startsWith(key + "-"))
        .filter(MadeFiles::intact)
        .findFirst();
  }

  private static boolean intact(Path file) {
    return Disk.run(
        "read", file, () -> file.getFileName().toString().endsWith("-" + Sha256.of(file)));
  }

  List<Damage> damage() {
    List<Damage> damage = new ArrayList<>();
    for (Path file : files()) {
      if (!intact(file)) {
        damage.add(new Damage(file, "has changed"));
      }
    }
    return damage;
  }

  /** Removes what is damaged, so that it is made again. */
  void removeDamaged() {
    for (Path file : files()) {
      if (!intact(file)) {
        Disk.run("remove", file, () -> Files.deleteIfExists(file));
      }
    }
  }

  private List<Path> files() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(f -> !f.getFileName().toString().startsWith(".")).sorted().toList();
    } catch (IOException e) {
      throw Disk.failure("read", folder, e);
    }
  }
}
