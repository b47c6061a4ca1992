package dev.bringup.steps;

import static dev.bringup.steps.Checks.check;

import dev.bringup.board.BootStage;
import dev.bringup.console.CommandResult;
import dev.bringup.units.ByteSize;
import dev.bringup.units.Version;
import dev.bringup.verdict.BringupException;
import io.cucumber.java.en.Given;
import io.cucumber.java.en.Then;
import io.cucumber.java.en.When;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What runs in dom0, in its guests, or in userland without a hypervisor. */
public final class ShellSteps {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Bench bench;

  public ShellSteps(Bench bench) {
    this.bench = bench;
  }

  private CommandResult run(String command) {
    return bench.session().runInShell(command, LIMIT);
  }

  /** Runs a shell command; later steps judge its exit code and output. */
  @When("dom0 runs {string}")
  public void dom0Runs(String command) {
    bench.result(run(command));
  }

  /** Runs a shell command; later steps judge its exit code and output. */
  @When("userland runs {string}")
  public void userlandRuns(String command) {
    bench.result(run(command));
  }

  /** Runs a shell command; later steps judge its exit code and output. */
  @When("guest {string} runs {string}")
  public void guestRuns(String guest, String command) {
    bench.result(bench.session().runInGuest(guest, command, LIMIT));
  }

  @Then("{string} in dom0 prints the kernel of the boot set")
  public void inDom0PrintsTheKernel(String command) {
    printsTheKernel(run(command));
  }

  @Then("{string} in userland prints the kernel of the boot set")
  public void inUserlandPrintsTheKernel(String command) {
    printsTheKernel(run(command));
  }

  @Then("{string} in guest {string} prints the kernel of the boot set")
  public void inGuestPrintsTheKernel(String command, String guest) {
    printsTheKernel(bench.session().runInGuest(guest, command, LIMIT));
  }

  private void printsTheKernel(CommandResult result) {
    String release =
        bench
            .required()
            .files()
            .kernelRelease()
            .orElseThrow(() -> BringupException.configuration("the boot set has no kernel"));
    check(
        Checks.output(result).strip().equals(release),
        "the boot set's kernel is %s, but the board says %s",
        release,
        Checks.brief(result.output()));
  }

  /** By the banner that Xen printed in this boot. */
  @Then("Xen reports version {version} or later")
  public void xenReportsVersion(Version least) {
    String said =
        bench
            .session()
            .fromMark(BootStage.HYPERVISOR, "version")
            .orElseThrow(() -> new AssertionError("Xen's banner names no version"));
    check(Versions.leading(said).compareTo(least) >= 0, "Xen is version %s", said);
  }

  /** By Xen's own account: {@code xl list}. */
  @Then("dom0 owns {size}")
  public void dom0Owns(ByteSize memory) {
    CommandResult result = run("xl list 0");
    Checks.succeeded(result);
    Matcher row = Pattern.compile("(?m)^Domain-0\\s+0\\s+(\\d+)\\s").matcher(Checks.output(result));
    check(row.find(), "xl list says %s", Checks.brief(result.output()));
    long mebibytes = Long.parseLong(row.group(1));
    check(mebibytes == memory.bytes() >> 20, "dom0 owns %d MiB", mebibytes);
  }

  /** Attaches to the console of a guest that xl has created. */
  @Then("guest {string} reaches its shell within {duration}")
  public void guestReachesItsShell(String guest, Duration limit) {
    bench.session().awaitGuest(guest, limit);
  }

  /** Creates the guest unless dom0 already lists it. */
  @Given("dom0 has the guest {string}")
  public void dom0HasTheGuest(String guest) {
    if (run("xl domid " + guest).exitCode() != 0) {
      Checks.succeeded(run("xl create /etc/xen/" + guest + ".cfg"));
    }
  }

  @Then("dom0 no longer lists the guest {string}")
  public void dom0NoLongerLists(String guest) {
    bench.session().forgetGuest(guest);
    CommandResult result = run("xl domid " + guest);
    check(result.exitCode() != 0, "xl still lists the guest: %s", Checks.brief(result.output()));
  }

  /** By the token that the guest prints on its emulated UART. */
  @Then("the dom0less guest {string} is ready within {duration}")
  public void theDom0lessGuestIsReady(String guest, Duration limit) {
    bench.session().awaitDom0lessGuest(guest, limit);
  }

  /** For shells with busybox; sets the variable SERVER to the TFTP server's address. */
  @Given("userland has an address by DHCP")
  public void userlandHasAnAddress() {
    bench.network();
    Checks.succeeded(run("ifconfig eth0 up && udhcpc -i eth0 -n -q -s /etc/udhcpc.script"));
    Checks.succeeded(run("SERVER=" + bench.network().serverAddress()));
  }
}
