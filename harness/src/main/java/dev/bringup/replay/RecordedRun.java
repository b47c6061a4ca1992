package dev.bringup.replay;

import dev.bringup.console.RecordedCourse;
import dev.bringup.console.Recording;
import dev.bringup.console.RecordingReader;
import dev.bringup.console.RunMark;
import dev.bringup.tftp.TftpJson;
import dev.bringup.tftp.TftpOutcome;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A recording with what its run folder tells beside it: the TFTP transfers, and what the board
 * wrote to the server. Immutable.
 */
final class RecordedRun {
  private final Path file;
  private final RecordingReader.Contents contents;
  private final boolean transfersKnown;
  private final List<RecordedEvent> events;

  private RecordedRun(
      Path file,
      RecordingReader.Contents contents,
      boolean transfersKnown,
      List<RecordedEvent> events) {
    this.file = file;
    this.contents = contents;
    this.transfersKnown = transfersKnown;
    this.events = events;
  }

  /**
   * Reads a recording and what belongs to it.
   *
   * @throws BringupException (configuration) with file and place if one of the files is damaged
   */
  static RecordedRun read(Path file) {
    RecordingReader.Contents contents = RecordingReader.open(file);
    Path beside = transfersOf(file);
    boolean known = Files.isRegularFile(beside);
    List<TftpTransfer> transfers = known ? transfers(beside) : List.of();
    return new RecordedRun(file, contents, known, merged(contents.recording(), transfers));
  }

  /** {@code tftp.jsonl} for {@code console.rec}, {@code B.tftp.jsonl} for {@code B.rec}. */
  private static Path transfersOf(Path file) {
    String name = String.valueOf(file.getFileName());
    String stem = name.endsWith(".rec") ? name.substring(0, name.length() - 4) : name;
    return file.resolveSibling(stem.equals("console") ? "tftp.jsonl" : stem + ".tftp.jsonl");
  }

