package dev.bringup.net;

/** Why the bench LAN did not pass something on. */
public enum DropReason {
  /** From the board: breaks its format, or has a wrong checksum. */
  MALFORMED,
  /** From the board: for another station or another network; this LAN has no way out. */
  NOT_FOR_THIS_LAN,
  /** From the board: its source is not a board's address in the LAN's subnet. */
  FOREIGN_SOURCE,
  /** From the board: IPv6. */
  IPV6,
  /** From the board: TCP. */
  TCP,
  /** From the board: an EtherType, IP protocol or ICMP message that nobody here answers. */
  UNKNOWN_PROTOCOL,
  /** From the board: a UDP port with nothing behind it; answered with ICMP port unreachable. */
  PORT_UNREACHABLE,
  /** From the board: fragments whose datagram was never complete. */
  INCOMPLETE_DATAGRAM,
  /** From the board: DHCP without a free address. */
  NO_FREE_ADDRESS,
  /** From the board: the host did not take the datagram. */
  HOST_REFUSED,
  /** To the board: no NIC is plugged in. */
  NO_NIC,
  /** To the board: its NIC does not keep up. */
  NIC_TOO_SLOW,
  /** To the board: it was sent too much without a word from it. */
  BOARD_SILENT,
  /** Either way: a fault in the LAN itself. */
  FAULT
}
