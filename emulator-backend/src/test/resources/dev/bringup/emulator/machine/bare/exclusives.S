// Load and store exclusive: when they succeed, and when they must not.
  .include "start.S"

  .equ ROUNDS, 2000

// Checks the status of a store exclusive and the memory behind it
.macro check_store name, register, status, want
  mov w0, \register
  check "\name: status", \status
  ldr x1, =word
  ldr x0, [x1]
  check "\name: memory", \want
.endm

.macro fresh
  ldr x1, =word
  mov x2, #0x11
  stp x2, xzr, [x1]
  mov w3, #7
.endm

main:
  prologue
  fresh
  ldxr x0, [x1]
  mov x2, #0x22
  stxr w3, x2, [x1]
  check_store "a pair of them", w3, 0, 0x22
  fresh
  clrex
  mov x2, #0x22
  stxr w3, x2, [x1]
  check_store "no load", w3, 1, 0x11
  fresh
  ldaxr x0, [x1]
  clrex
  stlxr w3, xzr, [x1]
  check_store "CLREX", w3, 1, 0x11
  fresh
  ldxr x0, [x1]
  stxr w3, xzr, [x1]
  mov x2, #0x33
  stxr w3, x2, [x1]
  check_store "a second store", w3, 1, 0
  fresh
  add x4, x1, #8
  ldxr x0, [x4]
  stxr w3, xzr, [x1]
  check_store "another address", w3, 1, 0x11
  fresh
  ldxr x0, [x1]
  add x4, x1, #8
  ldxr x0, [x4]
  stxr w3, xzr, [x1]
  check_store "the latest load counts", w3, 1, 0x11
  fresh
  ldxrb w0, [x1]
  mov w2, #0x44
  stxrb w3, w2, [x1]
  check_store "bytes", w3, 0, 0x44
  fresh
  ldaxrh w0, [x1]
  mov w2, #0x4455
  stlxrh w3, w2, [x1]
  check_store "half words", w3, 0, 0x4455
  fresh
  ldxr w0, [x1]
  mov w2, #0x4455
  stxr w3, w2, [x1]
  check_store "words", w3, 0, 0x4455
  fresh
  ldxp x4, x5, [x1]
  mov x6, #0x66
  mov x7, #0x77
  stxp w3, x6, x7, [x1]
  mov x19, x1
  add x0, x4, x5
  check "LDXP", 0x11
  check_store "pairs", w3, 0, 0x66
  ldr x0, [x19, #8]
  check "pairs: the upper half", 0x77
  fresh
  ldaxp w4, w5, [x1]
  mov w6, #0x66
  mov w7, #0x77
  stlxp w3, w6, w7, [x1]
  check_store "pairs of words", w3, 0, 0x7700000066
  unless_exact 1f
  fresh
  ldxr w0, [x1]
  stxr w3, xzr, [x1]
  check_store "another size", w3, 1, 0x11
  fresh
  ldxp x4, x5, [x1]
  stxr w3, xzr, [x1]
  check_store "one of a pair", w3, 1, 0x11
1:

  // An exception return opens the monitor
  fresh
  ldxr x0, [x1]
  msr spsr_el2, xzr
  mov x0, #EL2h
  msr spsr_el2, x0
  adr x0, 1f
  msr elr_el2, x0
  eret
1:
  stxr w3, xzr, [x1]
  check_store "ERET", w3, 1, 0x11

  // Alignment is a must
  run EL1h, load_exclusive, word + 4
  aborted "LDXR", 1, SPX, 0x96000021, load_exclusive, word + 4
  unless_exact 1f
  run EL1h, store_exclusive, word + 1
  aborted "STXR", 1, SPX, 0x96000061, store_exclusive, word + 1
  run EL1h, load_pair, word + 8
  aborted "LDXP", 1, SPX, 0x96000021, load_pair, word + 8
1:
  run EL1h, load_acquire, word + 2
  aborted "LDAR", 1, SPX, 0x96000021, load_acquire, word + 2
  run EL0t, store_release, word + 1
  aborted "STLRH", 1, LOWER, 0x92000061, store_release, word + 1

  // Another CPU's store
  fresh
  ldr x19, =word
  ldr x20, =turn
  ldr x0, =stores
  bl start_second
1:
  ldar x0, [x20]
  cmp x0, #1
  b.ne 1b
  ldxr x21, [x19]
  mov x0, #2
  stlr x0, [x20] // let it store
2:
  ldr x0, [x20]
  cmp x0, #3
  b.ne 2b
  dmb sy
  mov x2, #0x99
  stxr w3, x2, [x19]
  check_store "another CPU's store", w3, 1, 0x12
  bl await_second

  // Two CPUs count together, under a lock and with single additions
  ldr x0, =counts
  bl start_second
  bl counts
  bl await_second
  ldr x1, =total
  ldr x0, [x1]
  check "counted under a lock", 2 * ROUNDS
  ldr x1, =added
  ldr x0, [x1]
  check "added", 2 * ROUNDS
  epilogue

load_exclusive: ldxr x1, [x0]
store_exclusive: stxr w1, w2, [x0]
load_pair: ldxp x1, x2, [x0]
load_acquire: ldar w1, [x0]
store_release: stlrh w1, [x0]

// CPU 1: stores to `word` when it is its turn
stores:
  ldr x1, =turn
  mov x0, #1
  stlr x0, [x1]
1:
  ldar x0, [x1]
  cmp x0, #2
  b.ne 1b
  ldr x2, =word
  mov x0, #0x12
  str x0, [x2]
  mov x0, #3
  stlr x0, [x1]
  ret

counts:
  ldr x1, =lock
  ldr x2, =total
  ldr x3, =added
  mov x4, #ROUNDS
  mov w5, #1
  sevl
1:
  wfe
2:
  ldaxr w6, [x1]
  cbnz w6, 1b
  stxr w6, w5, [x1]
  cbnz w6, 2b
  ldr x7, [x2]
  add x7, x7, #1
  str x7, [x2]
  stlr wzr, [x1]
  sev
3:
  ldxr x7, [x3]
  add x7, x7, #1
  stxr w6, x7, [x3]
  cbnz w6, 3b
  subs x4, x4, #1
  b.ne 2b
  ret
  .ltorg

  .bss
  .balign 64
word: .skip 64
turn: .skip 64
lock: .skip 64
total: .skip 64
added: .skip 64
