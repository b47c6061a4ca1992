package dev.bringup.artifact;

import dev.bringup.artifact.BootSet.FileOrigin;
import java.util.List;

/**
 * Something to put into an initramfs. Paths in the image have no leading slash; missing parent
 * folders are added.
 */
public sealed interface InitramfsEntry {

  /** Empty folders. */
  record Directories(List<String> paths) implements InitramfsEntry {
    public Directories {
      paths = List.copyOf(paths);
    }
  }

  /**
   * One file, with the permissions that it has in its package.
   *
   * @param to its path in the image
   */
  record CopiedFile(String to, FileOrigin from) implements InitramfsEntry {}

  /**
   * Programs, each at the path that it has in its package, with the shared libraries that they need
   * (DT_NEEDED, all the way down) and their loader.
   */
  record Programs(String alias, List<String> paths) implements InitramfsEntry {
    public Programs {
      paths = List.copyOf(paths);
    }
  }

  /** Shared libraries that programs load at run time without naming them as needed. */
  record Libraries(List<String> names) implements InitramfsEntry {
    public Libraries {
      names = List.copyOf(names);
    }
  }

  /**
   * Kernel modules and those that they depend on, at their paths in the package, whose order for
   * insmod is written to {@value #LOAD_ORDER}.
   */
  record Modules(String alias, List<String> names) implements InitramfsEntry {
    /** A text file: one absolute path a line, dependencies first. */
    public static final String LOAD_ORDER = "lib/modules/load-order";

    public Modules {
      names = List.copyOf(names);
    }
  }

  /** A symbolic link. */
  record Symlink(String path, String target) implements InitramfsEntry {}

  /** A file whose content stands in the boot set. */
  record Text(String path, int mode, String content) implements InitramfsEntry {}

  /** A character device. */
  record Device(String path, int mode, int major, int minor) implements InitramfsEntry {}

  /**
   * For each guest that xl starts: its configuration {@code DIRECTORY/NAME.cfg}, and its kernel and
   * ramdisk below {@code guests/}.
   */
  record XlGuests(String directory) implements InitramfsEntry {}
}
