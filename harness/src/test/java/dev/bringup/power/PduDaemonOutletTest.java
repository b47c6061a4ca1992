package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.time.BoardClock;
import dev.bringup.transport.Peers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Debian's pdudaemon, whose PDU is a shell script. */
class PduDaemonOutletTest extends PowerSwitchContractSuite {
  private static final class Pdu extends StandIn {
    private int port;
    private boolean absent;
    private Process daemon;

    Pdu(Path folder, String program) throws IOException, InterruptedException {
      super(folder);
      script(
          "pdu",
          """
          [ $mood = silent ] && { while [ $(cat "$dir/mood") = silent ]; do sleep 0.1; done; exit; }
          [ $1 = 4 ] && case $2 in on) order 1 ;; off) order 0 ;; esac
          """);
      Path configuration = folder.resolve("pdudaemon.conf");
      IOException refused = null;
      for (int attempt = 0; attempt < 3; attempt++) {
        port = Peers.freePort();
        Files.writeString(
            configuration,
            """
            {"daemon": {"hostname": "127.0.0.1", "port": %1$d, "listener": "http", "logging_level": "ERROR"},
             "pdus": {"rack-1": {"driver": "localcmdline", "cmd_on": "%2$s/pdu %%s on", "cmd_off": "%2$s/pdu %%s off"}},
             "aliases": {"desk": {"hostname": "rack-1", "port": "4"}}}
            """
                .formatted(port, folder));
        daemon =
            new ProcessBuilder(program, "--conf=" + configuration)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        if (Patience.until(() -> listens() || !daemon.isAlive(), Duration.ofSeconds(60))
            && daemon.isAlive()) {
          return;
        }
        daemon.destroy();
        refused = new IOException(Files.readString(folder.resolve("log")));
      }
      throw new TestAbortedException("pdudaemon does not start here", refused);
    }

    private boolean listens() {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return socket.isConnected();
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public void become(Mood mood) throws IOException {
      absent = mood == Mood.ABSENT;
      if (!absent) {
        super.become(mood);
      }
    }

    @Override
    public String settings() {
      return "driver: pdudaemon\nhost: 127.0.0.1\nport: %d\npdu: rack-1\noutlet: 4"
          .formatted(absent ? 1 : port);
    }

    @Override
    public String name() {
      return "outlet 4 of rack-1 through pdudaemon at 127.0.0.1";
    }

    @Override
    public boolean readsBack() {
      return false;
    }

    @Override
    public Set<Mood> moods() {
      return EnumSet.of(Mood.WELL, Mood.STUCK, Mood.SILENT, Mood.ABSENT);
    }

    @Override
    public boolean answersOrders() {
      return true;
    }

    void end() throws InterruptedException {
      daemon.destroy();
      daemon.waitFor();
    }
  }

  @TempDir private static Path folder;
  private static Pdu pdu;

  @BeforeAll
  static void startDaemon() throws Exception {
    pdu = new Pdu(folder, Peers.require("pdudaemon"));
  }

  @AfterAll
  static void endDaemon() throws Exception {
    if (pdu != null) {
      pdu.become(Mood.WELL);
      pdu.end();
    }
  }

  @Override
  FarEnd farEnd() throws IOException {
    pdu.become(Mood.WELL);
    pdu.turn(false);
    return pdu;
  }

  @Test
  void anAliasOfTheDaemonIsAnOutlet() throws Exception {
    String settings = pdu.settings().replace("pdu: rack-1\noutlet: 4", "alias: desk");
    try (PowerSwitch outlet = open(settings)) {
      outlet.set(true);
      assertThat(outlet.read()).isEqualTo(PowerState.UNKNOWN);
      assertThat(outlet.outlet()).isEqualTo("outlet desk through pdudaemon at 127.0.0.1");
    }
    assertThat(pdu.powered()).isTrue();
    assertThatThrownBy(() -> open(pdu.settings() + "\nalias: desk"))
        .hasMessageContaining("leave \"pdu\" out");
  }

  @Test
  void aPduThatTheDaemonDoesNotKnowIsSaid() {
    try (PowerSwitch outlet = open(pdu.settings().replace("rack-1", "rack-2"))) {
      assertThatThrownBy(() -> outlet.set(true))
          .hasMessage(
              "outlet 4 of rack-2 through pdudaemon at 127.0.0.1 refuses: HTTP status 500:"
                  + " \"Invalid request\"");
    }
  }

  @Test
  void itsStateCanComeFromElsewhereSoThatAStuckOutletIsSeen() throws Exception {
    pdu.become(Mood.STUCK);
    String state =
        "driver: command\non: [x]\noff: [x]\nstate: [grep, -q, 1, %s]\nstate-by: exit-code"
            .formatted(folder.resolve("state"));
    try (PowerSwitch outlet = open(pdu.settings() + "\nstate-from:\n" + state.indent(2))) {
      var power = new ConfirmedPower(outlet, Duration.ofMillis(50), BoardClock.system());
      assertThatThrownBy(() -> power.set(true))
          .hasMessage(
              "outlet 4 of rack-1 through pdudaemon at 127.0.0.1 was told to switch on and is still"
                  + " off after 50 ms");
    }
  }
}
