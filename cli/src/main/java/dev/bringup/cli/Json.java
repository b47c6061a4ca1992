package dev.bringup.cli;

import tools.jackson.databind.json.JsonMapper;

/** Machine-readable output: one JSON document on standard output. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static void print(Object value) {
    System.out.println(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value));
  }
}
