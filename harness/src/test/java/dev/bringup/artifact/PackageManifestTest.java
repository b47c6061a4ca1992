package dev.bringup.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PackageManifestTest {
  private static final PackageManifest MANIFEST =
      new PackageManifest(
          new DebianPackage("p", "1:2-3", "arm64"),
          "ab".repeat(32),
          new TreeMap<>(
              Map.of(
                  "usr/bin/a b", new PackageManifest.File(0755, 5_000_000_000L, "cd".repeat(32)),
                  "usr/bin/c", new PackageManifest.Link("../x"))));

  @Test
  void readsWhatItWrote() throws IOException {
    assertThat(PackageManifest.decode(MANIFEST.encode())).isEqualTo(MANIFEST);
  }

  @Test
  void anyChangedCharacterAndAnyCutShows() {
    String text = MANIFEST.encode();
    for (int i = 0; i < text.length(); i++) {
      StringBuilder changed = new StringBuilder(text);
      changed.setCharAt(i, (char) (text.charAt(i) ^ 1));
      String cut = text.substring(0, i);
      assertThatThrownBy(() -> PackageManifest.decode(changed.toString()))
          .as("changed at %d", i)
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> PackageManifest.decode(cut))
          .as("cut at %d", i)
          .isInstanceOf(IOException.class);
    }
  }
}
