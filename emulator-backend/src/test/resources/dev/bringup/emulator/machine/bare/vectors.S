// Which vector each exception takes from which level, and what ESR, ELR, SPSR and FAR say.
  .include "start.S"

// Checks that `spin` was interrupted
.macro took_interrupt name, level, vector, spsr
  check_caught "\name: level", LEVEL, \level
  check_caught "\name: vector", VECTOR, \vector
  check_caught "\name: ELR", ELR, spin
  check_caught "\name: SPSR", SPSR, \spsr
.endm

main:
  prologue

  // Calls
  run EL0t, svc_here
  took "SVC from EL0", 1, LOWER, 0x56001234, svc_here + 4
  check_caught "SVC from EL0: SPSR", SPSR, 0x3c0
  run EL1t, svc_here
  took "SVC from EL1t", 1, SP0, 0x56001234, svc_here + 4
  check_caught "SVC from EL1t: SPSR", SPSR, 0x3c4
  run EL1h, svc_here
  took "SVC from EL1h", 1, SPX, 0x56001234, svc_here + 4
  run EL2t, svc_here
  took "SVC from EL2t", 2, SP0, 0x56001234, svc_here + 4
  run EL2h, svc_here
  took "SVC from EL2h", 2, SPX, 0x56001234, svc_here + 4
  run 0xf00003c0, svc_here
  check_caught "SPSR with flags", SPSR, 0xf00003c0
  run 0x60000005, svc_here
  check_caught "SPSR unmasked", SPSR, 0x60000005
  run EL1h, hvc_here
  took "HVC from EL1", 2, LOWER, 0x5a00abcd, hvc_here + 4
  run EL2h, hvc_here
  took "HVC from EL2", 2, SPX, 0x5a00abcd, hvc_here + 4
  run EL0t, hvc_here
  took "HVC from EL0", 1, LOWER, 0x02000000, hvc_here
  set_sys hcr_el2, (HCR_RW | 1 << 29)
  run EL2h, hvc_here
  took "HVC with HCD", 2, SPX, 0x02000000, hvc_here
  set_sys hcr_el2, HCR_RW
  run EL0t, smc_here
  took "SMC from EL0", 1, LOWER, 0x02000000, smc_here
  run EL1h, smc_version
  returned "SMC from EL1 reaches the firmware", 0x10001
  set_sys hcr_el2, (HCR_RW | HCR_TSC)
  run EL1h, smc_here
  took "SMC trapped", 2, LOWER, 0x5e004321, smc_here
  set_sys hcr_el2, HCR_RW
  run EL0t, brk_here
  took "BRK from EL0", 1, LOWER, 0xf2000777, brk_here
  run EL1h, brk_here
  took "BRK from EL1", 1, SPX, 0xf2000777, brk_here
  run EL2h, brk_here
  took "BRK from EL2", 2, SPX, 0xf2000777, brk_here
  mrs x19, mdcr_el2
  orr x0, x19, #1 << 8
  msr mdcr_el2, x0
  run EL1h, brk_here
  took "BRK with TDE", 2, LOWER, 0xf2000777, brk_here
  msr mdcr_el2, x19

  // What is no instruction, or not for that level
  run EL0t, udf_here
  took "UDF from EL0", 1, LOWER, 0x02000000, udf_here
  run EL1h, udf_here
  took "UDF from EL1", 1, SPX, 0x02000000, udf_here
  run EL2h, udf_here
  took "UDF from EL2", 2, SPX, 0x02000000, udf_here
  run EL0t, el1_register
  took "register of EL1 from EL0", 1, LOWER, 0x02000000, el1_register
  run EL1h, el2_register
  took "register of EL2 from EL1", 1, SPX, 0x02000000, el2_register
  run EL0t, eret_here
  took "ERET from EL0", 1, LOWER, 0x02000000, eret_here
  run EL0t, id_register
  took "ID register from EL0", 1, LOWER, 0x02000000, id_register
  run EL0t, tlbi_here
  took "TLBI from EL0", 1, LOWER, 0x02000000, tlbi_here
  run EL1h, tlbi_el2
  took "TLBI of EL2 from EL1", 1, SPX, 0x02000000, tlbi_el2
  run EL1h, spsel_here
  took "SP_EL0 while it is in use", 1, SP0, 0x02000000, spsel_there

  // Routing to EL2 as a whole
  set_sys hcr_el2, (HCR_RW | HCR_TGE)
  run EL0t, svc_here
  took "SVC with TGE", 2, LOWER, 0x56001234, svc_here + 4
  run EL0t, udf_here
  took "UDF with TGE", 2, LOWER, 0x02000000, udf_here
  run EL1h, svc_here
  took "to EL1 with TGE", 2, SPX, 0x3a000000, svc_here
  check_caught "to EL1 with TGE: SPSR", SPSR, 0x1003c9
  set_sys hcr_el2, HCR_RW

  // Illegal returns: PSTATE.IL, level kept
  run EL1h, return_to_el2
  took "return to a higher level", 1, SPX, 0x3a000000, target
  check_caught "return to a higher level: SPSR", SPSR, 0x1003c5
  run 0x3c1, target
  took "return to a reserved mode", 2, SPX, 0x3a000000, target
  check_caught "return to a reserved mode: SPSR", SPSR, 0x1003c9
  run 0x1003c5, target
  took "return with IL", 1, SPX, 0x3a000000, target

  // Where the program counter cannot be
  run EL0t, branch_odd
  aborted "odd PC at EL0", 1, LOWER, 0x8a000000, target + 2, target + 2
  run EL2h, branch_odd
  aborted "odd PC at EL2", 2, SPX, 0x8a000000, target + 2, target + 2
  run EL1h, target + 1
  aborted "ERET to an odd PC", 1, SPX, 0x8a000000, target + 1, target + 1

  // Nothing there: external aborts
  run EL1h, load_nothing
  aborted "load of nothing", 1, SPX, 0x96000010, load_nothing_at, 0x200000010
  run EL0t, store_nothing
  aborted "store to nothing", 1, LOWER, 0x92000050, store_nothing_at, 0x200000018
  unless_exact 1f
  run EL2h, load_nothing
  aborted "load of nothing at EL2", 2, SPX, 0x96000010, load_nothing_at, 0x200000010
