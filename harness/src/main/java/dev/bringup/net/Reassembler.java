package dev.bringup.net;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts IPv4 fragments together (RFC 791, section 3.2; RFC 815). Holds at most {@link
 * #MAX_DATAGRAMS} unfinished datagrams, 1 MiB in all; the oldest goes first. Not thread-safe.
 */
final class Reassembler {
  static final int MAX_DATAGRAMS = 16;
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Map<Key, Datagram> unfinished = new LinkedHashMap<>();
  private long lost;

  /**
   * Takes a fragment.
   *
   * @return the whole packet when this fragment was the last missing one, otherwise null
   * @throws PacketFormatException when the fragment cannot be part of a datagram; its datagram is
   *     forgotten
   */
  @Nullable Ipv4Packet add(Ipv4Packet fragment, long nowNanos) {
    expire(nowNanos);
    var key =
        new Key(fragment.source(), fragment.destination(), fragment.protocol(), fragment.id());
    Datagram datagram = unfinished.get(key);
    if (datagram == null) {
      if (unfinished.size() == MAX_DATAGRAMS) {
        unfinished.remove(unfinished.keySet().iterator().next());
        lost++;
      }
      datagram = new Datagram(nowNanos);
      unfinished.put(key, datagram);
    }
    if (!datagram.accepts(fragment)) {
      unfinished.remove(key);
      throw new PacketFormatException(
          "IPv4 fragment at " + fragment.fragmentOffset() + " that does not fit its datagram");
    }
    datagram.put(fragment);
    if (!datagram.isWhole()) {
      return null;
    }
    unfinished.remove(key);
    return new Ipv4Packet(
        fragment.source(),
        fragment.destination(),
        fragment.protocol(),
        fragment.id(),
        false,
        0,
        ByteBuffer.wrap(datagram.bytes, 0, datagram.end));
  }

  /** Datagrams given up since the last call: too old or too many. */
  long takeLost() {
    long count = lost;
    lost = 0;
    return count;
  }

  void clear() {
    unfinished.clear();
  }

  private void expire(long now) {
    var oldest = unfinished.values().iterator();
    while (oldest.hasNext() && now - oldest.next().since >= TIMEOUT.toNanos()) {
      oldest.remove();
      lost++;
    }
  }

  private record Key(Ipv4Address source, Ipv4Address destination, int protocol, int id) {}

  private static final class Datagram {
    private final long since;
    private final BitSet blocks = new BitSet(); // of eight bytes
    private byte[] bytes = new byte[0];
    private int end = -1;
    private int highest;

    private Datagram(long since) {
      this.since = since;
    }

    /** Refuses overlaps (RFC 1858 tells what they are used for) but takes exact repetitions. */
    private boolean accepts(Ipv4Packet fragment) {
      int from = fragment.fragmentOffset();
      int length = fragment.payload().remaining();
      int to = from + length;
      if (to > Ipv4Packet.MAX_PAYLOAD || length == 0) {
        return false;
      }
      if (fragment.moreFragments()) {
        if (length % 8 != 0 || (end >= 0 && to >= end)) {
          return false;
        }
      } else if ((end >= 0 && to != end) || to < highest) {
        return false;
      }
      int first = blocks.nextSetBit(from / 8);
      int after = (to + 7) / 8;
      if (first < 0 || first >= after) {
        return true;
      }
      return first == from / 8
          && blocks.nextClearBit(first) >= after
          && fragment
              .payload()
              .equals(ByteBuffer.wrap(bytes, from, Math.min(length, bytes.length - from)));
    }

    private void put(Ipv4Packet fragment) {
      int from = fragment.fragmentOffset();
      int length = fragment.payload().remaining();
      highest = Math.max(highest, from + length);
      if (bytes.length < highest) {
        bytes =
            Arrays.copyOf(
                bytes, Math.min(Ipv4Packet.MAX_PAYLOAD, Math.max(2 * bytes.length, highest)));
      }
      fragment.payload().get(fragment.payload().position(), bytes, from, length);
      blocks.set(from / 8, (from + length + 7) / 8);
      if (!fragment.moreFragments()) {
        end = from + length;
      }
    }

    private boolean isWhole() {
      return end >= 0 && blocks.nextClearBit(0) >= (end + 7) / 8;
    }
  }
}
