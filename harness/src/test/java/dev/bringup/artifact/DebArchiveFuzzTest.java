package dev.bringup.artifact;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.bringup.verdict.BringupException;
import java.io.ByteArrayInputStream;

final class DebArchiveFuzzTest {

  @FuzzTest
  void anyBytesAreReadOrRefused(byte[] data) {
    try {
      var _ = DebArchive.control(new ByteArrayInputStream(data), "fuzz.deb");
    } catch (BringupException _) {
      // the documented way to refuse
    }
    try {
      DebArchive.data(new ByteArrayInputStream(data), "fuzz.deb", new CountingSink());
    } catch (BringupException _) {
      // the documented way to refuse
    }
  }
}