1:
  run EL0t, branch_nothing
  aborted "fetch of nothing", 1, LOWER, 0x82000010, 0x200000020, 0x200000020
  run EL2h, branch_nothing
  aborted "fetch of nothing at EL2", 2, SPX, 0x86000010, 0x200000020, 0x200000020
  run EL1h, load_far
  aborted "address too large", 1, SPX, 0x96000000, load_far_at, 0x1000000000000

  // Traps of waiting
  run EL0t, wfi_here
  took "WFI from EL0", 1, LOWER, 0x07e00000, wfi_here
  unless_exact 1f
  run EL0t, wfe_here
  took "WFE from EL0", 1, LOWER, 0x07e00001, wfe_here
1:
  set_sys hcr_el2, (HCR_RW | HCR_TWI | HCR_TWE)
  run EL1h, wfi_here
  took "WFI with TWI", 2, LOWER, 0x07e00000, wfi_here
  unless_exact 1f
  run EL1h, wfe_here
  took "WFE with TWE", 2, LOWER, 0x07e00001, wfe_here
1:
  set_sys hcr_el2, HCR_RW

  // Traps of vector registers
  set_sys cpacr_el1, 0
  run EL0t, vector_here
  took "vectors off at EL0", 1, LOWER, 0x1fe00000, vector_here
  run EL1h, vector_here
  took "vectors off at EL1", 1, SPX, 0x1fe00000, vector_here
  run EL1h, fpcr_here
  took "FPCR while off", 1, SPX, 0x1fe00000, fpcr_here
  run EL2h, vector_here
  returned "vectors at EL2 whatever CPACR says", 0
  set_sys cpacr_el1, 1 << 20
  run EL0t, vector_here
  took "vectors for EL1 only", 1, LOWER, 0x1fe00000, vector_here
  run EL1h, vector_here
  returned "vectors for EL1", 0
  set_sys cpacr_el1, 3 << 20
  set_sys cptr_el2, 0x37ff
  run EL0t, vector_here
  took "vectors with TFP from EL0", 2, LOWER, 0x1fe00000, vector_here
  run EL1h, vector_load
  took "vector load with TFP from EL1", 2, LOWER, 0x1fe00000, vector_load
  run EL2h, vector_here
  took "vectors with TFP from EL2", 2, SPX, 0x1fe00000, vector_here
  set_sys cpacr_el1, 0
  run EL1h, vector_here
  took "CPACR goes first", 1, SPX, 0x1fe00000, vector_here
  set_sys cpacr_el1, 3 << 20
  set_sys cptr_el2, 0x800033ff
  run EL1h, cpacr_read
  took "CPACR with TCPAC", 2, LOWER, 0x62300000 | 2 << 17 | 1 << 10 | 7 << 5 | 1 | 0, cpacr_read
  set_sys cptr_el2, 0x33ff

  // Traps of system registers
  set_sys hcr_el2, (HCR_RW | HCR_TVM)
  run EL1h, ttbr_write
  took "TTBR0 with TVM", 2, LOWER, 0x62300000 | 2 << 10 | 5 << 5, ttbr_write
  run EL1h, ttbr_read
  check_caught "TTBR0 is read with TVM", LEVEL, 9
  set_sys hcr_el2, (HCR_RW | HCR_TID3)
  run EL1h, id_register
  took "ID register with TID3", 2, LOWER, 0x62300000 | 4 << 1 | 3 << 5 | 1, id_register
  set_sys hcr_el2, HCR_RW
  set_sys cnthctl_el2, 0
  run EL1h, count_read
  took "CNTPCT trapped", 2, LOWER, 0x62300000 | 1 << 17 | 3 << 14 | 14 << 10 | 9 << 5 | 1, count_read
  run EL1h, timer_write
  took "CNTP_CTL trapped", 2, LOWER, 0x62300000 | 1 << 17 | 3 << 14 | 14 << 10 | 4 << 5 | 2 << 1, timer_write
  set_sys cnthctl_el2, 3
  msr cntkctl_el1, xzr
  run EL0t, count_read
  took "CNTPCT from EL0", 1, LOWER, 0x62300000 | 1 << 17 | 3 << 14 | 14 << 10 | 9 << 5 | 1, count_read
  run EL0t, timer_write
  took "CNTP_CTL from EL0", 1, LOWER, 0x62300000 | 1 << 17 | 3 << 14 | 14 << 10 | 4 << 5 | 2 << 1, timer_write
  set_sys cntkctl_el1, 0x303
  run EL0t, count_read
  check_caught "CNTPCT for EL0", LEVEL, 9
  unless_exact 1f
  run EL0t, daif_set
  took "DAIF from EL0", 1, LOWER, 0x62000000 | 6 << 17 | 3 << 14 | 4 << 10 | 31 << 5 | 2 << 1, daif_set
