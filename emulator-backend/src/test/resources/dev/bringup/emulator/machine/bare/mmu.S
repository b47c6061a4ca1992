// Stage 1 translation: permissions, faults, address spaces, invalidation, AT.
  .include "start.S"
  .include "tables.S"

  .equ A, 0x40c00000 // places in RAM: the first word tells which, the second is RET
  .equ B, 0x40c01000
  .equ C, 0x40e00000
  .equ V, 0x80000000 // virtual addresses, in tables of their own
  .equ W, 0xc0000000
  .equ U, 0xffffff8000000000

// Loads at an address; checks the word there
.macro loads name, pstate, va, want
  run \pstate, load_at, \va
  returned "\name", \want
.endm

.macro load_faults name, pstate, va, status
  fault_of "\name", \pstate, load_at, \va, \status
.endm

.macro store_faults name, pstate, va, status
  fault_of "\name", \pstate, store_at, \va, 0x40 | \status
.endm

.macro fault_of name, pstate, snippet, va, status
  run \pstate, \snippet, \va
.if \pstate == EL0t
  aborted "\name", 1, LOWER, (0x92000000 | \status), \snippet, \va
.else
  aborted "\name", 1, SPX, (0x96000000 | \status), \snippet, \va
.endif
.endm

.macro stores name, pstate, va
  run \pstate, store_at, \va
  check_caught "\name", LEVEL, 9
.endm

.macro executes name, pstate, va
  run \pstate, go, \va
  check_caught "\name", LEVEL, 9
.endm

.macro fetch_faults name, pstate, va, status
  run \pstate, go, \va
.if \pstate == EL0t
  aborted "\name", 1, LOWER, (0x82000000 | \status), \va, \va
.else
  aborted "\name", 1, SPX, (0x86000000 | \status), \va, \va
.endif
.endm

// Accesses of a page: 1 if allowed, for EL1 and for EL0
.macro rights name, va, read1, write1, execute1, read0, write0, execute0
  right "\name, read at EL1", load, \read1, EL1h, \va
  right "\name, write at EL1", store, \write1, EL1h, \va
  right "\name, execution at EL1", fetch, \execute1, EL1h, (\va + 8)
  right "\name, read at EL0", load, \read0, EL0t, \va
  right "\name, write at EL0", store, \write0, EL0t, \va
  right "\name, execution at EL0", fetch, \execute0, EL0t, (\va + 8)
.endm

.macro right name, access, allowed, pstate, va
.if \allowed
.ifc \access, load
  loads "\name", \pstate, \va, 0xa
.endif
.ifc \access, store
  stores "\name", \pstate, \va + 4
.endif
.ifc \access, fetch
  executes "\name", \pstate, \va
.endif
.else
  \access\()_faults "\name", \pstate, \va, 0xf
.endif
.endm

.macro remap va, descriptor, level=3
  map root0, \va, \descriptor, \level
.endm

.macro invalidate operation, value=0
  ldr x0, =\value
  tlbi \operation, x0
  dsb sy
  isb
.endm

.macro invalidate_all
  tlbi alle1
  dsb sy
  isb
.endm

// Stage 1 of EL1 by other tables
.macro use_tables root, asid
  ldr x0, =\root
  movk x0, #\asid, lsl #48
  msr ttbr0_el1, x0
  isb
.endm

// What AT says of an address, less the bit whose value is not defined
.macro translates name, operation, va, want
  ldr x0, =\va
  at \operation, x0
  isb
  mrs x0, par_el1
  bic x0, x0, #1 << 9
  check "\name", \want
.endm

.macro fails name, operation, va, want
  ldr x0, =\va
  at \operation, x0
  isb
  check_sys "\name", par_el1, \want | 1 << 11 | 1
.endm

