package dev.bringup.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = {
      "The main job: U-Boot fetches Xen over TFTP, Xen starts dom0, dom0 starts a Linux guest.",
      "All of it is Debian's own; what is missing is fetched once."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Mixin private RunOptions run;

  @Option(
      names = "--board",
      paramLabel = "NAME",
      defaultValue = "emu-virt",
      description = "The board to run on (default: ${DEFAULT-VALUE}).")
  private String board;

  @Option(
      names = "--to",
      paramLabel = "STAGE",
      defaultValue = "guest",
      description = "How far: guest, or kernel for Linux without Xen (default: ${DEFAULT-VALUE}).")
  private String stage;

  @SuppressWarnings("NullAway.Init") // picocli injects options and mixins
  DemoCommand() {}

  @Override
  public Integer call() {
    @Nullable String tags =
        stage.equals("kernel") || stage.equals("userland") ? "@kernel" : "@guest";
    String features = Workspace.home().resolve("features/demo").normalize().toString();
    return run.run(
        new RunOptions.What(
            List.of(features), List.of(), DemoCommand.class.getClassLoader(), tags, null),
        run.workspace().catalog().board(board),
        "./bringup demo --board " + board + " --to " + stage);
  }
}
