package dev.bringup.emulator.qemu;

import dev.bringup.board.BoardFile;
import dev.bringup.config.YamlNode;
import dev.bringup.verdict.BringupException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a board file says under {@code machine} for this engine.
 *
 * @param firmwareSet the boot set with the code at the reset vector
 * @param firmwareFile its name in that set
 */
record QemuSettings(
    String model,
    String cpu,
    int gic,
    boolean virtualization,
    String firmwareSet,
    String firmwareFile) {

  private static final Set<String> KEYS =
      Set.of("engine", "model", "cpu", "gic", "virtualization", "firmware");

  static QemuSettings of(BoardFile file) {
    BoardFile.Machine machine = file.require(file.machine(), "machine");
    YamlNode.Mapping settings = machine.settings();
    settings.requireKnown("the engine qemu", KEYS);
    YamlNode firmware = settings.get("firmware");
    return new QemuSettings(
        settings.get("model").text(),
        settings.get("cpu").text(),
        settings.get("gic").integer(),
        settings.get("virtualization").bool(),
        firmware.get("boot-set").text(),
        firmware.get("file").text());
  }

  private static String program(BoardFile file) {
    return "qemu-system-" + (file.architecture().equals("arm64") ? "aarch64" : "unknown");
  }

  /**
   * Looks whether the emulator is there before anything is made for it.
   *
   * @throws BringupException (infrastructure) if it is not
   */
  void requireProgram(BoardFile file) {
    String path = System.getenv().getOrDefault("PATH", "");
    boolean there =
        Arrays.stream(path.split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program(file))));
    if (!there) {
      throw BringupException.infrastructure(
          "%s: %s is not on the PATH".formatted(file.name(), program(file)),
          "run ./bringup doctor --install as root, or install Debian's qemu-system-arm");
    }
  }

  /** The command that starts the machine with its wires plugged into the two sockets. */
  List<String> command(BoardFile file, Path firmware, Path consoleSocket, Path networkSocket) {
    var command = new ArrayList<String>();
    command.add(program(file));
    command.addAll(List.of("-nodefaults", "-no-user-config", "-display", "none"));
    command.addAll(
        List.of(
            "-machine",
            "%s,virtualization=%s,gic-version=%d"
                .formatted(model, virtualization ? "on" : "off", gic)));
    command.addAll(List.of("-cpu", cpu));
    command.addAll(List.of("-smp", Integer.toString(file.cpus())));
    command.addAll(List.of("-m", (file.memory().bytes() >> 20) + "M"));
    command.addAll(List.of("-bios", firmware.toString()));
    command.addAll(
        List.of(
            "-chardev",
            "socket,id=uart0,path=" + escaped(consoleSocket),
            "-serial",
            "chardev:uart0"));
    if (file.network() != null) {
      String mac = file.network().mac();
      command.addAll(
          List.of(
              "-netdev",
              "stream,id=lan0,server=off,addr.type=unix,addr.path=" + escaped(networkSocket),
              "-device",
              "virtio-net-device,netdev=lan0" + (mac == null ? "" : ",mac=" + mac)));
    }
    return List.copyOf(command);
  }

  /** QEMU's option parser takes a comma in a value when it stands twice. */
  private static String escaped(Path path) {
    return path.toString().replace(",", ",,");
  }
}
