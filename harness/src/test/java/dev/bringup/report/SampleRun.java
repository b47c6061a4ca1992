package dev.bringup.report;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import dev.bringup.verdict.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A night's run as it might be: 60 scenarios, three of them failed, each with another verdict. */
final class SampleRun {
  static final Instant START = Instant.parse("2026-11-21T01:10:55Z");

  private static final List<List<String>> FEATURES =
      List.of(
          List.of(
              "U-Boot prompt",
              "features/uboot/prompt.feature",
              "the prompt answers|a variable keeps its value|a script runs to its end|an unset"
                  + " variable is empty|printenv lists what was set|a long command is typed whole|"
                  + "Ctrl-C stops a running command|the version is at least 2023.01|run follows"
                  + " nested variables|reset starts the board again"),
          List.of(
              "Files over TFTP",
              "features/tftp/transfer.feature",
              "dhcp tells next-server and boot file|a small file arrives|an empty file arrives|a"
                  + " missing file is refused at once|a file of exactly one block arrives|a large"
                  + " file passes the block wrap|a window of 8 blocks|a lost block is sent again|a"
                  + " duplicate acknowledgement changes nothing|a path out of the root is"
                  + " refused|the checksum on the board is the one on the host|two boards fetch at"
                  + " once"),
          List.of(
              "Xen on U-Boot over TFTP",
              "features/xen/boot.feature",
              "dom0 gets the memory that it was promised|a guest starts from dom0|Xen reports its"
                  + " version|every staged file is sent exactly once|dom0 sees one virtual CPU|the"
                  + " boot script sets the module sizes|Xen finds two CPUs|the guest console can be"
                  + " attached|xl list shows dom0 and the guest|xl destroy takes the guest away|a"
                  + " guest can be started again|dom0 shuts down cleanly|a dom0less guest runs"
                  + " beside dom0|dom0 and the dom0less guest both answer|typing reaches the"
                  + " dom0less guest|a script of ImageBuilder boots as well"),
          List.of(
              "Faults are recognised",
              "features/xen/faults.feature",
              "Xen is missing on the server|dom0 has no kernel|dom0 asks for more memory than there"
                  + " is|a guest asks for more memory than there is|no dom0 memory is given|the"
                  + " pl061 is left enabled|an unexpected reset ends the scenario|a panic ends the"
                  + " scenario within one second|a silent board is not called broken|a second"
                  + " banner is a failure"),
          List.of(
              "The board starts afresh",
              "features/board/power.feature",
              "power off leaves nothing running|power on twice is once|the console begins before"
                  + " power-on|nothing of an earlier boot is matched|a restart is seen as a"
                  + " restart|off is off|the recording survives|a cycle keeps the offsets|the board"
                  + " is left off|storage is unchanged|a snapshot comes back|USB power can be"
                  + " cut"));

  private SampleRun() {}

  /** Writes the run below the given folder, to look at it. */
  public static void main(String[] args) {
    RunReport run = run();
    RunFolder folder = new RunFolder(Path.of(args[0]));
    folder.write(run);
    System.out.print(RunSummary.text(run, folder.path(), true));
    System.out.print(TimelineText.text(boot(1)));
  }

  static RunReport run() {
    List<ScenarioReport> scenarios = new ArrayList<>();
    Instant at = START;
    for (List<String> feature : FEATURES) {
      int line = 6;
      for (String name : feature.get(2).split("\\|")) {
        ScenarioReport scenario = scenario(feature, name, line, at, scenarios.size());
        scenarios.add(scenario);
        at = at.plus(scenario.duration());
        line += 7;
      }
    }
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("bringup", "0.1.0");
    environment.put("java", "OpenJDK 25.0.1, 64-bit server VM");
    environment.put("os", "Linux 6.1.0-41-amd64, Debian GNU/Linux 12");
    environment.put("qemu", "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)");
    environment.put(
        "boot set xen-debian12",
        "u-boot-qemu 2023.01+dfsg-2, xen-hypervisor-4.17-arm64 4.17.5, linux-image-6.1.0-41-cloud-"
            + "arm64 6.1.158-1, busybox-static 1:1.35.0-4");
    return new RunReport(
        "20261121-011055",
        START,
        Duration.between(START, at).plusMillis(900),
        "./bringup run features --board qemu-virt",
        false,
        environment,
        List.of(
            new RunReport.BoardReport(
                "qemu-virt", "qemu-system-aarch64 virt, GICv2, 2 CPUs, 2 GiB, EL2")),
        scenarios);
  }

