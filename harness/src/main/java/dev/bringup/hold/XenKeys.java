package dev.bringup.hold;

import java.io.ByteArrayOutputStream;

/**
 * What of a terminal's bytes may go to Xen, which takes every byte as an order: keys of one
 * character. A control sequence (ECMA-48, 5.4) is not meant for it: it may be the answer to a
 * guest's question about the cursor, which ends in {@code R}, and that makes Xen reboot the board.
 * Belongs to one thread at a time.
 */
final class XenKeys {
  private static final int ESCAPE = 0x1b;

  private enum State {
    OUTSIDE,
    BEHIND_ESCAPE,
    WITHIN
  }

  private State state = State.OUTSIDE;

  /** The bytes without control sequences, which may begin in one call and end in another. */
  byte[] of(byte[] bytes) {
    var keys = new ByteArrayOutputStream();
    for (byte each : bytes) {
      switch (state) {
        case OUTSIDE -> {
          if (each == ESCAPE) {
            state = State.BEHIND_ESCAPE;
          } else {
            keys.write(each);
          }
        }
        case BEHIND_ESCAPE -> state = each == '[' || each == 'O' ? State.WITHIN : State.OUTSIDE;
        case WITHIN -> {
          if (each >= 0x40) {
            state = State.OUTSIDE;
          }
        }
      }
    }
    return keys.toByteArray();
  }
}
