// What the programs here have in common. A program includes this file and has a function `main`,
// which is called at EL2 with the MMU off and all interrupts masked. It checks, goes on after a
// failed check, and returns; first "begin" and then "ok" or what failed has been printed and the machine is off.
//
// A check that needs an exception runs a snippet: `run PSTATE, LABEL` goes there with `eret` and is
// back at EL2 when the snippet returns or an exception is taken, at whatever level. What was taken
// is in `caught`. A snippet must not use x28, which belongs to the vectors.

  .arch armv8-a+crc

// PSTATE for `run`: all masked
  .equ EL0t, 0x3c0
  .equ EL1t, 0x3c4
  .equ EL1h, 0x3c5
  .equ EL2t, 0x3c8
  .equ EL2h, 0x3c9

// Vectors by number: from where, and what for
  .equ SP0, 0
  .equ SPX, 4
  .equ LOWER, 8
  .equ SYNC, 0
  .equ IRQ, 1
  .equ FIQ, 2
  .equ SERROR, 3

// In `caught`; LEVEL is 9 if the snippet returned
  .equ LEVEL, 0
  .equ VECTOR, 8
  .equ ESR, 16
  .equ FAR, 24
  .equ ELR, 32
  .equ SPSR, 40
  .equ HPFAR, 48
  .equ CAUGHT_SIZE, 56

  .equ HCR_VM, 1 << 0
  .equ HCR_SWIO, 1 << 1
  .equ HCR_PTW, 1 << 2
  .equ HCR_FMO, 1 << 3
  .equ HCR_IMO, 1 << 4
  .equ HCR_AMO, 1 << 5
  .equ HCR_VF, 1 << 6
  .equ HCR_VI, 1 << 7
  .equ HCR_VSE, 1 << 8
  .equ HCR_DC, 1 << 12
  .equ HCR_TWI, 1 << 13
  .equ HCR_TWE, 1 << 14
  .equ HCR_TID3, 1 << 18
  .equ HCR_TSC, 1 << 19
  .equ HCR_TVM, 1 << 26
  .equ HCR_TGE, 1 << 27
  .equ HCR_RW, 1 << 31

  .equ SCTLR1, 0x30d00800 // EL1: RES1 bits only
  .equ SCTLR2, 0x30c50830 // EL2: the same
  .equ SCTLR_M, 1 << 0
  .equ SCTLR_A, 1 << 1
  .equ SCTLR_SA, 1 << 3
  .equ SCTLR_SA0, 1 << 4
  .equ SCTLR_UMA, 1 << 9
  .equ SCTLR_DZE, 1 << 14
  .equ SCTLR_UCT, 1 << 15
  .equ SCTLR_NTWI, 1 << 16
  .equ SCTLR_NTWE, 1 << 18
  .equ SCTLR_WXN, 1 << 19
  .equ SCTLR_UCI, 1 << 26

  .equ UART, 0x09000000
  .equ GICD, 0x08000000
  .equ GICC, 0x08010000
  .equ GICH, 0x08030000
  .equ GICV, 0x08040000

  .equ PSCI_VERSION, 0x84000000
  .equ PSCI_CPU_OFF, 0x84000002
  .equ PSCI_CPU_ON, 0xc4000003
  .equ PSCI_AFFINITY_INFO, 0xc4000004
  .equ PSCI_SYSTEM_OFF, 0x84000008
  .equ PSCI_SYSTEM_RESET, 0x84000009
  .equ PSCI_FEATURES, 0x8400000a

  .equ STACK, 0x2000
  .equ FRAME, 256

// x\register = a constant or an address
.macro set register, value
  ldr x\register, =\value
.endm

.macro set_sys name, value
  ldr x0, =\value
  msr \name, x0
.endm

// Checks that x0 is `want`
.macro check name, want
  .pushsection .rodata
name\@: .asciz "\name"
  .popsection
  ldr x1, =\want
  ldr x2, =name\@
  bl check_equal
.endm

// Checks that a system register, or a field of `caught`, is `want`
.macro check_sys name, register, want
  mrs x0, \register
  check "\name", \want
.endm

