package dev.bringup.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTreeTest {
  private static final String SOURCE =
      """
      /dts-v1/;
      /memreserve/ 0x40000000 0x1000;
      /memreserve/ 0x123456789a 0x10;
      / {
        compatible = "acme,board", "acme,soc";
        model = "Acme board";
        #address-cells = <2>;
        #size-cells = <2>;
        aliases { serial0 = "/soc/uart@9000000"; };
        chosen { stdout-path = "serial0:115200"; };
        clk: clock { #clock-cells = <0>; };
        soc {
          ranges;
          uart@9000000 {
            compatible = "arm,pl011";
            reg = <0x0 0x9000000 0x0 0x1000>;
            clocks = <&clk>;
            local-mac-address = [02 00 5e 00 00 01 ff];
            empty-string = "";
          };
          gpio@9030000 { status = "okay"; };
        };
      };
      """;

  @TempDir private Path dir;

  private static DeviceTree sample() {
    DeviceTree tree = DeviceTree.empty();
    tree.reservations().add(new DeviceTree.Reservation(0x4000_0000L, 0x1000));
    tree.root().setStrings("compatible", "acme,board", "acme,soc").setCells("#address-cells", 2);
    tree.root().addChild("aliases").setStrings("serial0", "/soc/uart@9000000");
    DeviceTreeNode soc = tree.root().addChild("soc").setCells("ranges");
    soc.addChild("uart@9000000").setCells("reg", 0, 0x900_0000, 0, 0x1000).setCells("phandle", 7);
    soc.addChild("uart@9040000").setBytes("mac", new byte[] {1, 2, 3});
    return tree;
  }

  @Test
  void whatIsWrittenIsReadBack() {
    byte[] blob = sample().encode();
    DeviceTree tree = DeviceTree.read(blob);

    assertThat(tree.encode()).isEqualTo(blob);
    assertThat(tree.reservations())
        .containsExactly(new DeviceTree.Reservation(0x4000_0000L, 0x1000));
    assertThat(tree.root().property("compatible").orElseThrow().strings())
        .containsExactly("acme,board", "acme,soc");
    assertThat(tree.find("/soc/uart@9000000").orElseThrow().property("reg").orElseThrow().cells())
        .containsExactly(0, 0x900_0000, 0, 0x1000);
    assertThat(tree.find("/soc/uart@9040000").orElseThrow().property("mac").orElseThrow().bytes())
        .containsExactly(1, 2, 3);
    assertThat(tree.find("/soc").orElseThrow().property("ranges").orElseThrow().size()).isZero();
  }

  @Test
  void nodesAreFoundByPathAliasAndPhandle() {
    DeviceTree tree = sample();

    assertThat(tree.find("/").orElseThrow().path()).isEqualTo("/");
    assertThat(tree.find("/soc/uart").orElseThrow().name()).isEqualTo("uart@9000000");
    assertThat(tree.find("serial0").orElseThrow().path()).isEqualTo("/soc/uart@9000000");
    assertThat(tree.findByPhandle(7).orElseThrow().path()).isEqualTo("/soc/uart@9000000");
    assertThat(tree.find("/soc/uart@1")).isEmpty();
    assertThat(tree.find("/so")).isEmpty();
    assertThat(tree.find("serial1")).isEmpty();
    assertThat(tree.findByPhandle(8)).isEmpty();
  }

  @Test
  void editsAreInTheBlob() {
    DeviceTree tree = sample();
    DeviceTreeNode uart = tree.find("serial0").orElseThrow();
    assertThat(uart.isEnabled()).isTrue();
    uart.disable();
    assertThat(uart.removeProperty("phandle")).isTrue();
    assertThat(tree.find("/soc").orElseThrow().removeChild("uart@9040000")).isTrue();
    tree.root().addChild("chosen").setStrings("bootargs", "quiet");

    DeviceTree read = DeviceTree.read(tree.encode());
    assertThat(read.find("serial0").orElseThrow().isEnabled()).isFalse();
    assertThat(read.findByPhandle(7)).isEmpty();
    assertThat(read.find("/soc/uart@9040000")).isEmpty();
    assertThat(read.find("/chosen").orElseThrow().property("bootargs").orElseThrow().string())
        .isEqualTo("quiet");
  }

  @Test
  void anEditOfAMissingNodeIsAnErrorOnlyIfItIsRequired() {
    DeviceTreeEdit edit = DeviceTreeEdit.text("/soc/gpio", "status", "disabled", "it traps");

    assertThat(edit.ifPresent().applyTo(sample())).isFalse();
    assertThatThrownBy(() -> edit.applyTo(sample()))
        .isInstanceOfSatisfying(
            BringupException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
        .hasMessageContaining("it traps")
        .hasMessageContaining("/soc/gpio");
    DeviceTree tree = sample();
    assertThat(DeviceTreeEdit.text("/soc/uart", "status", "disabled", "").applyTo(tree)).isTrue();
    assertThat(tree.find("serial0").orElseThrow().isEnabled()).isFalse();
  }

  @Test
  void roomCountsAsPartOfTheBlob() {
    byte[] blob = sample().encode(4096);

    assertThat(blob).hasSize(sample().encode().length + 4096);
    assertThat(ByteBuffer.wrap(blob).getInt(4)).isEqualTo(blob.length);
    assertThat(DeviceTree.read(blob).encode()).isEqualTo(sample().encode());
  }

  @Test
  void everyCutIsRefused() {
    byte[] blob = sample().encode();
    Damage.cutEverywhere(blob, blob.length, DeviceTree::read);
  }

  @Test
  void randomChangesAreReadOrRefused() {
    Damage.changeAnywhere(
        sample().encode(),
        20_000,
        blob -> {
          byte[] written = DeviceTree.read(blob).encode();
          assertThat(DeviceTree.read(written).encode()).isEqualTo(written);
        });
  }

  @Test
  void aMalformedBlobNamesOffsetAndWhatWouldBeRight() {
    byte[] good = sample().encode();
    assertThatThrownBy(() -> DeviceTree.read(patched(good, 0, 0x1234)))
        .hasMessage("device tree: offset 0x0: wrong magic number 0x00001234; expected 0xd00dfeed");
    assertThatThrownBy(() -> DeviceTree.read(patched(good, 4, good.length + 1)))
        .hasMessageContaining("offset 0x4: total size is");
    assertThatThrownBy(() -> DeviceTree.read(patched(good, 20, 15)))
        .hasMessageContaining("version 15");
    assertThatThrownBy(() -> DeviceTree.read(patched(good, 12, -4)))
        .hasMessageContaining("strings block begins at 0xfffffffc");
    int structure = ByteBuffer.wrap(good).getInt(8);
    assertThatThrownBy(() -> DeviceTree.read(patched(good, structure, 0x77)))
        .hasMessageContaining("offset 0x%x: unknown token 0x77".formatted(structure));
    assertThatThrownBy(() -> DeviceTree.read(patched(good, structure, 2)))
        .hasMessageContaining("the end of a node that did not begin");
    assertThatThrownBy(() -> DeviceTree.read(patched(good, structure + 12, Integer.MAX_VALUE)))
        .hasMessageContaining("a property of 2147483647 bytes");
  }

  @Test
  void nodesNestedWithoutEndAreRefusedBeforeTheStackIsFull() {
    DeviceTree tree = DeviceTree.empty();
    DeviceTreeNode node = tree.root();
    for (int i = 0; i < 100; i++) {
      node = node.addChild("n");
    }
    byte[] blob = tree.encode();
    assertThatThrownBy(() -> DeviceTree.read(blob)).hasMessageContaining("nested too deeply");
  }

  @Test
  void namesThatCannotBeWrittenAreRefused() {
    DeviceTreeNode root = DeviceTree.empty().root();
    for (String name : List.of("", "a/b", "a b", "\n", "x".repeat(256))) {
      assertThatThrownBy(() -> root.addChild(name)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> root.setCells(name, 1)).isInstanceOf(IllegalArgumentException.class);
    }
    root.addChild("a");
    assertThatThrownBy(() -> root.addChild("a")).hasMessageContaining("already has a node a");
  }

  @Test
  void dtcSeesNoDifferenceAfterReadingAndWriting() throws IOException, InterruptedException {
    Peer.require("dtc", "device-tree-compiler");
    Files.writeString(dir.resolve("in.dts"), SOURCE);
    Peer.run(dir, "dtc", "-@", "-I", "dts", "-O", "dtb", "-p", "100", "-o", "in.dtb", "in.dts");
    DeviceTree tree = DeviceTree.read(Files.readAllBytes(dir.resolve("in.dtb")));
    Files.write(dir.resolve("out.dtb"), tree.encode());

    assertThat(dts("out.dtb")).isEqualTo(dts("in.dtb")).contains("acme,soc", "memreserve");
    DeviceTreeNode uart = tree.find("serial0").orElseThrow();
    int clock = uart.property("clocks").orElseThrow().cells().getFirst();
    assertThat(tree.findByPhandle(clock).orElseThrow().path()).isEqualTo("/clock");

    tree.find("/soc/gpio").orElseThrow().disable();
    tree.root().addChild("added").setStrings("note", "x", "y");
    Files.write(dir.resolve("edited.dtb"), tree.encode(64));
    assertThat(dts("edited.dtb"))
        .isEqualTo(
            dts("in.dtb")
                .replace("status = \"okay\"", "status = \"disabled\"")
                .replaceFirst("\n};\\s*$", "\n\n\tadded {\n\t\tnote = \"x\\\\0y\";\n\t};\n};\n"));
  }

  @Test
  void randomTreesAreTheSameToDtcAndFdtdump() throws IOException, InterruptedException {
    Peer.require("dtc", "device-tree-compiler");
    Peer.require("fdtdump", "device-tree-compiler");
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 5; round++) {
      DeviceTree tree = DeviceTree.empty();
      grow(tree.root(), random, 0);
      Files.write(dir.resolve("ours.dtb"), tree.encode());
      Peer.run(dir, "dtc", "-q", "-I", "dtb", "-O", "dtb", "-o", "theirs.dtb", "ours.dtb");
      DeviceTree theirs = DeviceTree.read(Files.readAllBytes(dir.resolve("theirs.dtb")));
      assertThat(theirs.encode()).as("seed " + seed).isEqualTo(tree.encode());
      Peer.run(dir, "fdtdump", "ours.dtb");
    }
  }

  private static void grow(DeviceTreeNode node, Random random, int depth) {
    for (int i = random.nextInt(5); i > 0; i--) {
      byte[] value = new byte[random.nextInt(20)];
      random.nextBytes(value);
      node.setBytes("p," + i, value);
    }
    for (int i = depth < 4 ? random.nextInt(4) : 0; i > 0; i--) {
      grow(node.addChild("n@" + Integer.toHexString(random.nextInt(1 << 20))), random, depth + 1);
    }
  }

  private String dts(String blob) throws IOException, InterruptedException {
    return Peer.run(dir, "dtc", "-q", "-I", "dtb", "-O", "dts", blob);
  }

  private static byte[] patched(byte[] blob, int offset, int word) {
    byte[] changed = blob.clone();
    ByteBuffer.wrap(changed).putInt(offset, word);
    return changed;
  }
}
