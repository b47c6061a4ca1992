package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.transport.Peers;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Net-SNMP's snmpd with an outlet where an APC rack PDU has its fourth, switched by a script. */
class SnmpOutletTest extends PowerSwitchContractSuite {
  private static final String OID = ".1.3.6.1.4.1.318.1.1.12.3.3.1.1.4.4";
  private static final String COMMUNITY = "private 1";
  private static final String PASSPHRASE = "a long passphrase";

  private static final class Pdu extends StandIn {
    private final int port;
    private final Process daemon;
    private @Nullable DatagramSocket deaf;
    private Mood mood = Mood.WELL;

    Pdu(Path folder, String snmpd) throws IOException, InterruptedException {
      super(folder);
      // snmpd.conf(5), pass_persist; plain "pass" keeps answers for half a minute
      script(
          "pdu",
          """
          while read -r order; do
            mood=$(cat "$dir/mood")
            [ -z "$order" ] && continue # comes after each set
            [ "$order" = PING ] && { echo PONG; continue; }
            read -r oid
            [ $order = set ] && read -r type value
            if [ "$oid" != "%s" ]; then echo NONE
            elif [ $order = set ]; then
              case $value in 1) order 1 ;; 2) order 0 ;; esac
              echo DONE
            else
              value=$(if [ $(cat "$dir/state") = 1 ]; then echo 1; else echo 2; fi)
              [ $mood = garbage ] && value=3
              printf '%%s\\ninteger\\n%%s\\n' $oid $value
            fi
          done
          """
              .formatted(OID));
      Files.writeString(folder.resolve("community"), COMMUNITY);
      Files.writeString(folder.resolve("passphrase"), PASSPHRASE);
      port = freeUdpPort();
      Path configuration =
          Files.writeString(
              folder.resolve("snmpd.conf"),
              """
              agentAddress udp:127.0.0.1:%d
              rwcommunity "private 1"
              createUser lab SHA "%s" AES "%s"
              rwuser lab priv
              pass_persist %s %s/pdu
              """
                  .formatted(port, PASSPHRASE, PASSPHRASE, OID, folder));
      var builder =
          new ProcessBuilder(
              snmpd, "-f", "-Le", "-C", "-c", "" + configuration, "-I", "-smux,mteTrigger");
      builder.environment().put("SNMP_PERSISTENT_DIR", folder + "/snmpd");
      builder.environment().put("MIBS", "");
      daemon =
          builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
      if (!Patience.until(
              () -> says("NET-SNMP version") || !daemon.isAlive(), Duration.ofSeconds(60))
          || !daemon.isAlive()) {
        daemon.destroy();
        throw new TestAbortedException("snmpd: " + Files.readString(folder.resolve("log")));
      }
    }

    private boolean says(String text) {
      try {
        return Files.readString(folder.resolve("log")).contains(text);
      } catch (IOException e) {
        return false;
      }
    }

    private static int freeUdpPort() throws IOException {
      try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }

    String at() {
      return "driver: snmp\nhost: 127.0.0.1\noid: %s\n".formatted(OID);
    }

    @Override
    public String settings() {
      return at()
          + "community: {file: "
          + folder.resolve("community")
          + "}\nport: "
          + (mood == Mood.SILENT && deaf != null ? deaf.getLocalPort() : port)
          + (mood == Mood.ABSENT ? "\ntools: /no/such/folder" : "");
    }

    @Override
    public String name() {
      return "SNMP outlet " + OID + " at 127.0.0.1";
    }

    @Override
    public Set<Mood> moods() {
      return EnumSet.complementOf(EnumSet.of(Mood.ENDLESS));
    }

    /** An order is answered, but garbage is only in what is read. */
    @Override
    public boolean answersOrders() {
      return mood != Mood.GARBAGE;
    }

    @Override
    public void become(Mood mood) throws IOException {
      this.mood = mood;
      if (mood == Mood.SILENT) {
        deaf = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      }
      if (mood != Mood.ABSENT) {
        super.become(mood);
      }
    }

    @Override
    public void close() {
      if (deaf != null) {
        deaf.close();
      }
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
    Peers.require("snmpset");
    pdu = new Pdu(folder, Peers.require("snmpd"));
  }

