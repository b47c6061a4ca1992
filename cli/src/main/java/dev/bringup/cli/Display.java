package dev.bringup.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A terminal that shows a board's bytes as they are, and between them lines of Bringup's own.
 * Thread-safe.
 */
final class Display {
  /** Colours off, cursor shown: a board that was in the midst of a menu leaves them otherwise. */
  private static final String AS_BEFORE = "\u001b[m\u001b[?25h";

  private static final int ESC = 0x1b;
  private static final String FAINT = "\u001b[2m";
  private static final String PLAIN = "\u001b[m";

  private final OutputStream out;
  private final boolean colour = Terminal.colour();
  private final boolean escapes = Terminal.understandsEscapes();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean midLine; // guarded by lock
  private boolean held; // guarded by lock
  private boolean boardDraws; // guarded by lock

  Display(OutputStream out) {
    this.out = out;
  }

  /** Shows what the board says, when nothing else is on the screen. */
  void show(byte[] bytes) {
    lock.lock();
    try {
      while (held) {
        changed.awaitUninterruptibly();
      }
      write(bytes);
      for (byte each : bytes) {
        boardDraws |= each == ESC;
      }
      midLine = bytes[bytes.length - 1] != '\n';
    } finally {
      lock.unlock();
    }
  }

  /** Shows lines of Bringup's own. */
  void tell(String text) {
    lock.lock();
    try {
      while (held) {
        changed.awaitUninterruptibly();
      }
      var lines = new StringBuilder(midLine ? "\r\n" : "");
      for (String line : text.strip().split("\n", -1)) {
        lines.append(colour ? FAINT : "").append("bringup: ").append(line);
        lines.append(colour ? PLAIN : "").append("\r\n");
      }
      write(lines.toString().getBytes(StandardCharsets.UTF_8));
      midLine = false;
    } finally {
      lock.unlock();
    }
  }

  /** Keeps the screen for {@link #draw}. */
  void hold() {
    lock.lock();
    try {
      held = true;
    } finally {
      lock.unlock();
    }
  }

  void goOn() {
    lock.lock();
    try {
      held = false;
      write("\r\n".getBytes(StandardCharsets.US_ASCII));
      midLine = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void draw(byte... bytes) {
    lock.lock();
    try {
      write(bytes);
    } finally {
      lock.unlock();
    }
  }

  /** Leaves the terminal usable: undoes what the board may have done to it. */
  void end() {
    lock.lock();
    try {
      String undo = escapes && boardDraws ? AS_BEFORE : "";
      write((undo + "\r\n").getBytes(StandardCharsets.US_ASCII));
    } catch (UncheckedIOException e) {
      // It has hung up.
    } finally {
      lock.unlock();
    }
  }

  private void write(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
