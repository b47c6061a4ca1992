package dev.bringup.emulator.aarch64.isa;

/** How addresses near an instruction are written: as offsets, or as what they are. */
sealed interface Place {
  /** The address {@code offset} bytes from the instruction. */
  String target(long offset);

  /** The page {@code offset} bytes from the instruction's page. */
  String page(long offset);

  /** The instruction is anywhere, as for an assembler without symbols. */
  record Anywhere() implements Place {
    @Override
    public String target(long offset) {
      return "#" + offset;
    }

    @Override
    public String page(long offset) {
      return "#" + offset;
    }
  }

  /** The instruction is at this address. */
  record At(long pc) implements Place {
    @Override
    public String target(long offset) {
      return "0x" + Long.toHexString(pc + offset);
    }

    @Override
    public String page(long offset) {
      return "0x" + Long.toHexString((pc & -4096) + offset);
    }
  }
}
