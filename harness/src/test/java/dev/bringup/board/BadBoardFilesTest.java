package dev.bringup.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each mistake, and the very lines that people see for it. */
class BadBoardFilesTest {
  @TempDir Path folder;

  @BeforeEach
  void writeType() throws IOException {
    type(
        "base",
        """
        description: a board for tests
        architecture: arm64
        cpus: 1
        memory: 1 GiB
        memory-map: {ram: 0x40000000, script: 0x40200000, load: 0x40400000}
        machine: {engine: none}
        stages:
          firmware: {mark: {literal: U-Boot}, within: 20 s}
        """);
  }

  @Test
  void unknownKey() throws IOException {
    board(
        """
        # a comment
        type: base
        labels:
          xen: true

        console:
          bauds: 9600
        """);
    expect("x.yaml:7:3: unknown key \"bauds\"; did you mean \"baud\"?");
  }

  @Test
  void unknownKeyUnlikeAnyOther() throws IOException {
    board("type: base\nconsole: {colour: red}\n");
    expect("x.yaml:2:11: unknown key \"colour\"; known here: baud, typing, noise");
  }

  @Test
  void keyInTheWrongSpellingStyle() throws IOException {
    board("type: base\nmemoryMap: {}\n");
    expect("x.yaml:2:1: unknown key \"memoryMap\"; did you mean \"memory-map\"?");
  }

  @Test
  void keysWithSwappedLetters() throws IOException {
    board("tpye: base\n");
    expect("x.yaml:1:1: unknown key \"tpye\"; did you mean \"type\"?");
  }

  @Test
  void everyMistakeInTheOrderOfTheFile() throws IOException {
    board(
        """
        type: base
        memory: 2 GB
        cpus: two
        stages:
          dom0: {within: 5 minutes}
          dom1: {}
        architecture: arm65
        """);
    expect(
        "x.yaml:2:9: \"memory\": \"2 GB\" is ambiguous (giga is 1000 or 1024 based); write 2 GiB"
            + " for 2 x 1024^3 bytes",
        "x.yaml:3:7: \"cpus\" must be a whole number, not the text \"two\"",
        "x.yaml:5:18: \"stages.dom0.within\": \"5 minutes\" is not a duration; write a number and"
            + " ms, s, min or h, such as 120 s",
        "x.yaml:6:3: unknown key \"dom1\"; did you mean \"dom0\"?",
        "x.yaml:7:15: \"architecture\" cannot be \"arm65\"; did you mean \"arm64\"?");
  }

  @Test
  void listWhereAMapIsNeeded() throws IOException {
    board("type: base\nstages:\n  - firmware\n");
    expect("x.yaml:3:3: \"stages\" must be a map, not a list");
  }

  @Test
  void listAsTheWholeFile() throws IOException {
    board("- type: base\n");
    expect("x.yaml:1:1: the file must be a map, not a list");
  }

  @Test
  void emptyFile() throws IOException {
    board("");
    expect("x.yaml: is empty; a map of keys and values is needed");
  }

  @Test
  void onlyAComment() throws IOException {
    board("# nothing\n");
    expect("x.yaml: is empty; a map of keys and values is needed");
  }

  @Test
  void keyWithoutValue() throws IOException {
    board("type: base\nmemory:\ncpus: 2\n");
    expect("x.yaml:2:8: \"memory\" must be a size such as 768 MiB, not nothing");
  }

  @Test
  void numberWhereTextIsNeeded() throws IOException {
    board("type: base\ndescription: 2024\n");
    expect("x.yaml:2:14: \"description\" must be text, not the number 2024; put it in quotes");
  }

  @Test
  void tabIndentation() throws IOException {
    board("type: base\nconsole:\n\tbaud: 9600\n");
    expect("x.yaml:3:1: a tab stands here; YAML wants spaces for indentation");
  }

  @Test
  void duplicateKey() throws IOException {
    board("type: base\ncpus: 1\nmemory: 1 GiB\ncpus: 2\n");
    expect("x.yaml:4:1: duplicate key \"cpus\"; it already stands in line 2");
  }

  @Test
  void unclosedBracket() throws IOException {
    board("type: base\nlabels: {a: 1\n");
    expect(
        "x.yaml:3:1: not YAML: while parsing a flow mapping: expected ',' or '}', but got <stream"
            + " end>");
  }

  @Test
  void secondDocument() throws IOException {
    board("type: base\n---\ntype: base\n");
    expect("x.yaml:2:1: a second document begins; one file is one document");
  }

  @Test
  void anchorsBomb() throws IOException {
    board("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n");
    expect(
        "x.yaml:1:4: anchors and aliases (& and *) are not read here; write the value out or quote"
            + " it");
  }

  @Test
  void unquotedStar() throws IOException {
    board("type: base\nbootloader: {prompt: *}\n");
    expect("x.yaml:2:23: not YAML: while scanning an alias: unexpected character found }(125)");
  }

  @Test
  void tag() throws IOException {
    board("type: !!java.net.URL base\n");
    expect(
        "x.yaml:1:7: tags such as \"tag:yaml.org,2002:java.net.URL\" are not read here; quote the"
            + " value");
  }

