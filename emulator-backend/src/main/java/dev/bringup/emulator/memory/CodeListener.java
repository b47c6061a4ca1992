package dev.bringup.emulator.memory;

/** A CPU, which keeps translations and decoded code that changes of memory make stale. */
public interface CodeListener {

  /** A page holds decoded code from now on: stores to it must come through the slow path. */
  void codeMarked();

  /** The decoded code of a page is thrown away; nobody may go on in it. */
  void codeDropped();
}
