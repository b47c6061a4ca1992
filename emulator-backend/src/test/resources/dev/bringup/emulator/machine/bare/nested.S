// Both stages of translation: where the tables of stage 1 are looked for, whose fault it is, and
// virtual machines by VMID.
  .include "start.S"
  .include "tables.S"

  .equ A, 0x40c00000
  .equ B, 0x40c01000
  .equ V, 0x80000000 // of stage 1
  .equ I, 0x50000000 // intermediate, more than the machine has
  .equ I2, 0x60000000
  .equ WNR, 1 << 6
  .equ S1PTW, 1 << 7
  // LDR W0: ISV, SAS 2
  .equ LDR_W0, 1 << 24 | 2 << 22
  .equ STR_W1, 1 << 24 | 2 << 22 | 1 << 16 | WNR

.macro invalidate_all
  dsb sy
  tlbi alle1
  dsb sy
  isb
.endm

.macro loads name, va, want
  run EL1h, load_at, \va
  returned "\name", \want
.endm

// A fault of stage 2
.macro faults2 name, pstate, snippet, va, syndrome, ipa
  run \pstate, \snippet, \va
  aborted "\name", 2, LOWER, (0x92000000 | (\syndrome)), \snippet, \va
  check_caught "\name: HPFAR", HPFAR, ((\ipa) >> 12 << 4)
.endm

.macro fetch_faults2 name, va, syndrome, ipa
  run EL1h, go, \va
  aborted "\name", 2, LOWER, (0x82000000 | (\syndrome)), \va, \va
  check_caught "\name: HPFAR", HPFAR, ((\ipa) >> 12 << 4)
.endm

