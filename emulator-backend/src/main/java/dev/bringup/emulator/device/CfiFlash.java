package dev.bringup.emulator.device;

import dev.bringup.verdict.BringupException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A bank of NOR flash: two 16-bit chips side by side on a 32-bit bus, with the Intel command set
 * (JEDEC JESD68.01, command set 0001; Intel 28F256P30 data sheet, "Device Command Codes" and
 * "Status Register").
 *
 * <p>An access of any width reaches the command interfaces of both chips, as on QEMU's virtual
 * board and unlike real lanes: U-Boot 2023.01 takes this bank for one 16-bit chip with 256 sectors
 * of 128 KiB and never speaks to the upper chip by itself. So two of its sectors are one block
 * here, which each erase of either clears.
 *
 * <p>Programming clears bits only. Left out: the time that programming and erasing take, so that
 * nothing can be suspended, and block locks, whose commands are taken and have no effect.
 */
public final class CfiFlash implements Device {
  private static final int CHIPS = 2;
  private static final int BANK_WIDTH = CHIPS * CfiChip.WIDTH;
  private static final int BLOCK = CHIPS * CfiChip.BLOCK;
  private static final int BUFFER = CHIPS * CfiChip.BUFFER;
  private static final int BUFFER_WRITES = CfiChip.BUFFER / CfiChip.WIDTH;

  private static final int PROGRAM_ALTERNATE = 0x10;
  private static final int BLOCK_ERASE = 0x20;
  private static final int PROGRAM_WORD = 0x40;
  private static final int CLEAR_STATUS = 0x50;
  private static final int LOCK_SETUP = 0x60;
  private static final int READ_STATUS = 0x70;
  private static final int READ_IDENTIFIER = 0x90;
  private static final int READ_QUERY = 0x98;
  private static final int SUSPEND = 0xb0;
  private static final int CONFIRM = 0xd0;
  private static final int PROGRAM_BUFFER = 0xe8;

  /** The reset of the AMD command set, which a driver that probes sends too. */
  private static final int RESET_AMD = 0xf0;

  private static final int READ_ARRAY = 0xff;

  private static final int SR_READY = 0x80;
  private static final int SR_SEQUENCE_ERROR = 0x30;

  private static final int MIXED = -1;
  private static final int UNKNOWN = -2;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** What a read shows. */
  private enum View {
    ARRAY,
    STATUS,
    IDENTIFIER,
    QUERY
  }

  /** What the next write is. */
  private enum Cycle {
    COMMAND,
    PROGRAM_DATA,
    ERASE_CONFIRM,
    LOCK_CONFIRM,
    BUFFER_COUNT,
    BUFFER_DATA,
    BUFFER_CONFIRM
  }

  private final byte[] contents;
  private final CfiChip chip;
  private final Runnable changed;
  private final Runnable modeChanged;

  /** For each block the byte that all of it is, {@link #MIXED} or {@link #UNKNOWN}. */
  private final int[] fills;

  private final byte[] buffer = new byte[BUFFER];
  private View view = View.ARRAY;
  private Cycle cycle = Cycle.COMMAND;
  private int status = SR_READY;

  /** Writes into the buffer that are still to come. */
  private int bufferLeft;

  /** Where the buffer goes, -1 before its first datum. */
  private long bufferBase = -1;

  private boolean bufferAborted;

  /**
   * @param contents the bank, little-endian, a power of two of bytes and at least 256 KiB; this
   *     array itself is read, programmed and erased, and nobody else may write to it
   * @param changed called after the contents have changed, once for each command
   * @param modeChanged called after {@link #isReadArray} has changed
   */
  public CfiFlash(byte[] contents, Runnable changed, Runnable modeChanged) {
    if (Integer.bitCount(contents.length) != 1 || contents.length < BLOCK) {
      throw new IllegalArgumentException("no bank has %d bytes".formatted(contents.length));
    }
    this.contents = contents;
    this.fills = new int[contents.length / BLOCK];
    Arrays.fill(fills, UNKNOWN);
    this.chip = new CfiChip(contents.length / CHIPS);
    this.changed = changed;
    this.modeChanged = modeChanged;
  }

  /** The bank's bytes, the same array that was given. */
  public byte[] contents() {
    return contents;
  }

