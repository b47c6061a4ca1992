package dev.bringup.emulator.gdb;

import dev.bringup.emulator.gdb.DebugTarget.Stop;
import dev.bringup.emulator.gdb.GdbCommands.Outcome;
import dev.bringup.emulator.gdb.GdbPacketCodec.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One debugger's visit. Three virtual threads: one reads the wire, one waits for the machine while
 * it goes on, and the one that calls {@link #run} does all else, in the order of what they see.
 */
final class GdbSession {
  private static final int MOST_EVENTS = 64;
  private static final String NO_ACKNOWLEDGEMENTS = "QStartNoAckMode";

  private final DebugTarget target;
  private final GdbCommands commands;
  private final InputStream in;
  private final OutputStream out;
  private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(MOST_EVENTS);
  private boolean acknowledges = true;

  /** What the debugger has not acknowledged yet. */
  private List<String> sent = List.of();

  private @Nullable Run current;
  private long runs;

  /** What there is to react to. */
  private sealed interface Event {
    record Received(Message message) implements Event {}

    record Ended(long run) implements Event {}

    record Gone() implements Event {}
  }

  /** One time that the machine goes on. */
  private record Run(long number, CompletableFuture<Stop> stop, Thread waiter) {}

  GdbSession(DebugTarget target, InputStream in, OutputStream out) {
    this.target = target;
    this.commands = new GdbCommands(target);
    this.in = in;
    this.out = out;
  }

  /**
   * Stops the machine, serves until the debugger leaves or the wire ends, and lets the machine go
   * on without breakpoints, unless the debugger has killed it. The wire is the caller's to close.
   */
  void run() throws InterruptedException {
    Thread reader = Thread.ofVirtual().name("gdb reader").start(this::read);
    boolean kills = false;
    try {
      target.interrupt();
      commands.stopped(target.awaitStop());
      kills = serve();
    } catch (IOException e) {
      // The debugger has gone without a word: as if it had detached.
    } finally {
      reader.interrupt();
      leave(kills);
    }
  }

  private void leave(boolean kills) throws InterruptedException {
    target.interrupt();
    Stop stop = target.awaitStop();
    if (current != null) {
      current.waiter.interrupt();
    }
    commands.removeWatches();
    if (kills) {
      target.kill();
    } else if (!(stop instanceof Stop.PoweredOff)) {
      target.resume();
    }
  }

  private void read() {
    var codec = new GdbPacketCodec(GdbCommands.PACKET_SIZE);
    var bytes = new byte[GdbCommands.PACKET_SIZE];
    try {
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        for (Message message : codec.decode(bytes, 0, n)) {
          events.put(new Event.Received(message));
        }
      }
      events.put(new Event.Gone());
    } catch (IOException e) {
      try {
        events.put(new Event.Gone());
      } catch (InterruptedException over) {
        // Nobody looks any more.
      }
    } catch (InterruptedException e) {
      // The visit is over.
    }
  }

  /** Serves until the debugger leaves; whether it wants the machine gone. */
  private boolean serve() throws IOException, InterruptedException {
    while (true) {
      switch (events.take()) {
        case Event.Gone _ -> {
          return false;
        }
        case Event.Ended(long run) -> {
          if (current != null && current.number == run && !reportStop()) {
            return false;
          }
        }
        case Event.Received(Message.Packet(String payload)) -> {
          acknowledge('+');
          // While the machine goes on, GDB has nothing to ask; whatever else asks, stops it.
          if (current != null) {
            target.interrupt();
            if (!reportStop()) {
              return false;
            }
          }
          if (payload.equals(NO_ACKNOWLEDGEMENTS)) {
            send(List.of("OK"));
            acknowledges = false;
            continue;
          }
          switch (commands.handle(payload)) {
            case Outcome.Reply(List<String> payloads) -> send(payloads);
            case Outcome.Running _ -> current = await();
            case Outcome.Leaving(List<String> payloads, boolean kills) -> {
              send(payloads);
              return kills;
            }
          }
        }
        case Event.Received(Message message) -> answer(message);
      }
    }
  }

  private void answer(Message message) throws IOException {
    switch (message) {
      case Message.Packet _ -> throw new IllegalArgumentException("serve() answers packets");
      case Message.Acknowledged _ -> sent = List.of();
      case Message.Refused _ -> {
        if (acknowledges) {
          send(sent);
        }
      }
      case Message.Break _ -> {
        // One that comes while the machine stands has crossed the news of that.
        if (current != null) {
          target.interrupt();
        }
      }
      case Message.Damaged _ -> {
        if (acknowledges) {
          acknowledge('-');
        } else {
          send(List.of("E01"));
        }
      }
      case Message.Malformed _ -> {
        acknowledge('+');
        send(List.of("E01"));
      }
    }
  }

  /** The machine has been told to go on: waits for it aside. */
  private Run await() {
    long number = ++runs;
    var stop = new CompletableFuture<Stop>();
    Thread waiter =
        Thread.ofVirtual()
            .name("gdb waits for the machine")
            .start(() -> {
              try {
                stop.complete(target.awaitStop());
              } catch (RuntimeException | InterruptedException e) {
                stop.completeExceptionally(e);
              }
              try {
                events.put(new Event.Ended(number));
              } catch (InterruptedException e) {
                // The visit is over.
              }
            });
    return new Run(number, stop, waiter);
  }

  /** Waits for the machine and tells why it stands; false if there is nothing left to debug. */
  private boolean reportStop() throws IOException {
    Stop stop = Objects.requireNonNull(current).stop.join();
    current = null;
    send(List.of(commands.stopped(stop)));
    return !(stop instanceof Stop.PoweredOff);
  }

  private void acknowledge(char answer) throws IOException {
    if (acknowledges) {
      out.write(answer);
      out.flush();
    }
  }

  private void send(List<String> payloads) throws IOException {
    sent = payloads;
    for (String payload : payloads) {
      out.write(GdbPacketCodec.encode(payload));
    }
    out.flush();
  }
}
