package dev.bringup.board;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Where in the boot a board is. In the order of a boot; {@link #KERNEL} and {@link #USERLAND} are
 * what follows the bootloader on a board that boots without a hypervisor.
 */
public enum BootStage {
  OFF,
  ROM,
  FIRMWARE,
  BOOTLOADER,
  HYPERVISOR,
  DOM0,
  GUEST,
  KERNEL,
  USERLAND;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The stage's word in board files, features and reports. */
  public String word() {
    return word;
  }

  /** The stage of this word, if there is one. */
  public static Optional<BootStage> of(String word) {
    return Arrays.stream(values()).filter(stage -> stage.word.equals(word)).findFirst();
  }

  /** The same as {@link #word()}. */
  @Override
  public String toString() {
    return word;
  }
}
