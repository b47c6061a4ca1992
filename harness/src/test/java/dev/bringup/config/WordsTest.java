package dev.bringup.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

  @ParameterizedTest
  @CsvSource({
    "baud, baud, 0",
    "bauds, baud, 1",
    "buad, baud, 1",
    "bud, baud, 1",
    "kitten, sitting, 3",
    "'', abc, 3",
    "ca, abc, 3"
  })
  void distanceCountsSlipsOfTheFinger(String a, String b, int distance) {
    assertThat(Words.distance(a, b)).isEqualTo(distance);
    assertThat(Words.distance(b, a)).isEqualTo(distance);
  }

  @Test
  void theNearestWordIsSuggestedIfItIsNear() {
    List<String> known = List.of("memory", "memory-map", "machine");

    assertThat(Words.nearest("memroy", known)).contains("memory");
    assertThat(Words.nearest("memory_map", known)).contains("memory-map");
    assertThat(Words.nearest("Machine", known)).contains("machine");
    assertThat(Words.nearest("console", known)).isEmpty();
    assertThat(Words.nearest("m".repeat(100_000), known)).isEmpty();
  }

  @Test
  void quotesStayShortAndOnOneLine() {
    assertThat(Words.quote("a\nb\tc\u001b\u2028\u202e"))
        .isEqualTo("\"a\\nb\\tc\\u001b\\u2028\\u202e\"");
    assertThat(Words.quote("x".repeat(1000))).isEqualTo("\"" + "x".repeat(60) + "...\"");
  }
}
