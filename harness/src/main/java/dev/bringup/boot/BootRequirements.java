package dev.bringup.boot;

import dev.bringup.artifact.BootPlan;
import dev.bringup.artifact.DebianPackage;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardFile.LeastVersion;
import dev.bringup.board.BoardFile.LowMemory;
import dev.bringup.config.Position;
import dev.bringup.config.Problem;
import dev.bringup.image.BootLayout;
import dev.bringup.units.Address;
import dev.bringup.units.ByteSize;
import dev.bringup.units.QuantityException;
import dev.bringup.units.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a board asks of the software that it boots ({@code requirements} of its file), compared with
 * a boot set before the board gets power. What it finds would show late and badly on the board: as
 * a driver that fails in dom0.
 */
public final class BootRequirements {
  private static final Pattern EPOCH = Pattern.compile("^[0-9]+:");

  private final BoardFile board;
  private final BootConfiguration configuration;
  private final List<Problem> problems = new ArrayList<>();

  private BootRequirements(BoardFile board, BootConfiguration configuration) {
    this.board = board;
    this.configuration = configuration;
  }

  /**
   * Refuses a boot that cannot go well.
   *
   * @throws dev.bringup.config.ConfigurationException with one line for each requirement that is
   *     not met
   */
  public static void check(BoardFile board, BootConfiguration configuration) {
    new BootRequirements(board, configuration).check();
  }

  private void check() {
    BoardFile.DeviceTree tree = board.deviceTree();
    if (configuration.script().isEmpty() && tree != null) {
      BootScripts.requireTree(board, tree, configuration.files());
    }
    if (configuration.files().set().boot().orElse(null) instanceof BootPlan.Xen plan) {
      BoardFile.Requirements wanted = board.requirements();
      require("Xen", wanted.xen(), plan.image());
      require("Linux", wanted.linux(), plan.dom0().kernel());
      LowMemory low = wanted.dom0Memory();
      // Somebody's own script says itself how much dom0 gets, and where files go.
      if (low != null && configuration.script().isEmpty()) {
        require(low, configuration.dom0Memory().orElse(plan.dom0().memory()));
      }
    }
    Problem.throwIfAny(problems);
  }

  private void require(String program, @Nullable LeastVersion least, String file) {
    Optional<DebianPackage> from = configuration.files().packageOf(file);
    if (least == null || from.isEmpty()) {
      return;
    }
    if (version(from.get()).filter(v -> !v.isAtLeast(least.version())).isPresent()) {
      problem(
          "\"%s\" is from %s, and board %s needs %s %s or later: %s"
              .formatted(file, from.get(), board.name(), program, least.version(), least.reason()));
    }
  }

  /** A Debian version begins with the program's own. */
  private static Optional<Version> version(DebianPackage of) {
    try {
      return Optional.of(Version.parse(EPOCH.matcher(of.version()).replaceFirst("")));
    } catch (QuantityException e) {
      return Optional.empty();
    }
  }

  private void require(LowMemory low, ByteSize dom0) {
    if (dom0.compareTo(low.atLeast()) < 0) {
      problem(
          "dom0 gets %s, and board %s needs %s of its memory below %s: %s"
              .formatted(dom0, board.name(), low.atLeast(), low.below(), low.reason()));
      return;
    }
    List<BootLayout.Placement> files = BootScripts.of(board, configuration).layout().placements();
    BootLayout.Placement last = files.getLast();
    Address end = new Address(last.address() + last.reserved());
    // Xen gives dom0 what lies free: not what the files of the boot take.
    if (low.below().value() - end.value() < low.atLeast().bytes()) {
      problem(
          "the files of the boot reach up to %s, and board %s needs %s for dom0 below %s: %s"
              .formatted(end, board.name(), low.atLeast(), low.below(), low.reason()));
    }
  }

  private void problem(String message) {
    problems.add(new Problem(Position.of(configuration.files().set().origin()), message));
  }
}
