package dev.bringup.features;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Recording;
import dev.bringup.time.BoardClock;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Exit codes and messages of {@code ./bringup}, for wrong input and for a host that lacks
 * something.
 */
class CommandLineTest {
  private static final String BOARD = "qemu-virt";
  private static final String FIRMWARE_SET = "u-boot-qemu-debian12";

  @TempDir private Path folder;
  private Launcher bringup;

  @BeforeEach
  void launcher() {
    bringup = new Launcher(folder);
  }

  @Test
  void anUnknownVerbOrOptionNamesWhatIsMeant() {
    Launcher.Ended verb = bringup.run("bots").tells(2, "'bots'", "bringup boot");
    assertThat(verb.out()).isEmpty();
    bringup.run("boards", "--jsn").tells(2, "'--jsn'", "--json");
    bringup.run("boot", BOARD).tells(2, "--to");
  }

  @Test
  void anUnknownBoardNamesTheNearest() {
    bringup.run("boot", "qemu-vrt", "--to", "dom0").tells(2, "did you mean \"qemu-virt\"?");
  }

  @Test
  void aWrongKeyInABoardFileIsNamedWithItsPlace() throws IOException {
    Path boards = copyOfBoards();
    String good = Files.readString(boards.resolve("qemu-virt.yaml"));
    Path bad = boards.resolve("x.yaml");
    Files.writeString(bad, good + "console:\n  bauds: 9600\n");
    int line = (int) good.lines().count() + 2;
    String expected = bad + ":" + line + ":3: unknown key \"bauds\"; did you mean \"baud\"?";
    bringup.run("boards", "--boards", boards.toString()).tells(2, expected);
    bringup.run("boot", "x", "--to", "dom0", "--boards", boards.toString()).tells(2, expected);
    Launcher.Ended json = bringup.run("boards", "--json", "--boards", boards.toString());
    assertThat(json.code()).isEqualTo(2);
    assertThat(json(json.out()).get("problems").get(0).asString()).isEqualTo(expected);
  }

  @Test
  void aFeatureThatIsMissingMalformedOrFiltersToNothingIsRefused() throws IOException {
    bringup.run("run", "nowhere.feature").tells(2, "nowhere.feature: no such feature file");
    feature(
        "torn.feature",
        """
        Feature: torn
          Scenario: table
            Given a table
              | a | b |
              | a |
        """);
    bringup.run("run", "torn.feature").tells(2, "torn.feature:5:7: inconsistent cell count");
    feature(
        "one.feature", "Feature: one\n  Scenario: s\n    Given the board is at the bootloader\n");
    bringup.run("run", "one.feature", "--tags", "@none").tells(2, "no scenario", "@none");
  }

  @Test
  void anUndefinedStepIsNamedWithTheNearestOne() throws IOException {
    feature("u.feature", "Feature: u\n  Scenario: s\n    Given the bord is at the bootloader\n");
    Launcher.Ended ended = bringup.run("run", "u.feature");
    ended.tells(
        2,
        "u.feature:3: no step is defined as \"the bord is at the bootloader\"",
        "did you mean \"the board is at {stage}\"?");
  }

  @Test
  void aTextThatIsMissingBelowAStepOrOneTooManyIsAMistakeOfTheFeature() throws IOException {
    feature(
        "t.feature",
        """
        Feature: t
          Scenario: missing
            Given the file "x" is staged with the text:
          Scenario: one too many
            Given the board is switched off
              | a |
        """);
    bringup
        .run("run", "t.feature")
        .tells(2, "t.feature:3: \"the file \"x\" is staged with the text:\"", "defined with 2")
        .tells(2, "t.feature:5: \"the board is switched off\"", "defined with 0");
  }

  @Test
  void glueThatCannotHaveStepsIsRefused() throws IOException {
    feature("f.feature", "Feature: f\n  Scenario: s\n    Given the board is switched off\n");
    Path classes = Files.createDirectories(folder.resolve("classes/my"));
    Launcher.Ended none = bringup.run("run", "f.feature", "--glue", "classes");
    none.tells(2, "--glue classes: no class is there");
    bringup.run("run", "f.feature", "--glue", "my steps").tells(2, "--glue my steps: no such file");
    // As of a Java to come; the rest does not matter then.
    Files.writeString(
        classes.resolve("Steps.class"),
        "\u00ca\u00fe\u00ba\u00be\0\0\0\u00ffLio/cucumber/java/en/Given;",
        StandardCharsets.ISO_8859_1);
    bringup
        .run("run", "f.feature", "--glue", "classes")
        .tells(2, "--glue classes: my.Steps cannot be loaded: ");
  }

