package dev.bringup.cli;

import dev.bringup.board.BoardFile;
import dev.bringup.units.Durations;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Programs by which others drive a board. */
@Command(
    name = "hooks",
    description = "Writes the programs by which another test suite drives a board.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "SUITE",
    subcommands = {HooksCommand.UBoot.class, HookCommand.class, HookHolderCommand.class})
final class HooksCommand {

  private HooksCommand() {}

  @Command(
      name = "uboot",
      description = {
        "For test/py of U-Boot: writes u-boot-test-console, -reset, -flash, -release and -getrole",
        "into a folder, for PATH. The first of them that needs the board holds it in the"
            + " background",
        "until -release, or until nobody has used it for --linger; within run-command, and while",
        "somebody is at ./bringup console, they use the board that is held there."
      },
      mixinStandardHelpOptions = true)
  static final class UBoot implements Callable<Integer> {
    @Mixin private BoardWorkspace workspace;

    @Parameters(paramLabel = "DIR", description = "The folder; made if need be.")
    private Path folder;

    @Option(names = "--board", required = true, paramLabel = "BOARD", description = "Its name.")
    private String boardName;

    @Option(
        names = "--type",
        paramLabel = "TYPE",
        description = "U-Boot's name for the board, for -getrole (default: the board's type).")
    private @Nullable String type;

    @Option(
        names = "--flash",
        paramLabel = "COMMAND",
        description = {
          "A shell command that writes $U_BOOT_BUILD_DIR to the board. Without it, an emulated",
          "board runs u-boot.bin from there; on others, -flash says that it did nothing."
        })
    private @Nullable String flash;

    @Option(
        names = "--linger",
        paramLabel = "DURATION",
        defaultValue = "5 min",
        description = "For how long the board stays held with nobody there (${DEFAULT-VALUE}).")
    private String linger;

    @SuppressWarnings("NullAway.Init") // picocli injects options and mixins
    UBoot() {}

    @Override
    public Integer call() {
      BoardFile board = workspace.catalog().board(boardName);
      var _ = Durations.parse(linger);
      try {
        Files.createDirectories(folder);
        for (HookCommand.Hook hook : HookCommand.Hook.values()) {
          write(hook.name().toLowerCase(Locale.ROOT), text(hook));
        }
        write("getrole", role(type != null ? type : boardType(board)));
      } catch (IOException e) {
        throw BringupException.infrastructure(
            "cannot write to " + folder + ": " + e.getMessage(), "name a folder of your own");
      }
      System.out.println(folder.toAbsolutePath().normalize());
      return 0;
    }

    private static String boardType(BoardFile board) {
      String named = board.type();
      return named == null ? board.name() : named;
    }

    private void write(String hook, String text) throws IOException {
      Path file = folder.resolve("u-boot-test-" + hook);
      Files.writeString(file, text, StandardCharsets.UTF_8);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String text(HookCommand.Hook hook) {
      String command =
          "exec %s hooks hook %s --board %s --boards %s --linger %s -- \"$@\""
              .formatted(
                  quoted(BoardWorkspace.home().resolve("bringup").toAbsolutePath().toString()),
                  hook.name().toLowerCase(Locale.ROOT),
                  quoted(boardName),
                  quoted(workspace.boardsFolder().toAbsolutePath().normalize().toString()),
                  quoted(linger));
      return switch (hook) {
        case CONSOLE ->
            """
            #!/bin/sh
            # Before anything is said: a terminal echoes otherwise.
            [ ! -t 0 ] || stty raw -echo
            %s
            """
                .formatted(command);
        case FLASH ->
            flash == null
                ? "#!/bin/sh\n%s\n".formatted(command)
                : "#!/bin/sh\nexec sh -c %s u-boot-test-flash \"$@\"\n".formatted(quoted(flash));
        case RESET, RELEASE -> "#!/bin/sh\n%s\n".formatted(command);
      };
    }

    /** Called before anything else, with a role; each line is a word and a value. */
    private static String role(String type) {
      return """
      #!/bin/sh
      type=%s
      build=${U_BOOT_BUILD_DIR:-${U_BOOT_SOURCE_DIR:-.}/build-$type}
      echo "board $type"
      echo "board_extra $type"
      echo "build_dir $build"
      echo "build_dir_extra ${U_BOOT_BUILD_DIR_EXTRA:-$build}"
      """
          .formatted(quoted(type));
    }

    /** As one word of a shell. */
    private static String quoted(String word) {
      return "'" + word.replace("'", "'\\''") + "'";
    }
  }
}
