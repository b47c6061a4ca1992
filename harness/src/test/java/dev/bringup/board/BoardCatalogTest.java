package dev.bringup.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bringup.fault.Fault;
import dev.bringup.fault.FaultPlan;
import dev.bringup.units.ByteSize;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardCatalogTest {
  @TempDir Path folder;

  @BeforeEach
  void writeTypes() throws IOException {
    Files.createDirectory(folder.resolve("types"));
    write(
        "types/base.yaml",
        """
        description: the base
        architecture: arm64
        cpus: 1
        memory: 1 GiB
        memory-map: {ram: 0x40000000, script: 0x40200000, load: 0x40400000}
        stages:
          hypervisor: {mark: {literal: Xen}, within: 60 s}
          firmware: {mark: {literal: U-Boot}, within: 20 s}
        bad-patterns:
          panic: {literal: panic, verdict: product failure, reason: it panicked}
        labels: {kind: base, level: 1}
        """);
    write("types/big.yaml", "type: base\nmemory: 4 GiB\nlabels: {kind: big}\n");
  }

  @Test
  void boardsInheritThroughTheirTypes() throws IOException {
    write(
        "desk.yaml",
        """
        type: big
        cpus: 4
        labels: {rack: 7}
        stages:
          firmware: {within: 5 s}
        bad-patterns:
          smoke: {regex: 'sm[o0]ke', verdict: unknown, reason: it smells, during: [firmware]}
        drivers:
          console: {driver: serial, port: /dev/ttyUSB0}
          power: {driver: command, on: [relay, on], off: [relay, off]}
        """);

    BoardFile board = BoardCatalog.load(folder).board("desk");

    assertThat(board.name()).isEqualTo("desk");
    assertThat(board.path()).isEqualTo(folder.resolve("desk.yaml"));
    assertThat(board.type()).isEqualTo("big");
    assertThat(board.description()).isEqualTo("the base");
    assertThat(board.cpus()).isEqualTo(4);
    assertThat(board.memory()).isEqualTo(ByteSize.parse("4 GiB"));
    assertThat(board.labels())
        .containsOnly(Map.entry("kind", "big"), Map.entry("level", "1"), Map.entry("rack", "7"));
    assertThat(board.stages().values())
        .containsExactly(
            new BoardFile.Stage(
                BootStage.FIRMWARE, new Mark.Literal("U-Boot"), Duration.ofSeconds(5)),
            new BoardFile.Stage(
                BootStage.HYPERVISOR, new Mark.Literal("Xen"), Duration.ofSeconds(60)));
    assertThat(board.badPatterns())
        .extracting(BoardFile.BadPattern::name)
        .containsExactly("panic", "smoke");
    assertThat(board.badPatterns().getFirst().during()).isEqualTo(EnumSet.allOf(BootStage.class));
    assertThat(board.badPatterns().getLast().during()).containsExactly(BootStage.FIRMWARE);
    assertThat(board.machine()).isNull();
    assertThat(board.drivers().keySet()).containsExactly("console", "power");
    BoardFile.Driver power = board.require(board.drivers().get("power"), "drivers.power");
    assertThat(power.driver()).isEqualTo("command");
    assertThat(power.settings().get("on").texts()).containsExactly("relay", "on");
    assertThat(power.settings().keyAt("off")).hasToString(folder.resolve("desk.yaml") + ":10:45");
    assertThat(board.console().baud()).isEqualTo(115_200);
    assertThat(board.console().typingPiece()).isEqualTo(16);
    assertThat(board.console().typingDelay()).isZero();
  }

  @Test
  void faultsAreReadInTheOrderOfTheFileAndTheirSeedCanBeReplaced() throws IOException {
    write(
        "shaky.yaml",
        """
        type: base
        machine: {engine: none}
        faults:
          seed: 7
          serial:
            - {fault: lost, at: 300, bytes: 20}
            - {fault: doubled, every: 97, direction: to-board}
            - {fault: late, chance: 0.01, by: 200 ms}
            - {fault: port-gone, at: 2000, for: 3 s}
          tftp:
            - {fault: lost, every: 10}
            - {fault: cut, at: 0, bytes: 3, file: xen}
            - {fault: silent, at: 100, file: xen}
          power:
            - {at-console-byte: 3000}
            - {at-tftp-block: 5, file: Image}
        """);
    write("calm.yaml", "type: base\nmachine: {engine: none}\n");
    BoardCatalog catalog = BoardCatalog.load(folder);
    BoardFile shaky = catalog.board("shaky");
    assertThat(shaky.faults().seed()).isEqualTo(7);
    assertThat(shaky.faults().faults())
        .extracting(Fault::words)
        .containsExactly(
            "byte 300 from the board since power-on: lost, 20 in a row",
            "every 97th byte that is typed: doubled",
            "1 % of the bytes from the board: late by 200 ms",
            "byte 2000 from the board since power-on: the port gone for 3 s",
            "TFTP, every 10th packet: lost",
            "TFTP, block 0 of \"xen\": cut to 3 bytes",
            "TFTP, block 100 of \"xen\": the server falls silent",
            "byte 3000 from the board since power-on: power cut",
            "TFTP, block 5 of \"Image\": power cut");
    assertThat(shaky.withFaultsSeed(8).faults())
        .isEqualTo(new FaultPlan(8, shaky.faults().faults()));
    BoardFile calm = catalog.board("calm");
    assertThat(calm.faults()).isEqualTo(FaultPlan.NONE);
    assertThatExceptionOfType(BringupException.class)
        .isThrownBy(() -> calm.withFaultsSeed(8))
        .withMessage(
            folder.resolve("calm.yaml")
                + ": board calm has no \"faults\" that a seed could matter to");
  }

  @Test
  void oneBadFileDoesNotHideTheOthers() throws IOException {
    write("good.yaml", "type: base\nmachine: {engine: none}\n");
    write("worse.yaml", "type: base\nmachine: {engine: none}\ncpu: 2\nmemory: lots\n");

    BoardCatalog catalog = BoardCatalog.load(folder);

    assertThat(catalog.boards()).extracting(BoardFile::name).containsExactly("good");
    assertThat(catalog.problems()).hasSize(2);
    assertThatExceptionOfType(BringupException.class)
        .isThrownBy(() -> catalog.board("worse"))
        .withMessageContaining("worse.yaml:3:1: unknown key \"cpu\"; did you mean \"cpus\"?")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
        .satisfies(e ->
            assertThat(e.hint())
                .hasValueSatisfying(h -> assertThat(h).contains("worse.yaml:4:9: ")));
  }

  @Test
  void boardsThatDoNotExistAreGuessed() throws IOException {
    write("qemu-virt.yaml", "type: base\nmachine: {engine: none}\n");
    BoardCatalog catalog = BoardCatalog.load(folder);

    assertThatExceptionOfType(BringupException.class)
        .isThrownBy(() -> catalog.board("qemu-vrit"))
        .withMessage(folder + ": there is no board \"qemu-vrit\"; did you mean \"qemu-virt\"?");
    assertThatExceptionOfType(BringupException.class)
        .isThrownBy(() -> catalog.board("rpi4"))
        .withMessage(folder + ": there is no board \"rpi4\"; there are: qemu-virt");
  }

  @Test
  void sectionsThatABoardLacksAreNamed() throws IOException {
    write("x.yaml", "type: base\nmachine: {engine: none}\n");
    BoardFile board = BoardCatalog.load(folder).board("x");

    assertThatExceptionOfType(BringupException.class)
        .isThrownBy(() -> board.require(board.xen(), "xen"))
        .withMessage(folder.resolve("x.yaml") + ": board x has no \"xen\", which is needed here");
  }

  @Test
  void aFolderThatDoesNotExistIsAConfigurationError() {
    Path missing = folder.resolve("none");
    assertThatExceptionOfType(BringupException.class)
        .isThrownBy(() -> BoardCatalog.load(missing))
        .withMessage(missing + ": there is no such folder of board files")
        .matches(e -> e.kind() == FailureKind.CONFIGURATION && e.hint().isPresent());
  }

  @Test
  void aFolderWithoutBoardsOrTypesIsEmpty() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));

    BoardCatalog catalog = BoardCatalog.load(empty);

    assertThat(catalog.boards()).isEmpty();
    assertThat(catalog.problems()).isEmpty();
  }

  private void write(String name, String yaml) throws IOException {
    Files.writeString(folder.resolve(name), yaml);
  }
}