1:
  run EL0t, ctr_read
  took "CTR from EL0", 1, LOWER, 0x62300000 | 1 << 17 | 3 << 14 | 1 << 5 | 1, ctr_read
  run EL0t, zva_here
  took "DC ZVA from EL0", 1, LOWER, 0x62100000 | 1 << 17 | 3 << 14 | 7 << 10 | 6 << 5 | 4 << 1, zva_here
  set_sys sctlr_el1, SCTLR1 | SCTLR_UMA | SCTLR_UCT
  run EL0t, daif_set
  check_caught "DAIF for EL0", LEVEL, 9
  run EL0t, ctr_read
  check_caught "CTR for EL0", LEVEL, 9
  set_sys sctlr_el1, SCTLR1

  // Virtual SError, IRQ and FIQ from HCR_EL2
  set_sys hcr_el2, (HCR_RW | HCR_AMO | HCR_VSE)
  run 0x2c5, spin
  check_caught "virtual SError: level", LEVEL, 1
  check_caught "virtual SError: vector", VECTOR, SPX | SERROR
  mrs x0, hcr_el2
  and x0, x0, #HCR_VSE
  check "virtual SError is over", 0
  set_sys hcr_el2, (HCR_RW | HCR_IMO | HCR_VI)
  run 0x340, spin
  took_interrupt "virtual IRQ", 1, LOWER | IRQ, 0x340
  run EL1h, isr_read
  returned "virtual IRQ in ISR", 1 << 7
  set_sys hcr_el2, (HCR_RW | HCR_FMO | HCR_VF)
  run 0x305, spin
  took_interrupt "virtual FIQ", 1, SPX | FIQ, 0x305
  set_sys hcr_el2, HCR_RW
  epilogue


svc_here: svc #0x1234
hvc_here: hvc #0xabcd
smc_here: smc #0x4321
smc_version:
  set 0, PSCI_VERSION
  smc #0
  ret
brk_here: brk #0x777
udf_here: .inst 0
el1_register: mrs x5, vbar_el1
el2_register: mrs x5, vbar_el2
eret_here: eret
id_register: mrs x3, id_aa64pfr0_el1
tlbi_here: tlbi vmalle1
tlbi_el2: tlbi alle2
spsel_here:
  msr spsel, #0
spsel_there:
  mrs x0, sp_el0
return_to_el2:
  set 1, EL2h
  msr spsr_el1, x1
  set 1, target
  msr elr_el1, x1
  eret
target: ret
branch_odd:
  set 1, target + 2
  br x1
load_nothing:
  set 1, 0x200000010
load_nothing_at: ldr x2, [x1]
store_nothing:
  set 1, 0x200000018
store_nothing_at: str w2, [x1]
branch_nothing:
  set 1, 0x200000020
  br x1
load_far:
  set 1, 0x1000000000000
load_far_at: ldr x2, [x1]
wfi_here: wfi
wfe_here: wfe
vector_here:
  fmov d0, x0
  fmov x0, d0
  ret
vector_load: ldr q1, [sp]
fpcr_here: mrs x1, fpcr
cpacr_read: mrs x7, cpacr_el1
ttbr_write: msr ttbr0_el1, x5
ttbr_read:
  mrs x5, ttbr0_el1
  ret
count_read:
  mrs x9, cntpct_el0
  ret
timer_write: msr cntp_ctl_el0, x4
daif_set:
  msr daifset, #2
  ret
ctr_read:
  mrs x1, ctr_el0
  ret
zva_here: dc zva, x6
isr_read:
  mrs x0, isr_el1
  ret
spin: b .
