// The firmware's calls: other CPUs on and off, interrupts between them, the machine reset.
  .include "start.S"

  .equ NOT_SUPPORTED, 0xffffffff
  .equ INVALID_PARAMETERS, 0xfffffffe
  .equ ALREADY_ON, 0xfffffffc
  .equ RESETS, 0x40e00000 // a word in RAM that no start touches

// The lower half of the answer
.macro call name, want, function, a=0, b=0, c=0
  ldr x0, =\function
  ldr x1, =\a
  ldr x2, =\b
  ldr x3, =\c
  smc #0
  mov w0, w0
  check "\name", \want
.endm

// Waits until a word in memory is no longer 0
.macro await label
  ldr x1, =\label
1:
  ldar x0, [x1]
  cbz x0, 1b
.endm

.macro check_word name, label, want
  ldr x1, =\label
  ldr x0, [x1]
  check "\name", \want
.endm

main:
  prologue
  ldr x1, =RESETS
  ldr x0, [x1]
  cbz x0, 1f
  check "one reset", 1
  call "CPU 1 is off after a reset", 1, PSCI_AFFINITY_INFO, 1
  ldr x1, =GICD
  ldr w0, [x1]
  check "devices are reset", 0
  epilogue
1:
  mov x5, #5
  mov x17, #17
  call "VERSION", 0x10001, PSCI_VERSION
  mov x0, x5
  check "X5 is kept", 5
  mov x0, x17
  check "X17 is kept", 17
  call "an unknown function", NOT_SUPPORTED, 0x84000077
  call "FEATURES of CPU_ON", 0, PSCI_FEATURES, PSCI_CPU_ON
  call "FEATURES of CPU_OFF", 0, PSCI_FEATURES, PSCI_CPU_OFF
  call "FEATURES of SYSTEM_RESET", 0, PSCI_FEATURES, PSCI_SYSTEM_RESET
  call "FEATURES of nothing", NOT_SUPPORTED, PSCI_FEATURES, 0x84000077
  call "AFFINITY_INFO of itself", 0, PSCI_AFFINITY_INFO, 0
  call "AFFINITY_INFO of CPU 1", 1, PSCI_AFFINITY_INFO, 1
  call "AFFINITY_INFO of nobody", INVALID_PARAMETERS, PSCI_AFFINITY_INFO, 0x100
  call "CPU_ON of nobody", INVALID_PARAMETERS, PSCI_CPU_ON, 7, began
  call "CPU_ON of itself", ALREADY_ON, PSCI_CPU_ON, 0, began

  call "CPU_ON", 0, PSCI_CPU_ON, 1, began, 0x123456789a
  await second_done
  check_word "its X0", second_x0, 0x123456789a
  check_word "its level", second_level, 2 << 2
  check_word "its masks", second_daif, 0x3c0
  check_word "its MPIDR", second_mpidr, 0x80000001
  check_word "its MMU is off", second_sctlr, 0
  call "AFFINITY_INFO while it is on", 0, PSCI_AFFINITY_INFO, 1
  call "CPU_ON while it is on", ALREADY_ON, PSCI_CPU_ON, 1, began
  ldr x1, =second_go
  mov x0, #1
  stlr x0, [x1]
  sev
  bl await_second

  // Interrupts between CPUs
  ldr x1, =GICD
  mov w0, #1
  str w0, [x1]
  mov w0, #0x18
  str w0, [x1, #0x100]
  ldr x1, =GICC
  mov w0, #0xf0
  str w0, [x1, #4]
  mov w0, #1
  str w0, [x1]
  ldr x0, =answers
  bl start_second
  check "CPU_ON again", 0
  await second_ready
  ldr x1, =GICD
  ldr w0, =1 << 24 | 3 // to all others
  str w0, [x1, #0xf00]
1:
  wfi
  mrs x0, isr_el1
  cbz x0, 1b
  ldr x1, =GICC
  ldr w19, [x1, #0xc]
  str w19, [x1, #0x10]
  mov x0, x19
  check "the answer says from whom", 1 << 10 | 4
  bl await_second
  check_word "its interrupt", second_iar, 3
  check_word "its identity in ITARGETSR", second_target, 2

  ldr x0, =PSCI_CPU_ON
  mov x1, #1
  ldr x2, =spin
  smc #0
  ldr x1, =RESETS
  mov x0, #1
  str x0, [x1]
  dsb sy
  ldr x0, =PSCI_SYSTEM_RESET
  smc #0
  b .

// CPU 1 after power-on
began:
  ldr x1, =second_x0
  str x0, [x1]
  mrs x0, CurrentEL
  str x0, [x1, #8]
  mrs x0, daif
  str x0, [x1, #16]
  mrs x0, mpidr_el1
  bic x0, x0, #1 << 30
  str x0, [x1, #24]
  mrs x0, sctlr_el2
  and x0, x0, #1
  str x0, [x1, #32]
  mov x0, #1
  add x1, x1, #40
  stlr x0, [x1]
  ldr x1, =second_go
1:
  wfe
  ldar x0, [x1]
  cbz x0, 1b
  ldr x0, =PSCI_CPU_OFF
  smc #0
spin: b .

// CPU 1 waits for an interrupt and answers it with another
answers:
  ldr x1, =GICC
  mov w0, #0xf0
  str w0, [x1, #4]
  mov w0, #1
  str w0, [x1]
  ldr x2, =GICD
  mov w0, #0x18
  str w0, [x2, #0x100]
  ldrb w0, [x2, #0x800]
  ldr x3, =second_target
  str x0, [x3]
  ldr x3, =second_ready
  mov x0, #1
  stlr x0, [x3]
1:
  wfi
  mrs x0, isr_el1
  cbz x0, 1b
  ldr w0, [x1, #0xc]
  str w0, [x1, #0x10]
  ldr x3, =second_iar
  str x0, [x3]
  ldr w0, =1 << 16 | 4 // to CPU 0
  str w0, [x2, #0xf00]
  ret
  .ltorg

  .bss
second_x0: .skip 8
second_level: .skip 8
second_daif: .skip 8
second_mpidr: .skip 8
second_sctlr: .skip 8
second_done: .skip 8
second_go: .skip 8
second_ready: .skip 8
second_iar: .skip 8
second_target: .skip 8
