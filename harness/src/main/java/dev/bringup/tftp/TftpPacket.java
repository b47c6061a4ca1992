package dev.bringup.tftp;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A TFTP packet (RFC 1350 section 5, RFC 2347). Block numbers are 0 to 65535, as on the wire. */
public sealed interface TftpPacket {

  /** A request that opens a transfer: the only packets sent to the server's well-known port. */
  sealed interface Request extends TftpPacket permits Read, Write {
    /** The name as sent, not yet checked in any way. */
    String file();

    /** The transfer mode as sent; its case carries no meaning. */
    String mode();

    /** Options in the order sent, names in lower case; the first of a repeated name counts. */
    Map<String, String> options();
  }

  /** RRQ, opcode 1: the client wants to read a file. */
  record Read(String file, String mode, Map<String, String> options) implements Request {
    public Read {
      options = ordered(options);
    }
  }

  /** WRQ, opcode 2: the client wants to write a file. */
  record Write(String file, String mode, Map<String, String> options) implements Request {
    public Write {
      options = ordered(options);
    }
  }

  /**
   * DATA, opcode 3.
   *
   * @param payload a view of the packet that it was decoded from, valid as long as that is
   */
  record Data(int block, ByteBuffer payload) implements TftpPacket {}

  /** ACK, opcode 4. */
  record Ack(int block) implements TftpPacket {}

  /**
   * ERROR, opcode 5.
   *
   * @param code 0 to 65535, {@link TftpErrorCode} names the known ones
   */
  record ErrorReply(int code, String text) implements TftpPacket {}

  /** OACK, opcode 6 (RFC 2347): the options that the server accepted. */
  record OptionAck(Map<String, String> options) implements TftpPacket {
    public OptionAck {
      options = ordered(options);
    }
  }

  private static Map<String, String> ordered(Map<String, String> options) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }
}
