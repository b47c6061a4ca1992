package dev.bringup.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DebianVersionTest {

  @Test
  void sortsAsThePolicySays() {
    assertThat(
            List.of(
                "1.0~rc1", "1.0", "1.0-1", "1.0-1+b1", "1.0-10", "1.0a", "1.0+x", "1.10", "1:0"))
        .isSortedAccordingTo(DebianVersion.ORDER);
    assertThat(DebianVersion.ORDER.compare("1.00-01", "0:1.0-1")).isZero();
    assertThat(DebianVersion.ORDER.compare("1.0", "1.0-0")).isZero();
  }

  @Test
  void agreesWithDpkgOnRandomVersions() throws IOException, InterruptedException {
    Tools.need("dpkg", "dpkg");
    long seed = 20261121;
    Random random = new Random(seed);
    for (int i = 0; i < 120; i++) {
      String a = version(random);
      String b = random.nextInt(4) == 0 ? a + piece(random) : version(random);
      int ours = Integer.signum(DebianVersion.ORDER.compare(a, b));
      String relation = ours < 0 ? "lt" : ours == 0 ? "eq" : "gt";
      Tools.Result dpkg = Tools.run("dpkg", "--compare-versions", a, relation, b);
      assertThat(dpkg.exitCode())
          .as("%s %s %s (seed %d, step %d): %s", a, relation, b, seed, i, dpkg.output())
          .isZero();
    }
  }

  private static String version(Random random) {
    StringBuilder version =
        new StringBuilder(random.nextInt(3) == 0 ? random.nextInt(3) + ":" : "");
    version.append(random.nextInt(12));
    for (int n = random.nextInt(5); n > 0; n--) {
      version.append(piece(random));
    }
    return random.nextBoolean()
        ? version.append("-").append(random.nextInt(3)).toString()
        : version.toString();
  }

  private static String piece(Random random) {
    List<String> pieces =
        List.of(".", "~", "+", "a", "Z", "rc", "0", "00", "7", "10", "deb12u", "~~");
    return pieces.get(random.nextInt(pieces.size()));
  }
}
