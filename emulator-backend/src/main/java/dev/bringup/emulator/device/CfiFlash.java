package dev.bringup.emulator.device;

import dev.bringup.verdict.BringupException;
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
  private static final int BLOCK = FlashContents.BLOCK; // of both chips
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

  private final FlashContents contents;
  private final CfiChip chip;
  private final Runnable changed;
  private final Runnable modeChanged;

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
   * @param contents what is read, programmed and erased; nobody else may write to it
   * @param changed called after the contents have changed, once for each command
   * @param modeChanged called after {@link #isReadArray} has changed
   */
  public CfiFlash(FlashContents contents, Runnable changed, Runnable modeChanged) {
    this.contents = contents;
    this.chip = new CfiChip(contents.length() / CHIPS);
    this.changed = changed;
    this.modeChanged = modeChanged;
  }

  /** Whether reads show the contents, which is when code may be executed from here. */
  public boolean isReadArray() {
    return view == View.ARRAY;
  }

  @Override
  public long read(long offset, int size) {
    if (view == View.ARRAY) {
      return contents.read((int) offset, size);
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
      contents.program((int) offset + i, (byte) (value >>> (8 * i)));
    }
    changed.run();
  }

  private void erase(int block) {
    contents.erase(block);
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
      contents.program((int) bufferBase + i, buffer[i]);
    }
    changed.run();
  }

  /** The chips' reset pin: the contents stay. */
  @Override
  public void reset() {
    cycle = Cycle.COMMAND;
    status = SR_READY;
    show(View.ARRAY);
  }

  @Override
  public void save(StateWriter out) {
    out.part("cfi flash");
    out.put(contents.length());
    for (int block = 0; block < contents.blocks(); block++) {
      out.put(contents.fill(block));
      if (contents.fill(block) == FlashContents.MIXED) {
        out.put(contents.copy(block * BLOCK, BLOCK));
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
    if (length != contents.length()) {
      throw BringupException.configuration(
          "the snapshot is of a flash of %d KiB, not of %d KiB"
              .formatted(length >> 10, contents.length() >> 10));
    }
    boolean different = false;
    for (int block = 0; block < contents.blocks(); block++) {
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
    return fill == FlashContents.MIXED
        ? contents.replace(block, in.getBytes())
        : contents.fill(block, fill);
  }
}
