package dev.bringup.board;

import dev.bringup.board.BoardFile.Autoboot;
import dev.bringup.board.BoardFile.BadPattern;
import dev.bringup.board.BoardFile.Bootloader;
import dev.bringup.board.BoardFile.ConsoleSettings;
import dev.bringup.board.BoardFile.DeviceTree;
import dev.bringup.board.BoardFile.DeviceTreeEdit;
import dev.bringup.board.BoardFile.Driver;
import dev.bringup.board.BoardFile.LeastVersion;
import dev.bringup.board.BoardFile.LowMemory;
import dev.bringup.board.BoardFile.Machine;
import dev.bringup.board.BoardFile.MemoryMap;
import dev.bringup.board.BoardFile.Network;
import dev.bringup.board.BoardFile.Provision;
import dev.bringup.board.BoardFile.Requirements;
import dev.bringup.board.BoardFile.Stage;
import dev.bringup.board.BoardFile.Storage;
import dev.bringup.board.BoardFile.Xen;
import dev.bringup.config.Problem;
import dev.bringup.config.YamlNode;
import dev.bringup.fault.FaultPlan;
import dev.bringup.units.Address;
import dev.bringup.units.ByteSize;
import dev.bringup.verdict.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns a merged tree that its schema found complete into a board; checks what no schema can. */
final class BoardReader {
  private static final int DEFAULT_BAUD = 115_200;
  private static final int DEFAULT_PIECE = 16;
  private static final ByteSize DEFAULT_TREE_SIZE = new ByteSize(1 << 20);

  private final YamlNode root;
  private final List<Problem> problems = new ArrayList<>();

  BoardReader(YamlNode root) {
    this.root = root;
  }

  /** What is wrong with the values taken together. */
  List<Problem> problems() {
    checkMemoryMap();
    checkStages();
    root.find("device-tree").ifPresent(this::checkDeviceTree);
    root.find("faults").ifPresent(faults -> problems.addAll(FaultReader.problems(faults)));
    if (root.find("machine").isEmpty() && root.find("drivers").isEmpty()) {
      problem(root, "the board has neither \"machine\" nor \"drivers\", so nothing can drive it");
    }
    return List.copyOf(problems);
  }

  private void checkMemoryMap() {
    YamlNode map = root.get("memory-map");
    Address ram = map.get("ram").address();
    Address last = new Address(ram.value() + root.get("memory").size().bytes() - 1);
    if (last.compareTo(ram) < 0) {
      problem(map.get("ram"), "RAM from " + ram + " does not fit below 2^64");
      return;
    }
    for (String key : List.of("script", "load")) {
      Address address = map.get(key).address();
      if (address.compareTo(ram) < 0 || address.compareTo(last) > 0) {
        problem(
            map.get(key),
            "\"memory-map.%s\" is %s, outside RAM (%s to %s)".formatted(key, address, ram, last));
      }
    }
    Address script = map.get("script").address();
    if (map.get("load").address().compareTo(script) <= 0) {
      problem(
          map.get("load"),
          "\"memory-map.load\" must lie above the boot script at "
              + script
              + ", or files overwrite it while it runs");
    }
  }

  private void checkStages() {
    root.get("stages")
        .map()
        .entries()
        .forEach((name, entry) -> {
          YamlNode stage = entry.value();
          if (stage.get("within").duration().isZero()) {
            problem(stage.get("within"), "\"stages." + name + ".within\" must be above 0");
          }
          if (stage.get("mark").find("prompt").isEmpty()) {
            return;
          }
          if (!name.equals(BootStage.BOOTLOADER.word())) {
            problem(stage.get("mark"), "only the stage bootloader has a prompt as its mark");
          } else if (root.find("bootloader").isEmpty()) {
            problem(stage.get("mark"), "the prompt is not known; add \"bootloader\"");
          }
        });
  }

  private void checkDeviceTree(YamlNode tree) {
    if (tree.get("source").text().equals("firmware") && tree.find("address").isEmpty()) {
      problem(
          tree.get("source"),
          "the address of the firmware's tree is not known; add \"device-tree.address\"");
    }
  }

  private void problem(YamlNode where, String message) {
    problems.add(new Problem(where.at(), message));
  }

  BoardFile read(String name, Path path) {
    return new BoardFile(
        name,
        path,
        orNull("type", YamlNode::text),
        root.get("description").text(),
        each("labels", (_, value) -> value.text()),
        root.get("architecture").text(),
        root.get("cpus").integer(),
        root.get("memory").size(),
        memoryMap(root.get("memory-map")),
        orNull("device-tree", BoardReader::deviceTree),
        orNull("xen", xen -> new Xen(xen.get("dtuart").text())),
        orNull("network", BoardReader::network),
        each("storage", (_, medium) -> storage(medium)),
        orNull("bootloader", BoardReader::bootloader),
        console(root.find("console")),
        stages(root.get("stages")),
        List.copyOf(each("bad-patterns", BoardReader::badPattern).values()),
        root.find("requirements").map(BoardReader::requirements).orElse(Requirements.NONE),
        orNull("provision", BoardReader::provision),
        orNull("machine", m -> new Machine(m.get("engine").text(), m.map())),
        each("drivers", (_, d) -> new Driver(d.get("driver").text(), d.map())),
        root.find("faults").map(FaultReader::read).orElse(FaultPlan.NONE));
  }

  private <T> @Nullable T orNull(String key, Function<YamlNode, T> reader) {
    return orNull(root, key, reader);
  }

