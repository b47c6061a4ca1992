package dev.bringup.emulator.lockstep;

import dev.bringup.emulator.machine.VirtMachine;
import dev.bringup.image.DeviceTree;
import dev.bringup.image.DeviceTreeNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program on QEMU 7.2's machine {@code virt} and on ours, instruction by instruction. Both
 * have the same flash, RAM and device tree, one Cortex-A72 with EL2, GICv2 and no virtio devices.
 */
public final class LockstepRun {
  static final String EMULATOR = "qemu-system-aarch64";
  private static final long RAM = 0x4000_0000;
  private static final long KERNEL = RAM + 0x20_0000;
  private static final long MIB = 1 << 20;

  private LockstepRun() {}

  /** What runs: code at the reset vector, maybe a kernel behind the begin of RAM. */
  static final class Program {
    private final byte[] firmware;
    private final byte @Nullable [] kernel;
    private final String arguments;

    private Program(byte[] firmware, byte @Nullable [] kernel, String arguments) {
      this.firmware = firmware;
      this.kernel = kernel;
      this.arguments = arguments;
    }

    /** Code from the reset vector on. */
    static Program firmware(byte[] firmware) {
      return new Program(firmware, null, "");
    }

    /** An arm64 Image, with the few instructions that start it. */
    static Program kernel(byte[] image, String arguments) {
      int[] start = {
        0xd2a8_0000, // mov x0, #0x40000000
        0xd2a8_0404, // mov x4, #0x40200000
        0xaa1f_03e1, // mov x1, xzr
        0xaa1f_03e2, // mov x2, xzr
        0xaa1f_03e3, // mov x3, xzr
        0xd61f_0080 // br x4
      };
      ByteBuffer code = ByteBuffer.allocate(4 * start.length).order(ByteOrder.LITTLE_ENDIAN);
      for (int word : start) {
        code.putInt(word);
      }
      return new Program(code.array(), image, arguments);
    }
  }

  /** Whether the emulator is installed. */
  static boolean hasPeer() {
    return Files.isExecutable(Path.of("/usr/bin", EMULATOR));
  }

  /**
   * Compares.
   *
   * @param memory in MiB
   * @param vectors whether to compare vector registers too, which is slow
   * @param folder for files that QEMU reads
   */
  static Lockstep.Result run(
      Program program, int memory, long instructions, boolean vectors, Path folder)
      throws IOException, InterruptedException {
    var configuration = new VirtMachine.Configuration(1, memory * MIB, true, false, Instant.EPOCH);
    var flash = new VirtMachine.Flash("firmware", program.firmware);
    try (var machine = new VirtMachine(configuration, flash, null, List.of(), new Nobody())) {
      List<String> command = command(program, memory, vectors, tree(machine, program), folder);
      machine.load("device tree", RAM, Files.readAllBytes(folder.resolve("peer.dtb")));
      if (program.kernel != null) {
        machine.load("kernel", KERNEL, program.kernel);
      }
      machine.startAt(0, 0);
      machine.powerOn();
      Process peer = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var text = new InputStreamReader(peer.getInputStream(), StandardCharsets.US_ASCII)) {
        return new Lockstep(machine, new QemuTrace(text), vectors).run(instructions);
      } finally {
        peer.destroyForcibly();
      }
    }
  }

  private static byte[] tree(VirtMachine machine, Program program) {
    DeviceTree tree = machine.deviceTree();
    DeviceTreeNode chosen = tree.find("/chosen").orElseThrow();
    if (!program.arguments.isEmpty()) {
      chosen.setStrings("bootargs", program.arguments);
    }
    return tree.encode(0);
  }

  /** Also leaves the tree as QEMU passes it on, in {@code peer.dtb}. */
  private static List<String> command(
      Program program, int memory, boolean vectors, byte[] tree, Path folder)
      throws IOException, InterruptedException {
    Path firmware = Files.write(folder.resolve("firmware.bin"), program.firmware);
    Path ours = Files.write(folder.resolve("ours.dtb"), tree);
    Path dump = folder.resolve("peer.dtb");
    String machine = "virt,virtualization=on,gic-version=2";
    List<String> command =
        new ArrayList<>(
            List.of(
                EMULATOR,
                "-machine",
                machine,
                "-cpu",
                "cortex-a72,pmu=off",
                "-m",
                memory + "M",
                "-display",
                "none",
                "-monitor",
                "none",
                "-serial",
                "null",
                "-nic",
                "none",
                "-bios",
                firmware.toString(),
                "-dtb",
                ours.toString()));
    if (program.kernel != null) {
      Path kernel = Files.write(folder.resolve("Image"), program.kernel);
      command.add("-device");
      command.add("loader,file=%s,addr=0x%x,force-raw=on".formatted(kernel, KERNEL));
    }
    var dumping = new ArrayList<>(command);
    dumping.set(2, machine + ",dumpdtb=" + dump);
    run(dumping);
    // A tick of the counter each instruction, as ours.
    command.addAll(
        List.of(
            "-singlestep",
            "-icount",
            "shift=4,sleep=off",
            "-d",
            vectors ? "cpu,fpu,nochain" : "cpu,nochain"));
    return command;
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream output = process.getInputStream()) {
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(command + " failed: " + said);
      }
    }
  }

  private static final class Nobody implements VirtMachine.Outside {
    @Override
    public void console(int value) {}

    @Override
    public void frame(byte[] frame) {}

    @Override
    public void reset() {}
  }

  /** The tool: see {@code dev/lockstep}. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path firmware = null;
    Path kernel = null;
    String append = "earlycon console=ttyAMA0";
    long instructions = 1_000_000;
    int memory = 256;
    boolean vectors = false;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--instructions" -> instructions = Long.parseLong(arguments[++i].replace("_", ""));
        case "--kernel" -> kernel = Path.of(arguments[++i]);
        case "--append" -> append = arguments[++i];
        case "--memory" -> memory = Integer.parseInt(arguments[++i]);
        case "--vectors" -> vectors = true;
        default -> firmware = Path.of(arguments[i]);
      }
    }
    if ((firmware == null) == (kernel == null)) {
      System.err.println("lockstep: name a firmware, or a kernel with --kernel");
      System.exit(2);
      return;
    }
    Program program =
        kernel != null
            ? Program.kernel(Files.readAllBytes(kernel), append)
            : Program.firmware(Files.readAllBytes(firmware));
    Path folder = Files.createTempDirectory("bringup-lockstep-");
    Lockstep.Result result;
    try {
      result = run(program, memory, instructions, vectors, folder);
    } finally {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
    new TreeMap<>(result.taken())
        .forEach((source, times) ->
            System.out.printf("taken from the peer: %s, %d times%n", source, times));
    System.out.printf(
        "%,d instructions and %,d interrupts alike; %s%n",
        result.instructions(), result.interrupts(), result.end());
    result.difference().ifPresent(System.out::println);
    System.exit(result.difference().isPresent() ? 1 : 0);
  }
}
