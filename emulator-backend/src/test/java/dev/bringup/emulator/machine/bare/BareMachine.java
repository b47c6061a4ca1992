package dev.bringup.emulator.machine.bare;

import dev.bringup.emulator.machine.VirtMachine;
import dev.bringup.emulator.machine.VirtMachine.Configuration;
import dev.bringup.emulator.machine.VirtMachine.Flash;
import java.time.Instant;
import java.util.List;

/** A small machine with one program, switched on. */
final class BareMachine implements AutoCloseable {
  /** In virtual time: more than any program needs. */
  static final long LIMIT_NANOS = 10_000_000_000L;

  private static final long RAM = 16 << 20;

  /** Tells a program, in X0, that it is not on QEMU: see unless_exact in start.S. */
  private static final long EXACT = 1;

  final VirtMachine machine;
  private final BareProgram program;
  private final byte[] bytes;
  private final StringBuilder console;

  BareMachine(BareProgram program, byte[] bytes) {
    this(program, bytes, new StringBuilder());
  }

  private BareMachine(BareProgram program, byte[] bytes, StringBuilder console) {
    this.program = program;
    this.bytes = bytes;
    this.console = console;
    machine =
        new VirtMachine(
            new Configuration(program.cpus, RAM, true, false, Instant.EPOCH),
            new Flash("the firmware", program.isInFlash() ? bytes : new byte[0]),
            null,
            List.of(),
            new VirtMachine.Outside() {
              @Override
              public void console(int value) {
                console.append((char) value);
              }

              @Override
              public void frame(byte[] frame) {}

              @Override
              public void reset() {}
            });
    if (!program.isInFlash()) {
      machine.load("the program", program.entry(), bytes);
    }
    machine.startAt(program.entry(), EXACT);
    machine.powerOn();
  }

  /** Another machine of the same making, on the same console. */
  BareMachine fresh() {
    return new BareMachine(program, bytes, console);
  }

  /** Runs to the end and gives what the program has printed. */
  String run() {
    machine.runUntil(LIMIT_NANOS);
    return said();
  }

  String said() {
    return console + (machine.isOn() && machine.nanos() >= LIMIT_NANOS ? "no end\n" : "");
  }

  @Override
  public void close() {
    machine.close();
  }
}
