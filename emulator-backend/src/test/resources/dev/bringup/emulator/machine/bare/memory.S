// Loads and stores in odd places: unaligned, across pages, with the rights of EL0; clearing; CRC32.
  .include "start.S"
  .include "tables.S"

  .equ A, 0x40c00000 // two pages that are not side by side
  .equ B, 0x40c08000
  .equ V, 0x80000000 // A, then B, then nothing
  .equ HOLE, V + 0x2000
  .equ DEV, V + 0x3000 // A as Device
  .equ OTHER, V + 0x4000 // A for EL0
  .equ OTHER_READ_ONLY, V + 0x5000
  .equ SOLITARY, V + 0x6000 // A, read-only
  .equ NOTHING, V + 0x8000 // mapped to where nothing is

// Checks what is in memory, through EL2's view
.macro check_memory name, address, want
  ldr x1, =\address
  ldr x0, [x1]
  check "\name", \want
.endm

.macro run1 snippet, va
  run EL1h, \snippet, \va
.endm

.macro faults name, snippet, va, syndrome, far, pstate=EL1h
  run \pstate, \snippet, \va
.if \pstate == EL0t
  aborted "\name", 1, LOWER, (0x92000000 | (\syndrome)), \snippet, \far
.else
  aborted "\name", 1, SPX, (0x96000000 | (\syndrome)), \snippet, \far
.endif
.endm

main:
  prologue
  map root0, 0x40200000, 0x40200000 | RAM_BLOCK, 2
  map root0, UART, UART | DEVICE_BLOCK, 2
  map root0, V, A | RAM_PAGE
  map root0, V + 0x1000, B | RAM_PAGE
  map root0, DEV, A | PAGE | DEVICE | AF
  map root0, OTHER, A | RAM_PAGE | USER
  map root0, OTHER_READ_ONLY, A | RAM_PAGE | USER | READ_ONLY
  map root0, SOLITARY, A | RAM_PAGE | READ_ONLY
  map root0, NOTHING, 0x200000000 | RAM_PAGE
  set_sys mair_el1, MAIR
  set_sys tcr_el1, TCR
  ldr x0, =root0
  msr ttbr0_el1, x0
  ldr x0, =root1
  msr ttbr1_el1, x0
  set_sys sctlr_el1, SCTLR1 | SCTLR_M
  tlbi alle1
  dsb sy
  isb
  bl fill_pages
  ldr x20, =0x0101010101010101
  ldr x21, =0x0202020202020202

  // Unaligned, within a page and across two
  run1 load64, V + 1
  returned "unaligned", 0x0908070605040302
  run1 load64, V + 0xffd
  returned "across pages", 0x858483828100fffe
  run1 load32, V + 0xffe
  returned "a word across pages", 0x828100ff
  run1 load16, V + 0xfff
  returned "a half word across pages", 0x8100
  run1 load_pair, V + 0xff8
  returned "a pair across pages", 0x8887868584838281 ^ 0x00fffefdfcfbfaf9
  run1 load_pair, V + 0xffc
  returned "an unaligned pair across pages", 0x8c8b8a8988878685 ^ 0x8483828100fffefd
  run1 load_vector, V + 0xffc
  returned "a vector across pages", 0x8c8b8a8988878685 ^ 0x8483828100fffefd
  run1 store64, V + 0xffd
  check_memory "store across pages, first", A + 0xff8, 0x010101fdfcfbfaf9
  check_memory "store across pages, second", B, 0x8887860101010101
  bl fill_pages
  run1 store_pair, V + 0xff8
  check_memory "pair across pages, first", A + 0xff8, 0x0101010101010101
  check_memory "pair across pages, second", B, 0x0202020202020202
  bl fill_pages

  // Across into nothing: all or nothing
  faults "load into nothing", load64, HOLE - 4, 0x07, HOLE
  faults "load of nothing's end", load64, HOLE + 4, 0x07, HOLE + 4
  faults "store into nothing", store64, HOLE - 4, 0x47, HOLE
  check_memory "store into nothing: memory", B + 0xff8, 0x807f7e7d7c7b7a79
  faults "half word into nothing", store16, HOLE - 1, 0x47, HOLE
  faults "pair into nothing", store_pair, HOLE - 8, 0x47, HOLE
  unless_exact 1f
  check_memory "pair into nothing: memory", B + 0xff8, 0x807f7e7d7c7b7a79
1:
  faults "unaligned pair into nothing", store_pair, HOLE - 12, 0x47, HOLE
  unless_exact 1f
  check_memory "unaligned pair into nothing: memory", B + 0xff0, 0x7877767574737271
