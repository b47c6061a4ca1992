package dev.bringup.emulator.aarch64.fp;

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
 * Single instructions on QEMU's user-mode emulation: a guest program takes batches of states with
 * an instruction word each, executes every word on its state and gives the states back.
 */
final class QemuUser implements AutoCloseable {
  static final int MAX_BATCH = 512;

  /** Where the states are in the guest. */
  static final long BUFFER = 0x2000000;

  private final Process process;
  private final OutputStream toGuest;
  private final DataInputStream fromGuest;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(MAX_BATCH * CpuState.BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private QemuUser(Process process) {
    this.process = process;
    this.toGuest = process.getOutputStream();
    this.fromGuest = new DataInputStream(process.getInputStream());
  }

  static QemuUser start(Path folder) throws IOException, InterruptedException {
    return new QemuUser(CrossTools.startUserMode(folder, program()));
  }

  /** The states after the instructions. */
  List<CpuState> execute(List<CpuState> states, List<Integer> words) throws IOException {
    buffer.clear();
    for (int i = 0; i < words.size(); i++) {
      states.get(i).write(buffer, words.get(i));
    }
    buffer.flip();
    toGuest.write(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(buffer.limit()).array());
    toGuest.write(buffer.array(), 0, buffer.limit());
    toGuest.flush();
    fromGuest.readFully(buffer.array(), 0, buffer.limit());
    List<CpuState> after = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      after.add(CpuState.read(buffer));
    }
    return after;
  }

  @Override
  public void close() throws IOException {
    toGuest.close();
    process.destroy();
  }

  /** The guest program; {@code sp} points to the state in work. */
  private static String program() {
    var text = new StringBuilder();
    text.append(
        """
        .equ BUFFER, 0x2000000
        .equ CODE, 0x1000000
        .equ STATE, %d
        .text
        .global _start
        // x0 to a whole number of bytes x2 at x1 from standard input; exits at the end of file
        fill:
          mov x19, x1
          mov x20, x2
        1: mov x0, #0
          mov x1, x19
          mov x2, x20
          mov x8, #63
          svc #0
          cmp x0, #0
          b.le quit
          add x19, x19, x0
          subs x20, x20, x0
          b.ne 1b
          ret
        quit:
          mov x0, #0
          mov x8, #93
          svc #0
        map: // x0: address, x1: size, x2: protection
          mov x3, #0x32
          mov x4, #-1
          mov x5, #0
          mov x8, #222
          svc #0
          ret
        _start:
          mov x0, #BUFFER
          mov x1, #0x100000
          mov x2, #3
          bl map
          mov x0, #CODE
          mov x1, #0x10000
          mov x2, #7
          bl map
        batch:
          ldr x1, =size
          mov x2, #8
          bl fill
          ldr x2, =size
          ldr x2, [x2]
          mov x1, #BUFFER
          add x3, x1, x2
          ldr x4, =end
          str x3, [x4]
          bl fill
          // each state gets its piece of code
          ldr x3, =end
          ldr x3, [x3]
          mov x1, #BUFFER
          mov x4, #CODE
          ldr w5, restore
          ldr x6, =leave
        2: str w5, [x4]
          ldr w7, [x1, #248]
          str w7, [x4, #4]
          add x8, x4, #8
          sub x8, x6, x8
          ubfx x8, x8, #2, #26
          movz w7, #0x1400, lsl #16
          orr w8, w8, w7
          str w8, [x4, #8]
          str x4, [x1, #792]
          dc cvau, x4
          dsb ish
          ic ivau, x4
          add x4, x4, #16
          add x1, x1, #STATE
          cmp x1, x3
          b.lo 2b
          dsb ish
          isb
          mov x1, #BUFFER
          mov sp, x1
        enter:
          ldr x0, [sp, #768]
          msr fpcr, x0
          ldr x0, [sp, #776]
          msr fpsr, x0
          ldr x0, [sp, #784]
          msr nzcv, x0
        """
            .formatted(CpuState.BYTES));
    for (int i = 0; i < 32; i += 2) {
      text.append("  ldp q%d, q%d, [sp, #%d]\n".formatted(i, i + 1, 256 + 16 * i));
    }
    for (int i = 0; i < 30; i += 2) {
      text.append("  ldp x%d, x%d, [sp, #%d]\n".formatted(i, i + 1, 8 * i));
    }
    text.append(
        """
          ldr x30, [sp, #792]
          br x30
        restore:
          ldr x30, [sp, #240]
        leave:
        """);
    for (int i = 0; i < 30; i += 2) {
      text.append("  stp x%d, x%d, [sp, #%d]\n".formatted(i, i + 1, 8 * i));
    }
    text.append("  str x30, [sp, #240]\n");
    for (int i = 0; i < 32; i += 2) {
      text.append("  stp q%d, q%d, [sp, #%d]\n".formatted(i, i + 1, 256 + 16 * i));
    }
    text.append(
        """
          mrs x0, fpsr
          str x0, [sp, #776]
          mrs x0, nzcv
          str x0, [sp, #784]
          add sp, sp, #STATE
          mov x0, sp
          ldr x1, =end
          ldr x1, [x1]
          cmp x0, x1
          b.lo enter
          mov x19, #BUFFER
          sub x20, x1, x19
        3: mov x0, #1
          mov x1, x19
          mov x2, x20
          mov x8, #64
          svc #0
          cmp x0, #0
          b.le quit
          add x19, x19, x0
          subs x20, x20, x0
          b.ne 3b
          b batch
        .data
        .balign 8
        size: .quad 0
        end: .quad 0
        """);
    return text.toString();
  }
}
