package dev.bringup.artifact;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.bringup.verdict.BringupException;

final class ElfFileFuzzTest {

  @FuzzTest
  void anyBytesAreReadOrRefused(byte[] data) {
    try {
      var _ = ElfFile.parse(data, "fuzz");
    } catch (BringupException _) {
      // the documented way to refuse
    }
  }
}