  @Test
  void theLocaleCHasNamesForAllFiles() throws IOException {
    Launcher c = bringup.with("LC_ALL", "C");
    try (var recording =
        Recording.toFile("b", BoardClock.system(), folder.resolve("u.rec"), problem -> {})) {
      recording.append("gr\u00fcn\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(c.run("replay", "u.rec").tells(0).out()).isEqualTo("gr\u00fcn\n");
    // By a shell, because this JVM may have no such name itself.
    c.through("sh", "-c", "exec \"$@\" --boards \"$(printf 'h\\303\\274lle')\"", "sh")
        .run("boards")
        .tells(2, "h\u00fclle: there is no such folder");
  }

  @Test
  void outputThatCannotBeWrittenIsNoSuccessAndAReaderThatHasEnoughIsOne() {
    Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "there is no /dev/full");
    Launcher full = bringup.through("sh", "-c", "exec \"$@\" >/dev/full", "sh");
    full.run("boards", "--json")
        .tells(3, "cannot write to standard output: No space left on device", "try: ");
    Launcher read = bringup.through("bash", "-c", "set -o pipefail; \"$@\" | head -c 1", "bash");
    assertThat(read.run("boards", "--json").tells(0).out()).isEqualTo("{");
  }

  @Test
  void packagesCanBeTakenFromAFolderBehindTheVerbToo() throws IOException {
    Files.createDirectory(folder.resolve("debs"));
    Launcher offline = offline("empty");
    offline
        .run("artifacts", "fetch", FIRMWARE_SET, "--from", "debs")
        .tells(3, "the folder debs has no package u-boot-qemu");
    offline
        .run("artifacts", "--from", "debs", "fetch", FIRMWARE_SET)
        .tells(3, "the folder debs has no package u-boot-qemu");
    offline.run("artifacts", "fetch", "--from", "none").tells(2, "none: no such folder");
    offline
        .run("artifacts", "fetch", "--boards", "none")
        .tells(2, "none: there is no such folder of board files");
  }

  @Test
  void anUnknownStageIsRefusedWithTheKnownOnes() {
    bringup.run("boot", BOARD, "--to", "nowhere").tells(2, "--to nowhere", "bootloader", "dom0");
  }

  @Test
  void imagesThatAreNoneAreSaidToBeSo() throws IOException {
    Files.write(folder.resolve("rubbish"), new byte[] {1, 2, 3});
    Launcher.Ended inspected = bringup.run("image", "inspect", "rubbish");
    inspected.tells(0);
    assertThat(inspected.out()).contains("kind: unknown").contains("problem: ");
    assertThat(bringup.run("image", "check", "rubbish").code()).isEqualTo(1);
    bringup.run("image", "inspect", "none").tells(2, "none: no such file");
    assertThat(json(bringup.run("image", "inspect", "--json", "rubbish").out()).isArray()).isTrue();
  }

  @Test
  void aTakenPortIsAnInfrastructureErrorAndAWrongAddressIsNot() throws IOException {
    try (var taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      bringup.run("tftp", "--root", ".", "--listen", address).tells(3, address, "try: ", "ss -");
    }
    bringup.run("tftp", "--root", ".", "--listen", "nonsense").tells(2, "--listen nonsense");
    bringup.run("tftp", "--root", "none", "--listen", "127.0.0.1:0").tells(2, "no such folder");
  }

  @Test
  void aTornRecordingIsShownAsFarAsItGoesAndADamagedOneIsRefused() throws IOException {
    Path whole = folder.resolve("whole.rec");
    try (var recording = Recording.toFile("b", BoardClock.system(), whole, problem -> {})) {
      recording.mark(ConsoleEvent.Mark.POWER_ON);
      recording.append("first line\n".getBytes(StandardCharsets.US_ASCII));
      recording.append("second line\n".getBytes(StandardCharsets.US_ASCII));
    }
    Launcher.Ended replayed = bringup.run("replay", "whole.rec");
    replayed.tells(0);
    assertThat(replayed.out()).isEqualTo("first line\nsecond line\n");

    byte[] bytes = Files.readAllBytes(whole);
    // The end's record has 17 bytes; this cuts into the one before it.
    Files.write(folder.resolve("torn.rec"), Arrays.copyOf(bytes, bytes.length - 20));
    Launcher.Ended torn = bringup.run("replay", "torn.rec");
    torn.tells(0, "incomplete");
    assertThat(torn.out()).isEqualTo("first line\n");

    byte[] damaged = bytes.clone();
    damaged[indexOf(bytes, "first")] ^= 1;
    Files.write(folder.resolve("damaged.rec"), damaged);
    bringup.run("replay", "damaged.rec").tells(2, "damaged.rec: at byte ", "checksum");
    bringup.run("replay", "none.rec").tells(2, "none.rec: no such file");
  }

  @Test
  void aRecordingPlaysInItsOwnTimeOrInAnother() throws IOException {
    Path file = folder.resolve("played.rec");
    try (var recording = Recording.toFile("b", BoardClock.system(), file, problem -> {})) {
      recording.append("\u001b[1mfirst\r\n".getBytes(StandardCharsets.US_ASCII));
      recording.append("second\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    Launcher.Ended played = bringup.run("replay", "--timing", "--speed", "2", "played.rec");
    played.tells(0);
    assertThat(played.out()).as("as it came").isEqualTo("\u001b[1mfirst\r\nsecond\r\n");
    bringup.run("replay", "--speed", "2", "played.rec").tells(2, "--speed goes with --timing");
    bringup
        .run("replay", "--timing", "--speed", "0", "played.rec")
        .tells(2, "--speed 0.0: must be");
    bringup.run("replay", "--timing", "played.rec", "f").tells(2, "--timing shows a recording");
    bringup.run("replay", "played.rec", "f").tells(2, "there is no board \"b\"");
  }

  @Test
  void aHostWithoutTheEmulatorIsToldHowToGetIt() throws IOException {
    RealParts.file(FIRMWARE_SET, "u-boot.bin");
    bringup
        .with("PATH", pathOfTheLauncher())
        .run("boot", BOARD, "--to", "bootloader")
        .tells(3, "qemu-system-aarch64 is not on the PATH", "try: run ./bringup doctor --install");
    assertThat(bringup.run("doctor").code()).isEqualTo(3);
  }

  @Test
  void aUserWithoutRootAptOrQemuRunsTheDemoOnTheBuiltInMachine()
      throws IOException, InterruptedException {
    Path image = RealParts.file("linux-debian12", "Image");
    RealParts.file(FIRMWARE_SET, "u-boot.bin");
    Path artifacts = folder.resolve("home/.cache/bringup/artifacts");
    Files.createDirectories(artifacts);
    Files.createSymbolicLink(artifacts.resolve("packages"), packagesOf(image));
    bringup
        .with("PATH", pathOfTheLauncher())
        .with("HOME", folder.resolve("home").toString())
        .with("XDG_CACHE_HOME", "");
    if (ended("sh", "-c", "[ $(id -u) = 0 ]")) {
      // Root of nothing but its own files: whoever asks who it is hears "nobody".
      Assumptions.assumeTrue(ended("unshare", "-U", "true"), "unshare cannot leave root");
      String unshare = program("unshare").toString();
      bringup.through(unshare, "-U");
    }
    Launcher.Ended ended = bringup.run("demo", "--board", "emu-virt", "--to", "kernel");
    ended.tells(0, "passed: U-Boot and Linux, over TFTP");
    assertThat(ended.err()).doesNotContain("apt").doesNotContain("qemu");
    assertThat(folder.resolve("target/bringup"))
        .isDirectoryRecursivelyContaining("glob:**/report.html");
  }

  @Test
  void theLauncherNeedsNoHome() {
    bringup.through("env", "-u", "HOME", "-u", "XDG_CACHE_HOME").run("--version").tells(0);
  }

  @Test
  void aFolderThatCannotBeWrittenIsAnInfrastructureError() throws IOException {
    feature(
        "one.feature", "Feature: one\n  Scenario: s\n    Given the board is at the bootloader\n");
    // /dev/full is no folder, also to root, for whom permissions do not count.
    bringup.run("run", "one.feature", "--output", "/dev/full/x").tells(3, "/dev/full/x", "try: ");
  }

  @Test
  void aFullDiskIsAnInfrastructureErrorAndDeviceFilesAreNotReplaced() {
    RealParts.assumeQemu();
    Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "there is no /dev/full");
    RealParts.file(FIRMWARE_SET, "u-boot.bin");
    bringup
        .run("boot", BOARD, "--to", "bootloader", "--record", "/dev/full")
        .tells(3, "/dev/full", "No space left", "try: ");
    assertThat(Path.of("/dev/full")).exists();
  }

  @Test
  void aDiskThatFillsUpUnderTheRecordingIsAnInfrastructureErrorAlthoughTheBootGoesOn()
      throws IOException, InterruptedException {
    RealParts.file(FIRMWARE_SET, "u-boot.bin");
    RealParts.file("linux-debian12", "Image");
    Path disk = Files.createDirectory(folder.resolve("disk"));
    String mount = "mount -t tmpfs -o size=4k tmpfs '" + disk + "' && ";
    Assumptions.assumeTrue(
        ended("unshare", "-rm", "sh", "-c", mount + "true"), "unshare cannot mount a small disk");
    bringup
        .through("unshare", "-rm", "sh", "-c", mount + "exec \"$@\"", "sh")
        .run("boot", "emu-virt", "--to", "kernel", "--record", disk.resolve("x.rec").toString())
        .tells(3, "kernel", "can no longer be written", "No space left", "try: free disk space");
  }

  @Test
  void withAptOfflineTheNextStepIsNamed() throws IOException {
    RealParts.assumeQemu();
    offline("empty")
        .run("boot", BOARD, "--to", "bootloader")
        .tells(3, "apt-get", "try: ", "--from DIR");
    offline("empty").run("artifacts", "fetch", FIRMWARE_SET).tells(3, "apt-get", "--from DIR");
  }

  @Test
  void withAptOfflineARunAsksItOnceAndEveryScenarioSaysWhy() throws IOException {
    feature(
        "three.feature",
        """
        Feature: three
          Scenario: one
            Given the board is at the bootloader
          Scenario: two
            Given the board is at the bootloader
          Scenario: three
            Given the boot set "linux-debian12" is staged
        """);
    Launcher.Ended ended = offline("empty").run("run", "three.feature", "--board", "emu-virt");
    ended.tells(3, "Could not resolve");
    assertThat(ended.err().lines().filter(line -> line.startsWith("infrastructure error: ")))
        .hasSize(3)
        .allMatch(line -> line.contains("apt-get cannot reach its sources"));
    assertThat(Files.readAllLines(folder.resolve("fake/log"))).hasSize(1);
  }

  @Test
  void aDamagedCacheIsFoundAndNotUsed() throws IOException {
    RealParts.assumeQemu();
    Path firmware = RealParts.file(FIRMWARE_SET, "u-boot.bin");
    Path packages = packagesOf(firmware);
    Path copy = folder.resolve("cache/bringup/artifacts/packages");
    copyTree(packages.resolve(packages.relativize(firmware).getName(0)), copy);
    Launcher offline = offline("cache");
    offline.run("artifacts", "verify").tells(0);

    Path copied = copy.resolve(packages.relativize(firmware));
    byte[] bytes = Files.readAllBytes(copied);
    bytes[bytes.length / 2] ^= 1;
    Files.delete(copied);
    Files.write(copied, bytes);
    offline.run("artifacts", "verify").tells(3, "u-boot", "try: ./bringup artifacts fetch");
    offline.run("boot", BOARD, "--to", "bootloader").tells(3, "apt-get", "try: ");
  }

  @Test
  void machineReadableOutputIsOneDocumentWithoutColours() {
    JsonNode boards = json(bringup.run("boards", "--json").out());
    assertThat(boards.get("boards").get(0).get("name").asString()).isNotEmpty();
    assertThat(json(bringup.run("artifacts", "list", "--json").out()).isArray()).isTrue();
    Launcher.Ended coloured = bringup.with("NO_COLOR", "1").run("boards", "--help");
    assertThat(coloured.out() + coloured.err()).doesNotContain("\u001b[");
    assertThat(coloured.code()).isZero();
  }

  @Test
  void aStackTraceIsShownOnlyToThoseWhoAsk() {
    bringup.run("boot", "none", "--to", "dom0").tells(2);
    assertThat(bringup.run("boot", "none", "--to", "dom0", "--debug").err()).contains("\tat ");
  }

  /** Whether a program can be run and ends well. */
  private static boolean ended(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private Launcher offline(String cache) throws IOException {
    Path fake = Files.createDirectories(folder.resolve("fake"));
    script(
        fake.resolve("apt-get"),
        "echo >>"
            + fake.resolve("log")
            + "; echo 'E: Failed to fetch: Could not resolve host' >&2; exit 100");
    return new Launcher(folder)
        .with("PATH", fake + ":" + System.getenv("PATH"))
        .with("XDG_CACHE_HOME", folder.resolve(cache).toString());
  }

  /** A PATH with what the launcher itself needs, and nothing else. */
  private String pathOfTheLauncher() throws IOException {
    Path programs = Files.createDirectory(folder.resolve("programs"));
    for (String each : List.of("bash", "dirname", "find", "readlink", "stty")) {
      script(programs.resolve(each), "exec " + program(each) + " \"$@\"");
    }
    return programs.toString();
  }

  private static Path program(String name) {
    return Stream.of("/usr/bin", "/bin")
        .map(place -> Path.of(place, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  /** The cache's folder of packages, in one of which {@code file} lies. */
  private static Path packagesOf(Path file) {
    Path packages = file;
    while (!packages.getFileName().toString().equals("packages")) {
      packages = requireNonNull(packages.getParent());
    }
    return packages;
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private void feature(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @Test
  void aQuarantinedBoardIsRefusedUntilItIsLifted() throws IOException {
    Path boards = copyOfBoards();
    Files.writeString(
        boards.resolve("desk.yaml"),
        """
        type: virt-arm64
        description: a board that is not there
        drivers:
          console: {driver: pty, path: /nowhere/uart}
          power: {driver: command}
        """);
    Path state = Files.createDirectories(folder.resolve("state/bringup/boards"));
    Files.writeString(
        state.resolve("desk.json"),
        """
        {"board": "desk", "state": "quarantined", "errorsInARow": 3,
         "since": "2026-11-26T02:00:00Z", "reason": "the wire was lost", "run": "20261126-020000"}
        """);
    feature("f.feature", "Feature: f\n  Scenario: s\n    When the board boots to firmware\n");
    bringup.with("XDG_STATE_HOME", folder.resolve("state").toString());
    bringup
        .run("run", "f.feature", "--board", "desk", "--boards", boards.toString())
        .tells(3, "board desk is quarantined since 2026-11-26T02:00:00Z, after 3 runs in a row")
        .tells(3, "the wire was lost", "./bringup doctor --board desk --lift");
    Launcher.Ended listed = bringup.run("boards", "--boards", boards.toString());
    assertThat(listed.out()).contains("health        quarantined since 2026-11-26T02:00:00Z");
  }

  @Test
  void anEmulatedBoardIsFitAndTheDoctorSaysSo() {
    Launcher.Ended doctor = bringup.run("doctor", "--board", "emu-virt", "--json").tells(0);
    assertThat(json(doctor.out()).get("fit").asBoolean()).isTrue();
    assertThat(json(doctor.out()).get("health").asString()).isEqualTo("healthy");
    bringup.run("doctor", "--lift").tells(2, "name it with --board");
    bringup.run("doctor", "--board", "emu-virt", "--force").tells(2, "--lift");
  }

  private Path copyOfBoards() throws IOException {
    copyTree(RealParts.root().resolve("boards"), folder);
    return folder.resolve("boards");
  }

  /** Copies {@code from} into the folder {@code into}, links as files. */
  private static void copyTree(Path from, Path into) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      List<Path> sorted = all.sorted(Comparator.naturalOrder()).toList();
      for (Path each : sorted) {
        Path to = into.resolve(requireNonNull(from.getParent()).relativize(each));
        if (Files.isDirectory(each)) {
          Files.createDirectories(to);
        } else {
          Files.copy(each, to);
        }
      }
    }
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  private static JsonNode json(String text) {
    return JsonMapper.builder().build().readTree(text);
  }
}
