package dev.bringup.net;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What passed through a bench LAN since it was opened.
 *
 * @param framesIn from the board
 * @param bytesIn from the board, of whole frames
 * @param framesOut to the board
 * @param bytesOut to the board, of whole frames
 * @param pings echo requests answered
 * @param leases DHCP and BOOTP leases given, renewals too
 * @param flows UDP flows opened
 * @param drops by reason, only those above zero, always in the same order
 */
public record LanCounters(
    long framesIn,
    long bytesIn,
    long framesOut,
    long bytesOut,
    long pings,
    long leases,
    long flows,
    Map<DropReason, Long> drops) {

  public LanCounters {
    drops = Collections.unmodifiableMap(new TreeMap<>(drops));
  }

  /** Drops for {@code reason}. */
  public long dropped(DropReason reason) {
    return drops.getOrDefault(reason, 0L);
  }
}
