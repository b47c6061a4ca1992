package dev.bringup.artifact;

/** Hears how a fetch is getting on, on the thread that fetches. */
@FunctionalInterface
public interface FetchProgress {
  /** Hears nothing. */
  FetchProgress SILENT = (doing, done, total) -> {};

  /**
   * Something moved on.
   *
   * @param doing what is going on, in a few words such as {@code downloading 24 packages}
   * @param done bytes so far
   * @param total bytes in all; 0 if that is not known
   */
  void update(String doing, long done, long total);
}
