package dev.bringup.tftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TftpJsonTest {
  private static TftpTransfer transfer(TftpOutcome outcome, @Nullable String sha256) {
    return new TftpTransfer(
        123,
        Instant.parse("2026-11-21T10:00:00.5Z"),
        new InetSocketAddress(InetAddress.ofLiteral("192.168.77.2"), 1069),
        TftpTransfer.Direction.READ,
        "boot/Image \"1\"\n",
        "octet",
        Map.of("blksize", "1468"),
        Map.of("blksize", "1024"),
        5000,
        2,
        Duration.ofMillis(7),
        sha256,
        outcome);
  }

  @Test
  void aTransferIsOneLineThatAScriptCanRead() {
    assertThat(TftpJson.line(transfer(new TftpOutcome.Completed(), "ab")))
        .isEqualTo(
            """
            {"start":"2026-11-21T10:00:00.500Z","startNanos":123,"client":"192.168.77.2:1069",\
            "direction":"read","file":"boot/Image \\"1\\"\\n","mode":"octet",\
            "requested":{"blksize":"1468"},"granted":{"blksize":"1024"},"bytes":5000,\
            "retransmitted":2,"durationNanos":7000000,"sha256":"ab","outcome":"completed"}\
            """);
  }

  @Test
  void everyOutcomeIsReadBackAsWritten() {
    for (TftpOutcome outcome :
        List.of(
            new TftpOutcome.Completed(),
            new TftpOutcome.TimedOut(),
            new TftpOutcome.Refused(1, "File not found"),
            new TftpOutcome.Aborted(3, "no room"))) {
      for (String sha256 : new @Nullable String[] {null, "00ff"}) {
        TftpTransfer transfer = transfer(outcome, sha256);
        assertThat(TftpJson.read(TftpJson.line(transfer))).isEqualTo(transfer);
      }
    }
  }

  @Test
  void aLineCutAtAnyByteIsRefusedInOneLine() {
    String line = TftpJson.line(transfer(new TftpOutcome.Refused(1, "x"), null));
    for (int length = 0; length < line.length(); length++) {
      String cut = line.substring(0, length);
      assertThatThrownBy(() -> TftpJson.read(cut))
          .as(cut)
          .isInstanceOfSatisfying(
              BringupException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION);
                assertThat(e.getMessage()).doesNotContain("\n");
              });
    }
  }

  @Test
  void valuesOfTheWrongKindAreRefused() {
    String line = TftpJson.line(transfer(new TftpOutcome.Refused(1, "x"), null));
    for (String wrong :
        List.of(
            line.replace(":5000,", ":\"5000\","),
            line.replace(":5000,", ":1e99,"),
            line.replace("\"code\":1", "\"code\":99999999999"),
            line.replace("192.168.77.2:1069", "board:1069"),
            line.replace("192.168.77.2:1069", "192.168.77.2:99999999999"),
            line.replace("192.168.77.2:1069", "192.168.77.2"),
            line.replace("read", "sideways"),
            line.replace("refused", "surprised"),
            line.replace("2026-11-21T", "2026-99-21T"),
            "[]",
            "null",
            "5")) {
      assertThatThrownBy(() -> TftpJson.read(wrong)).as(wrong).isInstanceOf(BringupException.class);
    }
  }
}