  @Test
  void deepNesting() throws IOException {
    board("a: " + "[".repeat(5000));
    expect("x.yaml:1:36: nested deeper than 32 levels");
  }

  @Test
  void overLongFile() throws IOException {
    board("type: base\n#" + "x".repeat(300_000));
    expect("x.yaml: is too long; at most 256 KiB can be read");
  }

  @Test
  void binaryGarbage() throws IOException {
    Files.write(folder.resolve("x.yaml"), new byte[] {0x7f, 'E', 'L', 'F', (byte) 0xff, 0});
    expect("x.yaml: is not UTF-8 text");
  }

  @Test
  void controlCharacter() throws IOException {
    board("type: base\ncpus: \u0007\n");
    expect("x.yaml:2:7: the character U+0007 is not allowed in YAML");
  }

  @Test
  void missingKeysOfABoardWithoutType() throws IOException {
    board("description: alone\nmemory-map: {ram: 0x0}\ndrivers: {console: {port: x}}\n");
    expect(
        "x.yaml:1:1: missing key \"architecture\"",
        "x.yaml:1:1: missing key \"cpus\"",
        "x.yaml:1:1: missing key \"memory\"",
        "x.yaml:1:1: missing key \"stages\"",
        "x.yaml:2:1: missing key \"script\" in \"memory-map\"",
        "x.yaml:2:1: missing key \"load\" in \"memory-map\"",
        "x.yaml:3:11: missing key \"driver\" in \"drivers.console\"");
  }

  @Test
  void stageWithoutLimit() throws IOException {
    board("type: base\nstages:\n  dom0:\n    mark: {literal: init}\n");
    expect("x.yaml:3:3: missing key \"within\" in \"stages.dom0\"");
  }

  @Test
  void markOfTwoKinds() throws IOException {
    board("type: base\nstages: {dom0: {mark: {literal: a, regex: b}, within: 1 s}}\n");
    expect("x.yaml:2:17: \"stages.dom0.mark\" needs exactly one of literal, regex, prompt");
  }

  @Test
  void regexThatDoesNotCompile() throws IOException {
    board("type: base\nstages: {dom0: {mark: {regex: 'a(b'}, within: 1 s}}\n");
    expect(
        "x.yaml:2:31: \"stages.dom0.mark.regex\": \"a(b\" is not a usable regular expression:"
            + " Unclosed group at character 4");
  }

  @Test
  void regexThatAlwaysMatches() throws IOException {
    board("type: base\nconsole: {noise: ['x*']}\n");
    expect(
        "x.yaml:2:19: \"console.noise[0]\": \"x*\" is not a usable regular expression: it matches"
            + " the empty text, so always");
  }

  @Test
  void addressWithoutPrefix() throws IOException {
    board("type: base\nmemory-map: {load: 40400000}\n");
    expect(
        "x.yaml:2:20: \"memory-map.load\": \"40400000\" is not an address; write 0x and 1 to 16"
            + " hexadecimal digits, such as 0x40200000");
  }

  @Test
  void addressesOutsideRam() throws IOException {
    board("type: base\nmemory-map: {script: 0x80000000}\n");
    expect(
        "x.yaml:2:22: \"memory-map.script\" is 0x80000000, outside RAM (0x40000000 to 0x7fffffff)",
        "types/base.yaml:5:57: \"memory-map.load\" must lie above the boot script at 0x80000000, or"
            + " files overwrite it while it runs");
  }

  @Test
  void memoryInWrongUnit() throws IOException {
    board("type: base\nmemory: 2048\n");
    expect("x.yaml:2:9: \"memory\": 2048 is too small; at least 64 KiB");
  }

  @Test
  void badMacAddress() throws IOException {
    board("type: base\nnetwork: {load-command: tftpboot, mac: \"53:54:00:12:34\"}\n");
    expect(
        "x.yaml:2:40: \"network.mac\": \"53:54:00:12:34\" does not fit; right would be"
            + " 52:54:00:12:34:56");
  }

  @Test
  void badLabelName() throws IOException {
    board("type: base\nlabels: {Has Space: 1}\n");
    expect("x.yaml:2:10: a key in \"labels\": \"Has Space\" does not fit; right would be rack-3");
  }

  @Test
  void missingType() throws IOException {
    board("description: x\ntype: bsae\n");
    expect("x.yaml:2:7: unknown type \"bsae\"; did you mean \"base\"?");
  }

  @Test
  void typeOutsideTheFolder() throws IOException {
    board("type: ../../etc/passwd\n");
    expect("x.yaml:1:7: unknown type \"../../etc/passwd\"; there are: base");
  }

  @Test
  void noTypesAtAll() throws IOException {
    Files.delete(folder.resolve("types/base.yaml"));
    board("type: base\n");
    expect("x.yaml:1:7: unknown type \"base\"; there are no types in " + folder + "/types");
  }

  @Test
  void cyclicTypes() throws IOException {
    type("c", "type: a\n");
    type("a", "description: a\ntype: b\n");
    type("b", "type: a\n");
    board("type: b\n");
    expect("types/a.yaml:2:7: type \"a\" inherits from itself: a -> b -> a");
  }

