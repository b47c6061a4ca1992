package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bringup.time.FakeClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
  private final FakeClock clock = new FakeClock();
  private final List<BringupException> problems = new ArrayList<>();
  @TempDir Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void everyByteHasItsOffsetAndTime() {
    var recording = Recording.inMemory("board", clock);
    recording.append(bytes("ab"));
    clock.advance(Duration.ofMillis(5));
    recording.append(bytes("c"));
    assertThat(recording.end()).isEqualTo(3);
    assertThat(recording.timeAt(1)).isZero();
    assertThat(recording.timeAt(2)).isEqualTo(5_000_000);
    assertThat(recording.timeAt(99)).isEqualTo(5_000_000);
    assertThat(recording.text(1, 3)).isEqualTo("bc");
    assertThat(recording.bytes(2, 99)).containsExactly('c');
  }

  @Test
  void eventsSitAtAnOffset() {
    var recording = Recording.inMemory("board", clock);
    recording.mark(ConsoleEvent.Mark.POWER_ON);
    recording.append(bytes("=> "));
    recording.typed(bytes("help\r"));
    assertThat(recording.events())
        .containsExactly(
            new ConsoleEvent.Mark(0, 0, "power on"), new ConsoleEvent.Typed(3, 0, "help\r"));
    assertThat(recording.lastMark("power on")).hasValue(0);
    assertThat(recording.lastMark("power off")).isEmpty();
  }

  @Test
  void nothingIsAppendedToAClosedRecording() {
    var recording = Recording.inMemory("board", clock);
    recording.close();
    recording.close();
    assertThatThrownBy(() -> recording.append(bytes("x")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(recording.awaitBeyond(0, Long.MAX_VALUE)).isFalse();
  }

  @Test
  void aFileHoldsAllThatWasRecorded() {
    Path file = folder.resolve("new/console.rec");
    var recording = Recording.toFile("board é", clock, file, problems::add);
    recording.mark(ConsoleEvent.Mark.POWER_ON);
    recording.append(bytes("one"));
    clock.advance(Duration.ofMillis(5));
    recording.typed(new byte[] {(byte) 0x80, 'x'});
    recording.append(bytes("two"));
    var running = RecordingReader.open(file);
    recording.close();
    var finished = RecordingReader.open(file);

    assertThat(running.complete()).isFalse();
    assertThat(running.facts()).hasSize(1).first().asString().contains("was not ended");
    assertThat(finished.complete()).isTrue();
    assertThat(finished.facts()).isEmpty();
    for (var contents : List.of(running, finished)) {
      var read = contents.recording();
      assertThat(read.name()).isEqualTo("board é");
      assertThat(read.text(0, read.end())).isEqualTo("onetwo");
      assertThat(read.events()).isEqualTo(recording.events());
      assertThat(read.timeAt(2)).isZero();
      assertThat(read.timeAt(3)).isEqualTo(5_000_000);
      assertThat(read.isClosed()).isTrue();
    }
    assertThat(problems).isEmpty();
  }

  @Test
  void aStoredRecordingCanBeSearchedAsALiveOne() {
    Path file = folder.resolve("console.rec");
    try (var recording = Recording.toFile("board", clock, file, problems::add)) {
      recording.append(bytes("U-Boot\r\n=> "));
    }
    var read = RecordingReader.open(file).recording();
    var watcher = new ConsoleWatcher(read, List.of(), 0);
    var prompt = Expectation.of(ConsolePattern.prompt("prompt", "=> "));
    assertThat(watcher.require(prompt, read.cursor(0), read.clock().nanos()).end()).isEqualTo(11);
  }

  @Test
  void oldBytesComeBackFromTheFile() {
    int chunks = Recording.RESIDENT_CHUNKS + 5;
    var recording = Recording.toFile("board", clock, folder.resolve("long.rec"), problems::add);
    var random = new Random(3);
    var all = new byte[chunks * Recording.Chunk.SIZE + 77];
    random.nextBytes(all);
    for (int at = 0; at < all.length; ) {
      int n = Math.min(all.length - at, random.nextInt(200_000));
      recording.append(all, at, n);
      recording.typed(bytes("typed"));
      clock.advance(Duration.ofMillis(2));
      at += n;
    }
    assertThat(recording.bytes(0, all.length)).isEqualTo(all);
    recording.close();
    var read = RecordingReader.open(folder.resolve("long.rec")).recording();
    assertThat(read.bytes(0, all.length)).isEqualTo(all);
    for (int i = 0; i < 100; i++) {
      long offset = random.nextInt(all.length);
      assertThat(read.timeAt(offset)).isEqualTo(recording.timeAt(offset));
    }
  }

  @Test
  void aTornTailIsLeftOutAndReported() throws IOException {
    Path file = folder.resolve("console.rec");
    var recording = Recording.toFile("b", clock, file, problems::add);
    int header = (int) Files.size(file);
    recording.append(bytes("first"));
    int afterFirst = (int) Files.size(file);
    recording.append(bytes("second"));
    byte[] whole = Files.readAllBytes(file);
    for (int length = header; length < whole.length; length++) {
      Path torn = folder.resolve("torn.rec");
      Files.write(torn, Arrays.copyOf(whole, length));
      var read = RecordingReader.open(torn);
      assertThat(read.recording().text(0, 99)).isEqualTo(length < afterFirst ? "" : "first");
      boolean tail = length != header && length != afterFirst;
      assertThat(read.facts().stream().anyMatch(f -> f.contains("incomplete record")))
          .as("cut at byte %d", length)
          .isEqualTo(tail);
    }
    Files.write(file, Arrays.copyOf(whole, whole.length + 5000)); // as a power cut leaves it
    assertThat(RecordingReader.open(file).recording().text(0, 99)).isEqualTo("firstsecond");
  }

  @Test
  void damageBeforeTheEndIsNamedWithItsPlace() throws IOException {
    Path file = folder.resolve("console.rec");
    try (var recording = Recording.toFile("b", clock, file, problems::add)) {
      recording.append(bytes("first"));
      recording.append(bytes("second"));
    }
    byte[] whole = Files.readAllBytes(file);
    int lastRecord = whole.length - RecordingFile.recordSize(0);
    for (int i = 0; i < lastRecord; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x40;
      Files.write(file, damaged);
      var thrown = catchThrowable(() -> RecordingReader.open(file));
      if (thrown == null) {
        // A changed length may reach beyond the end: then it looks like a torn tail, and says so.
        assertThat(RecordingReader.open(file).facts()).as("byte %d", i).isNotEmpty();
      } else {
        assertThat(thrown)
            .as("byte %d", i)
            .isInstanceOf(BringupException.class)
            .hasMessageContaining("console.rec: at byte ");
      }
    }
    Files.writeString(file, "something else entirely");
    assertThatThrownBy(() -> RecordingReader.open(file)).hasMessageContaining("not a recording");
    assertThatThrownBy(() -> RecordingReader.open(folder.resolve("none")))
        .isInstanceOfSatisfying(
            BringupException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION));
  }

  @Test
  void aFullDiskIsReportedOnceAndLosesNothing() {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.isWritable(full), "/dev/full is not there");
    var recording = Recording.withFile("b", clock, RecordingFile.onto(full, 0), problems::add);
    recording.append(bytes("first"));
    recording.append(bytes("second"));
    recording.close();
    assertThat(recording.text(0, 99)).isEqualTo("firstsecond");
    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
    assertThat(problems.getFirst()).hasMessageContaining("goes on in memory");
  }
}
