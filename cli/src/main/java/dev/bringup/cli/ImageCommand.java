package dev.bringup.cli;

import dev.bringup.image.ImageInspector;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "image",
    description = "Looks into device trees, uImages, arm64 Images, cpio archives and the like.",
    mixinStandardHelpOptions = true)
final class ImageCommand {

  @Command(
      name = "inspect",
      description = "Says what a file is and what is in it.",
      mixinStandardHelpOptions = true)
  int inspect(
      @Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files,
      @Option(names = "--json", description = "One JSON document on standard output.")
          boolean json) {
    if (json) {
      Json.print(files.stream().map(ImageCommand::facts).toList());
      return 0;
    }
    for (Path file : files) {
      ImageInspector.Inspection inspection = look(file);
      System.out.println(file);
      inspection.facts().forEach((key, value) -> System.out.printf("  %s: %s%n", key, value));
      inspection.problems().forEach(problem -> System.out.println("  problem: " + problem));
    }
    return 0;
  }

  @Command(
      name = "check",
      description = "Lists what is wrong with images; exit code 1 if anything is.",
      mixinStandardHelpOptions = true)
  int check(
      @Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files,
      @Option(names = "--json", description = "One JSON document on standard output.")
          boolean json) {
    boolean good = true;
    for (Path file : files) {
      ImageInspector.Inspection inspection = look(file);
      good &= inspection.problems().isEmpty();
      if (!json) {
        inspection.problems().forEach(problem -> System.out.println(file + ": " + problem));
      }
    }
    if (json) {
      Json.print(files.stream().map(ImageCommand::facts).toList());
    }
    return good ? 0 : 1;
  }

  private static Map<String, Object> facts(Path file) {
    ImageInspector.Inspection inspection = look(file);
    var facts = new LinkedHashMap<String, Object>();
    facts.put("file", file.toString());
    facts.put("kind", inspection.kind().text());
    facts.put("facts", inspection.facts());
    facts.put("problems", inspection.problems());
    return facts;
  }

  private static ImageInspector.Inspection look(Path file) {
    try {
      return ImageInspector.inspect(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw BringupException.configuration(file + ": no such file");
    } catch (IOException e) {
      throw BringupException.configuration(file + ": cannot be read: " + e.getMessage());
    }
  }
}
