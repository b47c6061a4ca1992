// Accesses that stage 2 forbids: what a hypervisor is told, so that it can stand in for a device.
// Stage 1 is off.
  .include "start.S"

  .equ NOWHERE, 0x0a000104 // no stage 2 mapping
  .equ TRANSLATION_2, 0x06
  .equ ACCESS_FLAG_2, 0x0a
  .equ PERMISSION_2, 0x0e
  .equ WNR, 1 << 6
  .equ SIXTY_FOUR, 1 << 15
  .equ ACQUIRE_RELEASE, 1 << 14
  .equ SIGN_EXTENDS, 1 << 21
  .equ CM, 1 << 8

// Runs one instruction at EL1 with x0 = NOWHERE
.macro forbidden name, instruction, syndrome, far=NOWHERE
  .pushsection .text.snippets
snippet\@:
  \instruction
  ret
  .popsection
  run EL1h, snippet\@, NOWHERE
  aborted "\name", 2, LOWER, (0x92000000 | (\syndrome)), snippet\@, \far
  check_caught "\name: HPFAR", HPFAR, 0xa0000
.endm

// A load or store of a general register; size in powers of two
.macro described name, instruction, size, register, further=0, far=NOWHERE
  forbidden "\name", "\instruction", (1 << 24 | (\size) << 22 | (\register) << 16 | (\further) | TRANSLATION_2), \far
.endm

// One that leaves the syndrome without a description
.macro undescribed name, instruction, further=0, far=NOWHERE
  forbidden "\name", "\instruction", ((\further) | TRANSLATION_2), \far
.endm

main:
  prologue
  bl make_tables
  set_sys vtcr_el2, (1 << 31 | 2 << 16 | 3 << 12 | 1 << 10 | 1 << 8 | 1 << 6 | 32)
  ldr x0, =level1
  msr vttbr_el2, x0
  set_sys hcr_el2, (HCR_RW | HCR_VM)
  dsb sy
  tlbi alle1
  dsb sy
  isb

  described "LDR X", "ldr x5, [x0]", 3, 5, SIXTY_FOUR
  described "LDR W", "ldr w6, [x0]", 2, 6
  described "LDRH", "ldrh w7, [x0]", 1, 7
  described "LDRB", "ldrb w8, [x0]", 0, 8
  described "LDRSB W", "ldrsb w9, [x0]", 0, 9, SIGN_EXTENDS
  described "LDRSB X", "ldrsb x10, [x0]", 0, 10, SIGN_EXTENDS | SIXTY_FOUR
  described "LDRSH W", "ldrsh w11, [x0]", 1, 11, SIGN_EXTENDS
  described "LDRSH X", "ldrsh x12, [x0]", 1, 12, SIGN_EXTENDS | SIXTY_FOUR
  described "LDRSW", "ldrsw x13, [x0]", 2, 13, SIGN_EXTENDS | SIXTY_FOUR
  described "LDR XZR", "ldr xzr, [x0]", 3, 31, SIXTY_FOUR
  described "LDUR", "ldur x14, [x0, #-4]", 3, 14, SIXTY_FOUR, NOWHERE - 4
  described "LDR offset", "ldr w15, [x0, #8]", 2, 15, 0, NOWHERE + 8
  described "LDR register", "ldr x16, [x0, xzr]", 3, 16, SIXTY_FOUR
  described "LDTR", "ldtr w17, [x0]", 2, 17
  described "LDTRSB", "ldtrsb x18, [x0]", 0, 18, SIGN_EXTENDS | SIXTY_FOUR
  described "LDAR", "ldar w19, [x0]", 2, 19, ACQUIRE_RELEASE
  described "LDARB", "ldarb w20, [x0]", 0, 20, ACQUIRE_RELEASE
  described "STR X", "str x21, [x0]", 3, 21, SIXTY_FOUR | WNR
  described "STR W", "str w22, [x0]", 2, 22, WNR
  described "STR WZR", "str wzr, [x0]", 2, 31, WNR
  described "STRH", "strh w23, [x0]", 1, 23, WNR
  described "STRB", "strb w24, [x0]", 0, 24, WNR
  described "STUR", "stur x25, [x0, #-4]", 3, 25, SIXTY_FOUR | WNR, NOWHERE - 4
  described "STR register", "str w26, [x0, wzr, uxtw]", 2, 26, WNR
  described "STTR", "sttr x27, [x0]", 3, 27, SIXTY_FOUR | WNR
  described "STLR", "stlr w29, [x0]", 2, 29, ACQUIRE_RELEASE | WNR
  described "STLRH", "stlrh w30, [x0]", 1, 30, ACQUIRE_RELEASE | WNR

  undescribed "LDR post-index", "ldr x5, [x0], #8"
  undescribed "LDR pre-index", "ldr x5, [x0, #8]!", 0, NOWHERE + 8
  undescribed "STR post-index", "str w5, [x0], #8", WNR
  undescribed "STR pre-index", "str w5, [x0, #-8]!", WNR, NOWHERE - 8
  undescribed "LDP", "ldp w5, w6, [x0]"
  undescribed "STP", "stp w5, w6, [x0]", WNR
  undescribed "LDR S", "ldr s5, [x0]"
  undescribed "STR S", "str s5, [x0]", WNR
  undescribed "LD1", "ld1 {v0.s}[0], [x0]"
  undescribed "LDXR", "ldxr w5, [x0]"
  unless_exact 1f
  undescribed "DC CVAC", "dc cvac, x0", CM | WNR
