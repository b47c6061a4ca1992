package dev.bringup.steps;

import dev.bringup.artifact.BootFiles;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.boot.BootConfiguration;
import dev.bringup.boot.BootFailure;
import dev.bringup.boot.BootSession;
import dev.bringup.console.CommandResult;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.verdict.BringupException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * What one scenario works with: the board under test, the boot set that it staged and the result of
 * its last command. Step definition classes get it through their constructor. Belongs to the thread
 * that runs the scenario.
 */
public final class Bench {
  private final BoardFile board;
  private final Supplier<BootSession> sessions;
  private final Function<String, BootFiles> bootSets;
  private final Map<String, byte[]> samples = new HashMap<>();
  private final Map<String, BoardNetwork> staged = new HashMap<>();
  private Optional<BootConfiguration> configuration = Optional.empty();
  private @Nullable CommandResult lastResult;
  private @Nullable BootFailure bootFailure;
  private int transfersBefore = -1;

  /**
   * @param board the board under test
   * @param sessions opens the board on first use
   * @param bootSets finds the files of a boot set by its name
   */
  public Bench(
      BoardFile board, Supplier<BootSession> sessions, Function<String, BootFiles> bootSets) {
    this.board = board;
    this.sessions = sessions;
    this.bootSets = bootSets;
  }

  /** The board's file. */
  public BoardFile board() {
    return board;
  }

  /** The board, opened. */
  public BootSession session() {
    BootSession session = sessions.get();
    if (transfersBefore < 0) {
      transfersBefore = transfers(session).size();
    }
    return session;
  }

  /** The TFTP transfers that ended in this scenario; it is skipped if they are not known. */
  public List<TftpTransfer> transfers() {
    requireTraces();
    List<TftpTransfer> all = transfers(session());
    return all.subList(transfersBefore, all.size());
  }

  /** The TFTP transfers that ended in the present boot; skips as {@link #transfers} does. */
  public List<TftpTransfer> transfersOfBoot() {
    requireTraces();
    return session().transfers();
  }

  private void requireTraces() {
    if (!network().tracesTransfers()) {
      throw new TestAbortedException(
          "the TFTP transfers of board %s are not known: there is no record of them beside the"
                  .formatted(board.name())
              + " recording");
    }
  }

  private static List<TftpTransfer> transfers(BootSession session) {
    return session
        .board()
        .capability(BoardNetwork.class)
        .map(BoardNetwork::transfers)
        .orElse(List.of());
  }

  /** The board's network; the scenario is skipped where there is none. */
  public BoardNetwork network() {
    return capability(BoardNetwork.class);
  }

  /** A capability of the board; the scenario is skipped if the board does not have it. */
  public <C> C capability(Class<C> type) {
    return session()
        .board()
        .capability(type)
        .orElseThrow(() ->
            new TestAbortedException(
                "board %s has no %s".formatted(board.name(), type.getSimpleName())));
  }

  /** Makes the files of a boot set what the board boots next. */
  public void stage(String bootSet) {
    configuration = Optional.of(BootConfiguration.of(bootSets.apply(bootSet)));
  }

  /** Changes what the board boots next. */
  public void change(UnaryOperator<BootConfiguration> change) {
    configuration = Optional.of(change.apply(required()));
  }

  /** What the board boots next. */
  public Optional<BootConfiguration> configuration() {
    return configuration;
  }

  /** What the board boots next, which some step must have said. */
  public BootConfiguration required() {
    return configuration.orElseThrow(() ->
        BringupException.configuration(
            "no boot set is staged; first say: the boot set \"NAME\" is staged"));
  }

  /** Makes a file reachable for the board until the scenario ends. */
  void stage(String name, Path file) {
    BoardNetwork network = network();
    network.stage(name, file);
    staged.put(name, network);
  }

  /** Makes bytes reachable for the board until the scenario ends, and keeps them as a sample. */
  void stage(String name, byte[] content) {
    BoardNetwork network = network();
    network.stage(name, content);
    staged.put(name, network);
    keepSample(name, content);
  }

  /** The scenario ends: the next one finds none of its files on the server. */
  void unstage() {
    staged.forEach((name, network) -> network.unstage(name));
    staged.clear();
  }

  /** Keeps the content of a staged file for later steps. */
  public void keepSample(String name, byte[] content) {
    samples.put(name, content);
  }

  /** The content of a file that this scenario staged. */
  public byte[] sample(String name) {
    byte[] content = samples.get(name);
    if (content == null) {
      throw BringupException.configuration(
          "no file \"%s\" was staged in this scenario".formatted(name));
    }
    return content;
  }

  /** Notes the result of a command for the steps that judge it. */
  public CommandResult result(CommandResult result) {
    lastResult = result;
    return result;
  }

  /** The result of the scenario's last command. */
  public CommandResult lastResult() {
    CommandResult known = lastResult;
    if (known == null) {
      throw BringupException.configuration("no command was run in this scenario yet");
    }
    return known;
  }

  /** Notes a boot failure that the scenario expects; null for a boot that is only begun. */
  void failed(@Nullable BootFailure failure) {
    bootFailure = failure;
  }

  /** The boot failure that a step of this scenario caught. */
  public Optional<BootFailure> noticed() {
    return Optional.ofNullable(bootFailure);
  }

  /** The boot failure that the scenario expects. */
  BootFailure bootFailure() {
    BootFailure known = bootFailure;
    if (known == null) {
      throw new AssertionError("the boot did not fail; the board is at " + session().stage());
    }
    return known;
  }
}
