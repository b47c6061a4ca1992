package dev.bringup.net;

/** Something on the bench LAN that is worth a line in the evidence. */
public sealed interface LanEvent {
  /** The board's NIC appeared or went away. */
  record LinkChanged(boolean up) implements LanEvent {}

  /**
   * A board got or renewed an address.
   *
   * @param client option 60, which names the software that asks ({@code U-Boot.armv8}); or empty
   */
  record LeaseGiven(MacAddress mac, Ipv4Address address, String client) implements LanEvent {}

  /** A board's port began to talk to a forwarded service. */
  record FlowOpened(Ipv4Address board, int boardPort, int lanPort) implements LanEvent {}

  /**
   * Something was dropped. Told for the first, second, fourth, eighth... of each reason, so that a
   * flood stays readable.
   *
   * @param count drops for this reason so far
   */
  record Dropped(DropReason reason, long count, String detail) implements LanEvent {}

  /** The packet recording ended early; the network goes on. */
  record RecordingFailed(String message) implements LanEvent {}

  /** A fault in the LAN itself; the packet is lost, the network goes on. */
  record Faulted(RuntimeException fault) implements LanEvent {}
}