  static ScenarioReport scenario(
      List<String> feature, String name, int line, Instant start, int number) {
    Outcome outcome =
        switch (name) {
          case "dom0 gets the memory that it was promised" ->
              new Outcome.Failed(
                  Verdict.PRODUCT_FAILURE,
                  FailureKind.PRODUCT,
                  "Xen panicked on CPU 0: Failed to allocate requested dom0 memory. 2156MB"
                      + " unallocated",
                  "dom0_mem in the boot set asks for more than the board's 2 GiB; lower it or"
                      + " choose a larger board");
          case "a large file passes the block wrap" ->
              Outcome.failed(
                  BringupException.infrastructure(
                      "the TFTP server could not read Image-large: No space left on device",
                      "free some space below the cache folder; ./bringup doctor shows how much is"
                          + " needed"));
          case "a silent board is not called broken" ->
              new Outcome.Failed(
                  Verdict.UNKNOWN,
                  FailureKind.BUG,
                  "no byte on the console for 30.0 s after power-on and nothing else tells why",
                  null);
          case "USB power can be cut", "a snapshot comes back", "storage is unchanged" ->
              new Outcome.Skipped("board qemu-virt has no " + "capability UsbPort");
          default -> new Outcome.Passed();
        };
    boolean xen = feature.get(1).contains("/xen/");
    Duration took = Duration.ofMillis(xen ? 24_300 + number * 37L : 1900 + number * 53L);
    Evidence evidence =
        switch (outcome) {
          case Outcome.Skipped _ -> Evidence.NONE;
          case Outcome.Passed _ ->
              new Evidence(
                  xen ? "guest" : "bootloader",
                  "on",
                  ConsoleExcerpt.NONE,
                  xen ? boot(number) : boot(number).subList(0, 2),
                  xen ? transfers(null) : List.of(),
                  List.of());
          case Outcome.Failed failed -> failed(failed, number);
        };
    return new ScenarioReport(
        feature.get(1).replaceAll(".*/|\\.feature", "") + "-" + line,
        feature.get(1),
        feature.get(0),
        name.contains("guest") ? "Guests" : null,
        name,
        line,
        xen ? List.of("@xen", "@tftp") : List.of(),
        "qemu-virt",
        outcome,
        start,
        outcome instanceof Outcome.Skipped ? Duration.ZERO : took,
        outcome instanceof Outcome.Skipped ? List.of() : steps(outcome),
        evidence);
  }

  /** One boot to a guest, every number a little different. */
  static List<StageSpan> boot(int number) {
    double[] seconds = {0.6, 2.1, 5.3, 8.0, 6.2};
    int[] limits = {5, 10, 30, 60, 30};
    List<String> names = List.of("firmware", "bootloader", "hypervisor", "dom0", "guest");
    List<StageSpan> spans = new ArrayList<>();
    long at = 0;
    for (int i = 0; i < names.size(); i++) {
      long millis = Math.round(seconds[i] * (1000 + number * 7 % 90));
      spans.add(
          new StageSpan(
              1,
              names.get(i),
              Duration.ofMillis(at),
              Duration.ofMillis(millis),
              Duration.ofSeconds(limits[i]),
              true));
      at += millis;
    }
    return spans;
  }

  private static Evidence failed(Outcome.Failed failed, int number) {
    return switch (failed.verdict()) {
      case PRODUCT_FAILURE -> {
        List<StageSpan> spans = new ArrayList<>(boot(number).subList(0, 3));
        spans.add(
            new StageSpan(
                1,
                "dom0",
                spans.getLast().end(),
                Duration.ofMillis(410),
                Duration.ofSeconds(60),
                false));
        yield new Evidence(
            "hypervisor",
            "on",
            panic(),
            spans,
            transfers(null),
            List.of("power was left on for 5 s after the panic, then cut"));
      }
      case INFRASTRUCTURE_ERROR ->
          new Evidence(
              "bootloader",
              "on",
              new ConsoleExcerpt(
                  List.of(
                      line(0.912, 2210, "=> tftpboot 0x40200000 Image-large"),
                      line(0.934, 2246, "Using virtio-net#31 device"),
                      line(0.935, 2273, "TFTP from server 10.0.2.2; our IP address is 10.0.2.15"),
                      line(0.936, 2328, "Filename 'Image-large'."),
                      line(0.936, 2352, "Load address: 0x40200000"),
                      line(3.514, 2377, "Loading: ################ 12.1 MiB"),
                      line(3.611, 2420, "TFTP error: 'No space left on device' (0)"),
                      line(3.612, 2463, "Starting again")),
                  6,
                  31,
                  0),
              boot(number).subList(0, 2),
              transfers("No space left on device"),
              List.of());
      case UNKNOWN, PASSED ->
          new Evidence(
              "off",
              "on",
              ConsoleExcerpt.NONE,
              List.of(
                  new StageSpan(
                      1,
                      "firmware",
                      Duration.ZERO,
                      Duration.ofSeconds(30),
                      Duration.ofSeconds(5),
                      false)),
              List.of(),
              List.of("the recording is empty"));
    };
  }

