// The interrupt controller, GICv2 with virtualization: as a CPU and as a guest see it.
  .include "start.S"

  .equ SGI, 3
  .equ OTHER_SGI, 4
  .equ HAND, 200 // an interrupt that nothing raises but the program
  .equ SPI, 33 // the UART
  .equ VIRTUAL, 40

  // From GICD
  .equ ISENABLER, 0x100
  .equ ICENABLER, 0x180
  .equ ISPENDR, 0x200
  .equ ICPENDR, 0x280
  .equ ISACTIVER, 0x300
  .equ ICACTIVER, 0x380
  .equ IPRIORITYR, 0x400
  .equ ITARGETSR, 0x800
  .equ ICFGR, 0xc00
  .equ SGIR, 0xf00
  .equ TO_SELF, 2 << 24

  // From GICC and GICV
  .equ CTLR, 0x0
  .equ PMR, 0x4
  .equ BPR, 0x8
  .equ IAR, 0xc
  .equ EOIR, 0x10
  .equ RPR, 0x14
  .equ HHANDR, 0x18
  .equ DIR, 0x1000
  .equ EOIMODE, 1 << 9

  // From GICH
  .equ VHCR, 0x0
  .equ VMISR, 0x10
  .equ VEISR, 0x20
  .equ VELRSR, 0x30
  .equ LR0, 0x100
  .equ LR_PENDING, 1 << 28
  .equ LR_ACTIVE, 2 << 28
  .equ LR_HW, 1 << 31
  .equ LR_EOI, 1 << 19

// x0 = a register of the controller
.macro get block, offset
  ldr x1, =\block + \offset
  ldr w0, [x1]
.endm

.macro put block, offset, value
  ldr x1, =\block + \offset
  ldr w0, =\value
  str w0, [x1]
.endm

.macro put8 block, offset, value
  ldr x1, =\block + \offset
  ldr w0, =\value
  strb w0, [x1]
.endm

.macro check_get name, block, offset, want
  get \block, \offset
  check "\name", \want
.endm

// A bit of an array of bits
.macro check_bit name, offset, intid, want
  get GICD, \offset + (\intid) / 32 * 4
  ubfx x0, x0, #(\intid) % 32, #1
  check "\name", \want
.endm

.macro put_bit offset, intid
  put GICD, \offset + (\intid) / 32 * 4, 1 << ((\intid) % 32)
.endm

