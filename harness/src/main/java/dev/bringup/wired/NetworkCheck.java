package dev.bringup.wired;

import dev.bringup.board.BoardFile;
import dev.bringup.tftp.StagedFiles;
import dev.bringup.tftp.TftpProbe;
import dev.bringup.tftp.TftpServer;
import dev.bringup.verdict.BringupException;
import dev.bringup.wired.HealthCheck.Check;
import dev.bringup.wired.HealthCheck.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The network part of a {@link HealthCheck}: the TFTP server and the two addresses. */
final class NetworkCheck {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
  private static final int PING_MILLIS = 2000;
  private static final String FILE = "bringup-doctor";

  private final BoardFile file;

  NetworkCheck(BoardFile file) {
    this.file = file;
  }

  void run(List<Check> checks) {
    BoardFile.Driver driver = file.drivers().get("network");
    if (driver == null) {
      checks.add(notChecked("tftp", "the board file has no network"));
      checks.add(notChecked("address", "the board file has no network"));
      return;
    }
    HostNetwork.Settings settings = HostNetwork.settings(driver);
    checks.add(tftp(settings));
    checks.add(address(settings.board()));
  }

  private static Check notChecked(String name, String why) {
    return new Check(name, Result.NOT_CHECKED, why, null);
  }

  /** Serves a file as a run would, and reads it by the address that the board is told. */
  private Check tftp(HostNetwork.Settings settings) {
    byte[] content = ("health check of " + file.name()).getBytes(StandardCharsets.UTF_8);
    var staged = new StagedFiles();
    staged.stage(FILE, content);
    try (TftpServer server = TftpServer.serving(staged).listen(settings.listen()).start()) {
      boolean everywhere = server.address().getAddress().isAnyLocalAddress();
      InetAddress told = InetAddress.getByName(settings.server());
      boolean ours = NetworkInterface.getByInetAddress(told) != null;
      InetAddress here =
          everywhere
              ? ours ? told : InetAddress.getLoopbackAddress()
              : server.address().getAddress();
      var at = new InetSocketAddress(here, server.address().getPort());
      byte[] read = TftpProbe.read(at, FILE, ANSWER_LIMIT);
      if (!Arrays.equals(read, content)) {
        return new Check(
            "tftp", Result.FAILED, "another file came from " + at, "see what answers there");
      }
      if (!ours || (!everywhere && !here.equals(told))) {
        return new Check(
            "tftp",
            Result.SUSPECT,
            "serves at %s, but the board is told %s, which is %s"
                .formatted(
                    at, told.getHostAddress(), ours ? "another address" : "none of this host"),
            "correct drivers.network.server, unless something forwards to here");
      }
      return new Check("tftp", Result.OK, "a file can be read from " + at, null);
    } catch (BringupException e) {
      return HealthCheck.failed("tftp", e);
    } catch (IOException e) {
      return new Check("tftp", Result.FAILED, String.valueOf(e.getMessage()), "check the network");
    }
  }

  /** A bootloader or a board that is off answers nobody, so that silence says nothing. */
  private static Check address(String board) {
    try {
      return InetAddress.getByName(board).isReachable(PING_MILLIS)
          ? new Check("address", Result.OK, board + " answers", null)
          : notChecked(
              "address",
              board
                  + " does not answer now, which says little: a bootloader answers no ping, nor"
                  + " does a board that is off");
    } catch (IOException e) {
      return new Check(
          "address",
          Result.FAILED,
          board + ": " + e.getMessage(),
          "check this host's network interface and its route to the board");
    }
  }
}
