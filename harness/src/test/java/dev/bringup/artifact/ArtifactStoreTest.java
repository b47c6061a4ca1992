package dev.bringup.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.artifact.BootFiles.BootFile;
import dev.bringup.image.CpioArchive;
import dev.bringup.image.Gzip;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArtifactStoreTest {
  private static final String SET =
      """
      description: a test
      packages:
        linux: linux-image-6.1.0-*-cloud-arm64
        xen: xen
        tools: tools
      library-packages: [libs, libc]
      files:
        xen: {package: xen, path: boot/xen}
        Image: {package: linux, path: boot/vmlinuz-*}
        dom0.cpio.gz: {initramfs: dom0}
        Image.gz: {package: linux, path: boot/vmlinuz-*, gzip: true}
        guest.cpio.gz: {initramfs: guest}
      xen:
        image: xen
        command-line: bootscrub=0
        dom0:
          kernel: Image
          ramdisk: dom0.cpio.gz
          command-line: console=hvc0
          memory: 1 GiB
          vcpus: 2
          token: dom0 ready
          prompt: "dom0# "
        guests:
          one:
            start: xl
            kernel: Image.gz
            ramdisk: guest.cpio.gz
            command-line: console=hvc0 name=one
            memory: 128 MiB
            token: guest ready
            prompt: "guest# "
      initramfs:
        guest:
          - text: init
            mode: "0755"
            content: "#!guest"
        dom0:
          - directories: [proc, var/lib/xen]
          - device: dev/console
            mode: "0600"
            major: 5
            minor: 1
          - symlink: var/run
            target: ../run
          - programs: [usr/bin/tool]
            package: tools
          - libraries: [libextra.so.1]
          - modules: [xen-two]
            package: linux
          - file: etc/tool.conf
            package: tools
            path: etc/*.conf
          - xl-guests: etc/xen
      """;

  @TempDir Path folder;
  private Path debs;
  private Path cache;
  private BootSet set;

  @BeforeEach
  void makePackages() {
    debs = folder.resolve("debs");
    cache = folder.resolve("cache");
    set = BootSets.parse("test", "test.yaml", SET.getBytes(StandardCharsets.UTF_8));
    String modules = "./lib/modules/6.1.0-10-cloud-arm64/kernel/drivers/xen/";
    linux("6.1.0-9", "6.1.90-1").writeTo(debs);
    linux("6.1.0-10", "6.1.100-1")
        .file(modules + "xen-one.ko", 0644, TinyElf.module("xen_one"))
        .file(modules + "xen-two.ko", 0644, TinyElf.module("xen_two", "xen-one"))
        .file(modules + "unused.ko", 0644, TinyElf.module("unused"))
        .writeTo(debs);
    new TestDeb("linux-image-6.1.0-99-cloud-arm64", "9", "amd64").writeTo(debs);
    TestDeb.arm64("xen", "4.17").file("./boot/xen", "hypervisor").writeTo(debs);
    TestDeb.arm64("tools", "1:1-1")
        .file("./usr/bin/tool", 0755, TinyElf.program("/lib/ld-linux.so.1", "libtool.so.1"))
        .file("./etc/tool.conf", "conf")
        .writeTo(debs);
    String triplet = "/aarch64-linux-gnu/";
    TestDeb.arm64("libs", "1")
        .file("./usr/lib" + triplet + "libtool.so.1.2", 0644, TinyElf.program(null, "libc.so.6"))
        .symlink("./usr/lib" + triplet + "libtool.so.1", "libtool.so.1.2")
        .file("./usr/lib" + triplet + "libextra.so.1", 0644, TinyElf.program(null, "libc.so.6"))
        .file("./usr/lib" + triplet + "libother.so.1", "not wanted")
        .writeTo(debs);
    TestDeb.arm64("libc", "2")
        .file("./lib" + triplet + "ld-linux.so.1", "loader")
        .symlink("./lib/ld-linux.so.1", "aarch64-linux-gnu/ld-linux.so.1")
        .file("./lib" + triplet + "libc.so.6", 0755, TinyElf.program(null, "ld-linux.so.1"))
        .writeTo(debs);
  }

  private static TestDeb linux(String abi, String version) {
    return TestDeb.arm64("linux-image-" + abi + "-cloud-arm64", version)
        .file("./boot/vmlinuz-" + abi + "-cloud-arm64", "kernel " + version);
  }

  private ArtifactStore store() {
    return new ArtifactStore(cache, PackageSource.folder(debs), BoardClock.system());
  }

  private BootFiles fetched() {
    store().fetch(set, false, FetchProgress.SILENT);
    return store().resolve(set);
  }

  @Test
  void resolvesTheNewestKernelAndOnlyWhatTheBootloaderLoads() throws IOException {
    BootFiles files = fetched();
    assertThat(files.kernelRelease()).contains("6.1.0-10-cloud-arm64");
    assertThat(files.files().keySet()).containsExactly("Image", "dom0.cpio.gz", "xen");
    assertThat(files.packages())
        .extracting(DebianPackage::toString)
        .containsExactly(
            "libc 2 (arm64)",
            "libs 1 (arm64)",
            "linux-image-6.1.0-10-cloud-arm64 6.1.100-1 (arm64)",
            "tools 1:1-1 (arm64)",
            "xen 4.17 (arm64)");
    BootFile image = files.file("Image");
    assertThat(Files.readString(image.path())).isEqualTo("kernel 6.1.100-1");
    assertThat(image.size()).isEqualTo(16);
    assertThat(image.sha256()).isEqualTo(Sha256.of(image.path()));
    for (BootFile file : files.files().values()) {
      assertThat(file.sha256()).as(file.name()).isEqualTo(Sha256.of(file.path()));
    }
  }

  @Test
  void dom0CarriesProgramsLibrariesModulesAndTheGuest() throws IOException {
    CpioArchive dom0 = unpacked(Files.readAllBytes(fetched().file("dom0.cpio.gz").path()));
    String triplet = "lib/aarch64-linux-gnu/";
    String modules = "lib/modules/6.1.0-10-cloud-arm64/kernel/drivers/xen/";
    assertThat(dom0.entries().stream().filter(e -> !e.isDirectory()).map(CpioArchive.Entry::name))
        .containsExactly(
            "dev/console",
            "etc/tool.conf",
            "etc/xen/one.cfg",
            "guests/Image.gz",
            "guests/guest.cpio.gz",
            triplet + "libc.so.6",
            "lib/ld-linux.so.1",
            modules + "xen-one.ko",
            modules + "xen-two.ko",
            "lib/modules/load-order",
            "usr/bin/tool",
            "usr/" + triplet + "libextra.so.1",
            "usr/" + triplet + "libtool.so.1",
            "var/run");
    assertThat(text(dom0, "lib/modules/load-order"))
        .isEqualTo("/" + modules + "xen-one.ko\n/" + modules + "xen-two.ko\n");
    assertThat(text(dom0, "etc/xen/one.cfg"))
        .contains("name = \"one\"\n", "kernel = \"/guests/Image.gz\"\n", "memory = 128\n")
        .contains("extra = \"console=hvc0 name=one\"\n");
    assertThat(text(dom0, "lib/ld-linux.so.1")).isEqualTo("loader");
    assertThat(dom0.entry("usr/bin/tool").orElseThrow().mode() & 07777).isEqualTo(0755);
    assertThat(Gzip.decompress(content(dom0, "guests/Image.gz"), 100))
        .asString()
        .isEqualTo("kernel 6.1.100-1");
    assertThat(text(unpacked(content(dom0, "guests/guest.cpio.gz")), "init")).isEqualTo("#!guest");
    assertThat(dom0.entry("var/lib/xen").orElseThrow().isDirectory()).isTrue();
  }

  private static CpioArchive unpacked(byte[] packed) {
    return CpioArchive.read(Gzip.decompress(packed, 1 << 20));
  }

  private static byte[] content(CpioArchive archive, String name) {
    return archive.entry(name).orElseThrow().content();
  }

  private static String text(CpioArchive archive, String name) {
    return new String(content(archive, name), StandardCharsets.UTF_8);
  }

  @Test
  void equalInputGivesEqualBytesInAnotherCache() throws IOException {
    byte[] first = Files.readAllBytes(fetched().file("dom0.cpio.gz").path());
    cache = folder.resolve("another");
    assertThat(Files.readAllBytes(fetched().file("dom0.cpio.gz").path())).isEqualTo(first);
  }

  @Test
  void aFilledCacheNeedsNoSource() throws IOException {
    BootFiles before = fetched();
    Disk.deleteTree(debs);
    assertThat(fetched()).isEqualTo(before);
    assertThat(store().list()).extracting(p -> p.id().name()).contains("tools", "xen").hasSize(5);
    assertThat(store().verify()).isEmpty();
  }

  @Test
  void whatAKilledFetchLeftIsRemoved() throws IOException {
    Path half = cache.resolve("packages/.half-1/files");
    Files.createDirectories(half);
    Files.writeString(half.resolve("part"), "x");
    BootFiles files = fetched();
    assertThat(files.files()).hasSize(3);
    assertThat(half).doesNotExist();
  }

  @Test
  void newerPackagesComeOnlyWhenAskedFor() {
    var _ = fetched();
    linux("6.1.0-11", "6.1.110-1").writeTo(debs);
    assertThat(fetched().kernelRelease()).contains("6.1.0-10-cloud-arm64");
    BootSet plain =
        BootSets.parse(
            "plain",
            "plain.yaml",
            """
            description: one file
            packages: {linux: linux-image-6.1.0-*-cloud-arm64}
            files: {Image: {package: linux, path: boot/vmlinuz-*}}
            """
                .getBytes(StandardCharsets.UTF_8));
    store().fetch(plain, true, FetchProgress.SILENT);
    assertThat(store().resolve(plain).kernelRelease()).contains("6.1.0-11-cloud-arm64");
  }

  @Test
  void aFlippedByteAMissingFileAndABadManifestAreFoundAndRepaired() throws IOException {
    BootFiles files = fetched();
    Path image = files.file("Image").path();
    Files.writeString(image, "kernel 6.1.100-2");
    Path xen = files.file("xen").path();
    Files.delete(xen);
    Path dom0 = files.file("dom0.cpio.gz").path();
    Files.write(dom0, new byte[10]);
    Path tools = cache.resolve("packages/tools_1%3a1-1_arm64");
    Files.writeString(tools.resolve(PackageManifest.FILE), "nothing");
    assertThat(store().verify())
        .extracting(d -> d.path().getFileName() + ": " + d.problem())
        .containsExactlyInAnyOrder(
            "linux-image-6.1.0-10-cloud-arm64_6.1.100-1_arm64:"
                + " boot/vmlinuz-6.1.0-10-cloud-arm64 has changed",
            "xen_4.17_arm64: boot/xen is missing",
            "tools_1%3a1-1_arm64: its manifest is damaged",
            dom0.getFileName() + ": has changed");
    assertThatThrownBy(() -> store().resolve(set))
        .isInstanceOfSatisfying(
            BringupException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
              assertThat(e).hasMessageContaining("is damaged: its manifest");
              assertThat(e.hint().orElse("")).contains("bringup artifacts fetch");
            });
    assertThat(fetched()).isEqualTo(files);
    assertThat(store().verify()).isEmpty();
  }

  @Test
  void resolveNamesWhatIsNotFetched() {
    assertThatThrownBy(() -> store().resolve(set))
        .hasMessageContaining("boot set test needs the package linux-image-6.1.0-*-cloud-arm64")
        .isInstanceOfSatisfying(
            BringupException.class,
            e -> assertThat(e.hint()).contains("run: bringup artifacts fetch test"));
  }

  @Test
  void aFolderThatLacksAPackageSaysWhich() throws IOException {
    Files.delete(debs.resolve("xen_4.17.deb"));
    assertThatThrownBy(this::fetched).hasMessageEndingWith("has no package xen for arm64");
    Disk.deleteTree(debs);
    assertThatThrownBy(this::fetched).hasMessage(debs + ": no such folder of .deb files");
    Files.writeString(debs, "a file");
    assertThatThrownBy(this::fetched).hasMessage(debs + ": no such folder of .deb files");
  }

  @Test
  void aSetThatNamesWhatItsPackagesLackSaysWhat() {
    refused("boot/vmlinuz-*", "boot/other-*", "no files in", "match boot/other-*");
    refused("[usr/bin/tool]", "[etc/tool.conf]", "etc/tool.conf is not an intact 64-bit");
    refused("[xen-two]", "[xen-three]", "has no kernel module xen-three");
    refused("[libextra.so.1]", "[libx.so.1]", "no package under library-packages has libx.so.1");
    refused("[libs, libc]", "[libc]", "has libtool.so.1, which tools: usr/bin/tool needs");
    refused(
        "symlink: var/run",
        "symlink: etc/tool.conf",
        "puts two different things at /etc/tool.conf");
    refused(
        "- text: init\n", "- {file: self, initramfs: dom0}\n    - text: init\n", "contains itself");
  }

  private void refused(String old, String replacement, String... parts) {
    String text = SET.replace(old, replacement);
    assertThat(text).isNotEqualTo(SET);
    set = BootSets.parse("test", "test.yaml", text.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(this::fetched)
        .isInstanceOfSatisfying(
            BringupException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
        .hasMessageContainingAll(parts);
  }

  @Test
  void severalFetchesAtOnceDoNotHarmEachOther()
      throws InterruptedException, ExecutionException, IOException {
    List<Future<BootFiles>> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 6; i++) {
        results.add(threads.submit(this::fetched));
      }
    }
    for (Future<BootFiles> result : results) {
      assertThat(result.get()).isEqualTo(results.getFirst().get());
    }
    assertThat(store().verify()).isEmpty();
    try (Stream<Path> all = Files.walk(cache)) {
      assertThat(all.filter(f -> f.getFileName().toString().startsWith(".half"))).isEmpty();
    }
  }

  @Test
  void theCacheFollowsTheXdgSpecification() {
    assertThat(ArtifactStore.userCache(Map.of("HOME", "/home/a")))
        .isEqualTo(Path.of("/home/a/.cache/bringup/artifacts"));
    assertThat(ArtifactStore.userCache(Map.of("HOME", "/home/a", "XDG_CACHE_HOME", "/c")))
        .isEqualTo(Path.of("/c/bringup/artifacts"));
    assertThat(ArtifactStore.userCache(Map.of("HOME", "/home/a", "XDG_CACHE_HOME", "relative")))
        .isEqualTo(Path.of("/home/a/.cache/bringup/artifacts"));
  }
}
