package dev.bringup.hold;

import dev.bringup.console.Recording;
import dev.bringup.hold.HoldMessage.Answer;
import dev.bringup.hold.HoldMessage.Attach;
import dev.bringup.hold.HoldMessage.From;
import dev.bringup.hold.HoldMessage.Report;
import dev.bringup.hold.HoldMessage.Request;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A process that is attached to the board. One thread takes its requests, one tells it what they
 * led to and what others do, and one what the board says: one that does not read holds up nobody.
 */
final class Attachment implements Keyboard.Typist {
  private static final int BUFFER = 16 * 1024;

  /** Reports that wait for somebody who does not read; then he is cut off. */
  private static final int MOST_WAITING = 1024;

  /** Any length would do: the wait is repeated. */
  private static final long WAIT_NANOS = Duration.ofHours(1).toNanos();

  private final HoldServer server;
  private final SocketChannel socket;
  private final BlockingQueue<Report> reports = new ArrayBlockingQueue<>(MOST_WAITING);
  private final ReentrantLock sending = new ReentrantLock();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread reporter;

  /** What is read now; another one makes the present follower end. */
  private final AtomicReference<@Nullable Following> following = new AtomicReference<>();

  private volatile String who = "somebody";
  private volatile From from = From.NOWHERE;
  private boolean attached; // of the listening thread
  private boolean toldToWait; // of the listening thread

  /** A recording that is read, and the thread that does. */
  private final class Following {
    private final Recording recording;
    private final Thread thread;
    private long offset;

    Following(Recording recording, long offset) {
      this.recording = recording;
      this.offset = offset;
      thread = Thread.ofVirtual().name("reader of " + recording.name()).unstarted(this::run);
    }

    private void run() {
      var buffer = new byte[HoldMessage.LONGEST_PIECE];
      try {
        while (equals(following.get())) {
          int count = recording.read(offset, buffer, 0, buffer.length);
          offset += count;
          if (count > 0) {
            send(HoldMessage.Said.copyOf(buffer, 0, count));
          } else if (recording.isClosed()) {
            return;
          } else {
            recording.awaitBeyond(offset, recording.clock().nanos() + WAIT_NANOS);
          }
        }
      } catch (BringupException interrupted) {
        return; // by close
      } catch (IOException e) {
        close();
      }
    }
  }

  Attachment(HoldServer server, SocketChannel socket) {
    this.server = server;
    this.socket = socket;
    reporter = Thread.ofVirtual().name("reports of " + server.boardName()).unstarted(this::report);
  }

  void start() {
    Thread.ofVirtual().name("requests for " + server.boardName()).start(this::listen);
    reporter.start();
  }

  @Override
  public String who() {
    return who;
  }

  boolean reads() {
    return from != From.NOWHERE;
  }

  private void listen() {
    var decoder = new HoldCodec.Decoder();
    var buffer = ByteBuffer.allocate(BUFFER);
    var received = new ArrayList<HoldMessage>();
    try {
      while (socket.read(buffer) >= 0) {
        decoder.feed(buffer.array(), 0, buffer.position(), received::add);
        buffer.clear();
        for (HoldMessage each : received) {
          if (!(each instanceof Request request)) {
            throw new HoldFormatException("a report from somebody who is attached");
          }
          received(request);
        }
        received.clear();
      }
    } catch (IOException e) {
      // He has left, or speaks something else: the same to all others.
    } finally {
      close();
      server.left(this, from);
    }
  }

  private void received(Request request) throws IOException {
    if (!attached && !(request instanceof Attach)) {
      throw new HoldFormatException("a request before the first message");
    }
    switch (request) {
      case HoldMessage.Type(ByteBuffer bytes) -> type(HoldMessage.array(bytes));
      case Attach attach -> {
        Answer answer = answer(attach);
        // What comes once the answer is read is behind this.
        long position = server.position(from);
        send(answer); // before the first byte of the console, and so by this thread
        if (reads()) {
          follow(server.recording(), position);
        }
      }
      default -> report(answer(request));
    }
  }

  private Answer answer(Request request) throws HoldFormatException {
    try {
      return new Answer(Optional.empty(), done(request));
    } catch (BringupException e) {
      String hint = e.hint().map(text -> "; try: " + text).orElse("");
      return new Answer(Optional.of(e.kind()), e.getMessage() + hint);
    }
  }