main:
  prologue
  mov w0, #0xa
  ldr x1, =A
  bl place
  mov w0, #0xb
  ldr x1, =B
  bl place
  mov w0, #0xc
  ldr x1, =C
  bl place
  map root0, 0x40200000, 0x40200000 | RAM_BLOCK, 2
  map root2, 0x40200000, 0x40200000 | RAM_BLOCK, 2
  map root0, UART, UART | DEVICE_BLOCK, 2

  // Permissions
  .equ P, V
  remap P + 0x0000, A | RAM_PAGE
  remap P + 0x1000, A | RAM_PAGE | USER
  remap P + 0x2000, A | RAM_PAGE | READ_ONLY
  remap P + 0x3000, A | RAM_PAGE | USER | READ_ONLY
  remap P + 0x4000, A | RAM_PAGE | UXN
  remap P + 0x5000, A | RAM_PAGE | USER | READ_ONLY | PXN
  remap P + 0x6000, A | RAM_PAGE | USER | READ_ONLY | UXN | PXN
  remap P + 0x7000, A | RAM_PAGE | USER | UXN
  set_sys mair_el1, MAIR
  set_sys tcr_el1, TCR
  ldr x0, =root0
  msr ttbr0_el1, x0
  ldr x0, =root1
  msr ttbr1_el1, x0
  set_sys sctlr_el1, SCTLR1 | SCTLR_M
  invalidate_all
  rights "kernel page", P, 1, 1, 1, 0, 0, 1
  rights "user page", P + 0x1000, 1, 1, 0, 1, 1, 1
  rights "kernel read-only", P + 0x2000, 1, 0, 1, 0, 0, 1
  rights "user read-only", P + 0x3000, 1, 0, 1, 1, 0, 1
  rights "UXN", P + 0x4000, 1, 1, 1, 0, 0, 0
  rights "PXN", P + 0x5000, 1, 0, 0, 1, 0, 1
  rights "UXN and PXN", P + 0x6000, 1, 0, 0, 1, 0, 0
  rights "user UXN", P + 0x7000, 1, 1, 0, 1, 1, 0
  change_table root0, P, 2, READ_ONLY_TABLE
  invalidate_all
  rights "read-only by table", P + 0x1000, 1, 0, 1, 1, 0, 1
  change_table root0, P, 2, READ_ONLY_TABLE | USER_NOT_TABLE
  invalidate_all
  rights "no user by table", P + 0x1000, 1, 1, 1, 0, 0, 1
  change_table root0, P, 2, USER_NOT_TABLE | UXN_TABLE
  change_table root0, P, 1, PXN_TABLE
  invalidate_all
  rights "never executed by tables", P + 0x3000, 1, 0, 0, 1, 0, 0
  change_table root0, P, 2, UXN_TABLE
  change_table root0, P, 1, PXN_TABLE
  // Faults by level
  load_faults "level 1", EL1h, 0x4000000000, 0x05
  load_faults "level 2", EL1h, V + 0x200000, 0x06
  load_faults "level 3", EL1h, V + 0x8000, 0x07
  store_faults "level 3, store", EL0t, V + 0x8000, 0x07
  fetch_faults "level 3, fetch", EL0t, V + 0x8000, 0x07
  load_faults "beyond the input size", EL1h, 0x8000000000, 0x04
  load_faults "not in the upper half", EL1h, 0xfff0000000000000, 0x04
  fetch_faults "fetch beyond the input size", EL0t, 0x8000000000, 0x04
  remap V + 0x8000, A | RAM_PAGE & ~AF
  load_faults "access flag", EL1h, V + 0x8000, 0x0b
  fetch_faults "access flag, fetch", EL1h, V + 0x8000, 0x0b
  remap V + 0x9000, A | (RAM_PAGE & ~2)
  load_faults "no block at level 3", EL1h, V + 0x9000, 0x07
  remap V + 0x200000, (C | RAM_BLOCK) & ~AF, 2
  load_faults "access flag of a block", EL1h, V + 0x200000, 0x0a
  remap V + 0x200000, C | RAM_BLOCK | READ_ONLY, 2
  store_faults "read-only block", EL1h, V + 0x200000, 0x0e
  loads "block", EL1h, V + 0x200000, 0xc
  remap W, 0x40000000 | RAM_BLOCK, 1
  loads "block of level 1", EL1h, W + 0xc00000, 0xa
  remap V + 0xa000, 0x200000000000 | RAM_PAGE
  load_faults "output too large", EL1h, V + 0xa000, 0x03
  remap V + 0xb000, 0x0000000200000000 | RAM_PAGE
  load_faults "nothing there", EL1h, V + 0xb000, 0x10
  remap V + 0x400000, 0x200000000 | TABLE, 2
  load_faults "no table there", EL1h, V + 0x400000, 0x17
  remap V + 0x400000, 0, 2

  // The upper half, and halves switched off
  load_faults "upper half, level 1", EL1h, U, 0x05
  map root1, U, A | RAM_PAGE | USER
  loads "upper half", EL1h, U, 0xa
  loads "upper half from EL0", EL0t, U, 0xa
  set_sys tcr_el1, TCR | TCR_EPD1
  isb
  load_faults "EPD1", EL1h, U, 0x04
  set_sys tcr_el1, TCR | TCR_TBI0
  isb
  loads "top byte ignored", EL1h, 0x5a00000080001000, 0xa
  load_faults "top byte in FAR", EL1h, 0x5a00000080008000, 0x0b
  set_sys tcr_el1, TCR
  isb
  load_faults "top byte not ignored", EL1h, 0x5a00000080001000, 0x04

  // What was absent needs no invalidation
  load_faults "absent", EL1h, V + 0xc000, 0x07
  remap V + 0xc000, A | RAM_PAGE
  loads "present", EL1h, V + 0xc000, 0xa

  // Invalidation; each translation is used before it changes
  .equ Q, V + 0x10000