  private static List<TftpTransfer> transfers(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot read " + file + ": " + e.getMessage(), "check that the file may be read", e);
    }
    List<TftpTransfer> transfers = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      try {
        transfers.add(TftpJson.read(lines.get(i)));
      } catch (BringupException e) {
        throw BringupException.configuration(file + ":" + (i + 1) + ": " + e.getMessage());
      }
    }
    return transfers;
  }

  /**
   * When each transfer is there. That is when the board asked for it: nothing that the board says
   * of it comes before, while the server may note its end later than the board does. One that the
   * board left is there when the server gave it up. All are there in the order in which they ended,
   * as they stand in the file.
   */
  private static long[] places(List<TftpTransfer> transfers) {
    var places = new long[transfers.size()];
    long next = Long.MAX_VALUE;
    for (int i = places.length - 1; i >= 0; i--) {
      TftpTransfer transfer = transfers.get(i);
      boolean left = transfer.outcome() instanceof TftpOutcome.TimedOut;
      long there = transfer.startNanos() + (left ? transfer.duration().toNanos() : 0);
      next = Math.min(next, there);
      places[i] = next;
    }
    return places;
  }

  private static List<RecordedEvent> merged(Recording recording, List<TftpTransfer> transfers) {
    List<RecordedEvent> events = new ArrayList<>();
    long[] places = places(transfers);
    int next = 0;
    for (RecordedCourse.Entry entry : RecordedCourse.of(recording)) {
      while (next < transfers.size() && places[next] < entry.nanos()) {
        events.add(
            new RecordedEvent.Transferred(entry.offset(), places[next], transfers.get(next)));
        next++;
      }
      events.add(
          switch (entry) {
            case RecordedCourse.Said(long offset, long nanos, int length) ->
                new RecordedEvent.Said(offset, nanos, length);
            case RecordedCourse.Happened(var event) -> RecordedEvent.of(event);
          });
    }
    long end = recording.clock().nanos(); // a recording that was cut off lacks what came behind
    while (next < transfers.size() && places[next] <= end) {
      events.add(new RecordedEvent.Transferred(recording.end(), places[next], transfers.get(next)));
      next++;
    }
    return List.copyOf(events);
  }

  Path file() {
    return file;
  }

  RecordingReader.Contents contents() {
    return contents;
  }

  List<RecordedEvent> events() {
    return events;
  }

  /** When the recording ends, in nanoseconds since its start. */
  long endNanos() {
    return contents.recording().clock().nanos();
  }

  /** What the board said. */
  byte[] bytes(RecordedEvent.Said said) {
    return contents.recording().bytes(said.offset(), said.offset() + said.length());
  }

  /** The addresses of the network that the board had, if it is told. */
  Optional<RunMark.Network> network() {
    for (RecordedEvent event : events) {
      if (event instanceof RecordedEvent.Noted(long _, long _, RunMark.Network network)) {
        return Optional.of(network);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether the transfers of the scenario that {@code position} is in are known: they are written
   * down when a scenario ends.
   */
  boolean knowsTransfersAt(int position) {
    return transfersKnown && (contents.complete() || scenarioFrom(position) >= 0);
  }

  /** Where the first scenario begins at or behind {@code position}; -1 if none does. */
  int scenarioFrom(int position) {
    for (int i = position; i < events.size(); i++) {
      if (scenarioAt(i).isPresent()) {
        return i;
      }
    }
    return -1;
  }

  /** Where the scenario of this name begins, preferably behind {@code position}; -1 if nowhere. */
  int scenario(String name, int position) {
    int before = -1;
    for (int i = 0; i < events.size(); i++) {
      if (scenarioAt(i).filter(name::equals).isPresent()) {
        if (i >= position) {
          return i;
        }
        before = before < 0 ? i : before;
      }
    }
    return before;
  }

  private Optional<String> scenarioAt(int index) {
    return events.get(index)
            instanceof RecordedEvent.Noted(long _, long _, RunMark.ScenarioBegins(String name))
        ? Optional.of(name)
        : Optional.empty();
  }

  /**
   * Whether the board had power at {@code position}: by the last that was done before, else by what
   * follows, as at the beginning of a scenario's own recording.
   */
  boolean isPoweredAt(int position) {
    for (int i = position - 1; i >= 0; i--) {
      if (events.get(i) instanceof RecordedEvent.PowerOn) {
        return true;
      }
      if (events.get(i) instanceof RecordedEvent.PowerOff) {
        return false;
      }
    }
    for (RecordedEvent event : events.subList(position, events.size())) {
      switch (event) {
        case RecordedEvent.PowerOn _ -> {
          return false;
        }
        case RecordedEvent.PowerOff _, RecordedEvent.Said _ -> {
          return true;
        }
        default -> {}
      }
    }
    return false;
  }

  /** Where the board was when the scenario that begins at {@code index} began. */
  Optional<RunMark.AtStage> stageAt(int index) {
    return index + 1 < events.size()
            && events.get(index + 1)
                instanceof RecordedEvent.Noted(long _, long _, RunMark.AtStage at)
        ? Optional.of(at)
        : Optional.empty();
  }

  /** What was typed from {@code position} on, up to when something else was done. */
  String typedFrom(int position) {
    var typed = new StringBuilder();
    for (RecordedEvent event : events.subList(position, events.size())) {
      if (event instanceof RecordedEvent.Typed more) {
        typed.append(more.bytes());
      } else if (event.isDeed()) {
        break;
      }
    }
    return typed.toString();
  }

  /** The content of a file that the board wrote to the server, if it was kept. */
  Optional<byte[]> received(TftpTransfer transfer) {
    String digest = transfer.sha256();
    if (digest == null || !digest.matches("[0-9a-f]{64}")) {
      return Optional.empty();
    }
    Path folder = file.toAbsolutePath().getParent();
    for (int up = 0; up < 2 && folder != null; up++, folder = folder.getParent()) {
      Path kept = folder.resolve("received").resolve(digest);
      if (Files.isRegularFile(kept)) {
        try {
          return Optional.of(Files.readAllBytes(kept));
        } catch (IOException e) {
          throw BringupException.infrastructure(
              "cannot read " + kept + ": " + e.getMessage(), "check that the file may be read", e);
        }
      }
    }
    return Optional.empty();
  }
}
