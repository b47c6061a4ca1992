package dev.bringup.tftp;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The SHA-256 of files, computed once for each content: a boot set is sent to many boards.
 * Thread-safe; one computation at a time, so that many readers of one file wait for one result.
 */
final class FileHashes {
  private static final int REMEMBERED = 1024;

  private final Map<FileStamp, String> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<FileStamp, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @throws IOException if the file is no longer what {@code stamp} says
   */
  synchronized String of(FileStamp stamp) throws IOException {
    String hash = known.get(stamp);
    if (hash == null) {
      hash = Sha256.of(stamp.path());
    }
    if (!FileStamp.of(stamp.path()).equals(stamp)) {
      throw new IOException(stamp.path() + " changed while it was being sent");
    }
    known.put(stamp, hash);
    return hash;
  }
}
