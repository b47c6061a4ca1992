package dev.bringup.emulator.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.verdict.BringupException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What U-Boot 2023.01 and Linux write to a bank of flash, and what must come of it. */
class CfiFlashTest {
  private static final int BLOCK = 256 << 10;

  /** What U-Boot takes for a sector. */
  private static final int SECTOR = BLOCK / 2;

  private final FlashContents contents = of(new byte[4 * BLOCK]);
  private int changes;
  private int modeChanges;
  private final CfiFlash flash = new CfiFlash(contents, () -> changes++, () -> modeChanges++);

  private static FlashContents of(byte[] bytes) {
    var contents = new FlashContents(bytes.length);
    contents.write(0, bytes);
    return contents;
  }

  private static byte[] all(FlashContents contents) {
    return contents.copy(0, contents.length());
  }

  private byte[] block(int number) {
    return contents.copy(number * BLOCK, BLOCK);
  }

  private void eraseAll() {
    for (int block = 0; block < contents.blocks(); block++) {
      contents.erase(block);
    }
  }

  private long read(long offset, int size) {
    return flash.read(offset, size);
  }

  private void write16(long offset, int value) {
    flash.write(offset, 2, value);
  }

  private void write32(long offset, int value) {
    flash.write(offset, 4, value);
  }

  /** U-Boot's flash_erase for a sector, with the checks of the status. */
  private void eraseAsUBoot(long sector) {
    write16(sector, 0x50);
    write16(sector, 0x20);
    write16(sector, 0xd0);
    assertThat(read(sector, 2)).isEqualTo(0x80);
    write16(sector, 0xff);
  }

  /** U-Boot's flash_write_cfibuffer, which sends commands and count to the sector's start. */
  private void writeBufferAsUBoot(long sector, long to, byte[] from, int at, int length) {
    write16(sector, 0x50);
    write16(sector, 0x70);
    write16(sector, 0xe8);
    assertThat(read(sector, 2)).isEqualTo(0x80);
    write16(sector, length / 2 - 1);
    for (int i = 0; i < length; i += 2) {
      write16(to + i, (from[at + i] & 0xff) | ((from[at + i + 1] & 0xff) << 8));
    }
    write16(sector, 0xd0);
    assertThat(read(sector, 2)).isEqualTo(0x80);
    write16(sector, 0xff);
  }

