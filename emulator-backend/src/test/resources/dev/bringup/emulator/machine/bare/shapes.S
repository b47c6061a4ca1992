// Tables of other shapes: pages of 64 KiB, four levels, stage 2 with two first tables; very many
// address spaces; no stage 1 but Normal memory.
  .include "start.S"
  .include "tables.S"

  .equ A, 0x40c00000
  .equ B, 0x40c01000
  .equ C, 0x40c10000
  .equ D, 0x40c11000
  .equ V, 0x80000000
  .equ W, 0xc0000000
  .equ TCR64, 1 << 36 | 4 << 32 | 1 << 23 | 0x7500 | 22 // 42 bits
  .equ TCR48, 1 << 36 | 4 << 32 | 1 << 23 | 0x3500 | 16
  .equ VTCR40, 1 << 31 | 2 << 16 | 0x3540 | 24
  .equ SPACES, 6000

.macro loads name, va, want
  run EL1h, load_at, \va
  returned "\name", \want
.endm

.macro faults name, va, status
  run EL1h, load_at, \va
  aborted "\name", 1, SPX, (0x96000000 | (\status)), load_at, \va
.endm

.macro entry64 table, index, descriptor
  ldr x0, =\table + 8 * (\index)
  ldr x1, =\descriptor
  str x1, [x0]
  dsb sy
  isb
.endm

.macro invalidate_all
  dsb sy
  tlbi alle1
  dsb sy
  isb
.endm

.macro mark place, value
  ldr x1, =\place
  mov w0, #\value
  str w0, [x1]
.endm

