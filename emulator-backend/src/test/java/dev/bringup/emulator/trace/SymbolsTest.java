package dev.bringup.emulator.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Names of places. */
class SymbolsTest {
  private static final String MAP =
      """
      0000000000000000 A _kernel_flags
      ffff800008000000 T _text
      ffff800008000000 t $x
      ffff800008010000 T vectors
      ffff800008010000 T also_vectors
      ffff800008010800 d table
      ffff800008010a00 t el1_irq
      0000000000001000 t low
                       U elsewhere
      no line of that kind
      """;

  private static Symbols read(String text) {
    return Symbols.read("map", text.getBytes(US_ASCII), 0);
  }

  @Test
  void aPlaceIsNamedByTheSymbolBeforeIt() {
    Symbols symbols = read(MAP);
    assertThat(symbols.place(0xffff_8000_0800_0000L)).isEqualTo("_text");
    assertThat(symbols.place(0xffff_8000_0800_0010L)).isEqualTo("_text+0x10");
    assertThat(symbols.place(0xffff_8000_0801_0900L)).isEqualTo("vectors+0x900");
    assertThat(symbols.name(0xffff_8000_0801_0a04L)).isEqualTo("el1_irq");
    assertThat(symbols.place(0x1008)).isEqualTo("low+0x8");
  }

  @Test
  void whatIsBeforeOrFarBehindAllSymbolsHasNoName() {
    Symbols symbols = read(MAP);
    assertThat(symbols.place(0xfff)).isEmpty();
    assertThat(symbols.place(0x1000 + (1 << 20))).isEmpty();
    assertThat(symbols.name(-1)).isEmpty();
    assertThat(Symbols.none().place(0)).isEmpty();
    assertThat(Symbols.none().isEmpty()).isTrue();
  }

  @Test
  void aProgramThatRunsElsewhereIsMovedAndJoined() {
    Symbols both =
        read("10 T here\n")
            .and(Symbols.read("map", "10 T there\n".getBytes(US_ASCII), 0x4000_0000));
    assertThat(both.name(0x14)).isEqualTo("here");
    assertThat(both.place(0x4000_0014)).isEqualTo("there+0x4");
  }

  @Test
  void aFileWithoutSymbolsIsRefused() {
    assertThatThrownBy(() -> read("ffffffffffffffff B The real System.map is elsewhere\n"))
        .isInstanceOfSatisfying(
            BringupException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
        .hasMessageStartingWith("map: there is no symbol of code in it");
  }

  @Test
  void functionsAndLabelsOfAnElfFileAreNamed() {
    Symbols symbols = Symbols.read("elf", elf(), 0x100);
    assertThat(symbols.place(0x1104)).isEqualTo("main+0x4");
    assertThat(symbols.place(0x2100)).isEqualTo("label");
    assertThat(symbols.place(0x2200)).as("data").isEqualTo("label+0x100");
  }

  @Test
  void aDamagedElfFileIsRefused() {
    byte[] intact = elf();
    int needed = intact.length - 32; // the last header's last fields are not looked at
    for (int length = 64; length < needed; length++) {
      byte[] part = Arrays.copyOf(intact, length);
      assertThatThrownBy(() -> Symbols.read("elf", part, 0))
          .isInstanceOf(BringupException.class)
          .hasMessageStartingWith("elf is not an intact 64-bit little-endian ELF file");
    }
  }

  /** A header, symbols, their names, and two section headers. */
  private static byte[] elf() {
    byte[] names = "\0main\0label\0datum\0".getBytes(US_ASCII);
    int symbols = 64;
    int strings = symbols + 4 * 24;
    int sections = strings + names.length;
    ByteBuffer elf = ByteBuffer.allocate(sections + 2 * 64).order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0, 0x464c_457f).put(4, (byte) 2).put(5, (byte) 1);
    elf.putLong(40, sections).putShort(60, (short) 2);
    symbol(elf, symbols + 24, 6, 0, 0x2000); // label, NOTYPE
    symbol(elf, symbols + 48, 1, 2, 0x1000); // main, FUNC
    symbol(elf, symbols + 72, 12, 1, 0x2080); // datum, OBJECT
    elf.position(strings).put(names);
    // SHT_SYMTAB, its names in section 1; SHT_STRTAB
    elf.putInt(sections + 4, 2).putLong(sections + 24, symbols).putLong(sections + 32, 4 * 24);
    elf.putInt(sections + 40, 1);
    elf.putInt(sections + 64 + 4, 3).putLong(sections + 64 + 24, strings);
    elf.putLong(sections + 64 + 32, names.length);
    return elf.array();
  }

  private static void symbol(ByteBuffer elf, int at, int name, int type, long value) {
    elf.putInt(at, name).put(at + 4, (byte) (0x10 | type)).putShort(at + 6, (short) 1);
    elf.putLong(at + 8, value);
  }
}
