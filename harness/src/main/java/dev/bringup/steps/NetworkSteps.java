package dev.bringup.steps;

import static dev.bringup.steps.Checks.check;

import dev.bringup.tftp.TftpOutcome;
import dev.bringup.tftp.TftpTransfer;
import io.cucumber.java.en.Then;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the TFTP server saw in the present boot. */
public final class NetworkSteps {
  private final Bench bench;

  public NetworkSteps(Bench bench) {
    this.bench = bench;
  }

  static List<TftpTransfer> completeReads(List<TftpTransfer> transfers, String file) {
    return transfers.stream()
        .filter(t -> t.direction() == TftpTransfer.Direction.READ && t.file().equals(file))
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
    granted(file, "blksize", size);
  }

  @Then("the transfer of {string} used a window of {int}")
  public void usedWindow(String file, int window) {
    granted(file, "windowsize", window);
  }

  private void granted(String file, String option, int value) {
    List<TftpTransfer> sent = completeReads(bench.transfers(), file);
    check(!sent.isEmpty(), "\"%s\" was not sent", file);
    String granted = sent.getLast().granted().get(option);
    check(
        String.valueOf(value).equals(granted),
        "the server granted %s %s for \"%s\"",
        option,
        granted,
        file);
  }

  @Then("the TFTP server received {string} with the text:")
  public void received(String file, String text) {
    byte[] content =
        bench
            .network()
            .received(file)
            .orElseThrow(() -> new AssertionError("\"" + file + "\" was not received"));
    String said = new String(content, StandardCharsets.UTF_8);
    check(said.strip().equals(text.strip()), "\"%s\" says: %s", file, Checks.brief(said));
  }
}
