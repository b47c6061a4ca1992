// Programs that write programs.
  .include "start.S"
  .include "tables.S"

  .equ CODE, 0x40c00000
  .equ V, 0x80000000 // two views of CODE, one to write and one to execute, and another page
  .equ W, 0x80001000
  .equ BETWEEN, 0x80002ff8
  .equ RET, 0xd65f03c0
  .equ MOV_W0, 0x52800000 // the immediate from bit 5 on
  .equ ROUNDS, 100

// Makes what was written to `writable` visible to what is executed at `executable`
.macro publish writable, executable
  dc cvau, \writable
  dsb ish
  ic ivau, \executable
  dsb ish
  isb
.endm

main:
  prologue
  // Plain: written, called, written anew
  ldr x19, =CODE
  mov w0, #1
  mov x1, x19
  bl write_function
  blr x19
  check "written", 1
  mov w0, #2
  mov x1, x19
  bl write_function
  blr x19
  check "written anew", 2

  // Often
  mov x20, #0
  mov x21, #0
1:
  mov x0, x20
  mov x1, x19
  bl write_function
  blr x19
  cmp x0, x20
  cinc x21, x21, ne
  add x20, x20, #1
  cmp x20, #ROUNDS
  b.lo 1b
  mov x0, x21
  check "each of many is executed", 0

  // The instruction after the next ones, in the same page
  ldr w0, =MOV_W0 | 7 << 5
  adr x1, patched
  str w0, [x1]
  publish x1, x1
patched:
  mov w0, #6
  check "patched ahead", 7
  // A loop that patches itself
  mov x20, #0
2:
  adr x1, 3f
  ldr w2, =MOV_W0
  add w2, w2, w20, lsl #5
  str w2, [x1]
  publish x1, x1
3:
  mov w0, #99
  cmp x0, x20
  b.ne 4f
  add x20, x20, #1
  cmp x20, #ROUNDS
  b.lo 2b
4:
  mov x0, x20
  check "a loop that patches itself", ROUNDS

  // By stores of other kinds
  mov w0, #0x10
  mov x1, x19
  bl write_function
  blr x19
  mov w0, #0x52
  strb w0, [x19, #3]
  mov w0, #0x20
  strb w0, [x19]
  strb wzr, [x19, #1]
  publish x19, x19
  blr x19
  check "bytes", 1
  ldr x0, =RET << 32 | MOV_W0 | 0x33 << 5
  str x0, [x19]
  publish x19, x19
  blr x19
  check "a double word", 0x33
  ldr x0, =RET << 32 | MOV_W0 | 0x34 << 5
  stp x0, xzr, [x19]
  publish x19, x19
  blr x19
  check "a pair", 0x34
  ldr x0, =RET << 32 | MOV_W0 | 0x35 << 5
  fmov d0, x0
  str q0, [x19]
  publish x19, x19
  blr x19
  check "a vector", 0x35
  ldr w0, =MOV_W0 | 0x36 << 5
5:
  ldxr w1, [x19]
  stxr w2, w0, [x19]
  cbnz w2, 5b
  publish x19, x19
  blr x19
  check "an exclusive store", 0x36

  // By another CPU
  ldr x0, =writes
  bl start_second
7:
  ldr x1, =flag
  ldar x0, [x1]
  cbz x0, 7b
  isb
  blr x19
  check "by another CPU", 0x41
  ldr x1, =flag
  stlr xzr, [x1]
8:
  ldr x1, =flag
  ldar x0, [x1]
  cbz x0, 8b
  isb
  blr x19
  check "by another CPU, anew", 0x42
  bl await_second

  // With translation: by another address of the same page
  map root0, 0x40200000, 0x40200000 | RAM_BLOCK, 2
  map root0, UART, UART | DEVICE_BLOCK, 2
  map root0, V, CODE | RAM_PAGE
  map root0, W, CODE | RAM_PAGE | READ_ONLY
  map root0, W + 0x1000, (CODE + 0x5000) | RAM_PAGE
  map root0, W + 0x2000, (CODE + 0x3000) | RAM_PAGE
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
  run EL1h, two_views
  returned "two views of a page", ROUNDS
  run EL1h, clears
  took "cleared", 1, SPX, 0x02000000, W
  // From one page into the next
  ldr x1, =CODE + 0x5ff8
  ldr w0, =MOV_W0 | 0x50 << 5
  str w0, [x1]
  ldr w0, =0x11000400 // ADD W0, W0, #1
  str w0, [x1, #4]
  publish x1, x1
  ldr x1, =CODE + 0x3000
  str w0, [x1]
  ldr w0, =RET
  str w0, [x1, #4]
  publish x1, x1
  run EL1h, BETWEEN
  returned "from one page into the next", 0x52
  map root0, W + 0x2000, 0
  tlbi alle1
  dsb sy
  isb
  run EL1h, BETWEEN
  aborted "from one page into nothing", 1, SPX, 0x86000007, BETWEEN + 8, BETWEEN + 8
  // The page that is executed goes: it clears its own descriptor
  map root0, 0x40400000, 0x40400000 | RAM_BLOCK, 2
  ldr x0, =root0
  ldr x0, [x0, #2 * 8]
  and x0, x0, #0xfffffffff000
  ldr x0, [x0]
  and x0, x0, #0xfffffffff000
  add x0, x0, #8
  ldr x1, =entry_of_w
  str x0, [x1]
  run EL1h, page_goes
  ldr x0, =caught
  ldr x0, [x0, #FAR]
  and x0, x0, #~0xfff
  check "the page that is executed goes: FAR", W
  check_caught "the page that is executed goes: ESR", ESR, 0x86000007
  epilogue

// At x1: returns w0
write_function:
  ldr w2, =MOV_W0
  add w2, w2, w0, lsl #5
  ldr w3, =RET
  stp w2, w3, [x1]
  publish x1, x1
  ret

// CPU 1 writes two functions, the second one when it is asked
writes:
  mov x21, x30
  ldr x1, =CODE
  mov w0, #0x41
  bl write_function
  ldr x5, =flag
  mov x0, #1
  stlr x0, [x5]
1:
  ldar x0, [x5]
  cbnz x0, 1b
  mov w0, #0x42
  bl write_function
  mov x0, #1
  stlr x0, [x5]
  ret x21

two_views:
  mov x25, x30
  ldr x22, =V
  ldr x23, =W
  mov x20, #0
1:
  mov x0, x20
  mov x1, x22
  ldr w2, =MOV_W0
  add w2, w2, w0, lsl #5
  ldr w3, =RET
  stp w2, w3, [x1]
  publish x22, x23
  blr x23
  cmp x0, x20
  b.ne 2f
  add x20, x20, #1
  cmp x20, #ROUNDS
  b.lo 1b
2:
  mov x0, x20
  ret x25

clears:
  ldr x0, =V
  ldr x1, =W
  dc zva, x0
  publish x0, x1
  br x1

// Puts a TLBI into the page at W and lets it take away the mapping of that page
page_goes:
  ldr x1, =V
  adr x2, 1f
  ldp x3, x4, [x2]
  stp x3, x4, [x1]
  publish x1, x1
  ldr x5, =entry_of_w
  ldr x5, [x5]
  ldr x6, =W
  lsr x7, x6, #12
  br x6
  .balign 8
1:
  str xzr, [x5]
  tlbi vaae1, x7
  dsb sy
  isb
  .ltorg

  .bss
flag: .skip 16
entry_of_w: .skip 16
