package dev.bringup.emulator.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.CrossTools;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bare-metal program of all three levels, with interrupts, beside QEMU. */
class LockstepPeerTest {

  @TempDir Path folder;

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void aBareProgramRunsLikeOnThePeer() throws Exception {
    Assumptions.assumeTrue(LockstepRun.hasPeer(), LockstepRun.EMULATOR + " is not installed");
    CrossTools.assumeBinutils();
    Lockstep.Result result =
        LockstepRun.run(
            LockstepRun.Program.firmware(CrossTools.assemble(folder, PROGRAM)),
            64,
            100_000,
            true,
            folder);
    assertThat(result.difference()).isEmpty();
    assertThat(result.instructions()).isGreaterThan(20_000);
    assertThat(result.interrupts()).isEqualTo(2);
    assertThat(result.taken()).containsKey("device at 0x801000c");
  }

  /** Tables at 0x40100000: the first GiB is Device, the second Normal memory. */
  private static final String PROGRAM =
      """
      .arch armv8-a+crc
      .text
        b start
      .balign 0x800
      vectors2:
      .balign 0x80
        b .
      .balign 0x80
        b .
      .balign 0x80
        b .
      .balign 0x80
        b .
      .balign 0x80 // current level: synchronous, IRQ
        add x24, x24, #1
        mrs x25, esr_el2
        mrs x26, spsr_el2
        eret
      .balign 0x80
        b interrupt
      .balign 0x80
        b .
      .balign 0x80
        b .
      .balign 0x80 // from EL1
        add x24, x24, #16
        mrs x25, esr_el2
        mrs x26, elr_el2
        eret
      .balign 0x80
        b interrupt
      .balign 0x800
      vectors1:
        b .
      .balign 0x200
        b synchronous1
      .balign 0x200
        b synchronous1
      .balign 0x800
      interrupt:
        ldr w10, [x20, #12] // IAR
        msr cntp_ctl_el0, xzr
        str w10, [x20, #16] // EOIR
        add x23, x23, #1
        eret
      synchronous1: // from EL0, or a fault
        mrs x10, esr_el1
        mrs x11, far_el1
        mrs x12, elr_el1
        add x24, x24, #256
        lsr x13, x10, #26
        cmp x13, #0x15
        b.eq 1f
        add x12, x12, #4
        msr elr_el1, x12
      1: eret
      timer: // x0: ticks
        msr cntp_tval_el0, x0
        mov x1, #1
        msr cntp_ctl_el0, x1
        ret
      checksum: // of 256 bytes at x0, n times: x1; result in x2
        mov x2, #-1
      1: mov x3, #0
      2: ldrb w4, [x0, x3]
        crc32b w2, w2, w4
        ldr x5, [x0, x3]
        eor x6, x6, x5, ror #13
        add v1.4s, v0.4s, v1.4s
        mov v0.d[1], x6
        umulh x7, x6, x5
        adds x8, x8, x7
        cinc x9, x9, cs
        add x3, x3, #8 // aligned: RAM is Device memory now
        cmp x3, #240
        b.lo 2b
        strb w2, [x0, x9]
        subs x1, x1, #1
        b.ne 1b
        ret
      start:
        adr x0, vectors2
        msr vbar_el2, x0
        adr x0, vectors1
        msr vbar_el1, x0
        mov x0, #0x40200000
        mov sp, x0
        mov x0, #0x33ff
        msr cptr_el2, x0
        mov x0, #(3 << 20)
        msr cpacr_el1, x0
        mov x0, #3
        msr cnthctl_el2, x0
        mov x0, #(1 << 31)
        orr x0, x0, #(1 << 4) // RW, IMO
        msr hcr_el2, x0
        isb
        hvc #5
        // interrupt controller
        mov x19, #0x08000000
        mov w0, #1
        str w0, [x19]
        mov w0, #(1 << 30)
        str w0, [x19, #0x100]
        add x20, x19, #0x10000
        mov w0, #0xff
        str w0, [x20, #4]
        mov w0, #1
        str w0, [x20]
        mov x0, #300
        bl timer
        msr daifclr, #2
      1: cbz x23, 1b
        // a message
        mov x21, #0x09000000
        adr x22, message
      2: ldrb w0, [x22], #1
        cbz w0, 4f
      3: ldr w1, [x21, #0x18]
        tbnz w1, #5, 3b
        str w0, [x21]
        b 2b
      4: mov x0, #0x40000000
        add x0, x0, #0x300000
        mov x1, #4
        bl checksum
        // EL1, with tables
        mov x0, #0x40000000
        add x0, x0, #0x100000
        mov x1, #0x401
        movk x1, #0x0060, lsl #48 // never executed
        str x1, [x0]
        mov x1, #0x0705
        orr x1, x1, #0x40000000
        str x1, [x0, #8]
        msr ttbr0_el1, x0
        mov x1, #0xff00
        msr mair_el1, x1
        mov x1, #25
        orr x1, x1, #(1 << 23)
        msr tcr_el1, x1
        dsb sy
        isb
        adr x1, code
        mov x2, #0x40000000
        add x2, x2, #0x400000
        mov x3, #(end - code)
      5: ldr w4, [x1], #4
        str w4, [x2], #4
        subs x3, x3, #4
        b.gt 5b
        mov x0, #0x40000000
        add x0, x0, #0x400000
        add x1, x0, #(vectors1copy - code)
        msr vbar_el1, x1
        msr elr_el2, x0
        mov x1, #0x3c5
        msr spsr_el2, x1
        eret
      message: .asciz "lockstep\\n"
      .balign 0x800
      // what runs at EL1, from RAM
      code:
        mrs x0, sctlr_el1
        orr x0, x0, #1
        orr x0, x0, #4
        orr x0, x0, #0x1000
        msr sctlr_el1, x0
        isb
        mov x0, #0x40000000
        add x0, x0, #0x500000
        mov sp, x0
        add x0, x0, #7 // unaligned now works
        ldr x1, [x0]
        str x1, [x0, #8]
        hvc #6
        mov x0, #0x80000000 // not mapped
        ldr x1, [x0]
        at s1e1r, x0
        isb
        mrs x1, par_el1
        mov x0, #100
        msr cntp_tval_el0, x0
        mov x1, #1
        msr cntp_ctl_el0, x1
        wfi
        mov x0, #0x40000000
        add x0, x0, #0x300000
        mov x1, #32
        mov x2, #-1
      1: mov x3, #0
      2: ldrb w4, [x0, x3]
        crc32cb w2, w2, w4
        ldp x5, x6, [x0, #16]
        eor x6, x6, x5, ror #13
        fmov d2, x6
        fadd d1, d1, d2
        stp x6, x2, [x0, #16]
        add x3, x3, #3
        cmp x3, #240
        b.lo 2b
        subs x1, x1, #1
        b.ne 1b
        mov w0, #8
        movk w0, #0x8400, lsl #16 // SYSTEM_OFF
        smc #0
        b .
      .balign 0x800
      vectors1copy:
      .balign 0x200
        b .
      .balign 0x200
        mrs x10, esr_el1
        mrs x11, far_el1
        mrs x12, elr_el1
        add x12, x12, #4
        msr elr_el1, x12
        eret
      .balign 0x800
      end:
      """;
}
