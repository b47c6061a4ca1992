package dev.bringup.transport;

import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Any program that speaks for a board on its standard streams: {@code ssh lab7 picocom ...}, {@code
 * conserver}'s client, {@code socat}. What it says on standard error is the reason given when it
 * ends. Has neither BREAK nor modem lines; {@code drain} says yes as soon as the pipe has the
 * bytes. Closing ends the program and its children.
 *
 * @param command the program and its arguments; no shell reads them
 */
public record CommandTransport(List<String> command) implements Transport {
  private static final int BUFFER = 64 * 1024;
  private static final int MAX_TALK = 500;

  public CommandTransport {
    command = List.copyOf(command);
    if (command.isEmpty()) {
      throw BringupException.configuration("a console's command needs at least a program");
    }
  }

  @Override
  public String name() {
    return "command " + String.join(" ", command);
  }

  @Override
  public Connection open() {
    try {
      var connection = new CommandConnection(name(), new ProcessBuilder(command).start());
      connection.start();
      return connection;
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot open " + name() + ": " + e.getMessage(),
          "check that the program is installed",
          e);
    }
  }

  private static final class CommandConnection implements Connection {
    private final String name;
    private final Process process;
    private final Inbox inbox = new Inbox();
    private final ReentrantLock sending = new ReentrantLock();
    private final StringBuilder talk = new StringBuilder(); // of listen, then of run

    CommandConnection(String name, Process process) {
      this.name = name;
      this.process = process;
    }

    void start() {
      // Reading a process's pipe pins a virtual thread: two of them would hold up all others.
      Thread errors = Thread.ofPlatform().daemon().name(name + " errors").start(this::listen);
      Thread.ofPlatform().daemon().name(name).start(() -> run(errors));
    }

    /** Keeps the last of standard error. */
    private void listen() {
      try {
        var buffer = new byte[4096];
        var in = process.getErrorStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          talk.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
          talk.delete(0, Math.max(0, talk.length() - MAX_TALK));
        }
      } catch (IOException e) {
        // The program has ended.
      }
    }

    private void run(Thread errors) {
      String reason;
      try {
        var in = process.getInputStream();
        var buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          inbox.put(buffer, 0, count);
        }
        destroy(); // one that has closed its output says nothing any more
        int exit = process.waitFor();
        errors.join();
        String last = talk.toString().strip();
        reason = "the program ended with exit code " + exit + (last.isEmpty() ? "" : ": " + last);
      } catch (IOException | InterruptedException e) {
        reason = String.valueOf(e.getMessage());
      }
      inbox.end(new WireEvent.Lost(reason));
    }

    private void destroy() {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Set<Ability> abilities() {
      return Set.of();
    }

    @Override
    public WireEvent next() {
      return inbox.take(name);
    }

    @Override
    public void write(byte[] bytes) {
      sending.lock();
      try {
        inbox.requireOpen(name);
        process.getOutputStream().write(bytes);
        process.getOutputStream().flush();
      } catch (IOException e) {
        throw Inbox.gone(name, String.valueOf(e.getMessage()));
      } finally {
        sending.unlock();
      }
    }

    @Override
    public boolean drain(Duration limit) {
      inbox.requireOpen(name);
      return true;
    }

    @Override
    public void setBreak(boolean on) {
      throw Refusals.noBreak(name, "a program's standard input carries bytes only");
    }

    @Override
    public void set(ControlLine line, boolean on) {
      throw Refusals.noLines(name, "a program's standard input carries bytes only");
    }

    @Override
    public Optional<ModemLines> modemLines() {
      return Optional.empty();
    }

    @Override
    public void close() {
      inbox.end(new WireEvent.Closed());
      destroy();
    }
  }
}