.macro changes name, operation, value, va=Q, first=A | RAM_PAGE | NG, second=B | RAM_PAGE | NG
  map root0, \va, \first
  invalidate_all
  loads "\name: before", EL1h, \va, 0xa
  executes "\name: executed before", EL1h, \va + 8
  map root0, \va, 0
  invalidate \operation, \value
  load_faults "\name: invalid", EL1h, \va, 0x07
  fetch_faults "\name: not executed", EL1h, \va + 8, 0x07
  map root0, \va, \second
  loads "\name: after", EL1h, \va, 0xb
.endm
  changes "VAE1", vae1, Q >> 12
  changes "VAE1IS", vae1is, Q >> 12
  changes "VALE1", vale1, Q >> 12
  changes "VAAE1", vaae1, Q >> 12
  changes "VAALE1IS", vaale1is, Q >> 12
  changes "ASIDE1", aside1, 0
  changes "VAAE1 of a global page", vaae1, Q >> 12, Q, A | RAM_PAGE, B | RAM_PAGE
  changes "VAE1 of a global page with another ASID", vae1, 5 << 48 | Q >> 12, Q, A | RAM_PAGE, B | RAM_PAGE
.macro changes_all name, operation
  map root0, Q, A | RAM_PAGE
  invalidate_all
  loads "\name: before", EL1h, Q, 0xa
  map root0, Q, 0
  tlbi \operation
  dsb sy
  isb
  load_faults "\name: invalid", EL1h, Q, 0x07
.endm
  changes_all "VMALLE1", vmalle1
  changes_all "VMALLE1IS", vmalle1is
  changes_all "VMALLS12E1", vmalls12e1
  changes_all "ALLE1", alle1
  changes_all "ALLE1IS", alle1is
  // From EL1 itself
  map root0, Q, A | RAM_PAGE
  loads "TLBI at EL1: before", EL1h, Q, 0xa
  map root0, Q, B | RAM_PAGE
  run EL1h, tlbi_here, Q >> 12
  loads "TLBI at EL1: after", EL1h, Q, 0xb
  // The upper half by address
  map root1, U + 0x1000, A | RAM_PAGE
  loads "upper half: before", EL1h, U + 0x1000, 0xa
  map root1, U + 0x1000, 0
  invalidate vaae1, (U + 0x1000) >> 12 & 0xfffffffffff
  load_faults "upper half: invalid", EL1h, U + 0x1000, 0x07
  // A block by any address in it, with other parts of it in use
  remap V + 0x600000, 0x40c00000 | RAM_BLOCK, 2
  loads "block: before", EL1h, V + 0x601000, 0xb
  loads "block: another part", EL1h, V + 0x600000, 0xa
  remap V + 0x600000, C | RAM_BLOCK, 2
  invalidate vaae1, (V + 0x700000) >> 12
  loads "block: after", EL1h, V + 0x600000, 0xc
  remap W, 0, 1
  invalidate vaae1, (W + 0x3000000) >> 12
  load_faults "block of level 1: invalid", EL1h, W + 0xc00000, 0x05

  // Address spaces: the same address with other tables under another ASID
  .equ S, V + 0x20000
  map root0, S, A | RAM_PAGE | NG
  map root2, S, B | RAM_PAGE | NG
  map root0, S + 0x1000, A | RAM_PAGE
  map root2, S + 0x1000, A | RAM_PAGE
  invalidate_all
  use_tables root0, 1
  loads "ASID 1", EL1h, S, 0xa
  loads "ASID 1, global", EL1h, S + 0x1000, 0xa
  executes "ASID 1, execution", EL1h, S + 8
  use_tables root2, 2
  loads "ASID 2", EL1h, S, 0xb
  loads "ASID 2, global", EL1h, S + 0x1000, 0xa
  use_tables root0, 1
  loads "ASID 1 again", EL1h, S, 0xa
  use_tables root2, 0x102
  loads "ASID of 16 bits", EL1h, S, 0xb
  // Invalidation by ASID from afar, and one that spares others
  map root0, S, C | RAM_PAGE | NG
  invalidate aside1, 1 << 48
  use_tables root0, 1
  loads "ASIDE1 of another space", EL1h, S, 0xc
  use_tables root2, 2
  map root0, S, A | RAM_PAGE | NG
  invalidate vae1, 1 << 48 | S >> 12
  use_tables root0, 1
  loads "VAE1 of another space", EL1h, S, 0xa
  // The ASID of TTBR1
  ldr x0, =root1
  movk x0, #7, lsl #48
  msr ttbr1_el1, x0
  map root1, U + 0x2000, A | RAM_PAGE | NG
  set_sys tcr_el1, TCR | TCR_A1
  isb
  loads "ASID from TTBR1", EL1h, U + 0x2000, 0xa
  map root1, U + 0x2000, B | RAM_PAGE | NG
  invalidate aside1, 7 << 48
  loads "ASIDE1 of TTBR1's", EL1h, U + 0x2000, 0xb
  set_sys tcr_el1, TCR
  ldr x0, =root1
  msr ttbr1_el1, x0
  use_tables root0, 0

  // AT
  .equ T, V + 0x30000
  map root0, T, A | RAM_PAGE | USER | READ_ONLY
  map root0, T + 0x1000, A | PAGE | DEVICE | AF
  map root0, T + 0x2000, A | PAGE | NON_CACHEABLE | AF
  map root0, T + 0x3000, A | (RAM_PAGE & ~AF)
  translates "S1E1R", s1e1r, T + 0x123, 0xff << 56 | A | 1 << 11 | 3 << 7
  translates "S1E0R", s1e0r, T + 0x123, 0xff << 56 | A | 1 << 11 | 3 << 7
  fails "S1E1W", s1e1w, T, 0x0f << 1
  fails "S1E0W", s1e0w, T, 0x0f << 1
  unless_exact 1f
  translates "S1E1W of a device", s1e1w, T + 0x1000, 0x04 << 56 | A | 1 << 11 | 2 << 7
  translates "S1E1R of non-cacheable memory", s1e1r, T + 0x2000, 0x44 << 56 | A | 1 << 11 | 2 << 7
