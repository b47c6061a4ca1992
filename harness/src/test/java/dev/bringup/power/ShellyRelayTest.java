package dev.bringup.power;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.io.TempDir;

/** A Shelly of the first generation whose login is restricted. */
class ShellyRelayTest extends PowerSwitchContractSuite {
  private final Path secret;

  ShellyRelayTest(@TempDir Path folder) throws IOException {
    secret = Files.writeString(folder.resolve("password"), "geheim");
  }

  @Override
  FarEnd farEnd() throws IOException {
    return new HttpFarEnd() {
      @Override
      public String settings() {
        return """
        driver: shelly
        generation: 1
        host: 127.0.0.1
        port: %d
        outlet: 1
        user: lab
        password: {file: %s}
        """
            .formatted(port(), secret);
      }

      @Override
      public String name() {
        return "outlet 1 of shelly at 127.0.0.1";
      }

      @Override
      Reply reply(HttpExchange exchange, String body) {
        String login =
            Base64.getEncoder().encodeToString("lab:geheim".getBytes(StandardCharsets.UTF_8));
        if (!("Basic " + login).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
          exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"SHSW-25\"");
          return new Reply(401, "401 Unauthorized");
        }
        if (!exchange.getRequestURI().getPath().equals("/relay/1")) {
          return new Reply(404, "Not Found");
        }
        String turn = query(exchange.getRequestURI()).get("turn");
        if (turn != null) {
          order(turn.equals("on"));
        }
        return Reply.ok(
            "{\"ison\":%b,\"has_timer\":false,\"timer_remaining\":0,\"source\":\"http\"}"
                .formatted(powered()));
      }
    };
  }
}