1:
  faults "vector into nothing", store_vector, HOLE - 8, 0x47, HOLE
  unless_exact 1f
  check_memory "vector into nothing: memory", B + 0xff8, 0x807f7e7d7c7b7a79
1:
  faults "pair of vectors into nothing", store_vectors, HOLE - 16, 0x47, HOLE
  unless_exact 1f
  check_memory "pair of vectors into nothing: memory", B + 0xff0, 0x7877767574737271
  bl fill_pages
  faults "structures into nothing", store_structures, HOLE - 24, 0x47, HOLE
  check_memory "structures into nothing: memory", B + 0xff0, 0x7877767574737271
1:
  // Registers stay as they were
  run EL1h, load_pair_into_base, HOLE - 8
  check "base after a pair", HOLE - 8
  run EL1h, load_write_back, HOLE
  check "base with write-back", HOLE
  run EL1h, store_write_back, HOLE
  check "base of a store with write-back", HOLE
  faults "from the hole into a page", load64, V - 4, 0x06, V - 4

  // Strict alignment
  set_sys sctlr_el1, SCTLR1 | SCTLR_M | SCTLR_A
  isb
  faults "strict", load64, V + 4, 0x21, V + 4
  faults "strict, store", store16, V + 1, 0x61, V + 1
  faults "strict, across pages", load64, V + 0xffc, 0x21, V + 0xffc
  run1 load64, V + 8
  returned "strict and aligned", 0x100f0e0d0c0b0a09
  run1 load_pair, V + 8
  returned "pairs are aligned by element", 0x100f0e0d0c0b0a09 ^ 0x1817161514131211
  faults "strict pair", load_pair, V + 4, 0x21, V + 4
  set_sys sctlr_el1, SCTLR1 | SCTLR_M
  isb

  // Device memory, also with the MMU off
  run1 load64, DEV + 8
  returned "Device, aligned", 0x100f0e0d0c0b0a09
  unless_exact 1f
  faults "Device", load64, DEV + 1, 0x21, DEV + 1
  faults "Device, store", store64, DEV + 4, 0x61, DEV + 4
  faults "Device, pair", load_pair, DEV + 4, 0x21, DEV + 4
  faults "Device, cleared", clear, DEV, 0x61, DEV
  set_sys sctlr_el1, SCTLR1
  isb
  faults "MMU off", load64, A + 1, 0x21, A + 1
  faults "MMU off, cleared", clear, A, 0x61, A
  set_sys sctlr_el1, SCTLR1 | SCTLR_M
  isb
  run EL2h, load64, A + 1
  aborted "MMU off at EL2", 2, SPX, 0x96000021, load64, A + 1

  // The stack pointer
  set_sys sctlr_el1, SCTLR1 | SCTLR_M | SCTLR_SA
  isb
  run EL1h, crooked_stack, V + 8
  took "crooked SP", 1, SPX, 0x9a000000, crooked_load
  run EL1h, crooked_stack, V
  check_caught "straight SP", LEVEL, 9
  run EL1t, crooked_stack, V + 8
  took "crooked SP_EL0 at EL1", 1, SP0, 0x9a000000, crooked_load
  run EL0t, crooked_stack, OTHER + 8
  check_caught "crooked SP at EL0 is not checked", LEVEL, 9
  run EL1h, crooked_unused, V + 8
  check_caught "crooked SP that addresses nothing", LEVEL, 9
  set_sys sctlr_el1, SCTLR1 | SCTLR_M | SCTLR_SA0
  isb
  run EL0t, crooked_stack, OTHER + 8
  took "crooked SP at EL0", 1, LOWER, 0x9a000000, crooked_load
  run EL1h, crooked_stack, V + 8
  check_caught "crooked SP at EL1 is not checked", LEVEL, 9
  set_sys sctlr_el1, SCTLR1 | SCTLR_M
  isb
