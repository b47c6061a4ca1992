package dev.bringup.cli;

import dev.bringup.hold.HoldClient;
import dev.bringup.hold.HoldMessage;
import dev.bringup.hold.HoldMessage.Watch;
import dev.bringup.hold.HoldMessage.Wish;
import dev.bringup.verdict.BringupException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A person at a board's console: each key goes to the board at once and each byte of the board to
 * the screen; what follows Ctrl-] is for Bringup.
 */
final class ConsoleTerminal {
  private static final int ESCAPE = 0x1d; // Ctrl-]
  private static final int CANCEL = 0x1b;
  private static final int BACKSPACE = 0x7f;
  private static final int BUFFER = 4096;

  /** As every terminal can. */
  private static final byte[] ERASE = {'\b', ' ', '\b'};

  private static final String KEYS =
      """
      Ctrl-] and then
        q  quit                          t  take the keyboard, or give it back
        p  power-cycle the board         c  switch console: all, xen, dom0, dom1...
        b  send a BREAK                  s  search back in the recording, again: further back
        m  mark this place               Ctrl-]  send Ctrl-] itself
      """;

  /** How many others read the console of a board that this process holds. */
  @FunctionalInterface
  interface Others {
    int count();
  }

  private final HoldClient client;
  private final InputStream keys;
  private final Display display;
  private final String board;
  private final Others others;
  private final CompletableFuture<Integer> end = new CompletableFuture<>();

  private boolean escaped;
  private boolean warned;
  private @Nullable Question question;
  private String searched = "";

  /** Set by the thread that reads; where the next search ends. */
  private volatile long foundAt = Long.MAX_VALUE;

  ConsoleTerminal(HoldClient client, KeyInput terminal, String board, Others others) {
    this.client = client;
    this.keys = terminal.keys();
    this.display = new Display(terminal.screen());
    this.board = board;
    this.others = others;
  }

  /** Returns the exit code when the person quits. */
  int run(String greeting) {
    display.tell(board + ": " + greeting + "; Ctrl-] q quits, Ctrl-] ? lists the keys");
    Thread.ofPlatform().name("screen").daemon().start(this::show);
    Thread.ofPlatform().name("keys").daemon().start(this::listen);
    try {
      return end.get();
    } catch (InterruptedException e) {
      throw BringupException.cancelled("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BringupException known) {
        throw known;
      }
      throw new IllegalStateException("the console failed", e);
    } finally {
      display.end();
    }
  }

  private void show() {
    try {
      while (!end.isDone()) {
        switch (client.next()) {
          case HoldMessage.Said said -> display.show(said.toArray());
          case HoldMessage.Notice(String text) -> display.tell(text);
          case HoldMessage.State _ -> {} // nobody asks here
          case HoldMessage.Found(long offset, long millis, String line) -> {
            foundAt = offset;
            display.tell("%.3f s, byte %d: %s".formatted(millis / 1000.0, offset, line));
          }
          case HoldMessage.Answer(var _, String text) -> {
            if (!text.isEmpty()) {
              display.tell(text);
            }
          }
          case HoldMessage.Ended(String why) ->
              end.completeExceptionally(
                  BringupException.infrastructure(why, "./bringup console " + board));
        }
      }
    } catch (RuntimeException e) {
      end.completeExceptionally(e);
    }
  }

  private void listen() {
    var buffer = new byte[BUFFER];
    try {
      for (int count = keys.read(buffer); count >= 0; count = keys.read(buffer)) {
        pressed(buffer, count);
      }
      end.complete(0); // the terminal has hung up
    } catch (IOException e) {
      end.complete(0);
    } catch (RuntimeException e) {
      end.completeExceptionally(e);
    }
  }

  private void pressed(byte[] bytes, int count) {
    var typed = new ByteArrayOutputStream();
    for (byte key : Arrays.copyOf(bytes, count)) {
      if (question != null) {
        answered(question, key);
      } else if (escaped) {
        escaped = false;
        if (key == ESCAPE) {
          typed.write(key);
        } else {
          send(typed);
          command(key);
        }
      } else if (key == ESCAPE) {
        escaped = true;
      } else {
        typed.write(key);
      }
    }
    send(typed);
  }

  private void send(ByteArrayOutputStream typed) {
    if (typed.size() > 0) {
      client.type(typed.toByteArray());
      typed.reset();
    }
  }

  private void command(byte key) {
    switch (key) {
      case 'q', 'Q' -> quit();
      case 'p' -> client.send(new HoldMessage.Power(HoldMessage.Switch.CYCLE));
      case 'b' -> client.send(new HoldMessage.Break());
      case 't' -> client.send(new HoldMessage.Keyboard(Wish.TAKE_OR_GIVE_BACK));
      case 'm' -> ask("mark", text -> client.send(new HoldMessage.Mark(text)));
      case 's' -> ask("search back", this::search);
      case 'c' ->
          ask(
              "console (all, xen, dom0...)",
              name -> client.send(new HoldMessage.Watch(name.isEmpty() ? Watch.ALL : name)));
      case '?', 'h' -> display.tell(KEYS);
      default -> display.tell("Ctrl-] ? lists the keys");
    }
  }

  private void quit() {
    int reading = others.count();
    if (reading > 0 && !warned) {
      warned = true;
      display.tell(
          "%d other%s: Ctrl-] q once more ends it for all"
              .formatted(reading, reading == 1 ? " reads this console" : "s read this console"));
      return;
    }
    end.complete(0);
  }

  private void search(String text) {
    if (!text.isEmpty()) {
      searched = text;
      foundAt = Long.MAX_VALUE;
    }
    if (!searched.isEmpty()) {
      client.send(new HoldMessage.Search(searched, foundAt));
    }
  }

  private void ask(String what, Consumer<String> then) {
    question = new Question(then);
    display.hold();
    display.draw(("\r\n" + what + ": ").getBytes(StandardCharsets.UTF_8));
  }

  /** A line that Bringup asks for; the board's output waits meanwhile. */
  private static final class Question {
    private final Consumer<String> then;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();

    Question(Consumer<String> then) {
      this.then = then;
    }

    String text() {
      return text.toString(StandardCharsets.UTF_8);
    }

    /** Takes the last character away; false if there is none. */
    boolean shorten() {
      String old = text();
      if (old.isEmpty()) {
        return false;
      }
      text.reset();
      text.writeBytes(
          old.substring(0, old.offsetByCodePoints(old.length(), -1))
              .getBytes(StandardCharsets.UTF_8));
      return true;
    }
  }

  private void answered(Question now, byte key) {
    switch (key) {
      case '\r', '\n' -> {
        question = null;
        display.goOn();
        now.then.accept(now.text().strip());
      }
      case CANCEL, ESCAPE, 3 -> {
        question = null;
        display.goOn();
      }
      case BACKSPACE, '\b' -> {
        if (now.shorten()) {
          display.draw(ERASE);
        }
      }
      default -> {
        if (key < 0 || key >= ' ') {
          now.text.write(key);
          display.draw(key);
        }
      }
    }
  }
}