main:
  prologue
  put GICD, CTLR, 1
  put GICC, PMR, 0xf0
  put GICC, BPR, 0
  put GICC, CTLR, 1
  put8 GICD, IPRIORITYR + SGI, 0x40
  put8 GICD, IPRIORITYR + OTHER_SGI, 0x60
  put8 GICD, IPRIORITYR + HAND, 0x80
  put8 GICD, IPRIORITYR + SPI, 0xa0
  put8 GICD, ITARGETSR + SPI, 1
  put8 GICD, ITARGETSR + HAND, 1
  check_get "nothing pending: IAR", GICC, IAR, 1023
  check_get "nothing pending: HHANDR", GICC, HHANDR, 1023
  check_get "nothing running: RPR", GICC, RPR, 0xff
  check_get "priority is kept", GICD, IPRIORITYR + SPI / 4 * 4, 0xa000
  check_get "targets of private ones", GICD, ITARGETSR, 0x01010101

  // A software-generated interrupt to oneself
  put_bit ISENABLER, SGI
  put_bit ISENABLER, OTHER_SGI
  put GICD, SGIR, TO_SELF | SGI
  check_bit "SGI pending", ISPENDR, SGI, 1
  check_sys "SGI in ISR", isr_el1, 1 << 7
  check_get "SGI: HHANDR", GICC, HHANDR, SGI
  check_get "SGI: IAR", GICC, IAR, SGI
  check_bit "SGI no longer pending", ISPENDR, SGI, 0
  check_bit "SGI active", ISACTIVER, SGI, 1
  check_sys "SGI no longer in ISR", isr_el1, 0
  check_get "SGI: RPR", GICC, RPR, 0x40
  put GICC, EOIR, SGI
  check_bit "SGI over", ISACTIVER, SGI, 0
  check_get "SGI over: RPR", GICC, RPR, 0xff
  put GICD, SGIR, 1 << 16 | SGI
  check_get "SGI by target list: IAR", GICC, IAR, SGI
  put GICC, EOIR, SGI
  put GICD, SGIR, 1 << 24 | SGI
  check_bit "SGI to the others", ISPENDR, SGI, 0

  // A shared one, made pending by hand
  put_bit ISPENDR, HAND
  check_bit "by hand pending", ISPENDR, HAND, 1
  check_sys "by hand not enabled", isr_el1, 0
  check_get "by hand not enabled: IAR", GICC, IAR, 1023
  put_bit ISENABLER, HAND
  check_sys "by hand enabled", isr_el1, 1 << 7
  put_bit ICPENDR, HAND
  check_sys "by hand taken back", isr_el1, 0
  put_bit ISPENDR, HAND
  check_get "by hand: IAR", GICC, IAR, HAND
  put GICC, EOIR, HAND

  // Masks
  put_bit ISPENDR, HAND
  put GICC, PMR, 0x80
  check_sys "by hand at the mask's priority", isr_el1, 0
  check_get "masked: IAR", GICC, IAR, 1023
  put GICC, PMR, 0x90
  check_sys "by hand above the mask", isr_el1, 1 << 7
  put GICC, PMR, 0xf0
  put GICC, CTLR, 0
  check_sys "interface off", isr_el1, 0
  put GICC, CTLR, 1
  put GICD, CTLR, 0
  check_sys "distributor off", isr_el1, 0
  put GICD, CTLR, 1
  check_sys "both on", isr_el1, 1 << 7

  // Priorities: the more urgent one first, and in between
  put GICD, SGIR, TO_SELF | OTHER_SGI
  check_get "the more urgent first: HHANDR", GICC, HHANDR, OTHER_SGI
  check_get "the more urgent first: IAR", GICC, IAR, OTHER_SGI
  check_sys "the less urgent waits", isr_el1, 0
  check_get "the less urgent waits: IAR", GICC, IAR, 1023
  put GICD, SGIR, TO_SELF | SGI
  check_sys "a more urgent one preempts", isr_el1, 1 << 7
  check_get "a more urgent one preempts: IAR", GICC, IAR, SGI
  check_get "nested: RPR", GICC, RPR, 0x40
  put GICC, EOIR, SGI
  check_get "back: RPR", GICC, RPR, 0x60
  put GICC, EOIR, OTHER_SGI
  check_get "then the less urgent: IAR", GICC, IAR, HAND
  check_get "then the less urgent: RPR", GICC, RPR, 0x80
  put GICD, SGIR, TO_SELF | SGI
  check_sys "and that is preempted", isr_el1, 1 << 7
  check_get "which is acknowledged", GICC, IAR, SGI
  put GICC, EOIR, SGI
  put GICC, EOIR, HAND
  // Without priority groups there is no preemption
  put GICC, BPR, 7
  put_bit ISPENDR, HAND
  check_get "no groups: IAR", GICC, IAR, HAND
  check_get "no groups: RPR", GICC, RPR, 0
  put GICD, SGIR, TO_SELF | SGI
  check_sys "no groups: waits", isr_el1, 0
  put GICC, EOIR, HAND
  check_get "no groups: next", GICC, IAR, SGI
  put GICC, EOIR, SGI
  put GICC, BPR, 0
  // Equal priorities: by number
  put8 GICD, IPRIORITYR + OTHER_SGI, 0x40
  put GICD, SGIR, TO_SELF | OTHER_SGI
  put GICD, SGIR, TO_SELF | SGI
  check_get "equal priorities, first: IAR", GICC, IAR, SGI
  put GICC, EOIR, SGI
  check_get "equal priorities, second: IAR", GICC, IAR, OTHER_SGI
  put GICC, EOIR, OTHER_SGI

  // A shared one, by level: the UART has transmitted
  put_bit ISENABLER, SPI
  put UART, 0x38, 1 << 5
  check_bit "SPI pending", ISPENDR, SPI, 1
  check_get "SPI: IAR", GICC, IAR, SPI
  check_bit "SPI active", ISACTIVER, SPI, 1
  check_sys "SPI active is not signalled", isr_el1, 0
  put GICC, EOIR, SPI
  check_get "SPI still asserted: IAR", GICC, IAR, SPI
  put UART, 0x44, 1 << 5
  check_bit "SPI deasserted", ISPENDR, SPI, 0
  put GICC, EOIR, SPI
  check_get "SPI over: IAR", GICC, IAR, 1023
  put GICD, ICENABLER + 4, 1 << (SPI - 32)
  check_bit "SPI disabled", ISENABLER, SPI, 0

  // End of interrupt in two steps
  put GICC, CTLR, 1 | EOIMODE
  put_bit ISPENDR, HAND
  check_get "two steps: IAR", GICC, IAR, HAND
  put GICC, EOIR, HAND
  check_bit "two steps: active after EOIR", ISACTIVER, HAND, 1
  check_get "two steps: RPR after EOIR", GICC, RPR, 0xff
  put_bit ISPENDR, HAND
  check_sys "two steps: pending while active", isr_el1, 0
  put GICC, DIR, HAND
  check_bit "two steps: over after DIR", ISACTIVER, HAND, 0
  check_get "two steps: again", GICC, IAR, HAND
  put GICC, EOIR, HAND
  put GICC, DIR, HAND

  // Virtual interrupts
  set_sys hcr_el2, (HCR_RW | HCR_IMO | HCR_FMO)
  check_get "list registers", GICH, 4, 0x90000003
  check_get "empty list registers", GICH, VELRSR, 0xf
  put GICH, VHCR, 1
  run EL1h, guest_init
  put GICH, LR0, LR_PENDING | (0x50 >> 3) << 23 | VIRTUAL
  check_get "list register in use", GICH, VELRSR, 0xe
  run EL1h, isr_read
  returned "virtual interrupt in ISR", 1 << 7
  check_sys "but not in EL2's", isr_el1, 0
  run 0x345, spin
  check_caught "virtual IRQ: level", LEVEL, 1
  check_caught "virtual IRQ: vector", VECTOR, SPX | IRQ
  check_caught "virtual IRQ: ELR", ELR, spin
  run EL1h, get_here, GICV + IAR
  returned "virtual IAR", VIRTUAL
  check_get "virtual active", GICH, LR0, LR_ACTIVE | (0x50 >> 3) << 23 | VIRTUAL
  run EL1h, get_here, GICV + RPR
  returned "virtual RPR", 0x50
  run EL1h, isr_read
  returned "virtual active is not signalled", 0
  run EL1h, end_virtual
  check_get "virtual over", GICH, LR0, (0x50 >> 3) << 23 | VIRTUAL
  check_get "list register free", GICH, VELRSR, 0xf

  // Taken by a handler in the guest
  ldr x1, =hook_el1
  ldr x0, =guest_handler
  str x0, [x1]
  put GICH, LR0, LR_PENDING | (0x50 >> 3) << 23 | VIRTUAL
  put GICH, LR0 + 4, LR_PENDING | (0x30 >> 3) << 23 | VIRTUAL + 1
  run EL1h, guest_runs
  returned "the guest handles both", (VIRTUAL + 1) << 8 | VIRTUAL
  ldr x1, =hook_el1
  str xzr, [x1]

  // The end of one with a physical side ends that too
  put GICH, LR0 + 4, 0
  put_bit ISPENDR, HAND
  check_get "physical: IAR", GICC, IAR, HAND
  put GICC, EOIR, HAND
  check_bit "physical active", ISACTIVER, HAND, 1
  put GICH, LR0, LR_HW | LR_PENDING | (0x50 >> 3) << 23 | HAND << 10 | VIRTUAL
  run EL1h, get_here, GICV + IAR
  returned "virtual IAR with a physical side", VIRTUAL
  check_bit "physical still active", ISACTIVER, HAND, 1
  run EL1h, end_virtual
  check_bit "physical over", ISACTIVER, HAND, 0

  // Maintenance: end of interrupt, and few list registers in use
  put_bit ISENABLER, 25
  put GICH, LR0, LR_PENDING | LR_EOI | (0x50 >> 3) << 23 | VIRTUAL
  check_bit "no maintenance yet", ISPENDR, 25, 0
  run EL1h, get_here, GICV + IAR
  run EL1h, end_virtual
  check_get "EISR", GICH, VEISR, 1
  check_get "MISR of an end", GICH, VMISR, 1
  check_bit "maintenance after an end", ISPENDR, 25, 1
  put GICH, LR0, 0
  check_bit "maintenance done", ISPENDR, 25, 0
  put GICH, VHCR, 3
  check_get "MISR of an underflow", GICH, VMISR, 2
  check_bit "maintenance of an underflow", ISPENDR, 25, 1
  put GICH, LR0, LR_PENDING | (0x50 >> 3) << 23 | VIRTUAL
  put GICH, LR0 + 4, LR_PENDING | (0x50 >> 3) << 23 | VIRTUAL + 1
  check_get "MISR of enough", GICH, VMISR, 0
  put GICH, VHCR, 0
  run EL1h, isr_read
  returned "virtual interface off", 0
  set_sys hcr_el2, HCR_RW
  epilogue

guest_init:
  put GICV, PMR, 0xf0
  put GICV, CTLR, 1
  ret
isr_read:
  mrs x0, isr_el1
  ret
get_here:
  ldr w0, [x0]
  ret
end_virtual:
  put GICV, EOIR, VIRTUAL
  ret
spin: b .
guest_runs:
  msr daifclr, #2
  nop
  nop
  msr daifset, #2
  ldr x0, =handled
  ldr x0, [x0]
  ret
// Shifts the number of what is handled into `handled`
guest_handler:
  ldr x1, =GICV
  ldr w2, [x1, #IAR]
  str w2, [x1, #EOIR]
  ldr x3, =handled
  ldr x4, [x3]
  add x4, x2, x4, lsl #8
  str x4, [x3]
  ret
  .ltorg

  .bss
handled: .skip 8
