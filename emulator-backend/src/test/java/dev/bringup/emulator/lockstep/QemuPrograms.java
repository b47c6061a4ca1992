package dev.bringup.emulator.lockstep;

import dev.bringup.emulator.CrossTools;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Batches of programs on QEMU's user-mode emulation. A guest program lets each one begin by
 * returning from a signal handler, which sets all registers, and takes what it left from the
 * handler of the signal that ends it.
 */
public final class QemuPrograms implements AutoCloseable {
  private static final int STATES_BYTES = Batch.PROGRAMS * GuestState.BYTES;

  private final Process process;
  private final OutputStream toGuest;
  private final DataInputStream fromGuest;

  private QemuPrograms(Process process) {
    this.process = process;
    this.toGuest = process.getOutputStream();
    this.fromGuest = new DataInputStream(process.getInputStream());
  }

  public static QemuPrograms start(Path folder) throws IOException, InterruptedException {
    return new QemuPrograms(CrossTools.startUserMode(folder, guest()));
  }

  /** Runs a batch that is full. */
  public Batch.Results execute(Batch batch) throws IOException {
    ByteBuffer states = ByteBuffer.allocate(STATES_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    batch.programs().forEach(program -> program.before().write(states));
    toGuest.write(states.array());
    toGuest.write(batch.slots());
    toGuest.write(batch.windows());
    toGuest.flush();
    fromGuest.readFully(states.array());
    var windows = new byte[Batch.WINDOWS_BYTES];
    fromGuest.readFully(windows);
    states.clear();
    List<GuestState> after = new ArrayList<>();
    for (int i = 0; i < Batch.PROGRAMS; i++) {
      GuestState state = GuestState.read(states);
      if (state.signal == GuestState.SEGV && (state.pc & 3) != 0) {
        state.signal = GuestState.BUS; // as Linux says; user-mode QEMU 7.2 does not
      }
      after.add(state);
    }
    return new Batch.Results(after, windows);
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    fromGuest.close();
  }

  /** Offsets into the signal frame are those of Linux (arch/arm64, struct ucontext). */
  private static String guest() {
    return """
    .equ CODE, %d
    .equ DATA, %d
    .equ REGION, %d
    .equ SLOTS, %d
    .equ SLOTS_BYTES, %d
    .equ WINDOWS, %d
    .equ WINDOWS_BYTES, %d
    .equ STATE, %d
    .equ STATES_BYTES, %d
    """
            .formatted(
                Batch.CODE,
                Batch.DATA,
                Batch.REGION,
                Batch.SLOTS,
                Batch.SLOTS_BYTES,
                Batch.WINDOWS,
                Batch.WINDOWS_BYTES,
                GuestState.BYTES,
                STATES_BYTES)
        + """
        .equ BUFFER, 0x8000000
        .equ STACK, 0x9000000
        .equ STACK_BYTES, 0x10000
        .text
        .global _start
        // x0: address, x1: size, x2: protection
        map:
          mov x3, #0x32
          mov x4, #-1
          mov x5, #0
          mov x8, #222
          svc #0
          ret
        // x10: 63 reads, 64 writes; x1: address, x2: how many bytes
        transfer:
          mov x11, x1
          mov x12, x2
        1: mov x0, x10
          sub x0, x0, #63
          mov x1, x11
          mov x2, x12
          mov x8, x10
          svc #0
          cmp x0, #0
          b.le quit
          add x11, x11, x0
          subs x12, x12, x0
          b.ne 1b
          ret
        quit:
          mov x0, #0
          mov x8, #93
          svc #0
        broken:
          mov x0, #3
          mov x8, #93
          svc #0
        // x0: signal; its action is the handler
        handle:
          ldr x1, =action
          mov x2, #0
          mov x3, #8
          mov x8, #134
          svc #0
          ret
        _start:
          ldr x0, =CODE
          ldr x1, =REGION
          mov x2, #7
          bl map
          ldr x0, =DATA
          ldr x1, =REGION
          mov x2, #3
          bl map
          ldr x0, =BUFFER
          ldr x1, =STATES_BYTES
          mov x2, #3
          bl map
          ldr x0, =STACK
          ldr x1, =STACK_BYTES
          mov x2, #3
          bl map
          ldr x0, =CODE
          ldr x1, =REGION
          ldr w2, trap
        2: str w2, [x0], #4
          subs x1, x1, #4
          b.ne 2b
          ldr x0, =stack
          mov x1, #0
          mov x8, #132
          svc #0
          mov x0, #4
          bl handle
          mov x0, #5
          bl handle
          mov x0, #7
          bl handle
          mov x0, #11
          bl handle
        trap:
          brk #0
        // x0: signal, x1: its siginfo, x2: its ucontext
        handler:
          ldr x19, =current
          ldr x20, [x19]
          mov x22, x2
          add x3, x2, #184 // x0 to x30, sp, pc, pstate
          mov x4, x20
          mov x5, #34
        3: ldr x6, [x3], #8
          str x6, [x4], #8
          subs x5, x5, #1
          b.ne 3b
          ldr w6, [x2, #464] // the record of vector registers comes first
          ldr w7, =0x46508001
          cmp w6, w7
          b.ne broken
          ldr x6, [x2, #472]
          str x6, [x20, #272]
          str x0, [x20, #280]
          ldr x6, [x1, #16]
          str x6, [x20, #288]
          mrs x6, tpidr_el0
          str x6, [x20, #296]
          add x3, x2, #480
          add x4, x20, #304
          mov x5, #64
        4: ldr x6, [x3], #8
          str x6, [x4], #8
          subs x5, x5, #1
          b.ne 4b
          add x20, x20, #STATE
          ldr x6, =BUFFER+STATES_BYTES
          cmp x20, x6
          b.lo enter
          ldr x7, =started
          ldr x8, [x7]
          mov x9, #1
          str x9, [x7]
          cbz x8, 5f
          mov x10, #64
          ldr x1, =BUFFER
          ldr x2, =STATES_BYTES
          bl transfer
          ldr x1, =WINDOWS
          ldr x2, =WINDOWS_BYTES
          bl transfer
        5: mov x10, #63
          ldr x1, =BUFFER
          ldr x2, =STATES_BYTES
          bl transfer
          ldr x1, =SLOTS
          ldr x2, =SLOTS_BYTES
          bl transfer
          ldr x1, =WINDOWS
          ldr x2, =WINDOWS_BYTES
          bl transfer
          ldr x1, =SLOTS
          ldr x2, =SLOTS_BYTES
        6: dc cvau, x1
          dsb ish
          ic ivau, x1
          add x1, x1, #4
          subs x2, x2, #4
          b.ne 6b
          dsb ish
          isb
          ldr x20, =BUFFER
        enter:
          str x20, [x19]
          mov x3, x20
          add x4, x22, #184
          mov x5, #34
        7: ldr x6, [x3], #8
          str x6, [x4], #8
          subs x5, x5, #1
          b.ne 7b
          ldr x6, [x20, #272]
          str x6, [x22, #472]
          ldr x6, [x20, #296]
          msr tpidr_el0, x6
          add x3, x20, #304
          add x4, x22, #480
          mov x5, #64
        8: ldr x6, [x3], #8
          str x6, [x4], #8
          subs x5, x5, #1
          b.ne 8b
          mov x8, #139
          svc #0
        .data
        .balign 8
        current: .quad BUFFER+STATES_BYTES-STATE
        started: .quad 0
        action: .quad handler, 0x48000004, 0, 0
        stack: .quad STACK, 0, STACK_BYTES
        """;
  }
}