.macro translates name, operation, va, want
  ldr x0, =\va
  at \operation, x0
  isb
  mrs x0, par_el1
  ldr x1, =0xfffffffff001
  and x0, x0, x1
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
  ldr x1, =A
  mov w0, #0xa
  str w0, [x1]
  ldr w0, =0xd65f03c0 // RET
  str w0, [x1, #8]
  ldr x1, =B
  mov w0, #0xb
  str w0, [x1]
  // Stage 2: RAM as it is, but for what is mapped below
  map stage2_root, 0x40200000, 0x40200000 | S2_BLOCK, 2
  map stage2_root, UART, UART | S2_DEVICE_BLOCK, 2
  map stage2_root, I, A | S2_PAGE
  map stage2_root, I + 0x1000, A | S2_PAGE & ~S2_WRITE
  map stage2_root, I + 0x2000, A | S2_PAGE | S2_XN
  map stage2_root, I + 0x3000, A | S2_PAGE & ~S2_READ
  map stage2_root, I + 0x4000, A | S2_PAGE & ~AF
  map stage2_root, I + 0x5000, A | PAGE | 1 << 2 | S2_READ | S2_WRITE | AF // Device
  // Stage 1
  map root0, 0x40200000, 0x40200000 | RAM_BLOCK, 2
  map root0, UART, UART | DEVICE_BLOCK, 2
  map root0, V, I | RAM_PAGE
  map root0, V + 0x1000, (I + 0x1000) | RAM_PAGE
  map root0, V + 0x2000, (I + 0x2000) | RAM_PAGE
  map root0, V + 0x3000, (I + 0x3000) | RAM_PAGE
  map root0, V + 0x4000, (I + 0x4000) | RAM_PAGE
  map root0, V + 0x5000, (I + 0x5000) | RAM_PAGE
  map root0, V + 0x6000, (I + 0x6000) | RAM_PAGE
  map root0, V + 0x7000, (I + 0x6000) | RAM_PAGE | READ_ONLY
  map root0, V + 0x8000, 0x8000000000 | RAM_PAGE // beyond stage 2
  map root0, V + 0x9000, I | RAM_PAGE | READ_ONLY
  set_sys mair_el1, MAIR
  set_sys tcr_el1, TCR
  ldr x0, =root0
  msr ttbr0_el1, x0
  ldr x0, =root1
  msr ttbr1_el1, x0
  set_sys sctlr_el1, SCTLR1 | SCTLR_M
  set_sys vtcr_el2, VTCR
  ldr x0, =stage2_root
  msr vttbr_el2, x0
  set_sys hcr_el2, (HCR_RW | HCR_VM)
  invalidate_all

  loads "both stages", V, 0xa
  run EL1h, store_at, V + 0x10
  check_caught "a store", LEVEL, 9
  run EL1h, go, V + 8
  check_caught "execution", LEVEL, 9

  // Faults of stage 2
  faults2 "read-only", EL1h, store_at, V + 0x1000, STR_W1 | 0x0f, I + 0x1000
  loads "read-only, load", V + 0x1000, 0xa
  fetch_faults2 "XN", V + 0x2008, 0x0f, I + 0x2000
  faults2 "write-only", EL1h, load_at, V + 0x3000, LDR_W0 | 0x0f, I + 0x3000
  faults2 "access flag", EL1h, load_at, V + 0x4000, LDR_W0 | 0x0b, I + 0x4000
  faults2 "level 3", EL1h, load_at, V + 0x6000, LDR_W0 | 0x07, I + 0x6000
  faults2 "store at level 3", EL1h, store_at, V + 0x6000, STR_W1 | 0x07, I + 0x6000
  fetch_faults2 "fetch at level 3", V + 0x6008, 0x07, I + 0x6000
  faults2 "beyond the input size", EL1h, load_at, V + 0x8000, LDR_W0 | 0x04, 0x8000000000
  // Stage 1 has a say first
  run EL1h, store_at, V + 0x7000
  aborted "stage 1 first", 1, SPX, 0x9600004f, store_at, V + 0x7000
  run EL0t, load_at, V + 0x6000
  aborted "stage 1 first at EL0", 1, LOWER, 0x9200000f, load_at, V + 0x6000
  run EL1h, store_at, V + 0x9000
  aborted "read-only in stage 1", 1, SPX, 0x9600004f, store_at, V + 0x9000

  // A table of stage 1 that stage 2 does not have
  map root0, V + 0x200000, (I2 | TABLE), 2
  invalidate_all
  unless_exact 1f
  faults2 "walk, level 2", EL1h, load_at, V + 0x203008, S1PTW | 0x06, I2
1:
  map stage2_root, I2, 0
  faults2 "walk", EL1h, load_at, V + 0x203008, S1PTW | 0x07, I2
  faults2 "walk for a store", EL1h, store_at, V + 0x203008, S1PTW | WNR | 0x07, I2
  fetch_faults2 "walk for a fetch", V + 0x204008, S1PTW | 0x07, I2
  // A table in what stage 2 makes Device, if that is forbidden
  map stage2_root, I2, B | PAGE | 1 << 2 | S2_READ | S2_WRITE | AF
  invalidate_all
  run EL1h, load_at, V + 0x203000
  aborted "an empty table", 1, SPX, 0x96000007, load_at, V + 0x203000
  set_sys hcr_el2, (HCR_RW | HCR_VM | HCR_PTW)
  invalidate_all
  faults2 "walk of Device memory", EL1h, load_at, V + 0x203000, S1PTW | 0x0f, I2
  set_sys hcr_el2, (HCR_RW | HCR_VM)
  // A table that may not be read
  map stage2_root, I2, B | S2_PAGE & ~S2_READ
  invalidate_all
  faults2 "walk of a write-only table", EL1h, load_at, V + 0x203000, S1PTW | 0x0f, I2
  // A table that may only be read
  map stage2_root, I2, B | S2_PAGE & ~S2_WRITE
  invalidate_all
  run EL1h, load_at, V + 0x203000
  aborted "read-only table", 1, SPX, 0x96000007, load_at, V + 0x203000
  map root0, V + 0x200000, 0, 2
  invalidate_all

  // AT as a hypervisor uses it
  translates "S1E1R gives the intermediate address", s1e1r, V, I
  translates "S12E1R gives the physical address", s12e1r, V + 0x1000, A
  fails "S12E1W", s12e1w, V + 0x1000, 1 << 9 | 0x0f << 1
  fails "S12E1R, level 3", s12e1r, V + 0x6000, 1 << 9 | 0x07 << 1
  translates "S1E1R, level 3", s1e1r, V + 0x6000, I + 0x6000
  fails "S12E1R, stage 1", s12e1r, V + 0xa000, 0x07 << 1
  fails "S12E0R", s12e0r, V, 0x0f << 1
  map root0, V + 0x200000, (I2 + 0x1000 | TABLE), 2
  invalidate_all
  fails "S12E1R, walk", s12e1r, V + 0x200000, 1 << 9 | 1 << 8 | 0x07 << 1

  // Invalidation of stage 2: by intermediate address and by virtual machine
  loads "before", V, 0xa
  map stage2_root, I, B | S2_PAGE
  ldr x0, =I >> 12
  tlbi ipas2e1is, x0
  dsb sy
  tlbi vmalle1is
  dsb sy
  isb
  loads "IPAS2E1IS", V, 0xb
  map stage2_root, I, A | S2_PAGE
  tlbi vmalls12e1
  dsb sy
  isb
  loads "VMALLS12E1", V, 0xa

  // Two virtual machines
  map root2, 0x40200000, 0x40200000 | S2_BLOCK, 2
  map root2, UART, UART | S2_DEVICE_BLOCK, 2
  map root2, I, B | S2_PAGE
  ldr x0, =stage2_root
  movk x0, #1, lsl #48
  msr vttbr_el2, x0
  isb
  loads "VMID 1", V, 0xa
  ldr x0, =root2
  movk x0, #2, lsl #48
  msr vttbr_el2, x0
  isb
  loads "VMID 2", V, 0xb
  ldr x0, =stage2_root
  movk x0, #1, lsl #48
  msr vttbr_el2, x0
  isb
  loads "VMID 1 again", V, 0xa

  // Stage 1 off, then stage 2 off
  set_sys sctlr_el1, SCTLR1
  isb
  loads "stage 2 alone", I, 0xa
  faults2 "stage 2 alone, store", EL0t, store_at, I + 0x1000, STR_W1 | 0x0f, I + 0x1000
  set_sys hcr_el2, HCR_RW
  isb
  loads "neither", A, 0xa
  epilogue

load_at:
  ldr w0, [x0]
  ret
store_at:
  str w1, [x0]
  ret
go: br x0
  .ltorg
