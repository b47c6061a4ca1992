// The timers of EL1 (physical and virtual) and of EL2, and how a CPU waits for them.
  .include "start.S"

  .equ FAR_AWAY, 1 << 40
  .equ ENABLE, 1
  .equ IMASK, 2
  .equ ISTATUS, 4

// x0 = whether the private interrupt is pending
.macro pending intid
  ldr x1, =GICD
  ldr w0, [x1, #0x200]
  ubfx x0, x0, #\intid, #1
.endm

.macro check_pending name, intid, want
  pending \intid
  check "\name", \want
.endm

// One timer with its registers, its interrupt and the counter that it compares with
.macro timer name, ctl, cval, tval, intid, counter, offset=0
  msr \ctl, xzr
  isb
  check_pending "\name disabled: pending", \intid, 0
  mrs x0, \counter
  ldr x1, =FAR_AWAY
  add x0, x0, x1
  msr \cval, x0
  set_sys \ctl, ENABLE
  isb
  check_sys "\name not yet: CTL", \ctl, ENABLE
  check_pending "\name not yet: pending", \intid, 0
  mrs x0, \counter
  sub x0, x0, #1
  msr \cval, x0
  isb
  check_sys "\name met: CTL", \ctl, ENABLE | ISTATUS
  check_pending "\name met: pending", \intid, 1
  set_sys \ctl, ENABLE | IMASK
  isb
  check_sys "\name masked: CTL", \ctl, ENABLE | IMASK | ISTATUS
  check_pending "\name masked: pending", \intid, 0
  set_sys \ctl, ENABLE
  isb
  check_pending "\name unmasked: pending", \intid, 1
  mrs x0, \counter
  ldr x1, =FAR_AWAY
  add x0, x0, x1
  msr \cval, x0
  isb
  check_sys "\name moved: CTL", \ctl, ENABLE
  check_pending "\name moved: pending", \intid, 0
  msr \cval, xzr
  isb
  check_pending "\name moved back: pending", \intid, 1
  msr \ctl, xzr
  isb
  check_pending "\name switched off: pending", \intid, 0
  // Counter and CVAL are unsigned
.if \offset
  unless_exact 2f // QEMU takes the sum with the offset for an instant that has been
.endif
  set_sys \cval, -1
  set_sys \ctl, ENABLE
  isb
  check_sys "\name never met: CTL", \ctl, ENABLE
  msr \ctl, xzr
  isb
2:
  // TVAL is relative, signed, and stored as a CVAL
  mrs x19, \counter
  set_sys \tval, 0x7fffffff
  mrs x20, \counter
  mrs x0, \cval
  ldr x1, =0x7fffffff
  sub x0, x0, x1
  cmp x0, x19
  cset x1, hs
  cmp x0, x20
  cset x2, ls
  and x0, x1, x2
  check "\name: TVAL gives CVAL", 1
  mrs x19, \counter
  set_sys \tval, -1000
  mrs x20, \counter
  mrs x0, \cval
  add x0, x0, #1000
  cmp x0, x19
  cset x1, hs
  cmp x0, x20
  cset x2, ls
  and x0, x1, x2
  check "\name: TVAL is signed", 1
  set_sys \ctl, ENABLE
  isb
  check_pending "\name: negative TVAL", \intid, 1
  mrs x0, \tval
  ubfx x0, x0, #31, #1
  check "\name: TVAL goes below zero", 1
  mrs x0, \tval
  lsr x0, x0, #32
  check "\name: TVAL has 32 bits", 0
  msr \ctl, xzr
  // It rings, though DAIF masks it: WFI ends
  set_sys \tval, 3000
  set_sys \ctl, ENABLE
  isb
1:
  wfi
  mrs x0, \ctl
  tbz x0, #2, 1b
  mrs x0, \counter
  mrs x1, \cval
  cmp x0, x1
  cset x0, hs
  check "\name: rings when it is time", 1
  check_pending "\name: rings", \intid, 1
  msr \ctl, xzr
  isb
.endm

main:
  prologue
  check_sys "CNTFRQ", cntfrq_el0, 62500000
  // All private timer interrupts go to this CPU
  ldr x1, =GICD
  mov w0, #1
  str w0, [x1]
  ldr w0, =1 << 26 | 1 << 27 | 1 << 30
  str w0, [x1, #0x100]
  ldr x1, =GICC
  mov w0, #0xf0
  str w0, [x1, #4]
  mov w0, #1
  str w0, [x1]

  timer "CNTP", cntp_ctl_el0, cntp_cval_el0, cntp_tval_el0, 30, cntpct_el0
  timer "CNTHP", cnthp_ctl_el2, cnthp_cval_el2, cnthp_tval_el2, 26, cntpct_el0
  timer "CNTV", cntv_ctl_el0, cntv_cval_el0, cntv_tval_el0, 27, cntvct_el0
  mrs x0, cntpct_el0
  lsr x0, x0, #1
  msr cntvoff_el2, x0
  isb
  timer "CNTV with offset", cntv_ctl_el0, cntv_cval_el0, cntv_tval_el0, 27, cntvct_el0, 1

  // The offset applies to the virtual counter only
  ldr x0, =0x123456789
  msr cntvoff_el2, x0
  isb
  mrs x19, cntpct_el0
  isb
  mrs x0, cntvct_el0
  isb
  mrs x20, cntpct_el0
  ldr x1, =0x123456789
  add x0, x0, x1
  cmp x0, x19
  cset x1, hs
  cmp x0, x20
  cset x2, ls
  and x0, x1, x2
  check "CNTVCT is CNTPCT less the offset", 1
  msr cntvoff_el2, xzr
  mrs x0, cntvct_el0
  ldr x1, =FAR_AWAY
  add x0, x0, x1
  msr cntv_cval_el0, x0
  msr cntp_cval_el0, x0
  set_sys cntv_ctl_el0, ENABLE
  set_sys cntp_ctl_el0, ENABLE
  isb
  check_pending "before the offset", 27, 0
  set_sys cntvoff_el2, -(FAR_AWAY << 1)
  isb
  check_pending "after the offset", 27, 1
  check_pending "CNTP has no offset", 30, 0
  check_sys "after the offset: CTL", cntv_ctl_el0, ENABLE | ISTATUS
  msr cntvoff_el2, xzr
  isb
  check_pending "offset taken back", 27, 0
  msr cntv_ctl_el0, xzr
  msr cntp_ctl_el0, xzr

  // Where an interrupt goes
  set_sys cntp_cval_el0, 0
  set_sys cntp_ctl_el0, ENABLE
  isb
  check_sys "ISR at EL2", isr_el1, 1 << 7
  run 0x345, spin
  check_caught "IRQ at EL1: level", LEVEL, 1
  check_caught "IRQ at EL1: vector", VECTOR, SPX | IRQ
  check_caught "IRQ at EL1: ELR", ELR, spin
  check_caught "IRQ at EL1: SPSR", SPSR, 0x345
  run 0x340, spin
  check_caught "IRQ at EL0: level", LEVEL, 1
  check_caught "IRQ at EL0: vector", VECTOR, LOWER | IRQ
  run 0x3c5, nothing
  check_caught "IRQ masked at EL1", LEVEL, 9
  run 0x3c0, nothing
  check_caught "IRQ masked at EL0", LEVEL, 9
  run 0x349, nothing
  check_caught "IRQ for EL1 is not taken at EL2", LEVEL, 9
  run 0x3c5, wfi_here
  check_caught "WFI at EL1", LEVEL, 9
  run 0x3c5, unmasks
  check_caught "unmasked: level", LEVEL, 1
  check_caught "unmasked: ELR", ELR, unmasked
  set_sys hcr_el2, (HCR_RW | HCR_IMO)
  run 0x3c5, spin
  check_caught "IRQ to EL2, masked at EL1: level", LEVEL, 2
  check_caught "IRQ to EL2, masked at EL1: vector", VECTOR, LOWER | IRQ
  check_caught "IRQ to EL2, masked at EL1: ELR", ELR, spin
  run 0x349, spin
  check_caught "IRQ at EL2: level", LEVEL, 2
  check_caught "IRQ at EL2: vector", VECTOR, SPX | IRQ
  run 0x348, spin
  check_caught "IRQ at EL2t: vector", VECTOR, SP0 | IRQ
  run 0x3c9, nothing
  check_caught "IRQ masked at EL2", LEVEL, 9
  set_sys hcr_el2, (HCR_RW | HCR_TGE)
  run 0x3c0, spin
  check_caught "IRQ with TGE: level", LEVEL, 2
  set_sys hcr_el2, (HCR_RW | HCR_IMO)
  msr cntp_ctl_el0, xzr

  // Ticks: an interrupt a millisecond or so, acknowledged each
  ldr x1, =hook_el2
  ldr x0, =tick
  str x0, [x1]
  mov x19, #0
  mrs x20, cntpct_el0
  isb
  set_sys cnthp_tval_el2, 50000
  set_sys cnthp_ctl_el2, ENABLE
  msr daifclr, #2
1:
  wfi
  ldr x0, =ticks
  ldr x0, [x0]
  cmp x0, #10
  b.lo 1b
  msr daifset, #2
  mrs x21, cntpct_el0
  sub x0, x21, x20
  ldr x1, =500000
  cmp x0, x1
  cset x0, hs
  check "ten ticks take their time", 1
  ldr x0, =wrong_tick
  ldr x0, [x0]
  check "each tick is CNTHP's", 0
  msr cnthp_ctl_el2, xzr
  ldr x1, =hook_el2
  str xzr, [x1]
  epilogue

tick:
  ldr x1, =GICC
  ldr w2, [x1, #0xc]
  cmp w2, #26
  b.eq 1f
  ldr x3, =wrong_tick
  str x2, [x3]
1:
  mrs x3, cnthp_cval_el2
  ldr x4, =50000
  add x3, x3, x4
  msr cnthp_cval_el2, x3
  isb
  str w2, [x1, #0x10]
  ldr x3, =ticks
  ldr x4, [x3]
  add x4, x4, #1
  str x4, [x3]
  ret

spin: b .
nothing:
  mov x1, #1000
1:
  subs x1, x1, #1
  b.ne 1b
  ret
wfi_here:
  wfi
  ret
unmasks:
  msr daifclr, #2
unmasked: b .
  .ltorg

  .bss
ticks: .skip 8
wrong_tick: .skip 8
