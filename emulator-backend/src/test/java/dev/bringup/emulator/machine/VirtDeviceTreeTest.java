package dev.bringup.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.image.DeviceTree;
import dev.bringup.image.DeviceTreeNode;
import dev.bringup.image.DeviceTreeProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The machine describes itself in QEMU's words, so that what runs there finds the same here. */
class VirtDeviceTreeTest {
  /** What QEMU's machine has and this one has not. */
  private static final List<String> LEFT_OUT =
      List.of("/platform-bus@c000000", "/fw-cfg@9020000", "/pmu");

  /** Numbers that each tree is free to choose, or that refer to such. */
  private static final Set<String> FREE =
      Set.of("phandle", "interrupt-parent", "clocks", "msi-map", "cpu", "interrupt-map");

  /** Random seeds, and calls that QEMU's firmware knows and this one's does not. */
  private static final Set<String> NOT_HERE =
      Set.of("rng-seed", "kaslr-seed", "migrate", "cpu_suspend");

  private static VirtMachine.Configuration machine(int cpus, boolean virtualization) {
    return new VirtMachine.Configuration(cpus, 2L << 30, virtualization, false, Instant.EPOCH);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "2, true", "2, false"})
  void theTreeSaysWhatQemusSays(int cpus, boolean virtualization, @TempDir Path folder)
      throws IOException, InterruptedException {
    DeviceTree ours = VirtDeviceTree.of(machine(cpus, virtualization));
    DeviceTree theirs = qemus(cpus, virtualization, folder);
    assertThat(properties(ours)).isEqualTo(properties(theirs));
  }

  @Test
  void everyNumberThatRefersToANodeFindsIt() {
    DeviceTree tree = VirtDeviceTree.of(machine(2, true));
    assertThat(phandle(tree, "/", "interrupt-parent", 0)).isEqualTo("/intc@8000000");
    assertThat(phandle(tree, "/pl011@9000000", "clocks", 1)).isEqualTo("/apb-pclk");
    assertThat(phandle(tree, "/pcie@10000000", "msi-map", 1))
        .isEqualTo("/intc@8000000/v2m@8020000");
    assertThat(phandle(tree, "/pcie@10000000", "interrupt-map", 4)).isEqualTo("/intc@8000000");
    assertThat(phandle(tree, "/cpus/cpu-map/socket0/cluster0/core1", "cpu", 0))
        .isEqualTo("/cpus/cpu@1");
  }

  @Test
  void aKernelThatIsStartedWithoutFirmwareFindsGpio() {
    var machine = new VirtMachine.Configuration(1, 1L << 30, false, true, Instant.EPOCH);
    assertThat(VirtDeviceTree.of(machine).find("/pl061@9030000")).isPresent();
    assertThat(VirtDeviceTree.of(machine(1, false)).find("/pl061@9030000")).isEmpty();
  }

  private static String phandle(DeviceTree tree, String node, String property, int cell) {
    int number = tree.find(node).orElseThrow().property(property).orElseThrow().cells().get(cell);
    return tree.findByPhandle(number).map(DeviceTreeNode::path).orElse("nothing");
  }

  /** All properties of all nodes, by path, as text. */
  private static Map<String, String> properties(DeviceTree tree) {
    var all = new TreeMap<String, String>();
    for (DeviceTreeNode node : tree.root().descendants()) {
      if (LEFT_OUT.contains(node.path())) {
        continue;
      }
      all.put(node.path(), "");
      for (DeviceTreeProperty property : node.properties()) {
        if (!NOT_HERE.contains(property.name())) {
          all.put(node.path() + ":" + property.name(), value(property));
        }
      }
    }
    return all;
  }

  private static String value(DeviceTreeProperty property) {
    if (FREE.contains(property.name())) {
      return property.size() + " bytes";
    }
    return property.isText() ? property.strings().toString() : property.cells().toString();
  }

  private static DeviceTree qemus(int cpus, boolean virtualization, Path folder)
      throws IOException, InterruptedException {
    Path blob = folder.resolve("qemu.dtb");
    Path firmware = Files.write(folder.resolve("firmware"), new byte[4]);
    Process process;
    try {
      process =
          new ProcessBuilder(
                  "qemu-system-aarch64",
                  "-machine",
                  "virt,gic-version=2,virtualization=%s,dumpdtb=%s"
                      .formatted(virtualization ? "on" : "off", blob),
                  "-cpu",
                  "cortex-a72",
                  "-smp",
                  Integer.toString(cpus),
                  "-m",
                  "2048",
                  "-nodefaults",
                  "-display",
                  "none",
                  "-bios",
                  firmware.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("messages").toFile())
              .start();
    } catch (IOException e) {
      Assumptions.abort("qemu-system-aarch64 is not installed");
      throw e;
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("QEMU has ended").isTrue();
    return DeviceTree.read(Files.readAllBytes(blob));
  }
}
