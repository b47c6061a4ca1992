package dev.bringup.steps;

import static dev.bringup.steps.Checks.check;

import dev.bringup.board.BootStage;
import dev.bringup.console.CommandResult;
import dev.bringup.image.UImage;
import dev.bringup.units.ByteSize;
import dev.bringup.units.Version;
import dev.bringup.verdict.BringupException;
import io.cucumber.java.en.Given;
import io.cucumber.java.en.Then;
import io.cucumber.java.en.When;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** What U-Boot does at its prompt. */
public final class UBootSteps {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration LOAD_LIMIT = Duration.ofSeconds(60);

  private static final long LARGEST_SAMPLE = 1L << 30;

  /** Sample files differ by name, and are the same in each run. */
  private static final long SAMPLE_SEED = 0x42;

  private final Bench bench;

  public UBootSteps(Bench bench) {
    this.bench = bench;
  }

  private CommandResult run(String command, Duration limit) {
    return bench.session().runInBootloader(command, limit);
  }

  private CommandResult mustRun(String command) {
    CommandResult result = run(command, LIMIT);
    Checks.succeeded(result);
    return result;
  }

  /** Runs one command line; later steps judge its exit code and output. */
  @When("U-Boot runs {string}")
  public void ubootRuns(String command) {
    bench.result(run(command, LIMIT));
  }

  /** Runs one command line that may take this long. */
  @When("U-Boot runs {string} within {duration}")
  public void ubootRuns(String command, Duration limit) {
    bench.result(run(command, limit));
  }

  @Given("U-Boot sets the variable {string} to {string}")
  public void ubootSets(String name, String value) {
    mustRun("setenv %s '%s'".formatted(name, value));
  }

  @Then("the U-Boot variable {string} is {string}")
  public void theVariableIs(String name, String value) {
    CommandResult result = mustRun("printenv " + name);
    check(
        Checks.output(result).strip().equals(name + "=" + value),
        "U-Boot says %s",
        Checks.brief(result.output()));
  }

  @Then("the U-Boot variable {string} is not set")
  public void theVariableIsNotSet(String name) {
    CommandResult result = run("printenv " + name, LIMIT);
    check(result.exitCode() != 0, "U-Boot says %s", Checks.brief(result.output()));
  }

  /** By the banner that U-Boot printed in this boot. */
  @Then("U-Boot reports version {version} or later")
  public void ubootReportsVersion(Version least) {
    Optional<String> said = bench.session().fromMark(BootStage.FIRMWARE, "version");
    check(said.isPresent(), "U-Boot's banner names no version");
    check(
        Versions.leading(said.orElseThrow()).compareTo(least) >= 0,
        "U-Boot is version %s",
        said.orElseThrow());
  }

  /** Judges the last {@code bdinfo}. */
  @Then("U-Boot finds {size} of memory")
  public void ubootFindsMemory(ByteSize size) {
    Matcher bank =
        Pattern.compile("->\\s*size\\s*=\\s*(0x[0-9a-f]+)")
            .matcher(Checks.output(bench.lastResult()));
    BigInteger total = BigInteger.ZERO;
    while (bank.find()) {
      total = total.add(new BigInteger(bank.group(1).substring(2), 16));
    }
    check(
        total.equals(BigInteger.valueOf(size.bytes())),
        "U-Boot finds %s bytes of memory: %s",
        total,
        Checks.brief(bench.lastResult().output()));
  }

  /** Asks for an address and loads nothing. */
  @When("U-Boot asks for an address by DHCP")
  public void ubootAsksForAnAddress() {
    bench.network();
    mustRun("setenv autoload no");
    CommandResult result = bench.result(run("dhcp", LIMIT));
    Checks.succeeded(result);
  }

  @Given("U-Boot has an address by DHCP")
  public void ubootHasAnAddress() {
    bench.network();
    if (run("test -n \"${ipaddr}\"", LIMIT).exitCode() != 0) {
      ubootAsksForAnAddress();
    }
  }

  @Then("U-Boot has the address that the network promised")
  public void ubootHasTheAddress() {
    theVariableIs("ipaddr", bench.network().boardAddress());
  }

  @Then("U-Boot knows the TFTP server")
  public void ubootKnowsTheServer() {
    theVariableIs("serverip", bench.network().serverAddress());
  }

  /** Stages a file of pseudo-random bytes, the same in each run, until the scenario ends. */
  @Given("a file {string} of {size} is staged")
  public void aFileIsStaged(String name, ByteSize size) {
    if (size.bytes() > LARGEST_SAMPLE) {
      throw BringupException.configuration(
          "a file of %s is too large to be made up; at most 1 GiB".formatted(size));
    }
    var content = new byte[(int) size.bytes()];
    new Random(SAMPLE_SEED + name.hashCode()).nextBytes(content);
    bench.stage(name, content);
  }

  @Given("the file {string} is staged with the text:")
  public void theFileIsStaged(String name, String text) {
    bench.stage(name, (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Stages commands as {@code mkimage -T script} would pack them. */
  @Given("the U-Boot script {string} is staged:")
  public void theScriptIsStaged(String name, String text) {
    bench.stage(name, UImage.script(text + "\n", Instant.EPOCH).encode());
  }

  /** Loads a file to {@code ${loadaddr}}; later steps judge how that ended. */
  @When("U-Boot loads {string} by TFTP")
  public void ubootLoads(String name) {
    ubootLoads(name, LOAD_LIMIT);
  }

  @When("U-Boot loads {string} by TFTP within {duration}")
  public void ubootLoads(String name, Duration limit) {
    bench.network();
    bench.result(run("tftpboot ${loadaddr} " + name, limit));
  }

  /** By size and CRC-32 of what lies in the board's memory. */
  @Then("U-Boot has received the whole file {string}")
  public void ubootHasReceived(String name) {
    byte[] content = bench.sample(name);
    theVariableIs("filesize", Integer.toHexString(content.length));
    var crc = new CRC32();
    crc.update(content);
    CommandResult result = mustRun("crc32 ${fileaddr} ${filesize}");
    check(
        Checks.output(result).contains("%08x".formatted(crc.getValue())),
        "the CRC-32 of \"%s\" is %08x, but U-Boot says %s",
        name,
        crc.getValue(),
        Checks.brief(result.output()));
  }
}
