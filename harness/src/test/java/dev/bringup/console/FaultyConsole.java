package dev.bringup.console;

/**
 * A board's console over a wire that does to one byte what a bad wire would do, both ways. The
 * recording is what comes through.
 */
public final class FaultyConsole implements Wire {
  private final Recording recording;
  private final Wire wire;
  private Fault typing = Fault.NONE;
  private Fault answering = Fault.NONE;
  private long typed;
  private long answered;

  /**
   * @param board what the board says; what it said so far has come through
   * @param wire the way to the board
   */
  public FaultyConsole(Recording board, Wire wire) {
    this.recording = Recording.inMemory(board.name() + " over a bad wire", board.clock());
    this.wire = wire;
    board.follow(
        new Recording.Follower() {
          @Override
          public void bytes(long nanos, byte[] bytes, int from, int length) {
            byte[] through = new byte[length];
            System.arraycopy(bytes, from, through, 0, length);
            recording.append(answer(through));
          }

          @Override
          public void event(ConsoleEvent event) {
            if (event instanceof ConsoleEvent.Mark mark) {
              recording.mark(mark.text());
            }
          }

          @Override
          public void end(long nanos) {
            recording.close();
          }
        });
  }

  /** What comes through. */
  public Recording recording() {
    return recording;
  }

  /** From now on, these happen; bytes are counted from the next one. */
  synchronized void expect(Fault toTheBoard, Fault back) {
    typing = toTheBoard;
    answering = back;
    typed = 0;
    answered = 0;
  }

  /** How many bytes were typed since then. */
  synchronized long typed() {
    return typed;
  }

  /** How many bytes were answered since then. */
  synchronized long answered() {
    return answered;
  }

  @Override
  public void write(byte[] bytes) {
    recording.typed(bytes);
    byte[] through = type(bytes);
    if (through.length > 0) {
      wire.write(through);
    }
  }

  private synchronized byte[] type(byte[] bytes) {
    typed += bytes.length;
    return typing.of(bytes, typed - bytes.length);
  }

  private synchronized byte[] answer(byte[] bytes) {
    answered += bytes.length;
    return answering.of(bytes, answered - bytes.length);
  }
}
