package dev.bringup.emulator.gdb;

import java.util.List;

/**
 * Tells GDB which registers there are ("Debugging with GDB", appendix G), numbered as in {@link
 * CpuRegisters}, the system registers behind them.
 */
final class TargetDescription {
  private static final String HEAD =
      """
      <?xml version="1.0"?>
      <!DOCTYPE target SYSTEM "gdb-target.dtd">
      <target version="1.0">
      <architecture>aarch64</architecture>
      """;

  /** Fields of PSTATE as SPSR has them (DDI 0487, C5.2.19). */
  private static final String CPSR =
      """
      <flags id="cpsr_flags" size="4">
      <field name="SP" start="0" end="0"/>
      <field name="EL" start="2" end="3"/>
      <field name="nRW" start="4" end="4"/>
      <field name="F" start="6" end="6"/>
      <field name="I" start="7" end="7"/>
      <field name="A" start="8" end="8"/>
      <field name="D" start="9" end="9"/>
      <field name="IL" start="20" end="20"/>
      <field name="SS" start="21" end="21"/>
      <field name="V" start="28" end="28"/>
      <field name="C" start="29" end="29"/>
      <field name="Z" start="30" end="30"/>
      <field name="N" start="31" end="31"/>
      </flags>
      <reg name="cpsr" bitsize="32" type="cpsr_flags"/>
      """;

  /** Ways to see the parts of a vector register: element type, name, how many. */
  private static final List<List<String>> VIEWS =
      List.of(
          List.of("ieee_double", "df", "2"),
          List.of("uint64", "du", "2"),
          List.of("int64", "ds", "2"),
          List.of("ieee_single", "sf", "4"),
          List.of("uint32", "su", "4"),
          List.of("int32", "ss", "4"),
          List.of("uint16", "hu", "8"),
          List.of("int16", "hs", "8"),
          List.of("uint8", "bu", "16"),
          List.of("int8", "bs", "16"));

  private TargetDescription() {}

  static String xml(List<String> systemRegisters) {
    var xml = new StringBuilder(HEAD).append("<feature name=\"org.gnu.gdb.aarch64.core\">\n");
    for (int n = 0; n < CpuRegisters.SP; n++) {
      register(xml, "x" + n, 64, "int");
    }
    register(xml, "sp", 64, "data_ptr");
    register(xml, "pc", 64, "code_ptr");
    xml.append(CPSR).append("</feature>\n<feature name=\"org.gnu.gdb.aarch64.fpu\">\n");
    for (List<String> view : VIEWS) {
      xml.append(
          "<vector id=\"v%s\" type=\"%s\" count=\"%s\"/>\n"
              .formatted(view.get(1), view.get(0), view.get(2)));
    }
    xml.append("<union id=\"vector\">\n");
    for (List<String> view : VIEWS) {
      xml.append("<field name=\"%s\" type=\"v%s\"/>\n".formatted(view.get(1), view.get(1)));
    }
    xml.append("<field name=\"q\" type=\"uint128\"/>\n</union>\n");
    for (int n = 0; n < CpuRegisters.FPSR - CpuRegisters.V0; n++) {
      register(xml, "v" + n, 128, "vector");
    }
    register(xml, "fpsr", 32, "int");
    register(xml, "fpcr", 32, "int");
    xml.append("</feature>\n");
    if (!systemRegisters.isEmpty()) {
      xml.append("<feature name=\"dev.bringup.system\">\n");
      systemRegisters.forEach(name -> register(xml, name, 64, "uint64"));
      xml.append("</feature>\n");
    }
    return xml.append("</target>\n").toString();
  }

  private static void register(StringBuilder xml, String name, int bits, String type) {
    xml.append("<reg name=\"%s\" bitsize=\"%d\" type=\"%s\"/>\n".formatted(name, bits, type));
  }
}
