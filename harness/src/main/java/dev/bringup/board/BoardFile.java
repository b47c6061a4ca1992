package dev.bringup.board;

import dev.bringup.config.YamlNode;
import dev.bringup.fault.FaultPlan;
import dev.bringup.units.Address;
import dev.bringup.units.ByteSize;
import dev.bringup.units.Version;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a board file says, with everything that its types say merged in. Checked; immutable. The
 * keys are described in {@code boards/schema/board.schema.json}.
 *
 * @param name the file's name without {@code .yaml}
 * @param path the board's file
 * @param type the board type, null if the file says everything itself
 * @param architecture such as {@code arm64}
 * @param labels what selectors choose by; values as text ({@code true}, {@code 4})
 * @param stages in boot order
 * @param badPatterns what ends a boot at once, in the file's order, the type's first
 * @param requirements what the board asks of the software that it boots
 * @param provision what the board's own boot medium holds, null if nobody writes one
 * @param storage media by the name that the file gives them
 * @param machine the engine that plays the board, null for a real one
 * @param drivers by the capability that they provide: {@code console}, {@code power}, {@code
 *     network}, {@code boot-media}, {@code usb-port}, {@code snapshots}
 * @param faults what is injected on purpose whenever the board is used
 */
public record BoardFile(
    String name,
    Path path,
    @Nullable String type,
    String description,
    Map<String, String> labels,
    String architecture,
    int cpus,
    ByteSize memory,
    MemoryMap memoryMap,
    @Nullable DeviceTree deviceTree,
    @Nullable Xen xen,
    @Nullable Network network,
    Map<String, Storage> storage,
    @Nullable Bootloader bootloader,
    ConsoleSettings console,
    Map<BootStage, Stage> stages,
    List<BadPattern> badPatterns,
    Requirements requirements,
    @Nullable Provision provision,
    @Nullable Machine machine,
    Map<String, Driver> drivers,
    FaultPlan faults) {

  public BoardFile {
    labels = ordered(labels);
    storage = ordered(storage);
    stages = Collections.unmodifiableMap(new EnumMap<>(stages));
    badPatterns = List.copyOf(badPatterns);
    drivers = ordered(drivers);
  }

  /**
   * The same board with other chances for its faults.
   *
   * @throws BringupException of kind CONFIGURATION if its file injects none
   */
  public BoardFile withFaultsSeed(long seed) {
    if (faults.isEmpty()) {
      throw BringupException.configuration(
          "%s: board %s has no \"faults\" that a seed could matter to".formatted(path, name));
    }
    return with(faults.withSeed(seed));
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /** Where RAM begins, where the boot script goes, and the first address for other files. */
  public record MemoryMap(Address ram, Address script, Address load) {}

  /**
   * The device tree that is booted with.
   *
   * @param source {@code firmware}, or the name of a staged file
   * @param address where the firmware leaves its tree; null if the source is a file
   * @param size the most bytes that the firmware states as the size of its tree
   */
  public record DeviceTree(
      String source, @Nullable Address address, ByteSize size, List<DeviceTreeEdit> edits) {
    public DeviceTree {
      edits = List.copyOf(edits);
    }

    /** Whether the firmware leaves the tree in memory. */
    public boolean isFromFirmware() {
      return source.equals("firmware");
    }
  }

  /** A string property to set before anything boots with the tree, and what goes wrong if not. */
  public record DeviceTreeEdit(String path, String property, String value, String reason) {}

  /**
   * What Xen has to know.
   *
   * @param dtuart for Xen's option of this name: a device tree path or alias
   */
  public record Xen(String dtuart) {}

  /**
   * How the bootloader fetches files.
   *
   * @param loadCommand takes an address and a file name
   * @param windowSize blocks that its TFTP client takes at a time, from 1
   * @param bootFile the name that DHCP announces; null for none
   * @param mac such as {@code 52:54:00:12:34:56}, in lower case; null if not known
   */
  public record Network(
      String loadCommand, int windowSize, @Nullable String bootFile, @Nullable String mac) {}

  /**
   * A medium.
   *
   * @param kind such as {@code sd-card}
   * @param device what the bootloader calls it, such as {@code mmc 0}
   */
  public record Storage(String kind, @Nullable ByteSize size, @Nullable String device) {}

  /**
   * The bootloader's command line.
   *
   * @param kind such as {@code u-boot}
   * @param prompt with its trailing space
   */
  public record Bootloader(String kind, String prompt, @Nullable Autoboot autoboot) {}

  /** What asks for a key before the bootloader boots by itself, and the key that stops it. */
  public record Autoboot(String mark, String key) {}

  /**
   * The board's side of its serial console.
   *
   * @param baud bits per second
   * @param typingPiece most characters that may be under way without their echo, from 1
   * @param typingDelay pause after each piece
   * @param noise regular expressions for how lines begin that the kernel or hypervisor prints at
   *     any time, also in the midst of others
   */
  public record ConsoleSettings(
      int baud, int typingPiece, Duration typingDelay, List<Mark.Regex> noise) {
    public ConsoleSettings {
      noise = List.copyOf(noise);
    }
  }

  /**
   * How a stage shows.
   *
   * @param within the longest time from the stage before to this one; positive
   */
  public record Stage(BootStage stage, Mark mark, Duration within) {}

  /**
   * What ends a boot at once when the console shows it.
   *
   * @param reason what it means, for the report
   * @param during the stages in which it counts; never empty
   */
  public record BadPattern(
      String name, Mark.InText mark, Verdict verdict, String reason, Set<BootStage> during) {
    public BadPattern {
      during = Collections.unmodifiableSet(during);
    }
  }

  /**
   * What the software of a boot set must have to work on the board, beyond what the format of its
   * files says. What is not asked for is null.
   */
  public record Requirements(
      @Nullable LeastVersion xen, @Nullable LeastVersion linux, @Nullable LowMemory dom0Memory) {
    /** A board that asks for nothing. */
    public static final Requirements NONE = new Requirements(null, null, null);
  }

  /** The oldest version that works on the board, and what goes wrong with older ones. */
  public record LeastVersion(Version version, String reason) {}

  /**
   * How much of dom0's memory must lie low.
   *
   * @param below the first address that is not low
   * @param atLeast the least amount
   * @param reason what needs it
   */
  public record LowMemory(Address below, ByteSize atLeast, String reason) {}

  /**
   * The files of the medium that the board starts from.
   *
   * @param bootSet all of whose staged files go there
   * @param texts by file name
   * @param script the name of a U-Boot script that is made for it
   * @param fetches the name of the script that that one fetches from the board's server and runs
   * @param firmware names of files that nobody may pass on and the user brings along
   * @param firmwareFrom where the user finds them
   */
  public record Provision(
      String bootSet,
      Map<String, String> texts,
      String script,
      String fetches,
      List<String> firmware,
      String firmwareFrom) {
    public Provision {
      texts = ordered(texts);
      firmware = List.copyOf(firmware);
    }
  }

  /**
   * An emulated board.
   *
   * @param settings the whole map, for the engine to read and check
   */
  public record Machine(String engine, YamlNode.Mapping settings) {}

  /**
   * What provides a capability.
   *
   * @param settings the whole map, for the driver to read and check
   */
  public record Driver(String driver, YamlNode.Mapping settings) {}

  /** The same board, played by another engine or reached by other drivers. */
  public BoardFile with(@Nullable Machine engine, Map<String, Driver> others) {
    return with(engine, others, faults);
  }

  /** The same board with other faults. */
  public BoardFile with(FaultPlan others) {
    return with(machine, drivers, others);
  }

  private BoardFile with(@Nullable Machine engine, Map<String, Driver> others, FaultPlan injected) {
    return new BoardFile(
        name,
        path,
        type,
        description,
        labels,
        architecture,
        cpus,
        memory,
        memoryMap,
        deviceTree,
        xen,
        network,
        storage,
        bootloader,
        console,
        stages,
        badPatterns,
        requirements,
        provision,
        engine,
        others,
        injected);
  }

  /** Whether somebody wrote {@code health: retired} among the labels: no run may use the board. */
  public boolean isRetired() {
    return "retired".equals(labels.get("health"));
  }

  /**
   * {@code section} of this board, for what cannot work without it.
   *
   * @param key the section's key in the file
   * @throws BringupException of kind CONFIGURATION if the board does not have it
   */
  public <T> T require(@Nullable T section, String key) {
    if (section == null) {
      throw BringupException.configuration(
          "%s: board %s has no \"%s\", which is needed here".formatted(path, name, key));
    }
    return section;
  }
}