  private static byte[] noise(int length) {
    var bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  @Test
  void readsAreLittleEndianAtEachWidth() {
    for (int i = 0; i < 16; i++) {
      contents.write(i, new byte[] {(byte) (0xf0 + i)});
    }
    assertThat(read(1, 1)).isEqualTo(0xf1);
    assertThat(read(2, 2)).isEqualTo(0xf3f2);
    assertThat(read(4, 4)).isEqualTo(0xf7f6_f5f4L);
    assertThat(read(8, 8)).isEqualTo(0xfffe_fdfc_fbfa_f9f8L);
    assertThat(read(3, 4)).as("not aligned").isEqualTo(0xf6f5_f4f3L);
  }

  /** As recorded from QEMU 7.2: width of the access, address and code of the query, then "Q". */
  @Test
  void uBootFindsASixteenBitChipAndNothingNarrower() {
    long[][] probes = {
      {1, 0x55, 0x98, 0x10},
      {1, 0x555, 0x98, 0x10},
      {1, 0xaa, 0x98, 0x20},
      {1, 0xaaa, 0x98, 0x20},
      {2, 0xaa, 0x9898, 0x20},
      {2, 0xaaa, 0x9898, 0x20},
      {2, 0x154, 0x9898, 0x40},
      {2, 0x1554, 0x9898, 0x40},
      {2, 0xaa, 0x98, 0x20},
      {2, 0xaaa, 0x98, 0x20},
      {2, 0x154, 0x98, 0x40},
    };
    long[] answers = {0, 0, 0, 0, 0, 0, 'Q', 'Q', 0, 0, 'Q'};
    for (int i = 0; i < probes.length; i++) {
      int size = (int) probes[i][0];
      flash.write(0, size, 0xf0f0);
      flash.write(0, size, 0xffff);
      flash.write(probes[i][1], size, probes[i][2]);
      // A pair of 8-bit chips would have answered "QQ" to the code that was doubled.
      assertThat(read(probes[i][3], size)).as("probe %d", i).isEqualTo(answers[i]);
    }
    assertThat(read(0x44, 2)).isEqualTo('R');
    assertThat(read(0x48, 2)).isEqualTo('Y');
  }

  /** The words from 0x10 on, as recorded from QEMU 7.2's two banks of 64 MiB. */
  @Test
  void theQueryOfABankOf64MiBIsThatOfTheVirtualBoard() {
    int[] expected = {
      0x51, 0x52, 0x59, 0x01, 0x00, 0x31, 0x00, 0x00, 0x00, 0x00, 0x00, 0x45, 0x55, 0x00, 0x00,
          0x07,
      0x07, 0x0a, 0x00, 0x04, 0x04, 0x04, 0x00, 0x19, 0x02, 0x00, 0x0b, 0x00, 0x01, 0xff, 0x00,
          0x00,
      0x02, 0x50, 0x52, 0x49, 0x31, 0x30, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
          0x01,
    };
    var bank = new CfiFlash(new FlashContents(64 << 20), () -> {}, () -> {});
    bank.write(0x154, 4, 0x0098_0098);
    for (int word = 0; word < 0x60; word++) {
      long value = word >= 0x10 && word < 0x40 ? expected[word - 0x10] : 0;
      assertThat(bank.read(4L * word, 4)).as("word 0x%x", word).isEqualTo((value << 16) | value);
    }
  }

  @Test
  void bothChipsAnswerInTheLowHalvesOfTheirBuses() {
    write32(0x154, 0x0098_0098);
    assertThat(read(0x40, 1)).isEqualTo('Q');
    assertThat(read(0x41, 1)).isZero();
    assertThat(read(0x42, 2)).isEqualTo('Q');
    assertThat(read(0x40, 4)).isEqualTo(0x0051_0051);
    assertThat(read(0x40, 8)).isEqualTo(0x0052_0052_0051_0051L);
  }

  @Test
  void theIdentifierIsReadAtTheStartOfAnyBlock() {
    for (long block = 0; block < contents.length(); block += BLOCK) {
      write32(block, 0x0090_0090);
      assertThat(read(block, 4)).isEqualTo(0x0089_0089);
      assertThat(read(block + 4, 4)).isEqualTo(0x0018_0018);
      assertThat(read(block + 8, 4)).as("not locked").isZero();
      write32(block, 0x00ff_00ff);
    }
  }

  @Test
  void uBootSavesItsEnvironmentOfTwoSectors() {
    byte[] environment = noise(2 * SECTOR);
    eraseAsUBoot(BLOCK);
    eraseAsUBoot(BLOCK + SECTOR);
    assertThat(block(1)).containsOnly(0xff);
    for (int at = 0; at < environment.length; at += 2048) {
      writeBufferAsUBoot(BLOCK + (long) at / SECTOR * SECTOR, BLOCK + at, environment, at, 2048);
    }
    assertThat(block(1)).isEqualTo(environment);
    assertThat(block(0)).as("the block before").containsOnly(0);
    assertThat(block(2)[0]).as("the block after").isZero();
  }

  @Test
  void eraseOfEitherSectorOfUBootClearsTheBlock() {
    eraseAsUBoot(BLOCK + SECTOR);
    assertThat(block(1)).containsOnly(0xff);
  }

  @Test
  void linuxFillsBothChipsBuffersWithWordsOf32Bits() {
    eraseAll();
    write32(0x1000, 0x00e8_00e8);
    assertThat(read(0x1000, 4)).isEqualTo(0x0080_0080);
    write32(0x1000, 0x03ff_03ff);
    for (int i = 0; i < 4096; i += 4) {
      write32(0x1000 + i, 0x1111_0000 + i);
    }
    assertThat(changes).as("nothing before it is confirmed").isZero();
    write32(0x1000, 0x00d0_00d0);
    assertThat(read(0, 4)).isEqualTo(0x0080_0080);
    write32(0, 0x00ff_00ff);
    for (int i = 0; i < 4096; i += 4) {
      assertThat(read(0x1000 + i, 4)).isEqualTo(0x1111_0000 + i);
    }
    assertThat(read(0x0ffc, 4)).isEqualTo(0xffff_ffffL);
    assertThat(read(0x2000, 4)).isEqualTo(0xffff_ffffL);
    assertThat(changes).isEqualTo(1);
  }

  @Test
  void aPartlyFilledBufferLeavesTheRestAlone() {
    eraseAll();
    writeBufferAsUBoot(0, 6, new byte[] {1, 2, 3, 4}, 0, 4);
    assertThat(read(4, 8)).isEqualTo(0xffff_0403_0201_ffffL);
  }

  @Test
  void wordsAreProgrammedAtEachWidth() {
    eraseAll();
    flash.write(1, 1, 0x40);
    flash.write(1, 1, 0x12);
    write16(0x100, 0x40);
    write16(0x100, 0x3456);
    write32(0x200, 0x0010_0010);
    write32(0x200, 0x789a_bcde);
    assertThat(read(0x200, 4)).as("status").isEqualTo(0x0080_0080);
    write32(0, 0x00ff_00ff);
    assertThat(read(0, 4)).isEqualTo(0xffff_12ffL);
    assertThat(read(0x100, 4)).isEqualTo(0xffff_3456L);
    assertThat(read(0x200, 4)).isEqualTo(0x789a_bcdeL);
  }

  @Test
  void programmingClearsBitsAndNeverSetsThem() {
    contents.write(0, new byte[] {0x5a});
    write16(0, 0x40);
    write16(0, 0xff0f);
    writeBufferAsUBoot(0, 2, new byte[] {-1, -1}, 0, 2);
    assertThat(read(0, 4)).isEqualTo(0x0a);
  }

  @Test
  void aBufferMayNotCrossItsBoundary() {
    eraseAll();
    write32(0, 0x00e8_00e8);
    write32(0, 0x0001_0001);
    write32(0x0ffc, 0);
    write32(0x1000, 0);
    write32(0, 0x00d0_00d0);
    assertThat(read(0, 4)).isEqualTo(0x00b0_00b0);
    write32(0, 0x00ff_00ff);
    assertThat(read(0x0ffc, 8)).isEqualTo(-1);
    assertThat(changes).isZero();
  }

  @Test
  void aCountOfMoreThanTheBufferIsRefused() {
    write32(0, 0x00e8_00e8);
    write32(0, 0x0400_0400);
    assertThat(read(0, 4)).isEqualTo(0x00b0_00b0);
    write32(0, 0x00ff_00ff);
    assertThat(flash.isReadArray()).as("commands are taken again").isTrue();
  }

  @Test
  void anEraseThatIsNotConfirmedIsAMistakeThatTheStatusKeeps() {
    write16(0, 0x20);
    assertThat(read(0, 2)).as("status while it waits").isEqualTo(0x80);
    write16(0, 0x70);
    assertThat(read(0, 2)).isEqualTo(0xb0);
    write16(0, 0xff);
    write16(0, 0x70);
    assertThat(read(0, 2)).isEqualTo(0xb0);
    write16(0, 0x50);
    assertThat(read(0, 2)).isEqualTo(0x80);
    assertThat(changes).isZero();
  }

  @Test
  void aCommandIsLeftHalfwayByReadArray() {
    for (int half : new int[] {0x20, 0x60}) {
      write16(0, half);
      assertThat(flash.isReadArray()).isFalse();
      write16(0, 0xff);
      assertThat(flash.isReadArray()).isTrue();
      write16(0, 0x70);
      assertThat(read(0, 2)).isEqualTo(0x80);
      write16(0, 0xf0);
      assertThat(flash.isReadArray()).isTrue();
    }
  }

  @Test
  void locksAreTakenAndHaveNoEffect() {
    write16(0, 0x60);
    write16(0, 0x01);
    assertThat(read(0, 2)).isEqualTo(0x80);
    write16(0, 0xff);
    eraseAsUBoot(0);
    assertThat(read(0, 2)).isEqualTo(0xffff);
    write16(0, 0x60);
    write16(0, 0xd0);
    assertThat(read(0, 2)).isEqualTo(0x80);
  }

  @Test
  void aWriteOf64BitsIsTwoOfTheBus() {
    eraseAll();
    write32(0, 0x00e8_00e8);
    write32(0, 0x0001_0001);
    flash.write(8, 8, 0x8877_6655_4433_2211L);
    write32(0, 0x00d0_00d0);
    write32(0, 0x00ff_00ff);
    assertThat(read(8, 8)).isEqualTo(0x8877_6655_4433_2211L);
  }

  @Test
  void theMachineHearsWhenCodeCanNoLongerBeExecutedAndWhenItCanAgain() {
    assertThat(flash.isReadArray()).isTrue();
    write16(0, 0xff);
    assertThat(modeChanges).isZero();
    write16(0, 0x98);
    write16(0, 0x90);
    assertThat(flash.isReadArray()).isFalse();
    assertThat(modeChanges).isEqualTo(1);
    write16(0, 0xff);
    assertThat(flash.isReadArray()).isTrue();
    assertThat(modeChanges).isEqualTo(2);
  }

  @Test
  void resetEndsACommandAndKeepsTheContents() {
    eraseAsUBoot(0);
    write16(0, 0xe8);
    write16(0, 3);
    flash.reset();
    assertThat(read(0, 2)).isEqualTo(0xffff);
    write16(0, 0x70);
    assertThat(read(0, 2)).isEqualTo(0x80);
  }

  @Test
  void aRestoredFlashGoesOnWithinABufferedProgram() {
    FlashContents others = of(all(contents));
    var other = new CfiFlash(others, () -> changes++, () -> modeChanges++);
    eraseAsUBoot(BLOCK);
    write16(BLOCK, 0xe8);
    write16(BLOCK, 1);
    write16(BLOCK + 2, 0x1234);
    StateTape.copy(flash, other);
    assertThat(other.isReadArray()).isFalse();
    other.write(BLOCK + 4, 2, 0x5678);
    other.write(BLOCK, 2, 0xd0);
    other.write(BLOCK, 2, 0xff);
    assertThat(other.read(BLOCK, 8)).isEqualTo(0xffff_5678_1234_ffffL);
    assertThat(other.read(0, 4)).isZero();
    write16(BLOCK + 4, 0x5678);
    write16(BLOCK, 0xd0);
    write16(BLOCK, 0xff);
    assertThat(all(contents)).isEqualTo(all(others));
  }

  @Test
  void aRestoredFlashForgetsWhatWasWrittenLater() {
    var other = new CfiFlash(of(all(contents)), () -> {}, () -> {});
    eraseAsUBoot(0);
    byte[] then = all(contents);
    StateTape.copy(flash, other);
    eraseAsUBoot(BLOCK);
    writeBufferAsUBoot(0, 0, new byte[] {0, 0}, 0, 2);
    changes = 0;
    StateTape.copy(other, flash);
    assertThat(all(contents)).isEqualTo(then);
    assertThat(changes).isEqualTo(1);
    eraseAsUBoot(2 * BLOCK);
    StateTape.copy(other, flash);
    assertThat(all(contents)).as("and once more").isEqualTo(then);
  }

  @Test
  void aSnapshotHoldsAllContentsWhateverWasThereBefore() {
    contents.write(0, noise(BLOCK));
    contents.write(2 * BLOCK, new byte[] {1});
    contents.write(4 * BLOCK - 1, new byte[] {1});
    FlashContents others = of(noise(contents.length()));
    var other = new CfiFlash(others, () -> changes++, () -> {});
    StateTape.copy(flash, other);
    assertThat(all(others)).isEqualTo(all(contents));
    StateTape.copy(flash, other);
    assertThat(changes).as("the second time nothing was different").isEqualTo(1);
  }

  @Test
  void aSnapshotOfABankOfAnotherSizeIsRefused() {
    var other = new CfiFlash(new FlashContents(2 * BLOCK), () -> {}, () -> {});
    assertThatThrownBy(() -> StateTape.copy(flash, other))
        .isInstanceOf(BringupException.class)
        .hasMessageContaining("1024 KiB");
  }

  @Test
  void anErasedBankTakesNoMemoryAndShowsOnes() {
    for (int n = 0; n < 100; n++) {
      var bank = new CfiFlash(new FlashContents(1 << 30), () -> {}, () -> {});
      assertThat(bank.read((1 << 30) - 8, 8)).isEqualTo(-1);
      assertThat(bank.read(3, 1)).isEqualTo(0xff);
      assertThat(bank.read(4, 4)).isEqualTo(0xffff_ffffL);
    }
  }

  @Test
  void bytesAreWrittenAndReadOverTheEdgesOfBlocks() {
    byte[] bytes = noise(BLOCK + 20);
    eraseAll();
    contents.write(BLOCK - 10, bytes);
    assertThat(contents.copy(BLOCK - 10, BLOCK + 20)).isEqualTo(bytes);
    assertThat(read(BLOCK - 11, 1)).isEqualTo(0xff);
    assertThat(read(2 * BLOCK + 10, 1)).isEqualTo(0xff);
    assertThat(block(3)).containsOnly(0xff);
  }

  @Test
  void aBankMustBeAPowerOfTwoOfBytes() {
    assertThatThrownBy(() -> new FlashContents(3 * BLOCK))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FlashContents(SECTOR))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
