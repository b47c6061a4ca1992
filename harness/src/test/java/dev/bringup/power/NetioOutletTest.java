package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A NETIO socket with its JSON API. */
class NetioOutletTest extends PowerSwitchContractSuite {
  private static final class Device extends HttpFarEnd {
    private volatile int state = -1;

    Device() throws IOException {}

    @Override
    public String settings() {
      return """
      driver: netio
      host: 127.0.0.1
      port: %d
      outlet: 2
      """
          .formatted(port());
    }

    @Override
    public String name() {
      return "outlet 2 of netio at 127.0.0.1";
    }

    @Override
    Reply reply(HttpExchange exchange, String body) {
      if (!exchange.getRequestURI().getPath().equals("/netio.json")) {
        return new Reply(404, "");
      }
      if (exchange.getRequestMethod().equals("POST")) {
        for (JsonNode output : JsonMapper.builder().build().readTree(body).get("Outputs")) {
          if (output.get("ID").asInt() == 2) {
            order(output.get("Action").asInt() == 1);
          }
        }
      }
      return Reply.ok(
          """
          {"Agent":{"Model":"NETIO 4All","Version":"3.4.0","NumOutputs":4},
           "GlobalMeasure":{"Voltage":230.6,"Frequency":49.9},
           "Outputs":[
            {"ID":1,"Name":"output_1","State":%d,"Action":6,"Delay":5000,"Current":0},
            {"ID":2,"Name":"output_2","State":%d,"Action":6,"Delay":5000,"Current":0}]}
          """
              .formatted(powered() ? 0 : 1, state >= 0 ? state : powered() ? 1 : 0));
    }
  }

  @Override
  FarEnd farEnd() throws IOException {
    return new Device();
  }

  @Test
  void anOutputThatTheDeviceDoesNotHaveIsSaid() throws IOException {
    try (var device = new Device();
        PowerSwitch outlet = open(device.settings().replace("outlet: 2", "outlet: 7"))) {
      assertThatThrownBy(outlet::read)
          .hasMessageEndingWith("where an output with the ID 7 was expected");
    }
  }

  @Test
  void aStateThatIsNeitherOnNorOffIsShown() throws IOException {
    try (var device = new Device();
        PowerSwitch outlet = open(device.settings())) {
      device.state = 3;
      assertThatThrownBy(outlet::read)
          .hasMessageContaining("\"State\":3")
          .hasMessageEndingWith("where \"State\" with 0 or 1 was expected");
    }
  }
}
