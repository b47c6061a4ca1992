package dev.bringup.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootScriptTest {
  private static final long MIB = 1 << 20;
  private static final MemoryMap MEMORY =
      new MemoryMap(0x4000_0000L, 2048 * MIB, 0x4020_0000L, 0x4040_0000L);
  private static final TreeSource FIRMWARE = new TreeSource.Firmware(0x4000_0000L, MIB);
  private static final BootFile XEN = new BootFile("xen", 983_048, 1_269_960);
  private static final BootFile KERNEL = new BootFile("vmlinuz", 4 * MIB - 1, 5 * MIB);
  private static final BootFile RAMDISK = BootFile.plain("dom0.cpio.gz", 2 * MIB);
  private static final BootFile GUEST_RAMDISK = BootFile.plain("guest.cpio.gz", 2 * MIB + 1);
  private static final DeviceTreeEdit EDIT =
      DeviceTreeEdit.text("/pl061@9030000", "status", "disabled", "the board's pl061 traps");

  /**
   * U-Boot's commands as shell functions: each says that it ran and fails if its number among all
   * that ran is {@code FAIL}. Loads set the size that {@code SIZES} names.
   */
  private static final String COMMANDS =
      """
      n=0
      ran() { n=$((n + 1)); echo "RAN $n $*"; test "$n" != "$FAIL"; }
      setenv() { name=$1; shift; eval "$name=\\$*"; }
      tftpboot() { filesize=$(sed -n "s/^$2 //p" sizes); ran tftpboot "$@"; }
      itest() { test $(($1)) -eq $(($3)); }
      fdt() { ran fdt "$@"; }
      booti() { ran booti "$@"; }
      """;

  @TempDir private Path dir;

  private static XenBootScript.Plan plan(
      @Nullable String xenArguments, TreeSource tree, DeviceTreeEdit edit) {
    return new XenBootScript.Plan(
        MEMORY,
        tree,
        List.of(),
        List.of(edit),
        "tftpboot",
        XEN,
        xenArguments,
        new XenBootScript.Dom0(KERNEL, RAMDISK, "console=hvc0 rdinit=/init"),
        List.of(
            new XenBootScript.Guest(
                "guest1", KERNEL, GUEST_RAMDISK, 262_144, 1, true, true, "console=ttyAMA0"),
            new XenBootScript.Guest("guest2", KERNEL, null, 5L << 32, 2, false, false, null)));
  }

  private static BootScript script() {
    return XenBootScript.write(plan("console=dtuart dom0_mem=768M", FIRMWARE, EDIT));
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BringupException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
        .hasMessageContaining(message);
  }

  @Test
  void filesLieAtTheNextFreeBoundaryByTheMemoryThatTheyUse() {
    assertThat(script().layout().placements())
        .extracting(BootLayout.Placement::name, BootLayout.Placement::address)
        .containsExactly(
            tuple("vmlinuz", 0x4040_0000L),
            tuple("dom0.cpio.gz", 0x40a0_0000L),
            tuple("guest.cpio.gz", 0x40c0_0000L),
            tuple("xen", 0x4100_0000L),
            tuple(BootLayout.FIRMWARE_TREE, 0x4120_0000L));
  }

  @Test
  void nothingIsPutOverTheScriptOrTheFirmwaresTree() {
    MemoryMap low = new MemoryMap(0, 512 * MIB, 8 * MIB, 4 * MIB);
    TreeSource tree = new TreeSource.Firmware(13 * MIB + 0x2f00, 64 << 10);
    BootLayout layout = BootLayout.of(low, List.of(KERNEL, RAMDISK), tree);

    assertThat(layout.at("vmlinuz").address()).isEqualTo(14 * MIB);
    assertThat(layout.at("dom0.cpio.gz").address()).isEqualTo(20 * MIB);
  }

  @Test
  void aFileThatDoesNotFitIsNamed() {
    MemoryMap small = new MemoryMap(0x4000_0000L, 128 * MIB, 0x4020_0000L, 0x4040_0000L);
    BootFile big = BootFile.plain("big.cpio", 56 * MIB);
    refused(
        () -> BootLayout.of(small, List.of(KERNEL, big), FIRMWARE),
        "big.cpio does not fit into memory: it needs 58720256 bytes at 0x40a00000, and what can be"
            + " used ends at 0x44000000");
    refused(
        () -> BootLayout.of(MEMORY, List.of(KERNEL, BootFile.plain("vmlinuz", 1)), FIRMWARE),
        "two different boot files are named vmlinuz");
    refused(() -> new MemoryMap(0x4000_0000L, 128 * MIB, 0, 0x4040_0000L), "script address 0x0");
  }

  @Test
  void noNameIsLongerThanUBootAsksFor() {
    assertThat(BootFile.plain("n".repeat(127), 1).name()).hasSize(127);
    refused(() -> BootFile.plain("n".repeat(128), 1), "a name of 1 to 127 letters");
  }

  @Test
  void anImagesMemoryComesFromItsHeader() {
    assertThat(BootFile.of("Image", Arm64ImageTest.linux(100_000)))
        .isEqualTo(new BootFile("Image", 100_000, 0x0201_0000));
    assertThat(BootFile.of("a.cpio", new byte[10])).isEqualTo(BootFile.plain("a.cpio", 10));
    refused(() -> BootFile.of("empty", new byte[0]), "must not be empty");
    refused(() -> BootFile.plain("a;reset", 10), "boot file \"a;reset\"");
  }

  @Test
  void theBeginningOfAFileIsEnoughToPlaceIt() {
    for (byte[] content :
        List.of(
            Arm64ImageTest.linux(100_000),
            Arm64ImageTest.xen(100_000),
            new byte[64],
            new byte[3])) {
      byte[] beginning = Arrays.copyOf(content, Math.min(content.length, BootFile.BEGINNING));
      assertThat(BootFile.of("x", beginning, content.length)).isEqualTo(BootFile.of("x", content));
    }
  }

  @Test
  void theDeviceTreeDescribesEachDomain() {
    String text = script().text();

    assertThat(text)
        .contains("fdt set /chosen xen,xen-bootargs 'console=dtuart dom0_mem=768M'")
        .contains("fdt set /chosen xen,dom0-bootargs 'console=hvc0 rdinit=/init'")
        .contains("fdt set /chosen '#address-cells' '<0x2>'")
        .contains("fdt set /chosen/module@40400000 compatible multiboot,kernel multiboot,module")
        .contains("fdt set /chosen/module@40400000 reg '<0x0 0x40400000 0x0 0x3fffff>'")
        .contains("fdt set /chosen/guest1 memory '<0x0 0x40000>'")
        .contains("fdt set /chosen/guest1 vpl011;")
        .contains("fdt set /chosen/guest1 xen,enhanced enabled")
        .contains("fdt set /chosen/guest1/module@40400000 bootargs 'console=ttyAMA0'")
        .contains("fdt set /chosen/guest2 memory '<0x5 0x0>'")
        .contains("fdt set /chosen/guest2 cpus '<0x2>'")
        .doesNotContain("/chosen/guest2 vpl011", "/chosen/guest2 xen,enhanced")
        .contains("booti 0x41000000 - 0x41200000");
    // U-Boot puts new nodes first, and Xen counts from the first.
    assertThat(text.indexOf("mknode /chosen guest2")).isLessThan(text.indexOf("/chosen guest1"));
  }

  @Test
  void whatIsNotAskedForIsLeftOut() {
    assertThat(XenBootScript.write(plan(null, FIRMWARE, EDIT)).text())
        .doesNotContain("xen,xen-bootargs");
    String guestsOnly =
        XenBootScript.write(
                new XenBootScript.Plan(
                    MEMORY,
                    FIRMWARE,
                    List.of(),
                    List.of(),
                    "load mmc 0:1",
                    XEN,
                    "a",
                    null,
                    List.of()))
            .text();
    assertThat(guestsOnly)
        .contains("if load mmc 0:1 0x40400000 xen; then")
        .doesNotContain("dom0", "multiboot");
  }

  @Test
  void aGoodRunStartsXenAfterEverythingIsInPlace() throws IOException, InterruptedException {
    Peer.Result run = run(script(), 0, "");

    assertThat(run.output())
        .contains("BRINGUP: loaded vmlinuz\n", "BRINGUP: loaded xen\n")
        .contains(
            """
            BRINGUP: edit /pl061@9030000 status = disabled (the board's pl061 traps)
            RAN 7 fdt set /pl061@9030000 status disabled
            """)
        .containsPattern("BRINGUP: starting xen\nRAN \\d+ booti 0x41000000 - 0x41200000\n")
        .doesNotContain("failed");
    assertThat(script().text().lines().filter(l -> l.contains("tftpboot"))).hasSize(4);
  }

  @Test
  void whicheverCommandFailsNothingRunsAfterIt() throws IOException, InterruptedException {
    int commands =
        (int) run(script(), 0, "").output().lines().filter(l -> l.startsWith("RAN")).count();
    assertThat(commands).isGreaterThan(30);
    for (int fail = 1; fail <= commands; fail++) {
      Peer.Result run = run(script(), fail, "");
      List<String> lines = run.output().lines().toList();
      assertThat(lines.stream().filter(l -> l.startsWith("RAN"))).hasSize(fail);
      assertThat(lines.getLast()).isEqualTo(BootScript.STOPPED);
      assertThat(lines.get(lines.size() - 2))
          .as(lines.get(lines.size() - 3))
          .startsWith(BootScript.MARK)
          .containsPattern("failed$|xen did not start$");
      assertThat(run.exitCode()).isNotZero();
    }
    assertThat(run(script(), 2, "").output())
        .contains("BRINGUP: load of dom0.cpio.gz failed\nBRINGUP: stopped\n");
  }

  @Test
  void aFileOfAnotherSizeStopsTheScript() throws IOException, InterruptedException {
    Peer.Result run = run(script(), 0, "xen f0007\n");

    assertThat(run.output())
        .endsWith("BRINGUP: xen has 0xf0007 bytes, expected 0xf0008\nBRINGUP: stopped\n")
        .doesNotContain("fdt", "booti");
  }

  @Test
  void anEditOfANodeThatMayBeMissingIsSkippedVisibly() throws IOException, InterruptedException {
    BootScript script = XenBootScript.write(plan("a", FIRMWARE, EDIT.ifPresent()));

    assertThat(run(script, 7, "").output())
        .contains("RAN 7 fdt get size bringup_node /pl061@9030000\nBRINGUP: no node /pl061@9030000")
        .doesNotContain("fdt set /pl061@9030000")
        .contains("booti");
    assertThat(run(script, 0, "").output()).contains("fdt set /pl061@9030000 status disabled");
  }

  @Test
  void aStagedTreeIsLoadedAndGetsRoom() throws IOException, InterruptedException {
    TreeSource staged = new TreeSource.Staged(BootFile.plain("board.dtb", 7736));
    BootScript script = XenBootScript.write(plan("a", staged, EDIT));

    assertThat(script.layout().at("board.dtb").reserved()).isEqualTo(7736 + 65536);
    assertThat(run(script, 0, "board.dtb 1e38\n").output())
        .contains("tftpboot 0x41200000 board.dtb", "fdt addr 0x41200000", "fdt resize 0xf000")
        .doesNotContain("fdt move");
  }

  @Test
  void linuxStartsWithItsRamdiskAndItsSize() throws IOException, InterruptedException {
    BootScript script =
        LinuxBootScript.write(
            new LinuxBootScript.Plan(
                MEMORY, FIRMWARE, List.of(), "tftpboot", KERNEL, RAMDISK, "a='x y' b=\"$z\""));

    assertThat(run(script, 0, "").output())
        .contains("fdt set /chosen bootargs a='x y' b=\"$z\"\n")
        .contains("booti 0x40400000 0x40a00000:200000 0x40c00000\n");
  }

  @Test
  void textIsQuotedAsUBootsShellReadsIt() {
    assertThat(UBootShell.word("t", "dom0_mem,x=1")).isEqualTo("'dom0_mem,x=1'");
    assertThat(UBootShell.word("t", "plain,word@1")).isEqualTo("plain,word@1");
    assertThat(UBootShell.word("t", "")).isEqualTo("''");
    assertThat(UBootShell.word("t", "a;b $c \"d\" #e")).isEqualTo("'a;b $c \"d\" #e'");
    assertThat(UBootShell.word("t", "it's")).isEqualTo("'it'\\''s'");
    assertThat(UBootShell.word("t", "a\\b")).isEqualTo("'a\\\\b'");
  }

  @Test
  void textThatUBootCannotExpressIsRefused() {
    refused(() -> UBootShell.word("xen line", "a\nb"), "xen line: character 2 (U+000A)");
    refused(() -> UBootShell.word("xen line", "ä"), "U+00E4");
    refused(() -> XenBootScript.write(plan("<1>", FIRMWARE, EDIT)), "begins with < or [");
    refused(
        () -> XenBootScript.write(plan("x".repeat(1024), FIRMWARE, EDIT)),
        "/chosen xen,xen-bootargs: 1025 bytes");
    assertThat(XenBootScript.write(plan("x".repeat(1023), FIRMWARE, EDIT)).text())
        .contains("x".repeat(1023));
  }

  @Test
  void equalPlansGiveEqualImages() {
    byte[] image = script().image(Instant.EPOCH).encode();

    assertThat(script().image(Instant.EPOCH).encode()).isEqualTo(image);
    assertThat(UImage.read(image).scriptText()).isEqualTo(script().text());
  }

  private Peer.Result run(BootScript script, int fail, String sizes)
      throws IOException, InterruptedException {
    String all = sizes;
    for (BootFile file : List.of(XEN, KERNEL, RAMDISK, GUEST_RAMDISK)) {
      if (!sizes.startsWith(file.name() + " ")) {
        all += "%s %x\n".formatted(file.name(), file.size());
      }
    }
    Files.writeString(dir.resolve("sizes"), all);
    Files.writeString(dir.resolve("script"), COMMANDS + script.text());
    return Peer.execute(dir, Map.of("FAIL", String.valueOf(fail)), "sh", "script");
  }
}
