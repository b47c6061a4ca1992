package dev.bringup.transport;

import java.nio.ByteBuffer;

/** What a wire says. */
public sealed interface WireEvent {

  /** Bytes of the board, at least one; a buffer of its own that nobody else changes. */
  record Received(ByteBuffer bytes) implements WireEvent {
    static Received copyOf(byte[] from, int start, int length) {
      return new Received(ByteBuffer.allocate(length).put(from, start, length).flip());
    }
  }

  /**
   * The wire is gone: unplugged, its far end has left, or what came broke the protocol. All bytes
   * that came before were given.
   *
   * @param reason in words for a person
   */
  record Lost(String reason) implements WireEvent {}

  /** This side has closed the connection. */
  record Closed() implements WireEvent {}
}
