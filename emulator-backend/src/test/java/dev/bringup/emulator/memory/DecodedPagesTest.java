package dev.bringup.emulator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Decoded code has a bound, whatever a program executes. */
class DecodedPagesTest {
  private static final long RAM = 0x4000_0000L;
  private static final int MOST = 8;

  private int dropped;

  private final class Listener implements CodeListener {
    @Override
    public void codeMarked() {
      // of no interest
    }

    @Override
    public void codeDropped() {
      dropped++;
    }
  }

  @Test
  void onePageTooManyDropsAllOthers() {
    try (var memory = new PhysicalMemory(RAM, 1 << 20, MOST)) {
      memory.addListener(new Listener());
      long[] first = memory.code(RAM);
      for (int page = 1; page < MOST; page++) {
        memory.code(RAM + page * 0x1000L);
      }
      assertThat(memory.code(RAM)).as("within the bound").isSameAs(first);
      assertThat(dropped).isZero();
      memory.code(RAM + MOST * 0x1000L);
      assertThat(dropped).isEqualTo(1);
      assertThat(memory.isCode(RAM)).isFalse();
      assertThat(memory.isCode(RAM + MOST * 0x1000L)).isTrue();
    }
  }

  @Test
  void pagesThatWereDroppedDoNotCount() {
    try (var memory = new PhysicalMemory(RAM, 1 << 20, MOST)) {
      memory.addListener(new Listener());
      for (int page = 0; page < 3 * MOST; page++) {
        memory.code(RAM + page * 0x1000L);
        for (int store = 0; store < 256; store++) {
          memory.store(RAM + page * 0x1000L, 4, store);
        }
      }
      assertThat(dropped).as("each page by itself").isEqualTo(3 * MOST);
      memory.code(RAM);
      memory.dropCode();
      for (int page = 0; page < MOST; page++) {
        memory.code(RAM + page * 0x1000L);
      }
      assertThat(memory.isCode(RAM)).isTrue();
    }
  }
}
