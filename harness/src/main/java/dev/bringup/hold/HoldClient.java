package dev.bringup.hold;

import dev.bringup.hold.HoldMessage.Answer;
import dev.bringup.hold.HoldMessage.Attach;
import dev.bringup.hold.HoldMessage.From;
import dev.bringup.hold.HoldMessage.Report;
import dev.bringup.hold.HoldMessage.Request;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;

/** Attached to a board that some process holds, maybe this one. Any thread sends, one reads. */
public final class HoldClient implements AutoCloseable {
  private static final int BUFFER = 16 * 1024;

  private final String board;
  private final SocketChannel socket;
  private final ReentrantLock sending = new ReentrantLock();
  private final HoldCodec.Decoder decoder = new HoldCodec.Decoder();
  private final Queue<HoldMessage> received = new ArrayDeque<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private boolean ended;

  private HoldClient(String board, SocketChannel socket) {
    this.board = board;
    this.socket = socket;
  }

  /**
   * Attaches to whoever holds the board.
   *
   * @param who for the people who are attached, too
   * @return empty if nobody listens there, be it not yet or no longer
   * @throws BringupException (infrastructure) if the holder does not let this process in
   */
  public static Optional<HoldClient> attach(HoldPlace place, From from, String who) {
    SocketChannel socket;
    try {
      socket = SocketChannel.open(UnixDomainSocketAddress.of(place.socket()));
    } catch (IOException e) {
      return Optional.empty();
    }
    var client = new HoldClient(place.board(), socket);
    try {
      if (client.isLetIn(new Attach(HoldMessage.VERSION, from, who))) {
        return Optional.of(client);
      }
      client.close();
      return Optional.empty();
    } catch (BringupException e) {
      client.close();
      throw e;
    }
  }

  /** False if the holder is ending: its socket takes callers a moment longer than it hears them. */
  private boolean isLetIn(Attach request) {
    try {
      send(request);
    } catch (BringupException e) {
      return false;
    }
    while (true) {
      switch (next()) {
        case Answer(var failure, String text) when failure.isPresent() ->
            throw new BringupException(failure.get(), text, null, null);
        case Answer _ -> {
          return true;
        }
        case HoldMessage.Ended _ -> {
          return false;
        }
        default -> {
          // News for all who are attached.
        }
      }
    }
  }

  /** What {@link #ask} is told before the answer. */
  @FunctionalInterface
  public interface Reports {
    void report(Report report);
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param reports told all that comes before it
   * @return what the holder has to say about it; may be empty
   * @throws BringupException of the holder's kind if the request fails, (infrastructure) if the
   *     holder ends
   */
  public String ask(Request request, Reports reports) {
    send(request);
    while (true) {
      Report next = next();
      switch (next) {
        case Answer(var failure, String text) when failure.isPresent() ->
            throw new BringupException(failure.get(), text, null, null);
        case Answer(var _, String text) -> {
          return text;
        }
        case HoldMessage.Ended(String why) -> throw BringupException.infrastructure(why, "again");
        default -> reports.report(next);
      }
    }
  }

  /**
   * Sends a request; its answer comes with {@link #next}.
   *
   * @throws BringupException (infrastructure) if the holder has ended
   */
  public void send(Request request) {
    sending.lock();
    try {
      var bytes = ByteBuffer.wrap(HoldCodec.encode(request));
      while (bytes.hasRemaining()) {
        socket.write(bytes);
      }
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "%s is not held any more: %s".formatted(board, e.getMessage()),
          "begin again: ./bringup console " + board);
    } finally {
      sending.unlock();
    }
  }

  /** Types to the board, as far as this one has the keyboard. */
  public void type(byte[] bytes) {
    for (int at = 0; at < bytes.length; at += HoldMessage.LONGEST_PIECE) {
      int length = Math.min(bytes.length - at, HoldMessage.LONGEST_PIECE);
      send(HoldMessage.Type.copyOf(bytes, at, length));
    }
  }

  /**
   * Waits for what the holder says next; the last is {@link HoldMessage.Ended}, again and again.
   */
  public Report next() {
    try {
      while (received.isEmpty() && !ended) {
        int count = socket.read(buffer.clear());
        if (count < 0) {
          ended = true;
        } else {
          decoder.feed(buffer.array(), 0, count, received::add);
        }
      }
    } catch (IOException e) {
      ended = true;
    }
    HoldMessage next = received.poll();
    if (next instanceof Report report) {
      ended |= report instanceof HoldMessage.Ended;
      return report;
    }
    ended = true;
    return new HoldMessage.Ended("whoever held " + board + " has ended");
  }

  /** Leaves; the board stays as it is. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is not used any more.
    }
  }
}
