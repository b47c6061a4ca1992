// Translation tables with granules of 4 KiB: three levels for 39 bits of address. After start.S.

// In descriptors
  .equ PAGE, 3
  .equ BLOCK, 1
  .equ TABLE, 3
  .equ NORMAL, 0 << 2 // AttrIndx, as MAIR below has them
  .equ DEVICE, 1 << 2
  .equ NON_CACHEABLE, 2 << 2
  .equ USER, 1 << 6 // AP[1]
  .equ READ_ONLY, 1 << 7 // AP[2]
  .equ INNER_SHAREABLE, 3 << 8
  .equ AF, 1 << 10
  .equ NG, 1 << 11
  .equ PXN, 1 << 53
  .equ UXN, 1 << 54
  .equ PXN_TABLE, 1 << 59
  .equ UXN_TABLE, 1 << 60
  .equ USER_NOT_TABLE, 1 << 61
  .equ READ_ONLY_TABLE, 1 << 62
  .equ RAM_PAGE, PAGE | NORMAL | INNER_SHAREABLE | AF
  .equ RAM_BLOCK, BLOCK | NORMAL | INNER_SHAREABLE | AF
  .equ DEVICE_BLOCK, BLOCK | DEVICE | AF | PXN | UXN

// In descriptors of stage 2
  .equ S2_READ, 1 << 6
  .equ S2_WRITE, 2 << 6
  .equ S2_NORMAL, 15 << 2
  .equ S2_XN, 1 << 54
  .equ S2_PAGE, PAGE | S2_NORMAL | S2_READ | S2_WRITE | INNER_SHAREABLE | AF
  .equ S2_BLOCK, BLOCK | S2_NORMAL | S2_READ | S2_WRITE | INNER_SHAREABLE | AF
  .equ S2_DEVICE_BLOCK, BLOCK | 1 << 2 | S2_READ | S2_WRITE | AF

  .equ MAIR, 0x4404ff
  // 39 bits in both halves, write-back, inner shareable, 44 bits out, 16 bits of ASID
  .equ TCR, 1 << 36 | 4 << 32 | 2 << 30 | 0x3519 << 16 | 0x3519
  .equ TCR_EPD0, 1 << 7
  .equ TCR_A1, 1 << 22
  .equ TCR_EPD1, 1 << 23
  .equ TCR_TBI0, 1 << 37
  .equ TCR2, 1 << 31 | 1 << 23 | 4 << 16 | 0x3519
  .equ VTCR, 1 << 31 | 4 << 16 | 0x3559

  .equ POOL, 40

// Writes a descriptor for a page (level 3) or a block (1, 2), with the tables on the way
.macro map root, va, descriptor, level=3
  ldr x0, =\root
  ldr x1, =\va
  ldr x2, =\descriptor
  mov x3, #\level
  bl map_at
.endm

map_at:
  mov x4, #1
  ubfx x5, x1, #30, #9
1:
  cmp x4, x3
  b.eq 3f
  ldr x6, [x0, x5, lsl #3]
  cbnz x6, 2f
  ldr x7, =pool_used
  ldr x8, [x7]
  add x9, x8, #4096
  str x9, [x7]
  ldr x6, =pool
  add x6, x6, x8
  orr x6, x6, #TABLE
  str x6, [x0, x5, lsl #3]
2:
  and x0, x6, #0xfffffffff000
  add x4, x4, #1
  ubfx x5, x1, #21, #9
  cmp x4, #2
  b.eq 1b
  ubfx x5, x1, #12, #9
  b 1b
3:
  str x2, [x0, x5, lsl #3]
  dsb sy
  isb
  ret

// Changes a table descriptor that `map` has made, of level 1 or 2
.macro change_table root, va, level, bits
  ldr x0, =\root
  ldr x1, =\va
  ldr x2, =\bits
  mov x3, #\level
  bl change_table_at
.endm

change_table_at:
  ubfx x5, x1, #30, #9
  cmp x3, #1
  b.eq 1f
  ldr x0, [x0, x5, lsl #3]
  and x0, x0, #0xfffffffff000
  ubfx x5, x1, #21, #9
1:
  ldr x6, [x0, x5, lsl #3]
  eor x6, x6, x2
  str x6, [x0, x5, lsl #3]
  dsb sy
  isb
  ret

  .bss
pool_used: .skip 16
  .balign 4096
pool: .skip POOL * 4096
root0: .skip 4096
root1: .skip 4096
root2: .skip 4096
stage2_root: .skip 4096
  .text
