package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device with the web requests of Tasmota. */
class TasmotaOutletTest extends PowerSwitchContractSuite {
  private static final String PASSWORD = "100% & more?";

  private final Path secret;

  TasmotaOutletTest(@TempDir Path folder) throws IOException {
    secret = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
  }

  private final class Device extends HttpFarEnd {
    private final int relays;

    Device(int relays) throws IOException {
      this.relays = relays;
    }

    @Override
    public String settings() {
      return """
      driver: tasmota
      host: 127.0.0.1
      port: %d
      outlet: %d
      password: {file: %s}
      """
          .formatted(port(), relays, secret);
    }

    @Override
    public String name() {
      return "outlet " + relays + " of tasmota at 127.0.0.1";
    }

    @Override
    Reply reply(HttpExchange exchange, String body) {
      Map<String, String> query = query(exchange.getRequestURI());
      if (!exchange.getRequestURI().getPath().equals("/cm")) {
        return new Reply(404, "File Not Found");
      }
      if (!PASSWORD.equals(query.get("password")) || !"admin".equals(query.get("user"))) {
        // with status 200 before version 8.2.3
        return new Reply(200, "{\"WARNING\":\"Need user=<username>&password=<password>\"}");
      }
      String[] command = query.getOrDefault("cmnd", "").split(" ");
      if (!command[0].equals("Power" + relays)) {
        return Reply.ok("{\"Command\":\"Unknown\"}");
      }
      if (command.length > 1) {
        order(command[1].equals("On"));
      }
      return Reply.ok(
          "{\"POWER%s\":\"%s\"}".formatted(relays == 1 ? "" : relays, powered() ? "ON" : "OFF"));
    }
  }

  @Override
  FarEnd farEnd() throws IOException {
    return new Device(1);
  }

  @Test
  void oneOfManyRelaysHasItsNumber() throws IOException {
    try (var device = new Device(4);
        PowerSwitch outlet = open(device.settings())) {
      outlet.set(true);
      assertThat(outlet.read()).isEqualTo(PowerState.ON);
      assertThat(device.powered()).isTrue();
    }
  }

  @Test
  void aWrongPasswordIsSaidButNotShown(@TempDir Path folder) throws IOException {
    Path wrong = Files.writeString(folder.resolve("wrong"), "guess");
    try (var device = new Device(1);
        PowerSwitch outlet = open(device.settings().replace(secret.toString(), wrong.toString()))) {
      assertThatThrownBy(outlet::read)
          .hasMessageContaining("refuses: \"{\"WARNING\":")
          .message()
          .doesNotContain("guess");
    }
  }

  @Test
  void aPasswordThatTheDeviceRepeatsIsNotShown() throws IOException {
    var echo =
        new HttpFarEnd() {
          @Override
          Reply reply(HttpExchange exchange, String body) {
            return new Reply(500, exchange.getRequestURI() + " " + PASSWORD);
          }

          @Override
          public String settings() {
            return "";
          }

          @Override
          public String name() {
            return "";
          }
        };
    try (echo;
        var device = new Device(1);
        PowerSwitch outlet =
            open(device.settings().replace("" + device.port(), "" + echo.port()))) {
      assertThatThrownBy(outlet::read)
          .hasMessageContaining("HTTP status 500")
          .hasMessageContaining("password=***")
          .message()
          .doesNotContain(PASSWORD)
          .doesNotContain("100");
    }
  }

  @Test
  void aStateThatIsNeitherOnNorOffIsShown() throws IOException {
    try (var device = new Device(1);
        PowerSwitch outlet = open(device.settings().replace("outlet: 1", "outlet: 2"))) {
      assertThatThrownBy(outlet::read)
          .hasMessage(
              "outlet 2 of tasmota at 127.0.0.1 answered \"{\"Command\":\"Unknown\"}\" where the"
                  + " state ON or OFF of POWER2 was expected");
    }
  }
}