  private static <T> @Nullable T orNull(YamlNode map, String key, Function<YamlNode, T> reader) {
    return map.find(key).map(reader).orElse(null);
  }

  private <T> Map<String, T> each(String key, BiFunction<String, YamlNode, T> reader) {
    return each(root, key, reader);
  }

  private static <T> Map<String, T> each(
      YamlNode in, String key, BiFunction<String, YamlNode, T> reader) {
    Map<String, T> result = new LinkedHashMap<>();
    in.find(key)
        .ifPresent(map ->
            map.map()
                .entries()
                .forEach((name, entry) -> result.put(name, reader.apply(name, entry.value()))));
    return result;
  }

  private static MemoryMap memoryMap(YamlNode map) {
    return new MemoryMap(
        map.get("ram").address(), map.get("script").address(), map.get("load").address());
  }

  private static DeviceTree deviceTree(YamlNode tree) {
    return new DeviceTree(
        tree.get("source").text(),
        orNull(tree, "address", YamlNode::address),
        tree.find("size").map(YamlNode::size).orElse(DEFAULT_TREE_SIZE),
        tree.find("edits").map(YamlNode::items).orElse(List.of()).stream()
            .map(edit ->
                new DeviceTreeEdit(
                    edit.get("path").text(),
                    edit.get("property").text(),
                    edit.get("value").text(),
                    edit.get("reason").text()))
            .toList());
  }

  private static Network network(YamlNode network) {
    return new Network(
        network.get("load-command").text(),
        network.find("window-size").map(YamlNode::integer).orElse(1),
        orNull(network, "boot-file", YamlNode::text),
        orNull(network, "mac", mac -> mac.text().toLowerCase(Locale.ROOT)));
  }

  private static Requirements requirements(YamlNode requirements) {
    return new Requirements(
        orNull(requirements, "xen", BoardReader::leastVersion),
        orNull(requirements, "linux", BoardReader::leastVersion),
        orNull(
            requirements,
            "dom0-memory",
            low ->
                new LowMemory(
                    low.get("below").address(),
                    low.get("at-least").size(),
                    low.get("reason").text())));
  }

  private static LeastVersion leastVersion(YamlNode least) {
    return new LeastVersion(least.get("version").version(), least.get("reason").text());
  }

  private static Provision provision(YamlNode provision) {
    Optional<YamlNode> firmware = provision.find("firmware");
    return new Provision(
        provision.get("boot-set").text(),
        each(provision, "texts", (_, text) -> text.text()),
        provision.get("script").get("name").text(),
        provision.get("script").get("fetches").text(),
        firmware.map(f -> f.get("files").texts()).orElse(List.of()),
        firmware.map(f -> f.get("from").text()).orElse(""));
  }

  private static Storage storage(YamlNode medium) {
    return new Storage(
        medium.get("kind").text(),
        orNull(medium, "size", YamlNode::size),
        orNull(medium, "device", YamlNode::text));
  }

  private static Bootloader bootloader(YamlNode bootloader) {
    return new Bootloader(
        bootloader.get("kind").text(),
        bootloader.get("prompt").text(),
        orNull(
            bootloader,
            "autoboot",
            autoboot -> new Autoboot(autoboot.get("mark").text(), autoboot.get("key").text())));
  }

  private static ConsoleSettings console(Optional<YamlNode> console) {
    Optional<YamlNode> typing = console.flatMap(c -> c.find("typing"));
    return new ConsoleSettings(
        console.flatMap(c -> c.find("baud")).map(YamlNode::integer).orElse(DEFAULT_BAUD),
        typing.flatMap(t -> t.find("piece")).map(YamlNode::integer).orElse(DEFAULT_PIECE),
        typing.flatMap(t -> t.find("delay")).map(YamlNode::duration).orElse(Duration.ZERO),
        console.flatMap(c -> c.find("noise")).map(YamlNode::texts).orElse(List.of()).stream()
            .map(Mark.Regex::new)
            .toList());
  }

  private static Map<BootStage, Stage> stages(YamlNode stages) {
    Map<BootStage, Stage> result = new EnumMap<>(BootStage.class);
    stages
        .map()
        .entries()
        .forEach((word, entry) -> {
          BootStage stage = BootStage.of(word).orElseThrow();
          YamlNode mark = entry.value().get("mark");
          Duration within = entry.value().get("within").duration();
          result.put(
              stage,
              new Stage(
                  stage,
                  mark.find("prompt").isPresent() ? new Mark.Prompt() : inText(mark),
                  within));
        });
    return result;
  }

  private static Mark.InText inText(YamlNode mark) {
    return mark.find("literal")
        .<Mark.InText>map(literal -> new Mark.Literal(literal.text()))
        .orElseGet(() -> new Mark.Regex(mark.get("regex").text()));
  }

  private static BadPattern badPattern(String name, YamlNode pattern) {
    return new BadPattern(
        name,
        inText(pattern),
        verdict(pattern.get("verdict").text()),
        pattern.get("reason").text(),
        pattern
            .find("during")
            .map(YamlNode::texts)
            .map(BoardReader::during)
            .orElseGet(() -> EnumSet.allOf(BootStage.class)));
  }

  private static Set<BootStage> during(List<String> words) {
    Set<BootStage> stages = EnumSet.noneOf(BootStage.class);
    words.forEach(word -> stages.add(BootStage.of(word).orElseThrow()));
    return stages;
  }

  private static Verdict verdict(String text) {
    return Arrays.stream(Verdict.values())
        .filter(verdict -> verdict.text().equals(text))
        .findFirst()
        .orElseThrow();
  }
}
