package dev.bringup.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.artifact.PackageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder for the board files in the jar, which the test JVMs of one module share. */
class BundledBoardsTest {
  private static final int ROUNDS = 10;
  private static final int USERS = 8;

  @TempDir private Path folder;

  @Test
  void manyUnpackIntoOneFolderAtOnceAndAllReadWholeFiles() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Path shared = folder.resolve("boards-" + round);
      leaveFilesOfAnEarlierVersion(shared);
      try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Workspace>> all = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
          all.add(users.submit(() -> Workspace.bundled(shared, PackageSource.apt())));
        }
        for (Future<Workspace> each : all) {
          Workspace boards = each.get();
          assertThat(boards.catalog().problems()).isEmpty();
          assertThat(boards.bootSets().load("xen-debian12").name()).isEqualTo("xen-debian12");
        }
      }
      try (Stream<Path> files = Files.list(shared)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .contains("qemu-virt.yaml")
            .noneMatch(name -> name.startsWith("."));
      }
    }
  }

  private static void leaveFilesOfAnEarlierVersion(Path shared) throws IOException {
    Files.createDirectories(shared.resolve("types"));
    Files.writeString(shared.resolve("qemu-virt.yaml"), "# of an earlier version\n");
    Files.writeString(shared.resolve("types").resolve("virt-arm64.yaml"), "# another\n");
  }
}
