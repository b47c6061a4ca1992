package dev.bringup.emulator.aarch64;

import dev.bringup.emulator.device.VirtualTime;
import dev.bringup.emulator.lockstep.Batch;
import dev.bringup.emulator.lockstep.GuestState;
import dev.bringup.emulator.memory.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;

/** Batches of programs on our CPU, at EL0, in memory as they have it on the peer. */
final class PeerCpu implements AutoCloseable {
  private static final long RAM = Batch.CODE;
  private static final int RAM_BYTES = 0x0200_0000;

  /** Where EL1 is: its tables, two of a page, and behind them its vectors. */
  private static final long TABLES = 0x0280_0000;

  private static final long KERNEL = TABLES & -0x20_0000L;
  private static final long VECTORS = TABLES + 0x4000;
  private static final int ENDLESS = 0x1400_0000; // B .

  /** Valid, Normal memory, accessed, inner shareable; a block is a leaf. */
  private static final int BLOCK = 0x701;

  private static final int TABLE = 3;

  /** 39 bits, no upper half, the top byte is ignored. */
  private static final long TCR = 25 | 0x3500 | 1 << 23 | 1L << 37;

  private static final int USER = 1 << 6;

  // UCI, nTWE, nTWI, UCT, DZE, SA0, SA, C, I, M
  private static final long SCTLR = 0x0405_d01d | 0x30d0_0800L;

  private final PhysicalMemory memory = new PhysicalMemory(RAM, RAM_BYTES);
  private final Cpu cpu;

  PeerCpu() {
    cpu =
        new Cpu(
            0,
            false,
            memory,
            new Standstill(),
            new Cpu.TimerLines(level -> {}, level -> {}, level -> {}),
            new Alone());
    memory.writeLong(TABLES, TABLES + 0x1000 | TABLE);
    block(Batch.CODE, USER);
    block(Batch.DATA, USER);
    block(KERNEL, 0);
    memory.writeInt(VECTORS + 0x400, ENDLESS);
    for (int at = 0; at < Batch.REGION; at += 4) {
      memory.writeInt(Batch.CODE + at, 0xd420_0000);
    }
    CpuState s = cpu.interpreter;
    s.sys(SystemRegister.MAIR_EL1, 0xff);
    s.sys(SystemRegister.TCR_EL1, TCR);
    s.sys(SystemRegister.TTBR0_EL1, TABLES);
    s.sys(SystemRegister.VBAR_EL1, VECTORS);
    s.sys(SystemRegister.CPACR_EL1, 3 << 20);
    s.sys(SystemRegister.SCTLR_EL1, SCTLR);
    cpu.interpreter.mmu.invalidateAll();
  }

  private void block(long address, int rights) {
    memory.writeLong(TABLES + 0x1000 + (address >>> 21 << 3), address | BLOCK | rights);
  }

  /** Time does not pass. */
  private static final class Standstill implements VirtualTime {
    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public Alarm alarm(String name, Runnable action) {
      return new Alarm() {
        @Override
        public void at(long nanos) {}

        @Override
        public void cancel() {}

        @Override
        public long deadline() {
          return Long.MAX_VALUE;
        }
      };
    }
  }

  private static final class Alone implements Surroundings {
    @Override
    public List<Cpu> cpus() {
      return List.of();
    }

    @Override
    public void firmwareCall(Cpu caller) {
      throw new IllegalStateException("EL0 cannot call firmware");
    }
  }

  Batch.Results execute(Batch batch) {
    memory.write(Batch.SLOTS, batch.slots(), 0, Batch.SLOTS_BYTES);
    memory.write(Batch.WINDOWS, batch.windows(), 0, Batch.WINDOWS_BYTES);
    List<GuestState> after = new ArrayList<>();
    for (Batch.Program program : batch.programs()) {
      after.add(execute(program));
    }
    var windows = new byte[Batch.WINDOWS_BYTES];
    memory.read(Batch.WINDOWS, windows, 0, windows.length);
    return new Batch.Results(after, windows);
  }

  /** One program alone, that begins at {@link Batch#SLOTS}. */
  GuestState run(Batch.Program program) {
    long at = Batch.SLOTS;
    for (int word : program.words()) {
      memory.writeInt(at, word);
      at += 4;
    }
    return execute(program);
  }

  private GuestState execute(Batch.Program program) {
    GuestState before = program.before();
    CpuState s = cpu.interpreter;
    s.el = 0;
    s.spSel = false;
    s.daif = 0;
    s.pc = before.pc;
    s.nzcv(before.nzcv);
    System.arraycopy(before.x, 0, s.x, 0, 31);
    s.x[MicroOp.SP] = before.sp;
    System.arraycopy(before.low, 0, s.vectors.low, 0, 32);
    System.arraycopy(before.high, 0, s.vectors.high, 0, 32);
    s.vectors.fpcr = before.fpcr;
    s.vectors.fpsr = before.fpsr;
    s.sys(SystemRegister.TPIDR_EL0, before.threadPointer);
    s.exclusiveHost = 0;
    cpu.interpreter.mmu.levelChanged();
    // The last one is the exception; should it not come, the signal is none.
    int _ = cpu.run(program.words().size() + 1);
    var after = new GuestState();
    after.pc = s.el == 0 ? s.pc : s.sys(SystemRegister.ELR_EL1);
    after.nzcv = s.el == 0 ? s.nzcv() : (int) (s.sys(SystemRegister.SPSR_EL1) >>> 28) & 15;
    after.sp = s.el == 0 ? s.x[MicroOp.SP] : s.sys(SystemRegister.SP_EL0);
    System.arraycopy(s.x, 0, after.x, 0, 31);
    System.arraycopy(s.vectors.low, 0, after.low, 0, 32);
    System.arraycopy(s.vectors.high, 0, after.high, 0, 32);
    after.fpcr = s.vectors.fpcr;
    after.fpsr = s.vectors.fpsr;
    after.threadPointer = s.sys(SystemRegister.TPIDR_EL0);
    after.address = s.sys(SystemRegister.FAR_EL1);
    after.signal = s.el == 0 ? 0 : signal(s.sys(SystemRegister.ESR_EL1));
    return after;
  }

  /** What Linux makes of a syndrome (arch/arm64/mm/fault.c, kernel/traps.c). */
  private static int signal(long esr) {
    boolean misaligned = (esr & 0x3f) == 0x21;
    return switch ((int) (esr >>> 26) & 0x3f) {
      case Exceptions.BREAKPOINT_INSTRUCTION -> GuestState.TRAP;
      case Exceptions.UNKNOWN, Exceptions.SYSTEM_TRAP -> GuestState.ILL;
      case Exceptions.PC_ALIGNMENT, Exceptions.SP_ALIGNMENT -> GuestState.BUS;
      case Exceptions.INSTRUCTION_ABORT_LOWER -> GuestState.SEGV;
      case Exceptions.DATA_ABORT_LOWER -> misaligned ? GuestState.BUS : GuestState.SEGV;
      default -> -1;
    };
  }

  @Override
  public void close() {
    memory.close();
  }
}