1:

  // Clearing
  bl fill_pages
  check_sys "DCZID", dczid_el0, 4
  run1 clear, V + 0x75
  check_memory "cleared: before", A + 0x38, 0x403f3e3d3c3b3a39
  check_memory "cleared: first", A + 0x40, 0
  check_memory "cleared: last", A + 0x78, 0
  check_memory "cleared: behind", A + 0x80, 0x8887868584838281
  faults "cleared, read-only", clear, SOLITARY + 0x75, 0x4f, SOLITARY + 0x75
  faults "cleared, nothing", clear, HOLE + 0x75, 0x47, HOLE + 0x75
  faults "cleared where nothing is", clear, NOTHING, 0x50, NOTHING
  faults "pair where nothing is", store_pair, NOTHING + 16, 0x50, NOTHING + 16
  faults "vector where nothing is", load_vector, NOTHING + 16, 0x10, NOTHING + 16
  set_sys sctlr_el1, SCTLR1 | SCTLR_M | SCTLR_DZE
  isb
  run EL0t, clear, OTHER + 0x100
  check_caught "cleared at EL0", LEVEL, 9
  check_memory "cleared at EL0", A + 0x100, 0
  faults "cleared at EL0, not EL0's", clear, V, 0x4f, V, EL0t
  run EL0t, zero_id
  returned "DCZID at EL0", 4
  set_sys sctlr_el1, SCTLR1 | SCTLR_M
  isb
  run EL0t, zero_id
  returned "DCZID at EL0 where it is forbidden", 0x14

  // Cache maintenance needs a mapping; prefetching does not
  run1 prefetch, HOLE
  check_caught "PRFM of nothing", LEVEL, 9
  unless_exact 1f
  faults "DC CIVAC of nothing", clean, HOLE + 8, 0x147, HOLE + 8
  run1 load64, SOLITARY
  faults "DC IVAC of a read-only page", discard, SOLITARY, 0x14f, SOLITARY
1:

  // With the rights of EL0
  bl fill_pages
  run1 load_user, OTHER
  returned "LDTR", 0x0807060504030201
  faults "LDTR of the kernel's", load_user, V, 0x0f, V
  run1 load_user_signed, OTHER + 0x80
  returned "LDTRSH", 0xffffffffffff8281
  faults "STTR to read-only", store_user, OTHER_READ_ONLY, 0x4f, OTHER_READ_ONLY
  run1 store_user, OTHER
  check_memory "STTR", A, 0x0101010101010101
  faults "STTR to the kernel's", store_user, V, 0x4f, V
  run1 load_user, OTHER
  returned "LDTR after a fault", 0x0101010101010101
  run EL0t, load_user, OTHER
  returned "LDTR at EL0", 0x0101010101010101
  run EL2h, load_user, A
  returned "LDTR at EL2", 0x0101010101010101
  run1 load64, V
  returned "the kernel's own rights are as before", 0x0101010101010101

  // CRC32
  ldr w19, =0x11223344
  ldr x20, =0x0123456789abcdef
  crc32b w0, w19, w20
  check "CRC32B", 0x41155853
  crc32h w0, w19, w20
  check "CRC32H", 0x17f6ab1b
  crc32w w0, w19, w20
  check "CRC32W", 0x31a5f8aa
  crc32x w0, w19, x20
  check "CRC32X", 0x02a154f9
  crc32cb w0, w19, w20
  check "CRC32CB", 0x3bd33cae
  crc32ch w0, w19, w20
  check "CRC32CH", 0x72adb3aa
  crc32cw w0, w19, w20
  check "CRC32CW", 0x48a38b53
  crc32cx w0, w19, x20
  check "CRC32CX", 0x22cb9784
  epilogue

// The bytes of A count from 1, those of B from 0x81
fill_pages:
  ldr x0, =A
  ldr x1, =B
  mov x2, #0
1:
  add w3, w2, #1
  strb w3, [x0, x2]
  add w3, w2, #0x81
  strb w3, [x1, x2]
  add x2, x2, #1
  cmp x2, #4096
  b.lo 1b
  ret

load64:
  ldr x0, [x0]
  ret
load32:
  ldr w0, [x0]
  ret
load16:
  ldrh w0, [x0]
  ret
load_pair:
  ldp x1, x2, [x0]
  eor x0, x1, x2
  ret
load_vector:
  ldr q1, [x0]
  fmov x1, d1
  fmov x2, v1.d[1]
  eor x0, x1, x2
  ret
// What they store: 1 or 2 in each byte
store64: str x20, [x0]
  ret
store16: strh w20, [x0]
  ret
store_pair: stp x20, x21, [x0]
  ret
store_vector: str q3, [x0]
  ret
store_vectors: stp q3, q4, [x0]
  ret
store_structures: st1 {v1.16b-v4.16b}, [x0]
  ret
load_pair_into_base: ldp x0, x1, [x0]
load_write_back: ldr x1, [x0, #8]!
store_write_back: str x1, [x0, #8]!
crooked_stack:
  mov sp, x0
crooked_load: ldr x1, [sp]
  ret
crooked_unused:
  mov sp, x0
  mov x1, sp
  ret
clear: dc zva, x0
  ret
clean: dc civac, x0
  ret
discard: dc ivac, x0
  ret
zero_id:
  mrs x0, dczid_el0
  ret
prefetch:
  prfm pldl1keep, [x0]
  ret
load_user: ldtr x0, [x0]
  ret
load_user_signed:
  ldtrsh x0, [x0]
  ret
store_user: sttr x20, [x0]
  ret
  .ltorg
