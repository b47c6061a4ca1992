package dev.bringup.emulator.device;

/**
 * A source of random bytes. Virtio 1.2, section 5.4. They are a function of the seed: good for
 * tests, not for secrets. The generator is SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
 */
public final class VirtioEntropy implements VirtioFunction {
  private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L;
  private static final int CHAINS = 8;

  /** The most that one request gets; a driver that wants more asks again. */
  private static final int MOST = 1 << 12;

  private final long firstSeed;
  private long state;

  public VirtioEntropy(long seed) {
    this.firstSeed = seed;
    this.state = seed;
  }

  /** Begins another sequence, as for a copy of a machine that must not repeat its twin's. */
  public void reseed(long seed) {
    state = seed;
  }

  @Override
  public int id() {
    return 4;
  }

  @Override
  public long features() {
    return 0;
  }

  @Override
  public int[] queueSizes() {
    return new int[] {CHAINS};
  }

  @Override
  public int readConfiguration(int offset) {
    return 0;
  }

  private long next() {
    state += GOLDEN_GAMMA;
    long mixed = (state ^ (state >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d0_49bb_1331_11ebL;
    return mixed ^ (mixed >>> 31);
  }

  @Override
  public void notified(int number, VirtioMmio transport) {
    Virtqueue queue = transport.queue(number);
    int waiting = queue.waiting();
    for (int i = 0; i < waiting; i++) {
      Virtqueue.Chain chain = queue.take();
      if (chain == null) {
        break;
      }
      var bytes = new byte[(int) Math.min(chain.writable(), MOST)];
      long random = 0;
      for (int at = 0; at < bytes.length; at++) {
        random = at % 8 == 0 ? next() : random >>> 8;
        bytes[at] = (byte) random;
      }
      chain.write(0, bytes, 0, bytes.length);
      queue.giveBack(chain, bytes.length);
    }
    if (waiting > 0) {
      transport.interrupt(queue);
    }
  }

  /** The sequence begins again with the machine, but not with the driver: it would repeat. */
  @Override
  public void powerOn() {
    state = firstSeed;
  }

  @Override
  public void save(StateWriter out) {
    out.put(state);
  }

  @Override
  public void restore(StateReader in) {
    state = in.get();
  }
}
