package dev.bringup.emulator.aarch64;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** HotSpot never compiles a method of more than 8,000 bytes of bytecode. */
class MethodSizeTest {
  private static final int LIMIT = 8000;

  @Test
  void everyMethodOfTheCpuCanBeCompiled() throws IOException, URISyntaxException {
    var classes =
        Path.of(Cpu.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve("dev/bringup/emulator/aarch64");
    List<String> tooLarge = new ArrayList<>();
    int seen = 0;
    try (var files = Files.walk(classes)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        ClassModel model = ClassFile.of().parse(file);
        for (MethodModel method : model.methods()) {
          boolean initializes = method.methodName().equalsString("<clinit>");
          if (method.code().orElse(null) instanceof CodeAttribute code && !initializes) {
            seen++;
            if (code.codeLength() >= LIMIT) {
              tooLarge.add(
                  "%s.%s: %d bytes"
                      .formatted(
                          model.thisClass().asInternalName(),
                          method.methodName(),
                          code.codeLength()));
            }
          }
        }
      }
    }
    assertThat(seen).isGreaterThan(100);
    assertThat(tooLarge).isEmpty();
  }
}
