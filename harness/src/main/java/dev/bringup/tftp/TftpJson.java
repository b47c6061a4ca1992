package dev.bringup.tftp;

import dev.bringup.verdict.BringupException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The lines of {@code tftp.jsonl}: one JSON object for each finished transfer.
 *
 * <p>Times: {@code start} is wall time (ISO 8601, UTC), {@code startNanos} and {@code
 * durationNanos} are nanoseconds of the board's clock; in a run folder, {@code startNanos} counts
 * from where the times of the recording beside the file do. {@code outcome} is {@code completed},
 * {@code refused}, {@code aborted} or {@code timed out}; {@code code} and {@code text} are those of
 * the ERROR packet.
 */
public final class TftpJson {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private TftpJson() {}

  /** The transfer as one line, without the line end. */
  public static String line(TftpTransfer transfer) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("start", transfer.start().toString());
    json.put("startNanos", transfer.startNanos());
    json.put(
        "client",
        transfer.client().getAddress().getHostAddress() + ":" + transfer.client().getPort());
    json.put("direction", transfer.direction().name().toLowerCase(Locale.ROOT));
    json.put("file", transfer.file());
    json.put("mode", transfer.mode());
    ObjectNode requested = json.putObject("requested");
    transfer.requested().forEach(requested::put);
    ObjectNode granted = json.putObject("granted");
    transfer.granted().forEach(granted::put);
    json.put("bytes", transfer.bytes());
    json.put("retransmitted", transfer.retransmitted());
    json.put("durationNanos", transfer.duration().toNanos());
    if (transfer.sha256() != null) {
      json.put("sha256", transfer.sha256());
    }
    switch (transfer.outcome()) {
      case TftpOutcome.Completed _ -> json.put("outcome", "completed");
      case TftpOutcome.TimedOut _ -> json.put("outcome", "timed out");
      case TftpOutcome.Refused(int code, String text) -> error(json, "refused", code, text);
      case TftpOutcome.Aborted(int code, String text) -> error(json, "aborted", code, text);
    }
    return json.toString();
  }

  private static void error(ObjectNode json, String outcome, int code, String text) {
    json.put("outcome", outcome).put("code", code).put("text", text);
  }

  /**
   * Reads what {@link #line} wrote; keys that it does not know are ignored.
   *
   * @throws BringupException of kind CONFIGURATION if the line is something else
   */
  public static TftpTransfer read(String line) {
    try {
      JsonNode json = MAPPER.readTree(line);
      JsonNode sha256 = json.path("sha256");
      return new TftpTransfer(
          number(json, "startNanos"),
          Instant.parse(text(json, "start")),
          client(text(json, "client")),
          TftpTransfer.Direction.valueOf(text(json, "direction").toUpperCase(Locale.ROOT)),
          text(json, "file"),
          text(json, "mode"),
          options(json, "requested"),
          options(json, "granted"),
          number(json, "bytes"),
          number(json, "retransmitted"),
          Duration.ofNanos(number(json, "durationNanos")),
          sha256.isString() ? sha256.stringValue() : null,
          outcome(json));
    } catch (JacksonException
        | DateTimeException
        | ArithmeticException
        | IllegalArgumentException e) {
      throw BringupException.configuration("not a line of tftp.jsonl: " + firstLine(e));
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static TftpOutcome outcome(JsonNode json) {
    String outcome = text(json, "outcome");
    return switch (outcome) {
      case "completed" -> new TftpOutcome.Completed();
      case "timed out" -> new TftpOutcome.TimedOut();
      case "refused" ->
          new TftpOutcome.Refused(Math.toIntExact(number(json, "code")), text(json, "text"));
      case "aborted" ->
          new TftpOutcome.Aborted(Math.toIntExact(number(json, "code")), text(json, "text"));
      default -> throw new IllegalArgumentException("unknown outcome \"" + outcome + "\"");
    };
  }

  private static InetSocketAddress client(String text) {
    int colon = text.lastIndexOf(':');
    long port = TftpOptions.number(text.substring(colon + 1));
    if (colon < 0 || port < 0) {
      throw new IllegalArgumentException("client is not ADDRESS:PORT");
    }
    return new InetSocketAddress(InetAddress.ofLiteral(text.substring(0, colon)), (int) port);
  }

  private static String text(JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isString()) {
      throw new IllegalArgumentException("\"" + key + "\" is not a string");
    }
    return value.stringValue();
  }

  private static long number(JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.canConvertToLong()) {
      throw new IllegalArgumentException("\"" + key + "\" is not a whole number");
    }
    return value.longValue();
  }

  private static Map<String, String> options(JsonNode json, String key) {
    Map<String, String> options = new LinkedHashMap<>();
    for (var option : json.path(key).properties()) {
      options.put(option.getKey(), text(json.path(key), option.getKey()));
    }
    return options;
  }
}
