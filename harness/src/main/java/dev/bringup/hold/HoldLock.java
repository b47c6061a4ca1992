package dev.bringup.hold;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The right to open a board, of one process at a time. The kernel takes it back from a process that
 * ends, however it ends.
 */
public final class HoldLock implements AutoCloseable {
  private final HoldPlace place;
  private final FileChannel file;

  private HoldLock(HoldPlace place, FileChannel file) {
    this.place = place;
    this.file = file;
  }

  /**
   * Takes the lock if nobody has it, to let others attach: a {@link HoldServer} follows.
   *
   * @param who for the messages of those who come later
   * @return empty if somebody has it
   * @throws BringupException (infrastructure) if the place cannot be used
   */
  public static Optional<HoldLock> take(HoldPlace place, String who) {
    return take(place, Holder.thisProcess(who, true));
  }

  /** As {@link #take(HoldPlace, String)}, for a process that nobody can attach to. */
  static Optional<HoldLock> takeAlone(HoldPlace place, String who) {
    return take(place, Holder.thisProcess(who, false));
  }

  private static Optional<HoldLock> take(HoldPlace place, Holder holder) {
    if (place.isHeldHere()) {
      // A second channel of the file must not be: closed or collected, it would end the lock.
      return Optional.empty();
    }
    try {
      FileChannel file =
          FileChannel.open(
              place.lock(),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      if (!isFree(file)) {
        return Optional.empty();
      }
      place.noteHolder(holder);
      return Optional.of(new HoldLock(place, file));
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot lock board " + place.board() + " with " + place.lock() + ": " + e.getMessage(),
          "check that there is space and that the folder is yours",
          e);
    }
  }

  private static boolean isFree(FileChannel file) throws IOException {
    try {
      if (file.tryLock() != null) {
        return true;
      }
      file.close();
    } catch (OverlappingFileLockException e) {
      // Another thread was faster by a hair; closing this channel would end its lock.
    }
    return false;
  }

  @Override
  public void close() {
    if (!file.isOpen()) {
      return; // and maybe somebody else has it
    }
    try (file) {
      place.forgetHolder();
    } catch (IOException e) {
      // The lock is gone with the file.
    }
  }
}
