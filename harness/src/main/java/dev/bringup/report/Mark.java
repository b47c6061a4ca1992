package dev.bringup.report;

/** How a scenario's outcome is counted, named and drawn. The order is that of the reports. */
enum Mark {
  PRODUCT("product", "product failure", "product failures", "✕"),
  INFRASTRUCTURE("infra", "infrastructure error", "infrastructure errors", "⚠"),
  UNKNOWN("unknown", "unknown", "unknown", "?"),
  PASSED("passed", "passed", "passed", "✓"),
  SKIPPED("skipped", "skipped", "skipped", "–");

  /** The name in style sheets and scripts. */
  final String key;

  final String text;
  final String plural;
  final String sign;

  Mark(String key, String text, String plural, String sign) {
    this.key = key;
    this.text = text;
    this.plural = plural;
    this.sign = sign;
  }

  static Mark of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Passed _ -> PASSED;
      case Outcome.Skipped _ -> SKIPPED;
      case Outcome.Failed failed ->
          switch (failed.verdict()) {
            case PRODUCT_FAILURE -> PRODUCT;
            case INFRASTRUCTURE_ERROR -> INFRASTRUCTURE;
            case UNKNOWN, PASSED -> UNKNOWN;
          };
    };
  }

  boolean isFailure() {
    return this == PRODUCT || this == INFRASTRUCTURE || this == UNKNOWN;
  }

  String count(int number) {
    return number + " " + (number == 1 ? text : plural);
  }
}
