package dev.bringup.hold;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class XenKeysTest {
  private static final String TYPED = "h\033[24;8Rq\033OA\033[?62;1cR";

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void whatATerminalAnswersIsNoOrder() {
    for (int cut = 0; cut <= TYPED.length(); cut++) {
      var keys = new XenKeys();
      String passed =
          new String(keys.of(bytes(TYPED.substring(0, cut))), StandardCharsets.ISO_8859_1)
              + new String(keys.of(bytes(TYPED.substring(cut))), StandardCharsets.ISO_8859_1);
      assertThat(passed).isEqualTo("hqR");
    }
  }
}
