package dev.bringup.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.hold.HoldMessage.From;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Somebody who is attached, and what was told to him. */
final class Person implements AutoCloseable {
  final HoldClient client;
  private final StringBuilder console = new StringBuilder();
  private final List<String> notices = new ArrayList<>();

  Person(HoldPlace place, From from, String name) {
    client = HoldClient.attach(place, from, name).orElseThrow();
  }

  void type(String text) {
    client.type(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  String ask(HoldMessage.Request request) {
    return client.ask(request, this::hear);
  }

  HoldMessage.State look() {
    var seen = new ArrayList<HoldMessage.State>();
    client.ask(
        new HoldMessage.Look(),
        report -> {
          if (report instanceof HoldMessage.State state) {
            seen.add(state);
          } else {
            hear(report);
          }
        });
    return seen.getFirst();
  }

  private void hear(HoldMessage report) {
    switch (report) {
      case HoldMessage.Said said ->
          console.append(new String(said.toArray(), StandardCharsets.ISO_8859_1));
      case HoldMessage.Notice(String text) -> notices.add(text);
      case HoldMessage.Found found -> notices.add(found.offset() + ": " + found.line());
      default -> throw new AssertionError(report.toString());
    }
  }

  /** Reads until the board has said that; returns all that it said. */
  String await(String text) {
    for (int from = 0; console.indexOf(text, from) < 0; ) {
      from = Math.max(0, console.length() - text.length());
      hear(client.next());
    }
    return console.toString();
  }

  /** Reads until he was told that, and forgets it. */
  void awaitNotice(String text) {
    while (!notices.contains(text)) {
      hear(client.next());
    }
    notices.remove(text);
  }

  void awaitEnd(String why) {
    while (true) {
      HoldMessage next = client.next();
      if (next instanceof HoldMessage.Ended(String said)) {
        assertThat(said).isEqualTo(why);
        return;
      }
      hear(next);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