.macro check_caught name, field, want
  ldr x0, =caught
  ldr x0, [x0, #\field]
  check "\name", \want
.endm

// Goes to a snippet, with x0 there
.macro run pstate, label, argument=0
  ldr x0, =\pstate
  ldr x1, =\label
  ldr x2, =\argument
  bl enter
.endm

// Checks that the snippet ended with an exception
.macro took name, level, vector, esr, elr
  check_caught "\name: level", LEVEL, \level
  check_caught "\name: vector", VECTOR, \vector
  check_caught "\name: ESR", ESR, \esr
  check_caught "\name: ELR", ELR, \elr
.endm

// The same, for an abort
.macro aborted name, level, vector, esr, elr, far
  took "\name", \level, \vector, \esr, \elr
  check_caught "\name: FAR", FAR, \far
.endm

// Checks that the snippet returned, with x0 as `want`
.macro returned name, want
  str x0, [sp, #-16]!
  check_caught "\name: returned", LEVEL, 9
  ldr x0, [sp], #16
  check "\name", \want
.endm

.macro prologue
  stp x29, x30, [sp, #-16]!
.endm

.macro epilogue
  ldp x29, x30, [sp], #16
  ret
.endm

// Leaves out checks of what QEMU 7.2 does otherwise than the architecture says
.macro unless_exact label
  ldr x0, =exact
  ldr x0, [x0]
  cbz x0, \label
.endm

  .section .text
  .global _start
// x0: 0 on QEMU
_start:
  ldr x1, =__bss_start__
  ldr x2, =__bss_end__
1:
  stp xzr, xzr, [x1], #16
  cmp x1, x2
  b.lo 1b
  ldr x1, =exact
  str x0, [x1]
  ldr x1, =stack_el0
  msr sp_el0, x1
  bl prepare
  ldr x1, =UART
  mov w0, #0x301 // transmits and receives
  str w0, [x1, #0x30]
  adr x0, said_begin
  bl print
  bl main
  ldr x0, =failures
  ldr x0, [x0]
  cbnz x0, power_off
  adr x0, said_ok
  bl print
power_off:
  ldr x0, =PSCI_SYSTEM_OFF
  smc #0
  b .
said_begin: .asciz "begin\n"
said_ok: .asciz "ok\n"
  .balign 4

// Where PSCI's CPU_ON lets another CPU begin; x0 is the function that it calls
second_cpu:
  mov x19, x0
  bl prepare
  ldr x1, =started
  mov x0, #1
  stlr x0, [x1]
  blr x19
  ldr x0, =PSCI_CPU_OFF
  smc #0
  b .

// Starts CPU 1, which calls the function at x0; it has begun when this returns
start_second:
  ldr x4, =started
  str xzr, [x4]
  mov x3, x0
  ldr x0, =PSCI_CPU_ON
  mov x1, #1
  ldr x2, =second_cpu
  smc #0
  cbnz x0, 2f
1:
  ldar x1, [x4]
  cbz x1, 1b
2:
  ret

// Waits until CPU 1 is off
await_second:
  ldr x0, =PSCI_AFFINITY_INFO
  mov x1, #1
  mov x2, #0
  smc #0
  cmp x0, #1
  b.ne await_second
  ret

// The state that programs begin with, on any CPU; stacks by CPU
prepare:
  mrs x0, mpidr_el1
  and x0, x0, #0xff
  mov x1, #STACK
  ldr x2, =stacks + STACK
  madd x2, x0, x1, x2
  mov sp, x2
  ldr x2, =stacks_el1 + STACK
  madd x2, x0, x1, x2
  msr sp_el1, x2
  mov x1, #2 * FRAME
  ldr x2, =frames
  madd x2, x0, x1, x2
  msr tpidr_el1, x2
  add x2, x2, #FRAME
  msr tpidr_el2, x2
  set_sys vbar_el1, vectors1
  set_sys vbar_el2, vectors2
  set_sys hcr_el2, HCR_RW
  set_sys sctlr_el1, SCTLR1
  set_sys cptr_el2, 0x33ff
  set_sys cpacr_el1, 3 << 20
  set_sys cnthctl_el2, 3
  msr cntvoff_el2, xzr
  msr hstr_el2, xzr
  mrs x0, mdcr_el2
  bic x0, x0, #0xf00
  msr mdcr_el2, x0
  mrs x0, midr_el1
  msr vpidr_el2, x0
  mrs x0, mpidr_el1
  msr vmpidr_el2, x0
  isb
  ret

// Prints the text at x0
print:
  ldr x2, =UART
1:
  ldrb w1, [x0], #1
  cbz w1, 2f
3:
  ldr w3, [x2, #0x18]
  tbnz w3, #5, 3b // the transmit FIFO is full
  strb w1, [x2]
  b 1b
2:
  ret

// Prints x0 in hexadecimal
print_hex:
  stp x29, x30, [sp, #-48]!
  strb wzr, [sp, #16 + 18]
  mov w1, #'0'
  strb w1, [sp, #16]
  mov w1, #'x'
  strb w1, [sp, #17]
  add x1, sp, #16 + 18
  mov w2, #16
1:
  and w3, w0, #15
  lsr x0, x0, #4
  cmp w3, #10
  add w4, w3, #'0'
  add w5, w3, #'a' - 10
  csel w3, w4, w5, lo
  strb w3, [x1, #-1]!
  subs w2, w2, #1
  b.ne 1b
  add x0, sp, #16
  bl print
  ldp x29, x30, [sp], #48
  ret

// x0 must be x1; x2 says what it is
check_equal:
  cmp x0, x1
  b.eq 1f
  stp x29, x30, [sp, #-48]!
  stp x0, x1, [sp, #16]
  str x2, [sp, #32]
  ldr x1, =failures
  ldr x0, [x1]
  add x0, x0, #1
  str x0, [x1]
  adr x0, said_fail
  bl print
  ldr x0, [sp, #32]
  bl print
  adr x0, said_is
  bl print
  ldr x0, [sp, #16]
  bl print_hex
  adr x0, said_expected
  bl print
  ldr x0, [sp, #24]
  bl print_hex
  adr x0, said_end
  bl print
  ldp x29, x30, [sp], #48
1:
  ret
said_fail: .asciz "FAIL "
said_is: .asciz ": is "
said_expected: .asciz ", expected "
said_end: .asciz "\n"
  .balign 4

// Goes to x1 with PSTATE x0 and x2 in its x0; returns when that returns or faults
enter:
  sub sp, sp, #96
  stp x19, x20, [sp]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  ldr x3, =landing
  mov x4, sp
  str x4, [x3]
  ldr x3, =caught
  mov x4, #9
  str x4, [x3, #LEVEL]
  msr spsr_el2, x0
  msr elr_el2, x1
  isb
  adr x30, leave_el0
  tst x0, #0xc
  b.eq 1f
  adr x30, leave_el1
  tbnz x0, #2, 1f
  adr x30, land
1:
  mov x0, x2
  eret
leave_el0:
  svc #0xfff
leave_el1:
  hvc #0xfff

// Back to the caller of `enter`, from anywhere at EL2
land:
  msr spsel, #1
  ldr x1, =landing
  ldr x1, [x1]
  mov sp, x1
  msr daifset, #15
  ldp x19, x20, [sp]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  add sp, sp, #96
  ret

// Every exception: x28 to the frame of its level
.macro vector level, number
  .balign 0x80
  mrs x28, tpidr_el\level
  stp x0, x1, [x28]
  mov x0, #\number
  b entry_el\level
.endm

.macro vector_table level
  .balign 0x800
vectors\level:
  vector \level, 0
  vector \level, 1
  vector \level, 2
  vector \level, 3
  vector \level, 4
  vector \level, 5
  vector \level, 6
  vector \level, 7
  vector \level, 8
  vector \level, 9
  vector \level, 10
  vector \level, 11
  vector \level, 12
  vector \level, 13
  vector \level, 14
  vector \level, 15
.endm

.macro entry level
entry_el\level:
  stp x2, x3, [x28, #16]
  stp x4, x5, [x28, #32]
  stp x6, x7, [x28, #48]
  stp x8, x9, [x28, #64]
  stp x10, x11, [x28, #80]
  stp x12, x13, [x28, #96]
  stp x14, x15, [x28, #112]
  stp x16, x17, [x28, #128]
  stp x18, x30, [x28, #144]
  // A hook for interrupts comes back to where they were taken
  ldr x1, =hook_el\level
  ldr x1, [x1]
  cbz x1, 1f
  and x2, x0, #3
  cbz x2, 1f
  blr x1
  ldp x2, x3, [x28, #16]
  ldp x4, x5, [x28, #32]
  ldp x6, x7, [x28, #48]
  ldp x8, x9, [x28, #64]
  ldp x10, x11, [x28, #80]
  ldp x12, x13, [x28, #96]
  ldp x14, x15, [x28, #112]
  ldp x16, x17, [x28, #128]
  ldp x18, x30, [x28, #144]
  ldp x0, x1, [x28]
  eret
1:
  mrs x2, esr_el\level
  mrs x3, elr_el\level
  tst x0, #3
  b.ne 3f // ESR is an older exception's
.if \level == 2
  ldr x4, =0x5a000fff
  cmp x2, x4
  b.eq 2f
.else
  ldr x4, =0x56000fff
  cmp x2, x4
  b.eq 2f
.endif
3:
  ldr x1, =caught
  mov x4, #\level
  str x4, [x1, #LEVEL]
  str x0, [x1, #VECTOR]
  str x2, [x1, #ESR]
  str x3, [x1, #ELR]
  mrs x4, far_el\level
  str x4, [x1, #FAR]
  mrs x4, spsr_el\level
  str x4, [x1, #SPSR]
.if \level == 2
  mrs x4, hpfar_el2
  str x4, [x1, #HPFAR]
.endif
2:
  ldr x0, [x28]
.if \level == 2
  b land
.else
  hvc #0xfff
.endif
.endm

  vector_table 1
  vector_table 2
  entry 1
  entry 2
  .ltorg

  .bss
  .balign 16
failures: .skip 16
landing: .skip 16
exact: .skip 16
started: .skip 16
caught: .skip 64
hook_el1: .skip 16 // called for interrupts at that level, which are then over; may use x0 to x18
hook_el2: .skip 16
frames: .skip 2 * 2 * FRAME
  .skip STACK
stack_el0:
stacks: .skip 2 * STACK
stacks_el1: .skip 2 * STACK
  .text