1:

  // The registers are as before
  run EL1h, post_index, NOWHERE
  check "a faulting LDR does not write back", NOWHERE

  // A literal, in a block that is not mapped
  run EL1h, literal_load
  aborted "LDR literal", 2, LOWER, (0x92000000 | 1 << 24 | 3 << 22 | 5 << 16 | SIXTY_FOUR | TRANSLATION_2), literal_load, before_program
  check_caught "LDR literal: HPFAR", HPFAR, 0x401ff0

  // From EL0; other faults; fetches
  run EL0t, load_at, 0x0a000208
  aborted "from EL0", 2, LOWER, (0x92000000 | 1 << 24 | 3 << 22 | 6 << 16 | SIXTY_FOUR | TRANSLATION_2), load_at, 0x0a000208
  run EL1h, store_at, 0x40400010
  aborted "store to a read-only block", 2, LOWER, (0x92000000 | 1 << 24 | 3 << 22 | 6 << 16 | SIXTY_FOUR | WNR | PERMISSION_2), store_at, 0x40400010
  check_caught "store to a read-only block: HPFAR", HPFAR, 0x404000
  run EL1h, load_at, 0x40400010
  returned "load from a read-only block", 0
  run EL1h, load_at, 0x40600010
  aborted "access flag", 2, LOWER, (0x92000000 | 1 << 24 | 3 << 22 | 6 << 16 | SIXTY_FOUR | ACCESS_FLAG_2), load_at, 0x40600010
  run EL1h, go, 0x40800010
  aborted "fetch from an XN block", 2, LOWER, (0x82000000 | PERMISSION_2), 0x40800010, 0x40800010
  check_caught "fetch from an XN block: HPFAR", HPFAR, 0x408000
  run EL0t, go, 0x0a000010
  aborted "fetch of no block", 2, LOWER, (0x82000000 | TRANSLATION_2), 0x0a000010, 0x0a000010
  run EL1h, load_at, 0x40a00010
  returned "another place", 0x1234
  run EL1h, load_at, 0x123450008
  check_caught "beyond the input size: ESR", ESR, (0x92000000 | 1 << 24 | 3 << 22 | 6 << 16 | SIXTY_FOUR | 0x04)
  check_caught "beyond the input size: HPFAR", HPFAR, 0x1234500

  // EL2 is not concerned
  run EL2h, store_at, 0x40400010
  check_caught "store at EL2", LEVEL, 9
  set_sys hcr_el2, HCR_RW
  epilogue

make_tables:
  ldr x1, =level1
  ldr x2, =low
  orr x0, x2, #3
  str x0, [x1]
  ldr x3, =high
  orr x0, x3, #3
  str x0, [x1, #8]
  // All of RAM: S2AP 3, AF, inner shareable, Normal
  ldr x0, =0x400007fd
  mov x4, #1
1:
  add x5, x0, x4, lsl #21
  str x5, [x3, x4, lsl #3]
  add x4, x4, #1
  cmp x4, #512
  b.lo 1b
  ldr x0, =0x4040077d // read-only
  str x0, [x3, #2 * 8]
  ldr x0, =0x406003fd // access flag clear
  str x0, [x3, #3 * 8]
  ldr x0, =0x00400000408007fd // XN
  str x0, [x3, #4 * 8]
  ldr x0, =0x40c007fd // elsewhere
  str x0, [x3, #5 * 8]
  ldr x0, =0x090007c1 // the UART, Device
  str x0, [x2, #72 * 8]
  ldr x1, =0x40c00010
  mov x0, #0x1234
  str x0, [x1]
  ret

literal_load: ldr x5, before_program
post_index: ldr x1, [x0], #8
load_at:
  ldr x6, [x0]
  mov x0, x6
  ret
store_at:
  str x6, [x0]
  ret
go: br x0
  .ltorg

  .bss
  .balign 4096
level1: .skip 4096
low: .skip 4096
high: .skip 4096
