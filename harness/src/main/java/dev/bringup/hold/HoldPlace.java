package dev.bringup.hold;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * Where the processes of one user find the one that holds a board: a folder that nobody else may
 * enter, with a lock and a socket.
 *
 * @param board the board's name
 */
public record HoldPlace(String board, Path folder) {
  private static final String PRIVATE = "rwx------";

  /** The longest path of a Unix socket on Linux. */
  private static final int LONGEST_SOCKET = 107;

  /**
   * The place of a board: {@code $XDG_RUNTIME_DIR/bringup/BOARD}, or a folder of the user's own in
   * the temporary folder where there is no such variable. It is made if need be.
   *
   * @param environment of this process
   * @throws BringupException (infrastructure) if it cannot be made or belongs to somebody else,
   *     (configuration) if its path is too long for a socket
   */
  public static HoldPlace of(String board, Map<String, String> environment) {
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    Path all =
        runtime.isEmpty()
            ? Path.of(
                System.getProperty("java.io.tmpdir"), "bringup." + System.getProperty("user.name"))
            : Path.of(runtime, "bringup");
    var place = new HoldPlace(board, all.resolve(board));
    if (place.socket().toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET) {
      throw BringupException.configuration(
          "%s is too long for the path of a socket; set XDG_RUNTIME_DIR to a shorter folder"
              .formatted(place.socket()));
    }
    makePrivate(all);
    makePrivate(place.folder);
    return place;
  }

  private static void makePrivate(Path folder) {
    try {
      Files.createDirectories(
          folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || !isMine(folder)) {
        throw unusable(folder, "it belongs to somebody else");
      }
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(PRIVATE));
    } catch (IOException | UnsupportedOperationException e) {
      throw unusable(folder, String.valueOf(e.getMessage()));
    }
  }

  private static boolean isMine(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, "owner", null);
    try {
      return Files.getOwner(probe).equals(Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS));
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  private static BringupException unusable(Path folder, String why) {
    return BringupException.infrastructure(
        "cannot use the folder " + folder + " for the sockets of boards: " + why,
        "set XDG_RUNTIME_DIR to a folder of your own");
  }

  Path lock() {
    return folder.resolve("lock");
  }

  Path socket() {
    return folder.resolve("socket");
  }

  /** A file for what a holder in the background has to say. */
  public Path log() {
    return folder.resolve("log");
  }

  /** Not in the lock: a process that closes a file loses its locks of it. */
  private Path name() {
    return folder.resolve("holder");
  }

  void noteHolder(Holder holder) throws IOException {
    Files.write(name(), holder.lines());
  }

  void forgetHolder() throws IOException {
    Files.deleteIfExists(name());
  }

  private Optional<Holder> known() {
    try {
      return Holder.parse(Files.readAllLines(name())).filter(Holder::isAlive);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether another part of this process holds the board. */
  boolean isHeldHere() {
    return known().filter(Holder::isThisProcess).isPresent();
  }

  /** What a process calls itself at a board: its verb, its user and its number. */
  public static String who(String verb) {
    return "%s (%s, process %d)"
        .formatted(verb, System.getProperty("user.name"), ProcessHandle.current().pid());
  }

  /** Who holds the board since when, in words; "somebody" if that is not known. */
  public String holder() {
    return known().map(Holder::toString).orElse("somebody");
  }

  /** Whether the board is held by a process that lets nobody attach. */
  public boolean isHeldAlone() {
    return known().filter(holder -> !holder.answers()).isPresent();
  }

  /** What to tell somebody who needs the board for himself while it is held. */
  public BringupException refusal() {
    return BringupException.infrastructure(
        "%s is held by %s".formatted(board, holder()),
        isHeldAlone()
            ? "again when that has ended"
            : "again when that has ended, or watch: ./bringup console " + board);
  }
}
