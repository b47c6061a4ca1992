package dev.bringup.artifact;

import dev.bringup.units.ByteSize;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What boots, from the files of a {@link BootSet}. Files are given by their staged names. */
public sealed interface BootPlan {

  /**
   * How to tell that a Linux is up.
   *
   * @param token what its init prints once all is ready, on its console
   * @param prompt of its shell
   */
  record Shell(String token, String prompt) {}

  /**
   * Linux without a hypervisor.
   *
   * @param arguments the kernel's command line but for {@code console=}, which the board adds
   */
  record Linux(String kernel, String ramdisk, String arguments, Shell shell) implements BootPlan {
    @Override
    public Set<String> loadedFiles() {
      return Set.of(kernel, ramdisk);
    }
  }

  /**
   * Xen, dom0 and guests.
   *
   * @param image the hypervisor's file
   * @param arguments Xen's further command line; see {@link #commandLine}
   */
  record Xen(String image, String arguments, Dom0 dom0, List<Guest> guests) implements BootPlan {
    public Xen {
      guests = List.copyOf(guests);
    }

    /**
     * Xen's command line.
     *
     * @param board what the board adds, such as {@code console=dtuart dtuart=/pl011@9000000}
     */
    public String commandLine(String board) {
      String memory = "dom0_mem=" + mib(dom0.memory()) + "M";
      return Stream.of(board, memory, "dom0_max_vcpus=" + dom0.vcpus(), arguments)
          .map(String::strip)
          .filter(s -> !s.isEmpty())
          .reduce((a, b) -> a + " " + b)
          .orElseThrow();
    }

    /** The guests that start in this way, in the file's order. */
    public List<Guest> guests(Guest.Start start) {
      return guests.stream().filter(g -> g.start() == start).toList();
    }

    @Override
    public Set<String> loadedFiles() {
      Set<String> files = new HashSet<>(Set.of(image));
      files.add(dom0.kernel());
      files.add(dom0.ramdisk());
      guests(Guest.Start.DOM0LESS).forEach(g -> files.addAll(Set.of(g.kernel(), g.ramdisk())));
      return files;
    }
  }

  /**
   * The first domain.
   *
   * @param arguments the kernel's whole command line
   * @param memory whole MiB
   */
  record Dom0(
      String kernel, String ramdisk, String arguments, ByteSize memory, int vcpus, Shell shell) {}

  /**
   * A guest.
   *
   * @param name for xl; of the node in /chosen if Xen starts it
   * @param start who starts it
   * @param enhanced whether a guest that Xen starts gets Xen's paravirtual interfaces
   * @param arguments the kernel's whole command line
   * @param memory whole MiB
   */
  record Guest(
      String name,
      Start start,
      boolean enhanced,
      String kernel,
      String ramdisk,
      String arguments,
      ByteSize memory,
      int vcpus,
      Shell shell) {

    /** Who starts a guest. */
    public enum Start {
      /** Somebody types {@code xl create} in dom0. */
      XL,
      /** Xen, before dom0 runs. */
      DOM0LESS
    }
  }

  private static long mib(ByteSize size) {
    return size.bytes() >> 20;
  }

  /** The files that the bootloader has to load for this. */
  Set<String> loadedFiles();
}
