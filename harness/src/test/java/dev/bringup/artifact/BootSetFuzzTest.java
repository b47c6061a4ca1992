package dev.bringup.artifact;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.bringup.verdict.BringupException;

final class BootSetFuzzTest {

  @FuzzTest
  void anyTextIsReadOrRefused(byte[] data) {
    try {
      var _ = BootSets.parse("fuzz", "fuzz.yaml", data).staged();
    } catch (BringupException _) {
      // the documented way to refuse
    }
  }
}
