package dev.bringup.steps;

import static dev.bringup.steps.Checks.check;

import dev.bringup.boot.BootConfiguration;
import dev.bringup.units.ByteSize;
import dev.bringup.verdict.BringupException;
import io.cucumber.java.After;
import io.cucumber.java.en.Given;
import io.cucumber.java.en.Then;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Saying what the board boots, and breaking it on purpose. */
public final class BootSetSteps {
  private final Bench bench;

  public BootSetSteps(Bench bench) {
    this.bench = bench;
  }

  /** Makes a boot set what the board boots, with nothing changed. */
  @Given("the boot set {string} is staged")
  public void theBootSetIsStaged(String name) {
    bench.stage(name);
  }

  /** Keeps one file of the boot set from the server. */
  @Given("the file {string} is missing on the TFTP server")
  public void theFileIsMissing(String name) {
    if (!bench.required().files().files().containsKey(name)) {
      throw BringupException.configuration(
          "the boot set has no file \"%s\"; it has %s"
              .formatted(name, String.join(", ", bench.required().files().files().keySet())));
    }
    bench.change(configuration -> configuration.withMissing(name));
  }

  /** Gives dom0 another amount of memory than the boot set does. */
  @Given("dom0 is promised {size}")
  public void dom0IsPromised(ByteSize memory) {
    bench.change(configuration -> configuration.withDom0Memory(memory));
  }

  /** Gives a dom0less guest another amount of memory than the boot set does. */
  @Given("guest {string} is promised {size}")
  public void guestIsPromised(String guest, ByteSize memory) {
    bench.change(configuration -> configuration.withGuestMemory(guest, memory));
  }

  /** Leaves {@code xen,xen-bootargs} out of the device tree. */
  @Given("Xen gets no command line")
  public void xenGetsNoCommandLine() {
    bench.change(c -> c.without(BootConfiguration.Part.XEN_COMMAND_LINE));
  }

  /** Leaves dom0's kernel and ramdisk out of the device tree. */
  @Given("the dom0 kernel is left out of the device tree")
  public void theDom0KernelIsLeftOut() {
    bench.change(c -> c.without(BootConfiguration.Part.DOM0_KERNEL));
  }

  /** Leaves out what the board type says must be edited in the device tree. */
  @Given("the device tree edits of the board type are left out")
  public void theDeviceTreeEditsAreLeftOut() {
    bench.change(c -> c.without(BootConfiguration.Part.DEVICE_TREE_EDITS));
  }

  /** Runs U-Boot commands on the device tree before the edits of the board type. */
  @Given("the boot script changes the device tree first:")
  public void theBootScriptChangesTheTree(String commands) {
    bench.change(c -> c.withTreeCommands(commands.lines().map(String::strip).toList()));
  }

  /**
   * Boots by somebody's own script, such as ImageBuilder's, instead of one made from the boot set.
   */
  @Given("the boot script is the file {string}")
  public void theBootScriptIs(String path) {
    bench.change(c -> c.withScript(existing(path)));
  }

  /** Stages a file of this machine beside those of the boot set, until the scenario ends. */
  @Given("the file {string} is staged from {string}")
  public void theFileIsStagedFrom(String name, String path) {
    bench.stage(name, existing(path));
  }

  /** The next scenario meets a server without this one's files. */
  @After
  public void unstage() {
    bench.unstage();
  }

  private static Path existing(String path) {
    Path file = Path.of(path);
    if (!Files.isRegularFile(file)) {
      throw BringupException.configuration(path + ": no such file");
    }
    return file;
  }

  /** Each file of the boot set was sent completely, and once, in the present boot. */
  @Then("the TFTP server sent every staged file exactly once")
  public void everyStagedFileExactlyOnce() {
    for (var file : bench.required().files().files().values()) {
      List<String> digests =
          NetworkSteps.completeReads(bench.transfersOfBoot(), file.name()).stream()
              .map(transfer -> String.valueOf(transfer.sha256()))
              .toList();
      check(
          digests.equals(List.of(file.sha256())),
          "\"%s\" was sent completely %d times in this boot",
          file.name(),
          digests.size());
    }
  }
}