  /** Whether reads show the contents, which is when code may be executed from here. */
  public boolean isReadArray() {
    return view == View.ARRAY;
  }

  @Override
  public long read(long offset, int size) {
    if (view == View.ARRAY) {
      int at = (int) offset;
      return switch (size) {
        case 1 -> contents[at] & 0xffL;
        case 2 -> (short) SHORT.get(contents, at) & 0xffffL;
        case 4 -> (int) INT.get(contents, at) & 0xffff_ffffL;
        default -> (long) LONG.get(contents, at);
      };
    }
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = (value << 8) | answer(offset + i);
    }
    return value;
  }

  /** A byte of what both chips answer: 8 bits in the low half of each one's bus. */
  private int answer(long offset) {
    if (offset % CfiChip.WIDTH != 0) {
      return 0;
    }
    long word = offset / BANK_WIDTH;
    return switch (view) {
      case IDENTIFIER -> chip.identification(word);
      case QUERY -> chip.query(word);
      default -> status;
    };
  }

  @Override
  public void write(long offset, int size, long value) {
    if (size > BANK_WIDTH) {
      write(offset, BANK_WIDTH, value);
      write(offset + BANK_WIDTH, BANK_WIDTH, value >>> (8 * BANK_WIDTH));
      return;
    }
    int code = (int) value & 0xff;
    switch (cycle) {
      case COMMAND -> command(code);
      case PROGRAM_DATA -> {
        cycle = Cycle.COMMAND;
        program(offset, size, value);
      }
      case ERASE_CONFIRM -> {
        if (confirmed(code)) {
          erase((int) (offset / BLOCK));
        }
      }
      case LOCK_CONFIRM -> {
        // Lock, unlock, lock down or configure: there are no locks.
        cycle = Cycle.COMMAND;
        if (code == READ_ARRAY) {
          show(View.ARRAY);
        }
      }
      case BUFFER_COUNT -> count((int) value & 0xffff);
      case BUFFER_DATA -> fill(offset, size, value);
      case BUFFER_CONFIRM -> {
        if (confirmed(code)) {
          programBuffer();
        }
      }
    }
  }

  private void command(int code) {
    switch (code) {
      case PROGRAM_WORD, PROGRAM_ALTERNATE -> expect(Cycle.PROGRAM_DATA);
      case BLOCK_ERASE -> expect(Cycle.ERASE_CONFIRM);
      case LOCK_SETUP -> expect(Cycle.LOCK_CONFIRM);
      case PROGRAM_BUFFER -> expect(Cycle.BUFFER_COUNT);
      case READ_STATUS, SUSPEND -> show(View.STATUS);
      case CLEAR_STATUS -> status = SR_READY;
      case READ_IDENTIFIER -> show(View.IDENTIFIER);
      case READ_QUERY -> show(View.QUERY);
      case CONFIRM -> {
        // Resume: nothing is ever suspended.
      }
      case READ_ARRAY, RESET_AMD -> show(View.ARRAY);
      default -> show(View.ARRAY); // reserved
    }
  }

  private void expect(Cycle next) {
    cycle = next;
    show(View.STATUS);
  }

  private void show(View next) {
    boolean wasArray = isReadArray();
    view = next;
    if (wasArray != isReadArray()) {
      modeChanged.run();
    }
  }

  /** The second cycle of a command: a confirmation, a way out, or else a mistake. */
  private boolean confirmed(int code) {
    cycle = Cycle.COMMAND;
    if (code == READ_ARRAY) {
      show(View.ARRAY);
    } else if (code != CONFIRM) {
      status |= SR_SEQUENCE_ERROR;
    }
    return code == CONFIRM;
  }

  private void program(long offset, int size, long value) {
    for (int i = 0; i < size; i++) {
      contents[(int) offset + i] &= (byte) (value >>> (8 * i));
    }
    written((int) (offset / BLOCK), UNKNOWN);
  }

  private void erase(int block) {
    Arrays.fill(contents, block * BLOCK, (block + 1) * BLOCK, (byte) 0xff);
    written(block, 0xff);
  }

  private void written(int block, int fill) {
    fills[block] = fill;
    changed.run();
  }

  /**
   * @param count of bus writes, less one
   */
  private void count(int count) {
    if (count >= BUFFER_WRITES) {
      cycle = Cycle.COMMAND;
      status |= SR_SEQUENCE_ERROR;
      return;
    }
    cycle = Cycle.BUFFER_DATA;
    bufferLeft = count + 1;
    bufferBase = -1;
    bufferAborted = false;
    // What is not written into the buffer is not programmed.
    Arrays.fill(buffer, (byte) 0xff);
  }

  /** The first datum says where the buffer goes; U-Boot writes its count at the sector instead. */
  private void fill(long offset, int size, long value) {
    if (bufferBase < 0) {
      bufferBase = offset - offset % BUFFER;
    }
    long at = offset - bufferBase;
    if (at < 0 || at > BUFFER - size) {
      bufferAborted = true;
    } else {
      for (int i = 0; i < size; i++) {
        buffer[(int) at + i] = (byte) (value >>> (8 * i));
      }
    }
    if (--bufferLeft == 0) {
      cycle = Cycle.BUFFER_CONFIRM;
    }
  }

  private void programBuffer() {
    if (bufferAborted) {
      status |= SR_SEQUENCE_ERROR;
      return;
    }
    for (int i = 0; i < BUFFER; i++) {
      contents[(int) bufferBase + i] &= buffer[i];
    }
    written((int) (bufferBase / BLOCK), UNKNOWN);
  }

  /** The chips' reset pin: the contents stay. */
  @Override
  public void reset() {
    cycle = Cycle.COMMAND;
    status = SR_READY;
    show(View.ARRAY);
  }

  /** Looks at a block once after it has changed: most are blank and need not be saved. */
  private int fill(int block) {
    if (fills[block] == UNKNOWN) {
      int from = block * BLOCK;
      int to = from + BLOCK;
      boolean uniform = Arrays.equals(contents, from, to - 1, contents, from + 1, to);
      fills[block] = uniform ? contents[from] & 0xff : MIXED;
    }
    return fills[block];
  }

  @Override
  public void save(StateWriter out) {
    out.part("cfi flash");
    out.put(contents.length);
    for (int block = 0; block < fills.length; block++) {
      out.put(fill(block));
      if (fill(block) == MIXED) {
        out.put(Arrays.copyOfRange(contents, block * BLOCK, (block + 1) * BLOCK));
      }
    }
    out.put(name(view));
    out.put(name(cycle));
    out.put(status);
    out.put(buffer);
    out.put(bufferLeft);
    out.put(bufferBase);
    out.put(bufferAborted);
  }

  private static byte[] name(Enum<?> constant) {
    return constant.name().getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * @throws BringupException (configuration) if the snapshot is of a bank of another size
   */
  @Override
  public void restore(StateReader in) {
    in.part("cfi flash");
    long length = in.get();
    if (length != contents.length) {
      throw BringupException.configuration(
          "the snapshot is of a flash of %d KiB, not of %d KiB"
              .formatted(length >> 10, contents.length >> 10));
    }
    boolean different = false;
    for (int block = 0; block < fills.length; block++) {
      different |= restoreBlock(block, (int) in.get(), in);
    }
    View next = View.valueOf(new String(in.getBytes(), StandardCharsets.US_ASCII));
    cycle = Cycle.valueOf(new String(in.getBytes(), StandardCharsets.US_ASCII));
    status = (int) in.get();
    System.arraycopy(in.getBytes(), 0, buffer, 0, BUFFER);
    bufferLeft = (int) in.get();
    bufferBase = in.get();
    bufferAborted = in.getBoolean();
    show(next);
    if (different) {
      changed.run();
    }
  }

  /** Whether that has changed anything. */
  private boolean restoreBlock(int block, int fill, StateReader in) {
    int from = block * BLOCK;
    if (fill == MIXED) {
      byte[] bytes = in.getBytes();
      fills[block] = MIXED;
      boolean same = Arrays.equals(contents, from, from + BLOCK, bytes, 0, BLOCK);
      System.arraycopy(bytes, 0, contents, from, BLOCK);
      return !same;
    }
    if (fill == fill(block)) {
      return false;
    }
    Arrays.fill(contents, from, from + BLOCK, (byte) fill);
    fills[block] = fill;
    return true;
  }
}