  @Test
  void typeOfItself() throws IOException {
    type("a", "type: a\n");
    board("type: a\n");
    expect("types/a.yaml:1:7: type \"a\" inherits from itself: a -> a");
  }

  @Test
  void mistakeInATypeIsReportedOnceAndWhereItIs() throws IOException {
    type("base", "memory: much\n");
    board("type: base\n");
    Files.writeString(folder.resolve("y.yaml"), "type: base\n");
    expect(
        "types/base.yaml:1:9: \"memory\": \"much\" is not a size; write a whole number and B, KiB,"
            + " MiB or GiB, such as 768 MiB");
  }

  @Test
  void boardThatNothingCanDrive() throws IOException {
    type("base", Files.readString(folder.resolve("types/base.yaml")).replaceAll("machine:.*", ""));
    board("type: base\n");
    expect(
        "x.yaml:1:1: the board has neither \"machine\" nor \"drivers\", so nothing can drive it");
  }

  @Test
  void promptWithoutBootloader() throws IOException {
    board("type: base\nstages: {bootloader: {mark: {prompt: true}, within: 0 s}}\n");
    expect(
        "x.yaml:2:53: \"stages.bootloader.within\" must be above 0",
        "x.yaml:2:29: the prompt is not known; add \"bootloader\"");
  }

  @Test
  void faultsThatSayTooLittleOrTooMuch() throws IOException {
    board(
        """
        type: base
        faults:
          seed: soon
          serial:
            - {fault: lost}
            - {fault: lost, every: 0}
            - {fault: late, at: 5, direction: up}
            - {fault: bitten, at: 5}
          tftp:
            - {fault: lost, chance: 2 percent}
            - {fault: lost, chance: 1.5}
          power:
            - {at-console-bite: 3}
        """);
    expect(
        "x.yaml:3:9: \"faults.seed\" must be a whole number, not the text \"soon\"",
        "x.yaml:5:7: \"faults.serial[0]\" needs exactly one of at, every, chance",
        "x.yaml:6:28: \"faults.serial[1].every\": 0 is too small; at least 1",
        "x.yaml:7:39: \"faults.serial[2].direction\" cannot be \"up\"; it must be one of"
            + " from-board, to-board",
        "x.yaml:8:15: \"faults.serial[3].fault\" cannot be \"bitten\"; it must be one of lost,"
            + " doubled, flipped, late, port-gone",
        "x.yaml:10:29: \"faults.tftp[0].chance\" must be a number, not the text \"2 percent\"",
        "x.yaml:11:29: \"faults.tftp[1].chance\": 1.5 is too large; at most 1",
        "x.yaml:13:8: unknown key \"at-console-bite\"; did you mean \"at-console-byte\"?");
  }

  @Test
  void faultsWhoseSettingsDoNotBelongTogether() throws IOException {
    board(
        """
        type: base
        faults:
          serial:
            - {fault: late, at: 5}
            - {fault: port-gone, at: 5, direction: to-board, for: 3 s}
            - {fault: doubled, at: 0, bytes: 4}
          tftp:
            - {fault: cut, every: 5}
            - {fault: silent, every: 5}
          power:
            - {at-console-byte: 5, file: xen}
        """);
    expect(
        "x.yaml:4:15: the fault \"late\" needs \"by\", such as 200 ms",
        "x.yaml:5:33: the fault \"port-gone\" has no \"direction\"",
        "x.yaml:6:31: the fault \"doubled\" has no \"bytes\"",
        "x.yaml:6:28: bytes are counted from 1",
        "x.yaml:8:15: the fault \"cut\" needs \"bytes\", such as 100",
        "x.yaml:9:15: the fault \"silent\" needs \"at\", such as 100",
        "x.yaml:11:28: only \"at-tftp-block\" is of a file");
  }

  @Test
  void wrongFileNames() throws IOException {
    board("type: base\n");
    Files.writeString(folder.resolve("y.yml"), "type: base\n");
    Files.writeString(folder.resolve("My Board.yaml"), "type: base\n");
    expect(
        "My Board.yaml: a board's name has only a-z, 0-9, dots and dashes; rename the file",
        "y.yml: board files end in .yaml; rename it");
  }

  @Test
  void folderNamedLikeABoard() throws IOException {
    Files.createDirectory(folder.resolve("x.yaml"));
    expect("x.yaml: is a folder, not a file");
  }

  private void board(String yaml) throws IOException {
    Files.writeString(folder.resolve("x.yaml"), yaml, StandardCharsets.UTF_8);
  }

  private void type(String name, String yaml) throws IOException {
    Path types = Files.createDirectories(folder.resolve("types"));
    Files.writeString(types.resolve(name + ".yaml"), yaml);
  }

  private void expect(String... lines) {
    assertThat(BoardCatalog.load(folder).problems().stream().map(p -> p.toString()))
        .map(line -> line.startsWith(folder + "/") ? line.substring((folder + "/").length()) : line)
        .containsExactly(lines);
  }
}
