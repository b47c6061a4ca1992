package dev.bringup.console;

import java.nio.charset.StandardCharsets;

/** What a pretended board says, with a kernel line at one place and cut into pieces. */
final class BoardOutput {
  private final Recording recording;
  private final long noiseAt;
  private final byte[] noise;
  private final int cut;
  private Fault fault = Fault.NONE;
  private long said;

  /**
   * @param noiseAt the number of bytes before the noise, or -1 for none
   * @param cut the most bytes that arrive together
   */
  BoardOutput(Recording recording, long noiseAt, String noise, int cut) {
    this.recording = recording;
    this.noiseAt = noiseAt;
    this.noise = noise.getBytes(StandardCharsets.ISO_8859_1);
    this.cut = cut;
    if (noiseAt == 0) {
      append(this.noise);
    }
  }

  static BoardOutput clean(Recording recording) {
    return new BoardOutput(recording, -1, "", Integer.MAX_VALUE);
  }

  /** What is said from now on goes over a wire with this fault. */
  BoardOutput over(Fault wire) {
    fault = wire;
    return this;
  }

  void say(String text) {
    byte[] said = text.getBytes(StandardCharsets.ISO_8859_1);
    byte[] bytes = fault.of(said, this.said);
    int before = Math.clamp(noiseAt - this.said, 0, bytes.length);
    boolean here = noiseAt > this.said && noiseAt <= this.said + bytes.length;
    this.said += said.length;
    if (here) {
      append(bytes, 0, before);
      append(noise);
      append(bytes, before, bytes.length - before);
    } else {
      append(bytes);
    }
  }

  /** How much was said, without the noise. */
  long said() {
    return said;
  }

  private void append(byte[] bytes) {
    append(bytes, 0, bytes.length);
  }

  private void append(byte[] bytes, int from, int length) {
    for (int i = 0; i < length; i += cut) {
      recording.append(bytes, from + i, Math.min(cut, length - i));
      if (cut > length) {
        return;
      }
    }
  }
}
