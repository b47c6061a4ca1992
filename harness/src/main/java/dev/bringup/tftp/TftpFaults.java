package dev.bringup.tftp;

import dev.bringup.fault.Occurrence;
import dev.bringup.fault.PacketFault;
import dev.bringup.fault.Trigger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bad network between a TFTP server and its clients: armed faults, and the path that each
 * transfer takes through them. Of the faults that strike one packet the one armed first counts.
 * Thread-safe, its paths not.
 */
public final class TftpFaults {
  private final Listener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Armed> armed = new ArrayList<>(); // guarded by lock

  private record Armed(PacketFault fault, Trigger trigger, boolean lasting) {}

  /** Is told what strikes, on the thread that sends. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @param block of the transfer, not cut to 16 bits
     */
    void struck(PacketFault fault, String file, long block);
  }

  public TftpFaults(Listener listener) {
    this.listener = listener;
  }

  /**
   * Arms a fault for packets that are sent from now on, of transfers that begin from now on.
   *
   * @param lasting whether it survives {@link #disarm}
   */
  public void arm(PacketFault fault, long seed, boolean lasting) {
    lock.lock();
    try {
      armed.add(new Armed(fault, new Trigger(fault.when(), seed), lasting));
    } finally {
      lock.unlock();
    }
  }

  /** Takes back all faults that are not lasting. */
  public void disarm() {
    lock.lock();
    try {
      armed.removeIf(each -> !each.lasting);
    } finally {
      lock.unlock();
    }
  }

  /** The way of a transfer that begins; null if it is a good one. */
  public @Nullable PacketPath path(TransferStarted transfer) {
    return path(transfer.file());
  }

  @Nullable PacketPath path(String file) {
    lock.lock();
    try {
      return armed.stream().anyMatch(each -> each.fault.concerns(file)) ? new Path(file) : null;
    } finally {
      lock.unlock();
    }
  }

  private final class Path implements PacketPath {
    private final String file;
    private final List<byte[]> held = new ArrayList<>();
    private long block;
    private boolean silent;

    private Path(String file) {
      this.file = file;
    }

    @Override
    public void pass(byte[] packet, Wire wire) {
      int onWire = block(packet);
      if (onWire < 0) {
        wire.send(packet);
        return;
      }
      block += (short) (onWire - block); // the block with this number that is nearest
      PacketFault struck = struck();
      List<byte[]> late = List.copyOf(held);
      held.clear();
      if (struck == null) {
        wire.send(packet);
      } else {
        pass(packet, struck.effect(), wire);
      }
      late.forEach(wire::send);
    }

    /** The fault that strikes the present block; all that concern it are asked. */
    private @Nullable PacketFault struck() {
      PacketFault first = null;
      lock.lock();
      try {
        for (Armed each : armed) {
          if (each.fault.concerns(file) && strikes(each) && first == null) {
            first = each.fault;
          }
        }
      } finally {
        lock.unlock();
      }
      if (first == null) {
        return null;
      }
      boolean again = first.effect() instanceof PacketFault.Effect.Silent && silent;
      silent |= first.effect() instanceof PacketFault.Effect.Silent;
      if (!again) {
        listener.struck(first, file, block);
      }
      return first;
    }

    private boolean strikes(Armed each) {
      return (each.fault.effect() instanceof PacketFault.Effect.Silent
              && each.fault.when() instanceof Occurrence.At(long from, var _))
          ? block >= from
          : each.trigger.strikes(block);
    }

    private void pass(byte[] packet, PacketFault.Effect effect, Wire wire) {
      switch (effect) {
        case PacketFault.Effect.Lost(), PacketFault.Effect.Silent() -> {}
        case PacketFault.Effect.Doubled() -> {
          wire.send(packet);
          wire.send(packet);
        }
        case PacketFault.Effect.Swapped() -> held.add(packet);
        case PacketFault.Effect.Late(Duration by) -> wire.sendLater(by, packet);
        case PacketFault.Effect.Cut(int bytes) ->
            wire.send(Arrays.copyOf(packet, Math.min(bytes, packet.length)));
        case PacketFault.Effect.Refused(int code, String text) ->
            wire.send(TftpCodec.encode(new TftpPacket.ErrorReply(code, text)));
        case PacketFault.Effect.PowerCut() -> wire.send(packet);
      }
    }
  }

  /** The block's number on the wire, which for an OACK is 0; -1 for a packet without one. */
  private static int block(byte[] packet) {
    ByteBuffer in = ByteBuffer.wrap(packet);
    return switch (in.getShort()) {
      case TftpCodec.DATA, TftpCodec.ACK -> in.getShort() & 0xffff;
      case TftpCodec.OACK -> 0;
      default -> -1;
    };
  }
}