  private static ConsoleExcerpt panic() {
    List<ConsoleExcerpt.Line> lines = new ArrayList<>();
    String[] text = {
      "## Executing script at 40200000",
      "TFTP from server 10.0.2.2; our IP address is 10.0.2.15",
      "Bytes transferred = 34359808 (20c4a00 hex)",
      "Moving Image from 0x47200000 to 0x47200000, end=4733c000",
      "Starting kernel ...",
      "",
      "\u001b[1;32m(XEN) Xen version 4.17.5 (Debian 4.17.5+23-ga4e5191dc0-1+deb12u1)\u001b[0m",
      "(XEN) Processor: 00000000411fd070: \"ARM Limited\", variant: 0x1, part 0xd07,rev 0x0",
      "(XEN) GICv2 initialization:",
      "(XEN) Brought up 2 CPUs",
      "(XEN) *** LOADING DOMAIN 0 ***",
      "(XEN) Loading d0 kernel from boot module @ 0000000042c00000",
      "(XEN) Loading ramdisk from boot module @ 0000000044e00000",
      "(XEN) Allocating 1:1 mappings totalling 4096MB for dom0:",
      "(XEN) ",
      "(XEN) ****************************************",
      "(XEN) Panic on CPU 0:",
      "(XEN) Failed to allocate requested dom0 memory. 2156MB unallocated",
      "(XEN) ****************************************",
      "(XEN) ",
      "(XEN) Reboot in five seconds...",
    };
    long offset = 4812;
    for (int i = 0; i < text.length; i++) {
      lines.add(line(3.1 + i * 0.263, offset, text[i]));
      offset += text[i].length() + 2;
    }
    return new ConsoleExcerpt(lines, 16, 96, 0);
  }

  private static ConsoleExcerpt.Line line(double seconds, long offset, String text) {
    return new ConsoleExcerpt.Line(Duration.ofMillis(Math.round(seconds * 1000)), offset, text);
  }

  private static List<TransferRow> transfers(@Nullable String error) {
    String sum = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    List<TransferRow> rows = new ArrayList<>();
    rows.add(row("boot.scr", 2214, 0, 6, sum));
    if (error != null) {
      rows.add(
          new TransferRow(
              "Image-large",
              TransferRow.Direction.TO_BOARD,
              12_687_360,
              3,
              Duration.ofMillis(2675),
              false,
              error,
              null));
      return rows;
    }
    rows.add(row("vmlinuz-6.1.0-41-cloud-arm64", 34_359_808, 0, 1130, sum.replace('9', 'c')));
    rows.add(row("dom0.cpio.gz", 29_915_021, 2, 1004, sum.replace('8', '1')));
    rows.add(row("xen-4.17-arm64", 1_294_344, 0, 47, sum.replace('a', '7')));
    rows.add(row("virt-gicv2.dtb", 7812, 0, 4, sum.replace('f', '2')));
    return rows;
  }

  private static TransferRow row(String file, long bytes, int again, int millis, String sum) {
    return new TransferRow(
        file,
        TransferRow.Direction.TO_BOARD,
        bytes,
        again,
        Duration.ofMillis(millis),
        true,
        "complete",
        sum);
  }

  private static List<StepReport> steps(Outcome outcome) {
    StepReport.Status then =
        outcome instanceof Outcome.Failed ? StepReport.Status.FAILED : StepReport.Status.PASSED;
    StepReport.Status last =
        outcome instanceof Outcome.Failed ? StepReport.Status.SKIPPED : StepReport.Status.PASSED;
    return List.of(
        step(
            "Given ",
            "a board that can run \"xen\" with 2 GiB of memory",
            StepReport.Status.PASSED,
            4),
        step("And ", "the boot set \"xen-debian12\" is staged", StepReport.Status.PASSED, 38),
        new StepReport(
            "When ",
            "the board boots to dom0 within 120 s",
            then,
            Duration.ofMillis(8410),
            outcome instanceof Outcome.Failed failed ? failed.reason() : null),
        step("Then ", "Xen reports version 4.14 or later", last, 2),
        step("And ", "dom0 owns 768 MiB", last, 160),
        step("And ", "the TFTP server sent every staged file exactly once", last, 1));
  }

  private static StepReport step(
      String keyword, String text, StepReport.Status status, int millis) {
    return new StepReport(keyword, text, status, Duration.ofMillis(millis), null);
  }
}