main:
  prologue
  mark A, 0xa
  mark B, 0xb
  mark C, 0xc
  mark D, 0xd
  set_sys mair_el1, MAIR

  // 64 KiB: two levels
  entry64 level2, 0, DEVICE_BLOCK
  entry64 level2, 2, 0x40000000 | RAM_BLOCK
  ldr x0, =level2 + 4 * 8
  ldr x1, =level3
  orr x1, x1, #TABLE
  str x1, [x0]
  entry64 level2, 6, 0x40000000 | RAM_BLOCK
  entry64 level3, 1, A | RAM_PAGE
  entry64 level3, 2, C | RAM_PAGE | READ_ONLY
  set_sys tcr_el1, TCR64
  ldr x0, =level2
  msr ttbr0_el1, x0
  set_sys sctlr_el1, SCTLR1 | SCTLR_M
  invalidate_all
  loads "64 KiB: a page", V + 0x10000, 0xa
  loads "64 KiB: within the page", V + 0x11000, 0xb
  loads "64 KiB: the next page", V + 0x20000, 0xc
  loads "64 KiB: block", W + 0xc11000, 0xd
  faults "64 KiB: level 3", V + 0x30000, 0x07
  faults "64 KiB: level 2", 0xa0000000, 0x06
  faults "64 KiB: beyond", 0x40000000000, 0x04
  run EL1h, store_at, V + 0x2fff0
  aborted "64 KiB: read-only", 1, SPX, 0x9600004f, store_at, V + 0x2fff0
  entry64 level3, 1, C | RAM_PAGE
  ldr x0, =(V + 0x10000) >> 12
  tlbi vaae1, x0
  dsb sy
  isb
  loads "64 KiB: changed, within the page", V + 0x11000, 0xd
  loads "64 KiB: changed", V + 0x10000, 0xc
  entry64 level2, 6, 0
  ldr x0, =(W + 0x1c010000) >> 12
  tlbi vaale1is, x0
  dsb sy
  isb
  faults "64 KiB: the block is gone", W + 0xc11000, 0x06
  set_sys sctlr_el1, SCTLR1
  isb

  // Four levels
  map root0, 0x40200000, 0x40200000 | RAM_BLOCK, 2
  map root0, UART, UART | DEVICE_BLOCK, 2
  map root2, 0x40200000, 0x40200000 | RAM_BLOCK, 2
  map root2, UART, UART | DEVICE_BLOCK, 2
  map root0, V, A | RAM_PAGE | NG
  map root2, V, B | RAM_PAGE | NG
  ldr x0, =root1
  ldr x1, =root0
  orr x1, x1, #TABLE
  str x1, [x0]
  ldr x1, =root2
  orr x1, x1, #TABLE
  str x1, [x0, #8]
  set_sys tcr_el1, TCR48
  ldr x0, =root1
  msr ttbr0_el1, x0
  set_sys sctlr_el1, SCTLR1 | SCTLR_M
  invalidate_all
  loads "four levels", V, 0xa
  loads "four levels, second entry", 0x8000000000 + V, 0xb
  faults "four levels: level 0", 0x10000000000, 0x04
  faults "four levels: level 1", 0x8000000000 + W, 0x05
  faults "four levels: beyond", 0x1000000000000, 0x04

  // Very many address spaces, two sets of tables
  set_sys tcr_el1, TCR
  ldr x0, =root0
  msr ttbr0_el1, x0
  invalidate_all
  run EL1h, spaces
  returned "address spaces mixed up", 0

  // Stage 2 of 40 bits: two tables side by side
  set_sys sctlr_el1, SCTLR1
  ldr x0, =pair
  ldr x1, =S2_DEVICE_BLOCK
  str x1, [x0]
  ldr x1, =0x40000000 | S2_BLOCK
  str x1, [x0, #8]
  add x0, x0, #4096
  str x1, [x0, #8]
  set_sys vtcr_el2, VTCR40
  ldr x0, =pair
  msr vttbr_el2, x0
  set_sys hcr_el2, (HCR_RW | HCR_VM)
  invalidate_all
  loads "the first of two tables", A, 0xa
  loads "the second of two tables", 0x8000000000 + A, 0xa
  run EL1h, load_at, 0x80c0000000
  aborted "the second of two tables: level 1", 2, LOWER, 0x93800005, load_at, 0x80c0000000
  check_caught "the second of two tables: HPFAR", HPFAR, 0x80c00000
  run EL1h, load_at, 0x10000000000
  aborted "beyond two tables", 2, LOWER, 0x93800004, load_at, 0x10000000000

  // Without stage 1, memory may be Normal; stage 2 is on then
  set_sys hcr_el2, (HCR_RW | HCR_VM | HCR_DC)
  set_sys sctlr_el1, SCTLR1 | SCTLR_M // has no effect
  invalidate_all
  loads "DC: unaligned", A + 0xfff, 0x00000b00
  loads "DC: stage 1 is off", 0x8000000000 + B, 0xb
  set_sys hcr_el2, (HCR_RW | HCR_DC)
  invalidate_all
  loads "DC alone", A + 0xfff, 0x00000b00
  loads "DC alone: stage 2 is on", 0x8000000000 + B, 0xb
  run EL1h, load_at, 0x80c0000000
  check_caught "DC alone: level", LEVEL, 2
  set_sys hcr_el2, HCR_RW
  set_sys sctlr_el1, SCTLR1
  epilogue

load_at:
  ldr w0, [x0]
  ret
store_at:
  str wzr, [x0]
  ret

// Every other space has the tables of root2
spaces:
  ldr x1, =root0
  ldr x2, =root2
  ldr x3, =V
  mov x4, #1
  mov x0, #0
1:
  tst x4, #1
  csel x5, x2, x1, ne
  orr x5, x5, x4, lsl #48
  msr ttbr0_el1, x5
  isb
  ldr w6, [x3]
  and x7, x4, #1
  add x7, x7, #0xa
  cmp x6, x7
  cinc x0, x0, ne
  add x4, x4, #1
  ldr x5, =SPACES
  cmp x4, x5
  b.lo 1b
  ret
  .ltorg

  .bss
  .balign 0x10000
level2: .skip 0x10000
level3: .skip 0x10000
pair: .skip 0x2000
