package dev.bringup.steps;

import static dev.bringup.steps.Checks.check;

import dev.bringup.tftp.TftpOutcome;
import dev.bringup.tftp.TftpTransfer;
import io.cucumber.java.en.Then;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the TFTP server saw in the present scenario. */
public final class NetworkSteps {
  /** RFC 1350, section 2. */
  private static final int BLOCK_SIZE = 512;

  /** RFC 7440, section 3: one block, then its acknowledgement. */
  private static final int WINDOW = 1;

  private final Bench bench;

  public NetworkSteps(Bench bench) {
    this.bench = bench;
  }

  static List<TftpTransfer> completeReads(List<TftpTransfer> transfers, String file) {
    return complete(transfers, TftpTransfer.Direction.READ, file);
  }

  private static List<TftpTransfer> complete(
      List<TftpTransfer> transfers, TftpTransfer.Direction direction, String file) {
    return transfers.stream()
        .filter(t -> t.direction() == direction && t.file().equals(file))
        .filter(t -> t.outcome() instanceof TftpOutcome.Completed)
        .toList();
  }

  @Then("the TFTP server sent {string} exactly once")
  public void sentExactlyOnce(String file) {
    List<TftpTransfer> sent = completeReads(bench.transfers(), file);
    check(sent.size() == 1, "\"%s\" was sent completely %d times", file, sent.size());
  }

  @Then("the TFTP server refused {string}")
  public void refused(String file) {
    check(
        bench.transfers().stream()
            .anyMatch(t -> t.file().equals(file) && t.outcome() instanceof TftpOutcome.Refused),
        "the TFTP server did not refuse \"%s\"",
        file);
  }

  @Then("the transfer of {string} used a block size of {int}")
  public void usedBlockSize(String file, int size) {
    granted(file, "blksize", size, BLOCK_SIZE);
  }

  @Then("the transfer of {string} used a window of {int}")
  public void usedWindow(String file, int window) {
    granted(file, "windowsize", window, WINDOW);
  }

  /**
   * @param usual what holds where the option was not asked for or not granted
   */
  private void granted(String file, String option, int value, int usual) {
    List<TftpTransfer> sent = completeReads(bench.transfers(), file);
    check(!sent.isEmpty(), "\"%s\" was not sent", file);
    String granted = sent.getLast().granted().get(option);
    if (granted == null) {
      check(
          value == usual, "the server granted no %s for \"%s\", so it was %d", option, file, usual);
      return;
    }
    check(
        String.valueOf(value).equals(granted),
        "the server granted %s %s for \"%s\"",
        option,
        granted,
        file);
  }

  @Then("the TFTP server received {string} with the text:")
  public void received(String file, String text) {
    // The server keeps what came in earlier scenarios.
    check(
        !complete(bench.transfers(), TftpTransfer.Direction.WRITE, file).isEmpty(),
        "\"%s\" was not received in this scenario",
        file);
    byte[] content =
        bench
            .network()
            .received(file)
            .orElseThrow(() -> new AssertionError("\"" + file + "\" was not received"));
    String said = new String(content, StandardCharsets.UTF_8);
    check(said.strip().equals(text.strip()), "\"%s\" says: %s", file, Checks.brief(said));
  }
}
