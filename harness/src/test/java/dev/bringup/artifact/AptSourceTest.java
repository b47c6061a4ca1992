package dev.bringup.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.artifact.PackageSource.Delivery;
import dev.bringup.artifact.PackageSource.Wanted;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shell scripts stand in for apt's programs: they log their last words and do as told. */
final class AptSourceTest {
  @TempDir Path folder;
  private Path cache;
  private Path log;
  private final List<String> progress = new ArrayList<>();

  @BeforeEach
  void makeFolders() throws IOException {
    cache = folder.resolve("cache");
    log = folder.resolve("log");
    Path pool = Files.createDirectories(folder.resolve("pool"));
    Path deb = TestDeb.arm64("tool", "1:2").file("./f", "content").writeTo(pool);
    Files.writeString(
        folder.resolve("show"),
        """
        Package: tool
        Version: 1:2
        Architecture: arm64
        Size: %d
        SHA256: %s

        Package: tool
        Version: 1:3
        Architecture: amd64
        Size: 1
        SHA256: 00

        """
            .formatted(Files.size(deb), Sha256.of(deb)));
  }

  private Path script(String name, String body) throws IOException {
    Path script = folder.resolve(name);
    Files.writeString(
        script,
        """
        #!/bin/sh
        top=%s
        verb=
        for word; do
          case $word in update | download | show | pkgnames) verb=$word ;; esac
        done
        echo "$verb" >>%s
        %s
        """
            .formatted(folder, log, body));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  private static final String LISTS = "touch \"$top/cache/apt/state/lists/x_Packages\"";
  private static final String COPY = "cp \"$top/pool/tool_1%3a2.deb\" tool_1%3a2_arm64.deb";

  /** An apt-get that does {@code update} and {@code download}, and an apt-cache that knows. */
  private AptSource apt(String update, String download) throws IOException {
    String get = "case $verb in update) %s ;; download) %s ;; esac".formatted(update, download);
    return new AptSource(
        script("apt-get", get).toString(),
        script("apt-cache", "case $verb in show) cat \"$top/show\" ;; pkgnames) echo tool ;; esac")
            .toString());
  }

  private List<Delivery> deliver(AptSource apt, String... patterns) {
    return apt.deliver(
        new Wanted("arm64", List.of(patterns), false, cache),
        held -> false,
        (doing, done, total) -> progress.add(doing + " " + done + "/" + total));
  }

  private void fails(AptSource apt, String message, String hint) {
    assertThatThrownBy(() -> deliver(apt, "tool"))
        .isInstanceOfSatisfying(
            BringupException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(FailureKind.INFRASTRUCTURE);
              assertThat(e.hint().orElse("")).contains(hint);
            })
        .hasMessageContaining(message);
  }

  @Test
  void deliversAndTellsItsProgress() throws IOException {
    AptSource apt = apt(LISTS, "echo dlstatus:1:50.0:Retrieving file 1 of 1; " + COPY);
    List<Delivery> deliveries = deliver(apt, "to*");
    assertThat(deliveries).extracting(d -> d.id().toString()).containsExactly("tool 1:2 (arm64)");
    Path file = deliveries.getFirst().file();
    assertThat(Sha256.of(file)).isEqualTo(deliveries.getFirst().sha256());
    long size = Files.size(file);
    assertThat(progress)
        .containsExactly(
            "reading the package lists 0/0",
            "downloading 1 package 0/" + size,
            "downloading 1 package " + Math.round(size / 2.0) + "/" + size);
    assertThat(Files.readAllLines(log)).containsExactly("update", "pkgnames", "show", "download");
  }

  @Test
  void whatIsThereIsNotLoadedAgain() throws IOException {
    AptSource apt = apt(LISTS, COPY);
    var _ = deliver(apt, "tool");
    Files.delete(log);
    assertThat(deliver(apt, "tool")).hasSize(1);
    assertThat(Files.readAllLines(log)).containsExactly("show");
    assertThat(
            apt.deliver(
                new Wanted("arm64", List.of("tool"), false, cache),
                _ -> true,
                FetchProgress.SILENT))
        .isEmpty();
  }

  @Test
  void aPartOfAnEarlierRunIsLeftForAptToGoOnWith() throws IOException {
    Path downloads = Files.createDirectories(cache.resolve("downloads"));
    Files.writeString(downloads.resolve("tool_1%3a2_arm64.deb"), "half");
    AptSource apt = apt(LISTS, "cat tool_1%3a2_arm64.deb >\"$top/seen\"; " + COPY);
    assertThat(deliver(apt, "tool")).hasSize(1);
    assertThat(Files.readString(folder.resolve("seen"))).isEqualTo("half");
  }

  @Test
  void aWrongPartIsThrownAwayOnce() throws IOException {
    Path downloads = Files.createDirectories(cache.resolve("downloads"));
    Files.writeString(downloads.resolve("tool_1%3a2_arm64.deb"), "wrong");
    String download =
        "if [ -e tool_1%3a2_arm64.deb ]; then echo 'E: Failed to fetch x  Hash Sum mismatch' >&2;"
            + " exit 100; fi; "
            + COPY;
    assertThat(deliver(apt(LISTS, download), "tool")).hasSize(1);
    assertThat(Files.readAllLines(log)).containsExactly("update", "show", "download", "download");
  }

