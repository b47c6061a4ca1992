package dev.bringup.cli;

import dev.bringup.verdict.BringupException;
import java.io.PrintWriter;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code ./bringup VERB}: standard output is data, standard error is talk. */
@Command(
    name = "bringup",
    description = "Drives boards through their boot stages and says truthfully what happened.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "VERB",
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      ConformCommand.class,
      BoardsCommand.class,
      BootCommand.class,
      ConsoleCommand.class,
      PowerCommand.class,
      RunProgramCommand.class,
      HooksCommand.class,
      EmulateCommand.class,
      ProvisionCommand.class,
      ArtifactsCommand.class,
      ImageCommand.class,
      TftpCommand.class,
      ReplayCommand.class,
      DoctorCommand.class,
      AutoComplete.GenerateCompletion.class,
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:passed",
      "1:product failure",
      "2:wrong usage, board file or feature",
      "3:infrastructure error",
      "130:interrupted"
    })
public final class Main {

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show stack traces of failures.")
  private boolean debug;

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    StandardOutput out = StandardOutput.use();
    int code = run(List.of(arguments));
    System.out.flush();
    System.exit(out.told(code));
  }

  /** Runs one command. */
  static int run(List<String> arguments) {
    if (arguments.equals(List.of("--version"))) {
      System.out.println(Version.line()); // without the price of setting all verbs up
      return 0;
    }
    var main = new Main();
    var commandLine = new CommandLine(main);
    commandLine.setColorScheme(
        CommandLine.Help.defaultColorScheme(Terminal.colour() ? Ansi.ON : Ansi.OFF));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExecutionExceptionHandler(
        (exception, command, _) -> main.failed(exception, command));
    commandLine.setParameterExceptionHandler((exception, _) -> {
      PrintWriter err = exception.getCommandLine().getErr();
      err.println("bringup: " + exception.getMessage());
      if (!CommandLine.UnmatchedArgumentException.printSuggestions(exception, err)) {
        err.println(
            "try: " + exception.getCommandLine().getCommandSpec().qualifiedName() + " --help");
      }
      return 2;
    });
    return arguments.isEmpty()
        ? commandLine.execute("--help")
        : commandLine.execute(arguments.toArray(String[]::new));
  }

  private int failed(Exception exception, CommandLine command) {
    PrintWriter err = command.getErr();
    int code = 3;
    if (exception instanceof BringupException failure) {
      err.println("bringup: " + failure.getMessage());
      failure.hint().ifPresent(hint -> err.println("try: " + hint));
      code = failure.kind().exitCode();
    } else {
      err.println("bringup: internal error: " + exception);
      if (!debug) {
        err.println("try: the same with --debug, and report what it prints");
      }
    }
    if (debug) {
      exception.printStackTrace(err);
    }
    return code;
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {line()};
    }

    static String line() {
      return "bringup " + text();
    }

    static String text() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "(development)" : version;
    }
  }
}
