package dev.bringup.emulator.aarch64;

/**
 * A synchronous exception on its way from where it arose to the vector table. Each CPU has one,
 * thrown again and again without a stack trace.
 */
final class GuestFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Exception class and syndrome as ESR has them (D13.2.37). */
  int exceptionClass;

  int syndrome;

  /** The exception level to take it to; 0 for the usual one: see {@link Exceptions}. */
  int target;

  /** For FAR, where {@link #hasAddress}. */
  long address;

  boolean hasAddress;

  /** For HPFAR: the intermediate physical address of a stage 2 fault, else -1. */
  long intermediate;

  GuestFault() {
    super("guest fault", null, false, false);
  }

  GuestFault of(int exceptionClass, int syndrome) {
    this.exceptionClass = exceptionClass;
    this.syndrome = syndrome;
    this.target = 0;
    this.hasAddress = false;
    this.intermediate = -1;
    return this;
  }

  GuestFault at(long address) {
    this.address = address;
    this.hasAddress = true;
    return this;
  }

  GuestFault to(int target) {
    this.target = target;
    return this;
  }
}
