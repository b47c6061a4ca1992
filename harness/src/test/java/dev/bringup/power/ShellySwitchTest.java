package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.bringup.transport.Peers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Shelly of the second generation or later, with authentication. */
class ShellySwitchTest extends PowerSwitchContractSuite {
  private final Path secret;

  ShellySwitchTest(@TempDir Path folder) throws IOException {
    secret = Files.writeString(folder.resolve("password"), "geheim");
  }

  private final class Device extends HttpFarEnd {
    private final DigestGuard guard =
        new DigestGuard("shellyplus1pm-a8032ab12345", "SHA-256", "geheim");

    Device() throws IOException {}

    @Override
    public String settings() {
      return """
      driver: shelly
      host: 127.0.0.1
      port: %d
      password: {file: %s}
      """
          .formatted(port(), secret);
    }

    @Override
    public String name() {
      return "outlet 0 of shelly at 127.0.0.1";
    }

    @Override
    Reply reply(HttpExchange exchange, String body) {
      if (!exchange.getRequestURI().getPath().equals("/rpc")) {
        return new Reply(404, "Not Found");
      }
      if (!guard.lets(exchange)) {
        return new Reply(401, "");
      }
      JsonNode request = JsonMapper.builder().build().readTree(body);
      String frame = "{\"id\":%d,\"src\":\"shellyplus1pm\",".formatted(request.get("id").asInt());
      if (request.at("/params/id").asInt(-1) != 0) {
        return Reply.ok(
            frame + "\"error\":{\"code\":-105,\"message\":\"Argument 'id', value 3 not found!\"}}");
      }
      boolean before = powered();
      return switch (request.get("method").asString()) {
        case "Switch.Set" -> {
          order(request.at("/params/on").booleanValue());
          yield Reply.ok(frame + "\"result\":{\"was_on\":" + before + "}}");
        }
        case "Switch.GetStatus" ->
            Reply.ok(
                frame
                    + "\"result\":{\"id\":0,\"source\":\"HTTP_in\",\"output\":"
                    + before
                    + ",\"apower\":8.9,\"temperature\":{\"tC\":43.1}}}");
        default -> Reply.ok(frame + "\"error\":{\"code\":404,\"message\":\"No handler\"}}");
      };
    }
  }

  @Override
  FarEnd farEnd() throws IOException {
    return new Device();
  }

  @Test
  void aSwitchThatTheDeviceDoesNotHaveIsSaid() throws IOException {
    try (var device = new Device();
        PowerSwitch outlet = open(device.settings() + "outlet: 3\n")) {
      assertThatThrownBy(() -> outlet.set(true))
          .hasMessageStartingWith("outlet 3 of shelly at 127.0.0.1 refuses: \"{\"code\":-105");
    }
  }

  @Test
  void aWrongPasswordIsSaid(@TempDir Path folder) throws IOException {
    Path wrong = Files.writeString(folder.resolve("wrong"), "guess");
    try (var device = new Device();
        PowerSwitch outlet = open(device.settings().replace("" + secret, "" + wrong))) {
      assertThatThrownBy(outlet::read)
          .hasMessage("outlet 0 of shelly at 127.0.0.1 refuses: HTTP status 401");
    }
  }

  @Test
  void curlPassesTheSameGuard() throws Exception {
    String curl = Peers.require("curl");
    try (var device = new Device()) {
      Process process =
          new ProcessBuilder(
                  curl,
                  "-s",
                  "--noproxy",
                  "*",
                  "--digest",
                  "-u",
                  "admin:geheim",
                  "-d",
                  "{\"id\":1,\"method\":\"Switch.Set\",\"params\":{\"id\":0,\"on\":true}}",
                  "http://127.0.0.1:" + device.port() + "/rpc")
              .start();
      process.getOutputStream().close();
      assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("\"was_on\":false");
      assertThat(device.powered()).isTrue();
    }
  }
}
