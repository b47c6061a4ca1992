package dev.bringup.steps;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The page of the step vocabulary, made from the sources of the step definition classes. */
final class StepsPage {
  private static final List<String> KEYWORDS = List.of("Given", "When", "Then");
  private static final String BEGINNING =
      """
      # Steps

      What features can say. This page is made from the code (`harness/src/main/java/dev/bringup/steps`) and checked
      by `StepsPageTest`; do not edit it. Keywords are for readers: Cucumber takes a step after any of them.

      """;

  private StepsPage() {}

  /**
   * What a step definition class says about itself.
   *
   * @param doc the text of its Javadoc in Markdown
   */
  private record StepClass(
      String name, String doc, List<Step> steps, List<ParameterType> parameterTypes) {}

  private record Step(String keyword, String expression, String doc) {}

  private record ParameterType(String name, String doc) {}

  /** The page for all sources of {@code folder}. */
  static String of(Path folder) throws IOException {
    List<StepClass> classes = read(folder);
    var page = new StringBuilder(BEGINNING);
    page.append("## Parameter types\n\n| In a step | For example |\n|---|---|\n");
    page.append("| `{string}` | `\"text\"`, `'text'` |\n| `{int}` | `512`, `-1` |\n");
    for (StepClass each : classes) {
      for (ParameterType type : each.parameterTypes()) {
        page.append("| `{%s}` | %s |\n".formatted(type.name(), stripped(type.doc(), ".")));
      }
    }
    for (StepClass each : classes) {
      if (!each.steps().isEmpty()) {
        page.append("\n## %s\n\n%s\n\n".formatted(heading(each.name()), each.doc()));
        for (Step step : each.steps()) {
          page.append("- **%s** `%s`".formatted(step.keyword(), step.expression()));
          page.append(step.doc().isEmpty() ? "\n" : "  \n  " + step.doc() + "\n");
        }
      }
    }
    return page.toString();
  }

  /** {@code BoardSteps} becomes {@code Board}, {@code UBootSteps} becomes {@code U-Boot}. */
  private static String heading(String className) {
    String words =
        className
            .replaceFirst("Steps$", "")
            .replace("UBoot", "U-boot")
            .replaceAll("(?<=[a-z])(?=[A-Z])", " ");
    return words.equals("U-boot") ? "U-Boot" : capitalised(words);
  }

  private static String capitalised(String words) {
    return words.substring(0, 1) + words.substring(1).toLowerCase(java.util.Locale.ROOT);
  }

  private static String stripped(String text, String end) {
    return text.endsWith(end) ? text.substring(0, text.length() - end.length()) : text;
  }

  private static List<StepClass> read(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    JavaCompiler compiler =
        Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "this is a JRE, not a JDK");
    var classes = new ArrayList<StepClass>();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        for (Tree tree : unit.getTypeDecls()) {
          if (tree instanceof ClassTree type) {
            classes.add(read(unit, type, docs));
          }
        }
      }
    }
    return classes;
  }

  private static StepClass read(CompilationUnitTree unit, ClassTree type, DocTrees docs) {
    TreePath path = TreePath.getPath(unit, type);
    var steps = new ArrayList<Step>();
    var types = new ArrayList<ParameterType>();
    for (Tree member : type.getMembers()) {
      if (member instanceof MethodTree method) {
        String doc = text(docs.getDocCommentTree(new TreePath(path, method)));
        for (AnnotationTree annotation : method.getModifiers().getAnnotations()) {
          String kind = annotation.getAnnotationType().toString();
          if (KEYWORDS.contains(kind)) {
            steps.add(new Step(kind, value(annotation), doc));
          } else if (kind.equals("ParameterType")) {
            types.add(new ParameterType(method.getName().toString(), doc));
          }
        }
      }
    }
    return new StepClass(
        type.getSimpleName().toString(), text(docs.getDocCommentTree(path)), steps, types);
  }

  private static String value(AnnotationTree annotation) {
    Optional<? extends ExpressionTree> first = annotation.getArguments().stream().findFirst();
    ExpressionTree value =
        first.orElseThrow() instanceof AssignmentTree assignment
            ? assignment.getExpression()
            : first.orElseThrow();
    if (value instanceof com.sun.source.tree.LiteralTree literal) {
      return String.valueOf(literal.getValue());
    }
    throw new IllegalStateException("not a plain string: " + annotation);
  }

  /** Javadoc as one line of Markdown; block tags are left out. */
  private static String text(@Nullable DocCommentTree comment) {
    return comment == null
        ? ""
        : comment.getFullBody().stream()
            .map(StepsPage::text)
            .collect(Collectors.joining())
            .replaceAll("\\s+", " ")
            .strip();
  }

  private static String text(DocTree tree) {
    return switch (tree) {
      case com.sun.source.doctree.LiteralTree literal ->
          literal.getKind() == DocTree.Kind.CODE
              ? "`" + literal.getBody().getBody() + "`"
              : literal.getBody().getBody();
      case LinkTree link -> "`" + link.getReference().getSignature().replace('#', '.') + "`";
      default -> tree.toString();
    };
  }
}