  private void type(byte[] bytes) {
    if (!server.keyboard().mayType(this)) {
      if (!toldToWait) {
        toldToWait = true;
        notice("nothing was typed: the keyboard is with " + server.keyboard().owner());
      }
      return;
    }
    toldToWait = false;
    try {
      server.type(bytes);
    } catch (BringupException e) {
      notice("what was typed is lost: " + e.getMessage());
    }
  }

  /** Does what is asked, and returns what there is to say about it. */
  private String done(Request request) throws HoldFormatException {
    switch (request) {
      case Attach attach -> attach(attach);
      case HoldMessage.Type _ -> throw new IllegalStateException("typing has no answer");
      case HoldMessage.Keyboard(HoldMessage.Wish wish) -> {
        switch (wish) {
          case IF_FREE -> server.keyboard().require(this);
          case TAKE -> server.keyboard().take(this);
          case TAKE_OR_GIVE_BACK -> {
            if (server.keyboard().isOf(this)) {
              server.keyboard().give(this);
            } else {
              server.keyboard().take(this);
            }
          }
        }
      }
      case HoldMessage.Power(HoldMessage.Switch to) -> server.power(to);
      case HoldMessage.Reset() -> server.reset();
      case HoldMessage.Break() -> {
        server.keyboard().require(this);
        server.sendBreak();
      }
      case HoldMessage.Mark(String text) -> server.recording().mark("marked: " + text);
      case HoldMessage.Watch(String console) -> {
        return watch(console);
      }
      case HoldMessage.Search(String text, long before) -> {
        var found = BackwardSearch.find(server.recording(), text, before);
        found.ifPresent(this::report);
        return found.isPresent() ? "" : "not found";
      }
      case HoldMessage.Look() -> report(server.state(this));
      case HoldMessage.Release() -> server.release();
    }
    return "";
  }

  private void attach(Attach attach) throws HoldFormatException {
    if (attached) {
      throw new HoldFormatException("attached for the second time");
    }
    if (attach.version() != HoldMessage.VERSION) {
      throw BringupException.infrastructure(
          "%s is held by another version of Bringup".formatted(server.boardName()),
          "use that one, or end it first");
    }
    attached = true;
    who = attach.who();
    from = attach.from();
  }

  private void follow(Recording recording, long offset) {
    var next = new Following(recording, offset);
    following.set(next);
    if (closed.get()) {
      return;
    }
    next.thread.start();
  }

  private String watch(String name) {
    Recording console = server.console(name);
    follow(console, console.end());
    try {
      if (server.keyboard().mayType(this)) {
        server.giveInput(name);
        return name.equals(HoldMessage.Watch.ALL) ? "" : "the board's input goes to " + name;
      }
      return "only to read: the keyboard is with " + server.keyboard().owner();
    } catch (BringupException e) {
      return "only to read: " + e.getMessage();
    }
  }

  /** Tells people who are attached, if this is one. */
  void notice(String text) {
    if (reads()) {
      report(new HoldMessage.Notice(text));
    }
  }

  private void report(Report report) {
    if (!reports.offer(report)) {
      close();
    }
  }

  private void report() {
    try {
      while (!closed.get()) {
        Report next = reports.take();
        send(next);
        if (next instanceof HoldMessage.Ended) {
          close();
        }
      }
    } catch (InterruptedException e) {
      return; // by close
    } catch (IOException e) {
      close();
    }
  }

  private void send(Report report) throws IOException {
    sending.lock();
    try {
      var bytes = ByteBuffer.wrap(HoldCodec.encode(report));
      while (bytes.hasRemaining()) {
        socket.write(bytes);
      }
    } finally {
      sending.unlock();
    }
  }

  /** Says why it is over and hangs up, as soon as that is read. */
  void end(String why) {
    report(new HoldMessage.Ended(why));
  }

  /** Hangs up. */
  void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      socket.close();
    } catch (IOException e) {
      // It is not used any more.
    }
    reporter.interrupt();
    Following last = following.get();
    if (last != null) {
      last.thread.interrupt();
    }
  }
}