  @AfterAll
  static void endDaemon() throws Exception {
    if (pdu != null) {
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
  void versions1And3() throws Exception {
    try (PowerSwitch outlet = open(pdu.settings() + "\nversion: 1")) {
      outlet.set(true);
      assertThat(outlet.read()).isEqualTo(PowerState.ON);
    }
    String three =
        """
        version: 3
        user: lab
        auth-passphrase: {file: %1$s}
        priv-passphrase: {file: %1$s}
        port: %2$d
        """
            .formatted(folder.resolve("passphrase"), pdu.port);
    try (PowerSwitch outlet = open(pdu.at() + three)) {
      outlet.set(false);
      assertThat(outlet.read()).isEqualTo(PowerState.OFF);
    }
    assertThat(pdu.powered()).isFalse();
  }

  @Test
  void anOutletThatThePduDoesNotHaveIsSaid() {
    try (PowerSwitch outlet = open(pdu.settings().replace(OID, OID + ".9"))) {
      assertThatThrownBy(outlet::read)
          .hasMessageContaining("answered \"No Such Instance currently exists at this OID\"")
          .hasMessageEndingWith("where 1 (on) or 2 (off) was expected");
    }
  }

  @Test
  void aWrongCommunityIsNotShown() throws IOException {
    Path wrong = Files.writeString(folder.resolve("wrong"), "sesame");
    String settings = pdu.settings().replace("" + folder.resolve("community"), "" + wrong);
    try (PowerSwitch outlet = open(settings + "\nwithin: 500 ms")) {
      assertThatThrownBy(outlet::read) // SNMP does not answer those who do not know it
          .hasMessageContaining("gave no answer within 500 ms")
          .message()
          .doesNotContain("sesame");
    }
  }

  @Test
  void aCommunityArrivesAsItIsWhateverItsCharacters() throws Exception {
    String community = "pri \"vate\\ #1'";
    Path file = Files.writeString(folder.resolve("strange"), community);
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        PowerSwitch outlet =
            open(
                pdu.at()
                    + "within: 500 ms\nport: "
                    + socket.getLocalPort()
                    + "\ncommunity: {file: "
                    + file
                    + "}")) {
      assertThatThrownBy(outlet::read).hasMessageContaining("no answer");
      var packet = new DatagramPacket(new byte[1500], 1500);
      socket.setSoTimeout(20_000);
      socket.receive(packet);
      String request =
          new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
      assertThat(request).contains((char) community.length() + community);
    }
  }

  @Test
  void secretsAreInNobodysArgumentsAndGoneAfterwards() throws Exception {
    Path spy = Files.createDirectory(folder.resolve("spy"));
    Path tool =
        Files.writeString(
            spy.resolve("snmpget"),
            "#!/bin/sh\necho \"$*\" >%1$s/arguments; ls -l \"$SNMPCONFPATH\" >%1$s/mode; echo \"$SNMPCONFPATH\" >%1$s/folder; echo 1\n"
                .formatted(spy));
    assertThat(tool.toFile().setExecutable(true)).isTrue();
    Path configuration;
    try (PowerSwitch outlet = open(pdu.settings() + "\ntools: " + spy)) {
      assertThat(outlet.read()).isEqualTo(PowerState.ON);
      configuration = Path.of(Files.readString(spy.resolve("folder")).strip());
      assertThat(configuration).isNotEmptyDirectory();
    }
    assertThat(Files.readString(spy.resolve("arguments"))).doesNotContain("private");
    assertThat(Files.readString(spy.resolve("mode"))).contains("-rw------- ");
    assertThat(configuration).doesNotExist();
  }

  @Test
  void wrongSettingsHaveTheirPlace() {
    assertThatThrownBy(() -> open("driver: snmp\nhost: pdu\noid: private.4"))
        .hasMessageContaining(":3:6: \"oid\" is an object identifier in numbers");
    assertThatThrownBy(() -> open("driver: snmp\nhost: pdu\noid: 1.3.6\nuser: me"))
        .hasMessageContaining(":4:7: SNMP version 2c has no \"user\"");
    assertThatThrownBy(() -> open("driver: snmp\nhost: pdu\noid: 1.3.6\nversion: 4"))
        .hasMessageContaining("it can be 2c, 1, 3");
    assertThatThrownBy(() -> open("driver: snmp\nhost: pdu\noid: 1.3.6\non: 2"))
        .hasMessageContaining("on and off are the same number");
  }
}
