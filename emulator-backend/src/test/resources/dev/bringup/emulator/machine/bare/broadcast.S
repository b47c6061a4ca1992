// One CPU changes what another one has translated or executed.
  .include "start.S"
  .include "tables.S"

  .equ A, 0x40c00000
  .equ B, 0x40c01000
  .equ V, 0x80000000

// CPU 0 waits for CPU 1 and the other way round
.macro tell value
  ldr x1, =stage
  mov x0, #\value
  stlr x0, [x1]
  sev
.endm

.macro await value
  ldr x1, =stage
1:
  wfe
  ldar x0, [x1]
  cmp x0, #\value
  b.lo 1b
.endm

// Meanwhile CPU 1 has used the page; x0 is for TLBI
.macro change name, operation, before
  tell \before - 1
  await \before
  map root0, V, B | RAM_PAGE | NG
  ldr x0, =V >> 12
  \operation
  dsb ish
  isb
  tell \before + 1
  await \before + 2
  ldr x1, =seen
  ldp x19, x20, [x1]
  mov x0, x19
  check "\name: before", 0xa
  mov x0, x20
  check "\name: after", 0xb
  map root0, V, A | RAM_PAGE | NG
  tlbi vmalle1is
  dsb ish
  isb
.endm

main:
  prologue
  mov w0, #0xa
  ldr x1, =A
  str w0, [x1]
  mov w0, #0xb
  ldr x1, =B
  str w0, [x1]
  map root0, 0x40200000, 0x40200000 | RAM_BLOCK, 2
  map root0, V, A | RAM_PAGE | NG
  ldr x0, =uses
  bl start_second
  change "VAE1IS", "tlbi vae1is, x0", 2
  change "VAAE1IS", "tlbi vaae1is, x0", 6
  change "VALE1IS", "tlbi vale1is, x0", 10
  change "ASIDE1IS", "tlbi aside1is, xzr", 14
  change "VMALLE1IS", "tlbi vmalle1is", 18
  change "ALLE1IS", "tlbi alle1is", 22
  change "VMALLS12E1IS", "tlbi vmalls12e1is", 26
  // With HCR_EL2.FB, what EL1 invalidates is invalid everywhere
  set_sys hcr_el2, (HCR_RW | 1 << 9)
  tell 29
  await 30
  map root0, V, B | RAM_PAGE | NG
  run EL1h, local, V >> 12
  set_sys hcr_el2, HCR_RW
  tell 31
  await 32
  ldr x1, =seen
  ldr x0, [x1, #8]
  check "FB", 0xb
  tell 100
  bl await_second
  epilogue

local:
  tlbi vaae1, x0
  dsb nsh
  isb
  ret

// CPU 1: at each even stage that CPU 0 asks for, loads from V, lets CPU 0 act, loads again
uses:
  mov x19, x30
  set_sys mair_el1, MAIR
  set_sys tcr_el1, TCR
  ldr x0, =root0
  msr ttbr0_el1, x0
  ldr x0, =root1
  msr ttbr1_el1, x0
  set_sys sctlr_el1, SCTLR1 | SCTLR_M
  isb
  adr x0, 1f
  msr elr_el2, x0
  mov x0, #EL1h
  msr spsr_el2, x0
  eret
1:
  ldr x2, =V
  ldr x3, =stage
  ldr x4, =seen
  mov x5, #1
2:
  wfe
  ldar x0, [x3]
  cmp x0, #100
  b.eq 5f
  cmp x0, x5
  b.lo 2b
  ldr w6, [x2]
  str x6, [x4]
  add x0, x5, #1
  stlr x0, [x3]
  sev
  add x5, x5, #2
3:
  wfe
  ldar x0, [x3]
  cmp x0, x5
  b.lo 3b
  ldr w6, [x2]
  str x6, [x4, #8]
  add x0, x5, #1
  stlr x0, [x3]
  sev
  add x5, x5, #2
  b 2b
5:
  ldr x0, =PSCI_CPU_OFF
  smc #0
  b .
  .ltorg

  .bss
stage: .skip 16
seen: .skip 16