  @Test
  void oldListsAreReadAnewOnce() throws IOException {
    AptSource apt = apt(LISTS, "test -e \"$top/new\" || { touch \"$top/new\"; " + COPY + "; }");
    var _ = deliver(apt, "tool");
    Disk.deleteTree(cache.resolve("downloads"));
    Files.delete(log);
    String gone =
        "if [ -e \"$top/again\" ]; then "
            + COPY
            + "; else echo 'E: Failed to fetch http://x  404  Not Found [IP: ::1 80]' >&2; exit"
            + " 100; fi";
    assertThat(deliver(apt("touch \"$top/again\"", gone), "tool")).hasSize(1);
    assertThat(Files.readAllLines(log))
        .containsExactly("show", "download", "update", "show", "download");
  }

  @Test
  void beingOfflineIsSaid() throws IOException {
    String offline = "echo \"W: Failed to fetch x  Temporary failure resolving 'mirror'\" >&2";
    Files.writeString(folder.resolve("show"), "");
    fails(apt(offline, "true"), "apt-get cannot reach its sources", "--from DIR");
  }

  @Test
  void goingOfflineDuringADownloadIsSaid() throws IOException {
    fails(
        apt(LISTS, "echo 'E: Failed to fetch x  Could not connect to mirror:80' >&2; exit 100"),
        "apt-get cannot reach its sources: Failed to fetch x  Could not connect to mirror:80",
        "network");
  }

  @Test
  void sourcesThatWereOutOfReachAreNotAskedAgain() throws IOException {
    AptSource apt = apt("echo 'W: Failed to fetch x  Network is unreachable' >&2", "true");
    Files.writeString(folder.resolve("show"), "");
    for (int i = 0; i < 3; i++) {
      fails(apt, "cannot reach its sources: Failed to fetch x  Network is unreachable", "network");
    }
    assertThat(Files.readAllLines(log)).containsExactly("update", "show");
  }

  @Test
  void whatLiesThereIsDeliveredAlthoughTheSourcesAreOutOfReach() throws IOException {
    AptSource apt = apt(LISTS, "echo 'E: Could not connect to mirror:80' >&2; exit 100");
    fails(apt, "cannot reach its sources", "network");
    Files.copy(
        folder.resolve("pool/tool_1%3a2.deb"), cache.resolve("downloads/tool_1%3a2_arm64.deb"));
    assertThat(deliver(apt, "tool")).hasSize(1);
    assertThat(Files.readAllLines(log)).filteredOn("download"::equals).hasSize(1);
  }

  @Test
  void aPackageThatNobodyOffersIsNamed() throws IOException {
    AptSource apt = apt(LISTS, "true");
    assertThatThrownBy(() -> deliver(apt, "tool", "no-such-*"))
        .hasMessage("apt's sources offer no package no-such-* for arm64");
    assertThat(Files.readAllLines(log)).filteredOn("update"::equals).hasSize(1);
  }

  @Test
  void aFullDiskIsSaid() throws IOException {
    fails(
        apt(LISTS, "echo 'E: Write error - write (28: No space left on device)' >&2; exit 100"),
        "apt-get found the disk full",
        "XDG_CACHE_HOME");
  }

  @Test
  void anyOtherErrorIsQuoted() throws IOException {
    fails(apt(LISTS, "echo 'E: strange' >&2; exit 100"), "apt-get failed: strange", "by hand");
    fails(apt(LISTS, "exit 7"), "apt-get ended with exit code 7", "by hand");
    fails(apt(LISTS, "true"), "apt-get left no intact file of tool 1:2 (arm64)", "fetch again");
  }

  @Test
  void aMissingAptIsSaid() {
    Path nothing = folder.resolve("nothing");
    fails(
        new AptSource(nothing.toString(), nothing.toString()),
        "cannot run " + nothing,
        "--from DIR");
  }

  @Test
  void realAptFetchesARealPackage() {
    Tools.need("apt-get", "apt");
    ArtifactStore store = new ArtifactStore(cache, PackageSource.apt(), BoardClock.system());
    BootSet set =
        new BootSet(
            "real",
            "real.yaml",
            "",
            "arm64",
            Map.of("busybox", "busybox-static"),
            List.of(),
            Map.of(),
            Map.of("busybox", new BootSet.InPackage("busybox", "bin/busybox", false)),
            Optional.empty());
    try {
      store.fetch(set, false, FetchProgress.SILENT);
    } catch (BringupException e) {
      Assumptions.assumeFalse(
          String.valueOf(e.getMessage()).contains("cannot reach its sources")
              || String.valueOf(e.getMessage()).contains("offer no package"),
          "apt has no arm64 packages here: " + e.getMessage());
      throw e;
    }
    assertThat(store.resolve(set).file("busybox").size()).isGreaterThan(500_000);
    assertThat(store.list())
        .extracting(p -> p.id().name() + " " + p.id().architecture())
        .containsExactly("busybox-static arm64");
  }
}