1:
  fails "S1E0R of the kernel's", s1e0r, T + 0x2000, 0x0f << 1
  fails "S1E1R, access flag", s1e1r, T + 0x3000, 0x0b << 1
  fails "S1E1R, level 3", s1e1r, T + 0x4000, 0x07 << 1
  fails "S1E1R, beyond", s1e1r, 0x8000000000, 0x04 << 1
  run EL1h, at_here, T
  returned "AT at EL1", A
  set_sys sctlr_el1, SCTLR1
  isb
  unless_exact 1f
  translates "S1E1R with the MMU off", s1e1r, 0x12345678, 0x12345000 | 1 << 11 | 2 << 7
1:

  // The tables of EL2
  map stage2_root, 0x40200000, 0x40200000 | RAM_BLOCK | USER, 2
  map stage2_root, UART, UART | DEVICE_BLOCK | USER, 2
  map stage2_root, V, A | RAM_PAGE | USER
  map stage2_root, V + 0x1000, A | RAM_PAGE | USER | READ_ONLY | UXN
  set_sys mair_el2, MAIR
  set_sys tcr_el2, TCR2
  ldr x0, =stage2_root
  msr ttbr0_el2, x0
  tlbi alle2
  dsb sy
  isb
  set_sys sctlr_el2, SCTLR2 | SCTLR_M
  isb
  run EL2h, load_at, V
  returned "EL2: load", 0xa
  unless_exact 1f
  run EL2h, store_at, V + 0x1000
  aborted "EL2: store", 2, SPX, 0x9600004f, store_at, V + 0x1000
1:
  run EL2h, go, V + 0x1008
  aborted "EL2: XN", 2, SPX, 0x8600000f, V + 0x1008, V + 0x1008
  run EL2h, go, V + 8
  check_caught "EL2: execution", LEVEL, 9
  unless_exact 1f
  run EL2h, load_at, V + 0x2000
  check_caught "EL2: level 3", ESR, 0x96000007
  run EL2h, load_at, U
  check_caught "EL2 has no upper half", ESR, 0x96000004
1:
  translates "S1E2R", s1e2r, V + 0x10, 0xff << 56 | A | 1 << 11 | 3 << 7
  fails "S1E2W", s1e2w, V + 0x1000, 0x0f << 1
  map stage2_root, V, B | RAM_PAGE | USER
  invalidate vae2, V >> 12
  run EL2h, load_at, V
  returned "VAE2", 0xb
  set_sys sctlr_el2, SCTLR2
  isb
  epilogue

// Marks a page at x1 with w0
place:
  str w0, [x1]
  ldr w2, =0xd65f03c0 // RET
  str w2, [x1, #8]
  dsb sy
  ic iallu
  isb
  ret
load_at:
  ldr w0, [x0]
  ret
store_at:
  stur wzr, [x0]
  ret
go: br x0
tlbi_here:
  tlbi vaae1, x0
  dsb sy
  isb
  ret
at_here:
  at s1e1r, x0
  isb
  mrs x0, par_el1
  and x0, x0, #0xfffffffff000
  ret
  .ltorg
