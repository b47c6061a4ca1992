package dev.bringup.emulator.trace;

import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Names of places in programs, out of a System.map or the output of {@code nm}, or out of the
 * symbol table of an ELF file. Immutable, thread-safe.
 */
public final class Symbols {
  /** Further behind a name, in bytes, is something else. */
  private static final long REACH = 1 << 20;

  /** Types of nm that are code; data has no place in a trace. */
  private static final String CODE_TYPES = "tTwWiV";

  private final long[] addresses;
  private final String[] names;

  /** A name and its place; of several at one place the first is taken. */
  record Symbol(long address, String name) {}

  private Symbols(List<Symbol> symbols) {
    List<Symbol> sorted = new ArrayList<>(symbols);
    sorted.sort((a, b) -> Long.compareUnsigned(a.address, b.address)); // stable
    var kept = new ArrayList<Symbol>();
    for (Symbol symbol : sorted) {
      if (kept.isEmpty() || kept.getLast().address != symbol.address) {
        kept.add(symbol);
      }
    }
    addresses = kept.stream().mapToLong(symbol -> symbol.address ^ Long.MIN_VALUE).toArray();
    names = kept.stream().map(Symbol::name).toArray(String[]::new);
  }

  public static Symbols none() {
    return new Symbols(List.of());
  }

  /**
   * Reads a file.
   *
   * @param name for messages
   * @param offset from where the program was linked to where it runs
   * @throws BringupException (configuration) if there is no symbol in it
   */
  public static Symbols read(String name, byte[] file, long offset) {
    List<Symbol> symbols;
    if (ElfSymbols.isElf(file)) {
      try {
        symbols = ElfSymbols.read(file);
      } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
        throw BringupException.configuration(
            name + " is not an intact 64-bit little-endian ELF file: " + e.getMessage());
      }
    } else {
      symbols = lines(new String(file, StandardCharsets.ISO_8859_1));
    }
    if (symbols.isEmpty()) {
      throw BringupException.configuration(
          name
              + ": there is no symbol of code in it; what is wanted is an ELF file that is not"
              + " stripped, or lines as in System.map: address, type, name");
    }
    return new Symbols(
        symbols.stream().map(symbol -> new Symbol(symbol.address + offset, symbol.name)).toList());
  }

  private static List<Symbol> lines(String text) {
    var symbols = new ArrayList<Symbol>();
    for (String line : text.lines().toList()) {
      String[] parts = line.strip().split("\\s+");
      if (parts.length >= 3
          && parts[0].matches("[0-9a-fA-F]{1,16}")
          && parts[1].length() == 1
          && CODE_TYPES.contains(parts[1])
          && !parts[2].startsWith("$")) {
        symbols.add(new Symbol(Long.parseUnsignedLong(parts[0], 16), parts[2]));
      }
    }
    return symbols;
  }

  /** The symbols of both; these come first where both name a place. */
  public Symbols and(Symbols others) {
    var all = new ArrayList<Symbol>(list());
    all.addAll(others.list());
    return new Symbols(all);
  }

  private List<Symbol> list() {
    var list = new ArrayList<Symbol>();
    for (int n = 0; n < names.length; n++) {
      list.add(new Symbol(addresses[n] ^ Long.MIN_VALUE, names[n]));
    }
    return list;
  }

  public boolean isEmpty() {
    return names.length == 0;
  }

  /** The number of the symbol that an address belongs to, -1 if it belongs to none. */
  private int index(long address) {
    int found = Arrays.binarySearch(addresses, address ^ Long.MIN_VALUE);
    int at = found >= 0 ? found : -found - 2;
    boolean near = at >= 0 && address - (addresses[at] ^ Long.MIN_VALUE) < REACH;
    return near ? at : -1;
  }

  /** The name that an address belongs to, empty if there is none. */
  public String name(long address) {
    int at = index(address);
    return at < 0 ? "" : names[at];
  }

  /** As {@link #name}, with the distance: {@code memcpy+0x10}. */
  public String place(long address) {
    int at = index(address);
    if (at < 0) {
      return "";
    }
    long distance = address - (addresses[at] ^ Long.MIN_VALUE);
    return distance == 0 ? names[at] : names[at] + "+0x" + Long.toHexString(distance);
  }
}
