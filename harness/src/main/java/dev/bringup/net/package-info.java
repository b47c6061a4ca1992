/** The bench LAN: a user-mode Ethernet between a board's NIC and services of the host. */
@NullMarked
package dev.bringup.net;

import org.jspecify.annotations.NullMarked;
