package dev.bringup.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.artifact.BootPlan.Guest;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BootSetsTest {
  private static final String GOOD =
      """
      description: good
      packages:
        p: package
      files:
        a: {package: p, path: x/a}
        b: {package: p, path: x/b}
      linux:
        kernel: a
        ramdisk: b
        command-line: quiet
        token: ready
        prompt: "# "
      initramfs:
        i:
          - text: init
            content: hello
      """;

  @TempDir Path folder;

  @Test
  void allBootSetsThatComeWithBringupAreGood() {
    BootSets sets =
        new BootSets(Path.of(System.getProperty("bringup.root"), "boards", "boot-sets"));
    assertThat(sets.problems()).isEmpty();
    assertThat(sets.names())
        .contains(
            "xen-debian12", "xen-debian12-dom0less", "linux-debian12", "u-boot-qemu-debian12");
    assertThat(sets.load("xen-debian12").staged()).containsExactly("Image", "dom0.cpio.gz", "xen");
    assertThat(sets.load("u-boot-qemu-debian12").staged()).containsExactly("u-boot.bin");
    BootSet dom0less = sets.load("xen-debian12-dom0less");
    assertThat(dom0less.staged()).containsExactly("Image", "dom0.cpio.gz", "guest.cpio.gz", "xen");
    assertThat(dom0less.boot().orElseThrow())
        .isInstanceOfSatisfying(
            BootPlan.Xen.class,
            xen -> {
              assertThat(xen.guests(Guest.Start.XL)).isEmpty();
              assertThat(xen.guests(Guest.Start.DOM0LESS))
                  .extracting(Guest::name)
                  .containsExactly("dom1");
              assertThat(xen.commandLine("console=dtuart"))
                  .isEqualTo("console=dtuart dom0_mem=768M dom0_max_vcpus=1 bootscrub=0");
            });
  }

  @Test
  void mistakesAreNamedWithPlaceAndRemedy() {
    wrong(
        "command-line:",
        "comand-line:",
        "set.yaml:10:3: unknown key \"comand-line\"; did you mean \"command-line\"?");
    wrong("kernel: a", "kernel: c", "set.yaml:8:11: \"c\" is not in \"files\"");
    wrong(
        "package: p, path: x/a",
        "package: q, path: x/a",
        "set.yaml:5:16: \"q\" is not in \"packages\"");
    wrong("path: x/a", "path: x/../a", "set.yaml:5:25: the path \"x/../a\" must be relative");
    wrong("path: x/a", "path: x//a", "so \"x/a\"");
    wrong(", path: x/a", "", "missing key \"path\"");
    wrong(
        "content: hello",
        "content: hello\n      target: x",
        "\"target\" means nothing beside \"text\"");
    wrong("      content: hello\n", "", "missing key \"content\"");
    wrong("- text: init", "- text: init\n      symlink: x", "needs exactly one of");
    wrong("p: package", "p: Package", "does not fit; right would be busybox-static");
    wrong("description: good", "", "missing key \"description\"");
    wrong(
        "linux:",
        "xen: {image: a, dom0: {kernel: a, ramdisk: b, command-line: '', memory: 64 MiB, token:"
            + " tttt, prompt: p}}\n"
            + "linux:",
        "either \"xen\" or \"linux\"");
  }

  private static void wrong(String old, String replacement, String message) {
    String text = GOOD.replace(old, replacement);
    assertThat(text).isNotEqualTo(GOOD);
    assertThatThrownBy(
            () -> BootSets.parse("set", "set.yaml", text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(
            BringupException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
        .hasMessageContaining(message);
  }

  @Test
  void aSetTakesFromAnotherWhatItDoesNotSay() throws IOException {
    Files.writeString(folder.resolve("base.yaml"), GOOD);
    Files.writeString(folder.resolve("heir.yaml"), "extends: base\nlinux: {command-line: loud}\n");
    BootSet heir = new BootSets(folder).load("heir");
    assertThat(heir.description()).isEqualTo("good");
    assertThat(heir.boot())
        .contains(new BootPlan.Linux("a", "b", "loud", new BootPlan.Shell("ready", "# ")));
  }

  @Test
  void setsThatExtendEachOtherOrNothingAreRefused() throws IOException {
    Files.writeString(folder.resolve("one.yaml"), "extends: two\n");
    Files.writeString(folder.resolve("two.yaml"), "extends: one\n");
    Files.writeString(folder.resolve("three.yaml"), "extends: for\n");
    BootSets sets = new BootSets(folder);
    assertThatThrownBy(() -> sets.load("one"))
        .hasMessageContaining("two.yaml:1:10: boot sets extend each other: one -> two");
    assertThatThrownBy(() -> sets.load("three"))
        .hasMessageContaining("three.yaml:1:10: there is no boot set \"for\"");
    assertThatThrownBy(() -> sets.load("tow"))
        .hasMessageContaining("there is no boot set \"tow\"; did you mean \"two\"?");
    assertThat(sets.problems()).hasSize(3);
    assertThat(new BootSets(folder.resolve("nothing")).names()).isEmpty();
  }
}
