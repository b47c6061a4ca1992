package dev.bringup.emulator.device;

/**
 * A console. Virtio 1.2, section 5.3, with the emergency write that works before there are queues.
 *
 * <p>Not modelled: more than one port, the size of the screen.
 */
public final class VirtioConsole implements VirtioFunction {
  private static final long EMERGENCY_WRITE = 1L << 2;
  private static final int EMERGENCY_REGISTER = 8;
  private static final int RECEIVE = 0;
  private static final int TRANSMIT = 1;
  private static final int CHAINS = 64;

  /** More than any driver prints at once. */
  private static final long LONGEST = 1 << 20;

  /** A chain is moved in pieces of this size, whatever the guest says its length is. */
  private static final int PIECE = 1 << 12;

  private final ConsolePort port;

  /** The terminal. Called on the machine's thread, and may call the console back at once. */
  public interface ConsolePort {
    /** The guest prints; the array is the callee's. */
    void sent(byte[] bytes);

    /** The guest has new buffers for input; {@link VirtioConsole#receive} may take more. */
    void roomMade();
  }

  public VirtioConsole(ConsolePort port) {
    this.port = port;
  }

  @Override
  public int id() {
    return 3;
  }

  @Override
  public long features() {
    return EMERGENCY_WRITE;
  }

  @Override
  public int[] queueSizes() {
    return new int[] {CHAINS, CHAINS};
  }

  @Override
  public int readConfiguration(int offset) {
    return 0;
  }

  @Override
  public void writeConfiguration(int offset, int value, VirtioMmio transport) {
    if (offset == EMERGENCY_REGISTER) {
      port.sent(new byte[] {(byte) value});
    }
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
    int waiting = queue.waiting();
    for (int i = 0; i < waiting; i++) {
      Virtqueue.Chain chain = queue.take();
      if (chain == null) {
        break;
      }
      long length = chain.readable();
      if (length > LONGEST) {
        queue.fail();
        break;
      }
      for (long done = 0; done < length; done += PIECE) {
        var piece = new byte[(int) Math.min(length - done, PIECE)];
        chain.read(done, piece, 0, piece.length);
        port.sent(piece);
      }
      queue.giveBack(chain, 0);
    }
    if (waiting > 0) {
      transport.interrupt(queue);
    }
  }

  /**
   * Types to the guest.
   *
   * @return how many of the bytes the guest had buffers for, from the first on; {@link
   *     ConsolePort#roomMade} tells when to go on
   */
  public int receive(byte[] bytes, VirtioMmio transport) {
    if (!transport.isRunning()) {
      return 0;
    }
    Virtqueue queue = transport.queue(RECEIVE);
    int done = 0;
    // A chain without room takes nothing; the queue's size bounds how often that can happen.
    for (int waiting = queue.waiting(); waiting > 0 && done < bytes.length; waiting--) {
      Virtqueue.Chain chain = queue.take();
      if (chain == null) {
        break;
      }
      int count = (int) Math.min(chain.writable(), bytes.length - done);
      chain.write(0, bytes, done, count);
      queue.giveBack(chain, count);
      done += count;
    }
    if (done > 0) {
      transport.interrupt(queue);
    }
    return done;
  }
}
