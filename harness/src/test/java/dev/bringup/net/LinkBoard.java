package dev.bringup.net;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A board in this process: its frames are taken at once, what it is sent waits to be read. */
public final class LinkBoard extends TestBoard implements FrameLink {
  private final LongSupplier nanos;
  private final Queue<ByteBuffer> inbox = new ArrayDeque<>();
  private final List<String> frames = new ArrayList<>();
  private @Nullable Receiver lan;
  private boolean plugged;
  private boolean sending;
  private boolean closed;

  /**
   * @param nanos the board's time, for the list of frames
   */
  public LinkBoard(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  public void start(Receiver receiver) {
    lan = receiver;
    plug();
  }

  public void plug() {
    plugged = true;
    lan().linkChanged(true);
  }

  public void unplug() {
    plugged = false;
    inbox.clear();
    lan().linkChanged(false);
  }

  private Receiver lan() {
    if (lan == null) {
      throw new AssertionError("plugged into nothing");
    }
    return lan;
  }

  @Override
  public boolean send(ByteBuffer frame) {
    if (!plugged) {
      return false;
    }
    var copy = ByteBuffer.allocate(frame.remaining()).put(frame.duplicate()).flip();
    note('<', copy);
    inbox.add(copy);
    return true;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    plugged = false;
    closed = true;
  }

  public boolean closed() {
    return closed;
  }

  @Override
  void sendRaw(ByteBuffer frame) {
    if (sending) {
      throw new AssertionError("the LAN called back");
    }
    sending = true;
    note('>', frame.duplicate());
    lan().frame(frame);
    sending = false;
  }

  @Override
  EthernetFrame receive() {
    ByteBuffer frame = inbox.poll();
    if (frame == null) {
      throw new AssertionError("no frame for the board");
    }
    return EthernetFrame.decode(frame);
  }

  /** How many frames wait to be read. */
  public int waiting() {
    return inbox.size();
  }

  /** Forgets the frames that wait to be read. */
  public void lose() {
    inbox.clear();
  }

  private void note(char direction, ByteBuffer frame) {
    byte[] bytes = new byte[frame.remaining()];
    frame.duplicate().get(bytes);
    frames.add(nanos.getAsLong() + " " + direction + " " + HexFormat.of().formatHex(bytes));
  }

  /** All frames of both directions so far, with their times. */
  public List<String> frames() {
    return List.copyOf(frames);
  }

  /** Gets an address by DHCP, and the name of a boot file with it. */
  public String boot() {
    return dhcp().file();
  }

  /** The address in use, in dotted form. */
  public String address() {
    return ip().toString();
  }

  /** Asks for a file by TFTP without options. */
  public void askFor(int fromPort, String name) {
    request(fromPort, 1, name);
  }

  /** Reads the file that was asked for to its end. */
  public byte[] read(int fromPort) {
    var content = new ByteArrayOutputStream();
    int length;
    do {
      UdpDatagram data = receiveUdp();
      ByteBuffer payload = data.payload();
      if (payload.getShort() != 3) {
        throw new AssertionError("not DATA");
      }
      short block = payload.getShort();
      length = payload.remaining();
      byte[] bytes = new byte[length];
      payload.get(bytes);
      content.writeBytes(bytes);
      var ack = ByteBuffer.allocate(4).putShort((short) 4).putShort(block);
      sendUdp(fromPort, data.sourcePort(), ack.array());
    } while (length == 512);
    return content.toByteArray();
  }

  /** Writes a file by TFTP without options. */
  public void write(int fromPort, String name, byte[] content) {
    request(fromPort, 2, name);
    int port = acknowledged(0);
    for (int block = 1; block <= content.length / 512 + 1; block++) {
      int from = (block - 1) * 512;
      int length = Math.min(512, content.length - from);
      var data = ByteBuffer.allocate(4 + length).putShort((short) 3).putShort((short) block);
      sendUdp(fromPort, port, data.put(content, from, length).array());
      acknowledged(block);
    }
  }

  private int acknowledged(int block) {
    UdpDatagram ack = receiveUdp();
    if (ack.payload().getInt() != (4 << 16 | block)) {
      throw new AssertionError("not ACK " + block);
    }
    return ack.sourcePort();
  }

  private void request(int fromPort, int opcode, String name) {
    byte[] text = name.getBytes(StandardCharsets.US_ASCII);
    var request = ByteBuffer.allocate(text.length + 9).putShort((short) opcode).put(text);
    request.put((byte) 0).put("octet".getBytes(StandardCharsets.US_ASCII));
    sendUdp(fromPort, 69, request.array());
  }
}
