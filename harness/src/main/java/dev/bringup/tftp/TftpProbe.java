package dev.bringup.tftp;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;

/** Asks a TFTP server for one small file, to see whether it serves (RFC 1350, octet mode). */
public final class TftpProbe {
  private static final int BLOCK = 512;
  private static final int PACKET = 4 + BLOCK;

  private TftpProbe() {}

  /**
   * Reads a file of less than 512 bytes.
   *
   * @param answerLimit how long to wait for the server's answer; the request is sent once more
   *     after half of it
   * @throws BringupException (infrastructure) if nothing comes, (protocol) if it is no DATA packet
   *     or too long
   */
  public static byte[] read(InetSocketAddress server, String file, Duration answerLimit) {
    byte[] request = TftpCodec.encode(new TftpPacket.Read(file, "octet", Map.of()));
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(Math.toIntExact(Math.max(1, answerLimit.toMillis() / 2)));
      var answer = new DatagramPacket(new byte[PACKET + 1], PACKET + 1);
      socket.send(new DatagramPacket(request, request.length, server));
      try {
        socket.receive(answer);
      } catch (SocketTimeoutException e) {
        socket.send(new DatagramPacket(request, request.length, server));
        socket.receive(answer);
      }
      byte[] content = content(server, file, answer);
      byte[] last = TftpCodec.encode(new TftpPacket.Ack(1));
      socket.send(new DatagramPacket(last, last.length, answer.getSocketAddress()));
      return content;
    } catch (SocketTimeoutException e) {
      throw BringupException.infrastructure(
          "no answer from TFTP server %s within %s".formatted(server, answerLimit),
          "see whether a firewall drops UDP to it");
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "TFTP server %s cannot be asked: %s".formatted(server, e.getMessage()),
          "check that the address is one of this host's",
          e);
    }
  }

  private static byte[] content(InetSocketAddress server, String file, DatagramPacket answer) {
    try {
      TftpPacket packet =
          TftpCodec.decode(ByteBuffer.wrap(answer.getData(), 0, answer.getLength()));
      if (packet instanceof TftpPacket.Data(int block, ByteBuffer payload)
          && block == 1
          && payload.remaining() < BLOCK) {
        var content = new byte[payload.remaining()];
        payload.get(content);
        return content;
      }
      throw BringupException.protocol(
          "TFTP server %s answers a request for \"%s\" with %s".formatted(server, file, packet));
    } catch (TftpFormatException e) {
      throw BringupException.protocol(
          "TFTP server %s sends no TFTP: %s".formatted(server, e.getMessage()));
    }
  }
}
