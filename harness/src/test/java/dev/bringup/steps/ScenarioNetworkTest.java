package dev.bringup.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.PlayedBoard;
import dev.bringup.boot.BootSession;
import dev.bringup.tftp.TftpOutcome;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.tftp.TftpTransfer.Direction;
import dev.bringup.time.FakeClock;
import dev.bringup.units.ByteSize;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one scenario says of the network and does to it is not the next one's. */
class ScenarioNetworkTest {
  private static final Path ROOT = Path.of(System.getProperty("bringup.root", ".."));

  @TempDir private Path folder;
  private Desk desk;
  private BootSession session;

  @BeforeEach
  void openBoard() throws IOException {
    Files.createDirectories(folder.resolve("types"));
    for (String type : List.of("arm64-boot.yaml", "virt-arm64.yaml")) {
      Files.write(
          folder.resolve("types/" + type),
          Files.readAllBytes(ROOT.resolve("boards/types/" + type)));
    }
    Files.writeString(folder.resolve("desk.yaml"), "type: virt-arm64\nmachine: {engine: none}\n");
    desk = new Desk(BoardCatalog.load(folder).board("desk"));
    session = new BootSession(desk, _ -> {});
  }

  /** The bench of a new scenario that has used the board. */
  private Bench scenario() {
    var bench =
        new Bench(
            desk.file(),
            () -> session,
            name -> {
              throw BringupException.configuration("no boot set " + name);
            });
    assertThat(bench.session()).isSameAs(session);
    return bench;
  }

  @Test
  void whatTheBoardWroteInAnEarlierScenarioIsNotReceivedInThisOne() {
    Bench first = scenario();
    desk.transfer(Direction.WRITE, "result.txt", Map.of());
    desk.received.put("result.txt", "42\n".getBytes(StandardCharsets.US_ASCII));
    new NetworkSteps(first).received("result.txt", "42");

    Bench second = scenario();
    assertThatThrownBy(() -> new NetworkSteps(second).received("result.txt", "42"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("was not received in this scenario");
  }

  @Test
  void stagedFilesAreTakenAwayWhenTheirScenarioEnds() throws IOException {
    Path file = Files.writeString(folder.resolve("kept.txt"), "text");
    desk.stage("Image", file);
    Bench bench = scenario();
    new UBootSteps(bench).aFileIsStaged("sample.bin", ByteSize.parse("1 KiB"));
    new UBootSteps(bench).theFileIsStaged("text.txt", "text");
    new UBootSteps(bench).theScriptIsStaged("hello.scr", "echo hello");
    var bootSets = new BootSetSteps(bench);
    bootSets.theFileIsStagedFrom("virt.dtb", file.toString());
    assertThat(desk.staged())
        .containsExactlyInAnyOrder("Image", "sample.bin", "text.txt", "hello.scr", "virt.dtb");

    bootSets.unstage();
    assertThat(desk.staged()).containsExactly("Image");
  }

  @Test
  void aFileThatIsTooLargeToMakeUpIsAMistakeInTheFeature() {
    var steps = new UBootSteps(scenario());
    assertThatThrownBy(() -> steps.aFileIsStaged("large.bin", ByteSize.parse("3 GiB")))
        .hasMessageContaining("3 GiB")
        .isInstanceOfSatisfying(
            BringupException.class,
            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION));
  }

  @Test
  void aTransferWithoutOptionsUsesWhatTheProtocolSays() {
    Bench bench = scenario();
    desk.transfer(Direction.READ, "plain.bin", Map.of());
    desk.transfer(Direction.READ, "quick.bin", Map.of("blksize", "1468", "windowsize", "8"));

    var steps = new NetworkSteps(bench);
    steps.usedBlockSize("plain.bin", 512);
    steps.usedWindow("plain.bin", 1);
    steps.usedBlockSize("quick.bin", 1468);
    steps.usedWindow("quick.bin", 8);
    assertThatThrownBy(() -> steps.usedBlockSize("plain.bin", 1468))
        .hasMessage("the server granted no blksize for \"plain.bin\", so it was 512");
    assertThatThrownBy(() -> steps.usedWindow("quick.bin", 1)).isInstanceOf(AssertionError.class);
  }

  /** A board of which only the network does something. */
  private static final class Desk extends PlayedBoard implements BoardNetwork {
    private final Map<String, byte[]> staged = new HashMap<>();
    private final Map<String, byte[]> received = new HashMap<>();
    private final List<TftpTransfer> transfers = new ArrayList<>();

    private Desk(BoardFile file) {
      super(file, new FakeClock());
    }

    private void transfer(Direction direction, String name, Map<String, String> options) {
      transfers.add(
          new TftpTransfer(
              0,
              Instant.EPOCH,
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 1069),
              direction,
              name,
              "octet",
              options,
              options,
              3,
              0,
              Duration.ofMillis(1),
              "0".repeat(64),
              new TftpOutcome.Completed()));
    }

    @Override
    public void stage(String name, Path content) {
      try {
        staged.put(name, Files.readAllBytes(content));
      } catch (IOException e) {
        throw BringupException.configuration(e.toString());
      }
    }

    @Override
    public void stage(String name, byte[] content) {
      staged.put(name, content);
    }

    @Override
    public void unstage(String name) {
      staged.remove(name);
    }

    @Override
    public Set<String> staged() {
      return Set.copyOf(staged.keySet());
    }

    @Override
    public Optional<byte[]> received(String name) {
      return Optional.ofNullable(received.get(name));
    }

    @Override
    public String serverAddress() {
      return "192.0.2.1";
    }

    @Override
    public String boardAddress() {
      return "192.0.2.2";
    }

    @Override
    public List<TftpTransfer> transfers() {
      return List.copyOf(transfers);
    }
  }
}
