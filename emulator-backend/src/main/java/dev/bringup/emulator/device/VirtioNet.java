package dev.bringup.emulator.device;

import java.util.ArrayList;
import java.util.List;

/**
 * A network card. Virtio 1.2, section 5.1. Frames are Ethernet without preamble and checksum.
 *
 * <p>Not modelled: offloads, the control queue, more than one pair of queues.
 */
public final class VirtioNet implements VirtioFunction {
  private static final long MAC = 1L << 5;
  private static final long MERGEABLE_BUFFERS = 1L << 15;
  private static final long STATUS = 1L << 16;
  private static final int LINK_UP = 1;
  private static final int RECEIVE = 0;
  private static final int TRANSMIT = 1;
  private static final int CHAINS = 256;

  /** The largest that a driver without offloads may send, with room to spare. */
  private static final int LONGEST_FRAME = 65_550;

  private final byte[] burntIn;
  private final NetworkPort port;
  private final byte[] mac;
  private boolean up = true;

  /** The cable. Called on the machine's thread, and may call the card back at once. */
  public interface NetworkPort {
    /** The guest sends a frame; the array is the callee's. */
    void sent(byte[] frame);

    /** The guest has new buffers for frames; {@link VirtioNet#receive} may succeed again. */
    void roomMade();
  }

  /**
   * @param mac six bytes
   */
  public VirtioNet(byte[] mac, NetworkPort port) {
    if (mac.length != 6) {
      throw new IllegalArgumentException("a MAC address has 6 bytes, not " + mac.length);
    }
    this.burntIn = mac.clone();
    this.mac = mac.clone();
    this.port = port;
  }

  @Override
  public int id() {
    return 1;
  }

  @Override
  public long features() {
    return MAC | STATUS | MERGEABLE_BUFFERS;
  }

  @Override
  public int[] queueSizes() {
    return new int[] {CHAINS, CHAINS};
  }

  @Override
  public int readConfiguration(int offset) {
    if (offset < 6) {
      return mac[offset] & 0xff;
    }
    return offset == 6 && up ? LINK_UP : 0;
  }

  /** A legacy driver sets its address here, section 5.1.4.3. */
  @Override
  public void writeConfiguration(int offset, int value, VirtioMmio transport) {
    if (transport.isLegacy() && offset < 6) {
      mac[offset] = (byte) value;
    }
  }

  /**
   * Plugs the cable in or pulls it out; it is in at first. Without it frames are lost in both
   * directions.
   */
  public void link(boolean up, VirtioMmio transport) {
    if (this.up != up) {
      this.up = up;
      transport.configurationChanged();
    }
  }

  private static int headerLength(VirtioMmio transport) {
    return transport.isLegacy() && !transport.has(MERGEABLE_BUFFERS) ? 10 : 12;
  }

  @Override
  public void notified(int queue, VirtioMmio transport) {
    if (queue == RECEIVE) {
      port.roomMade();
    } else {
      transmit(transport);
    }
  }

  private void transmit(VirtioMmio transport) {
    Virtqueue queue = transport.queue(TRANSMIT);
    int header = headerLength(transport);
    int waiting = queue.waiting();
    for (int i = 0; i < waiting; i++) {
      Virtqueue.Chain chain = queue.take();
      if (chain == null) {
        break;
      }
      long length = chain.readable() - header;
      byte[] frame = new byte[length > 0 && length <= LONGEST_FRAME ? (int) length : 0];
      chain.read(header, frame, 0, frame.length);
      queue.giveBack(chain, 0);
      if (up && frame.length > 0) {
        port.sent(frame);
      }
    }
    if (waiting > 0) {
      transport.interrupt(queue);
    }
  }

  /**
   * Hands a frame to the guest.
   *
   * @return false if the guest has no buffer for it now: the card keeps nothing, {@link
   *     NetworkPort#roomMade} tells when to try again. True also if the frame is lost: without a
   *     cable, or longer than all that the guest's buffers can hold.
   */
  public boolean receive(byte[] frame, VirtioMmio transport) {
    if (!up) {
      return true;
    }
    if (!transport.isRunning()) {
      return false;
    }
    Virtqueue queue = transport.queue(RECEIVE);
    int header = headerLength(transport);
    byte[] bytes = new byte[header + frame.length];
    System.arraycopy(frame, 0, bytes, header, frame.length);

    List<Virtqueue.Chain> chains = new ArrayList<>();
    long room = 0;
    int most = transport.has(MERGEABLE_BUFFERS) ? queue.size() : 1;
    while (room < bytes.length && chains.size() < most) {
      Virtqueue.Chain chain = queue.take();
      if (chain == null) {
        queue.putBack(chains.size());
        return false;
      }
      chains.add(chain);
      room += chain.writable();
    }
    if (room < bytes.length) {
      queue.putBack(chains.size());
      return true;
    }
    if (header == 12) {
      bytes[10] = (byte) chains.size();
      bytes[11] = (byte) (chains.size() >> 8);
    }
    int done = 0;
    for (Virtqueue.Chain chain : chains) {
      int count = (int) Math.min(chain.writable(), bytes.length - done);
      chain.write(0, bytes, done, count);
      queue.giveBack(chain, count);
      done += count;
    }
    transport.interrupt(queue);
    return true;
  }

  /** The driver's own address goes, the cable stays. */
  @Override
  public void reset() {
    System.arraycopy(burntIn, 0, mac, 0, mac.length);
  }

  @Override
  public void save(StateWriter out) {
    out.put(mac);
    out.put(up);
  }

  @Override
  public void restore(StateReader in) {
    byte[] saved = in.getBytes();
    System.arraycopy(saved, 0, mac, 0, mac.length);
    up = in.getBoolean();
  }
}
