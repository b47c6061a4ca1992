package dev.bringup.artifact;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

final class PackageManifestFuzzTest {

  @FuzzTest
  void anyTextIsReadOrRefused(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    try {
      // a right check sum lets the fuzzer past the first door
      var _ = PackageManifest.decode(text + "end\t" + Sha256.of(text) + "\n");
    } catch (IOException _) {
      // the documented way to refuse
    }
  }
}
