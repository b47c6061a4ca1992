package dev.bringup.cli;

import dev.bringup.emulator.builtin.Emulator;
import dev.bringup.emulator.builtin.FileDisk;
import dev.bringup.emulator.device.VirtioBlock;
import dev.bringup.emulator.device.VirtioEntropy;
import dev.bringup.emulator.device.VirtioFunction;
import dev.bringup.emulator.machine.SnapshotFile;
import dev.bringup.emulator.machine.VirtMachine;
import dev.bringup.image.Arm64Image;
import dev.bringup.units.ByteSize;
import dev.bringup.verdict.BringupException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "emulate",
    description = {
      "Runs the built-in machine alone, its console on this terminal (Ctrl-A x ends it).",
      "Without --firmware and --kernel it runs Debian's U-Boot."
    },
    mixinStandardHelpOptions = true)
final class EmulateCommand implements Callable<Integer> {
  private static final String FIRMWARE_SET = "u-boot-qemu-debian12";
  private static final String FIRMWARE_FILE = "u-boot.bin";

  /** What is loaded is held in this JVM's heap as well. */
  private static final long LARGEST_FILE = 256L << 20;

  @Mixin private Workspace workspace;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      defaultValue = "virt",
      description = "The machine (default and only one: ${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = "--firmware",
      paramLabel = "FILE",
      description = "What is in flash at the reset vector.")
  private @Nullable Path firmware;

  @Option(
      names = "--kernel",
      paramLabel = "FILE",
      description = "An arm64 Image to start at once, without firmware.")
  private @Nullable Path kernel;

  @Option(names = "--initrd", paramLabel = "FILE", description = "The kernel's first RAM disk.")
  private @Nullable Path ramdisk;

  @Option(names = "--append", paramLabel = "TEXT", description = "The kernel's command line.")
  private @Nullable String arguments;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "2 GiB",
      description = "RAM (default: ${DEFAULT-VALUE}).")
  private String memory;

  @Option(
      names = "--cpus",
      paramLabel = "NUMBER",
      defaultValue = "1",
      description = "1 to 8 (default: ${DEFAULT-VALUE}).")
  private int cpus;

  @Option(names = "--no-virtualization", description = "Without EL2.")
  private boolean noVirtualization;

  @Option(
      names = "--tftp",
      paramLabel = "DIR",
      description = "Plug the machine into a bench LAN that serves this folder.")
  private @Nullable Path tftp;

  @Option(
      names = "--realtime",
      negatable = true,
      description =
          "Go no faster than the host's time (default: on a terminal, where a person types).")
  private @Nullable Boolean realtime;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "In the end, write the machine's state there.")
  private @Nullable Path save;

  @Option(
      names = "--restore",
      paramLabel = "FILE",
      description = {
        "Go on from the state that --save wrote. The machine is as it was then:",
        "--memory, --cpus and --no-virtualization do not matter.",
        "With --tftp, --drive and --rng if it had them."
      })
  private @Nullable Path restore;

  @Option(
      names = "--drive",
      paramLabel = "FILE",
      description = "A virtio disk that shows this file, read-only. May be repeated.")
  private List<Path> drives = List.of();

  @Option(names = "--drive-write", description = "The disks may be written, and so the files.")
  private boolean driveWrite;

  @Option(
      names = "--rng",
      paramLabel = "SEED",
      arity = "0..1",
      fallbackValue = "1",
      description = "A virtio source of random numbers, which follow from SEED (default: 1).")
  private @Nullable Long entropySeed;

  @Mixin private Inspection inspection;

  @SuppressWarnings("NullAway.Init") // picocli injects options and mixins
  EmulateCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!model.equals("virt")) {
      throw BringupException.configuration(
          "--model %s: no such machine; there is virt".formatted(model));
    }
    if (tftp != null && !Files.isDirectory(tftp)) {
      throw BringupException.configuration("--tftp " + tftp + ": no such folder");
    }
    inspection.check();
    var asked =
        new VirtMachine.Configuration(
            cpus,
            size(),
            !noVirtualization,
            kernel != null,
            Instant.now().truncatedTo(ChronoUnit.SECONDS));
    try (var disks = new Disks()) {
      disks.open(drives, driveWrite);
      Emulator.Program program = program();
      VirtMachine.Configuration configuration =
          program instanceof Emulator.Program.Snapshot(SnapshotFile file)
              ? file.configuration()
              : asked;
      run(configuration, program, equipment(disks));
    }
    return 0;
  }

  private void run(
      VirtMachine.Configuration configuration,
      Emulator.Program program,
      Emulator.Equipment equipment)
      throws IOException, InterruptedException {
    var console = new BufferedOutputStream(System.out);
    try (ConsoleInput input = ConsoleInput.open();
        var emulator =
            new Emulator(
                configuration,
                program,
                equipment,
                console,
                realtime == null ? input.isTerminal() : realtime,
                inspection.waits())) {
      input.start(emulator::type, emulator::stop);
      inspection.run(emulator);
      if (save != null) {
        emulator.save(save);
      }
    }
  }

  /** The disks come in the order in which they were named, then the random numbers. */
  private Emulator.Equipment equipment(Disks disks) {
    var functions = new ArrayList<VirtioFunction>();
    for (FileDisk disk : disks.open) {
      functions.add(new VirtioBlock(disk, "drive" + functions.size()));
    }
    if (entropySeed != null) {
      functions.add(new VirtioEntropy(entropySeed));
    }
    return new Emulator.Equipment(Optional.ofNullable(tftp), functions);
  }

  /** Files that the machine has open. */
  private static final class Disks implements AutoCloseable {
    private final List<FileDisk> open = new ArrayList<>();

    void open(List<Path> files, boolean write) {
      for (Path file : files) {
        try {
          open.add(FileDisk.open(file, write));
        } catch (BringupException e) {
          throw BringupException.configuration("--drive " + e.getMessage());
        }
      }
    }

    @Override
    public void close() throws IOException {
      for (FileDisk disk : open) {
        disk.close();
      }
    }
  }

  private Emulator.Program program() {
    if (restore != null) {
      if (firmware != null || kernel != null || ramdisk != null || arguments != null) {
        throw BringupException.configuration(
            "--restore goes on with what runs: without --firmware, --kernel, --initrd and"
                + " --append");
      }
      return new Emulator.Program.Snapshot(SnapshotFile.open(restore));
    }
    if (kernel == null) {
      if (ramdisk != null || arguments != null) {
        throw BringupException.configuration("--initrd and --append need a --kernel");
      }
      Path file = firmware == null ? debianFirmware() : firmware;
      byte[] content = read("--firmware", file, VirtMachine.Flash.ROOM);
      return new Emulator.Program.Firmware(file.toString(), () -> content);
    }
    if (firmware != null) {
      throw BringupException.configuration(
          "--firmware and --kernel exclude each other: one of them starts first");
    }
    byte[] image = read("--kernel", kernel, size());
    try {
      var _ = Arm64Image.read(image);
    } catch (BringupException e) {
      throw BringupException.configuration(
          "--kernel " + kernel + " is not an uncompressed arm64 Image: " + e.getMessage());
    }
    byte[] disk = ramdisk == null ? new byte[0] : read("--initrd", ramdisk, size());
    return new Emulator.Program.Kernel(() -> image, () -> disk, arguments == null ? "" : arguments);
  }

  private Path debianFirmware() {
    var line = new FetchLine(System.err, Terminal.interactive());
    Path file = workspace.files(FIRMWARE_SET, line).file(FIRMWARE_FILE).path();
    line.erase();
    return file;
  }

  private long size() {
    try {
      return ByteSize.parse(memory).bytes();
    } catch (RuntimeException e) {
      throw BringupException.configuration("--memory " + memory + ": " + e.getMessage());
    }
  }

  private static byte[] read(String option, Path file, long room) {
    if (!Files.isRegularFile(file)) {
      throw BringupException.configuration(
          "%s %s: %s"
              .formatted(option, file, Files.exists(file) ? "not a regular file" : "no such file"));
    }
    try {
      long size = Files.size(file);
      if (size > Math.min(room, LARGEST_FILE)) {
        throw BringupException.configuration(
            "%s %s has %,d bytes; there is room for %,d"
                .formatted(option, file, size, Math.min(room, LARGEST_FILE)));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw BringupException.configuration(
          "%s %s cannot be read: %s".formatted(option, file, e.getMessage()));
    }
  }
}
