package dev.bringup.emulator.builtin;

import dev.bringup.net.FrameLink;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The wire between a machine's NIC and a LAN that lives on the machine's own thread: each frame is
 * there when it is sent. Used by that thread, but for {@link #start} and {@link #close}.
 */
final class MachineLink implements FrameLink {
  private volatile @Nullable Receiver receiver;

  /** The NIC, while the machine has power. */
  private @Nullable Predicate<byte[]> nic;

  @Override
  public void start(Receiver lan) {
    receiver = lan;
  }

  @Override
  public boolean send(ByteBuffer frame) {
    Predicate<byte[]> to = nic;
    if (to == null) {
      return false;
    }
    var bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return to.test(bytes);
  }

  @Override
  public void flush() {
    // A frame has arrived when send returns.
  }

  /** The machine's NIC sends a frame. */
  void sent(byte[] frame) {
    Receiver lan = receiver;
    if (lan != null) {
      lan.frame(ByteBuffer.wrap(frame));
    }
  }

  /** The machine has power from now on. */
  void plug(Predicate<byte[]> powered) {
    nic = powered;
    Receiver lan = receiver;
    if (lan != null) {
      lan.linkChanged(true);
    }
  }

  void unplug() {
    nic = null;
    Receiver lan = receiver;
    if (lan != null) {
      lan.linkChanged(false);
    }
  }

  @Override
  public void close() {
    receiver = null;
  }
}
