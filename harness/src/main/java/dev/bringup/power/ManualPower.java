package dev.bringup.power;

import dev.bringup.config.YamlNode;
import dev.bringup.units.Durations;
import dev.bringup.verdict.BringupException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A person at a terminal, who is asked to switch and says when it is done. The state is what the
 * person last said; nothing is known before.
 */
final class ManualPower implements PowerSwitch {
  private static final Set<String> DONE = Set.of("", "y", "yes", "ok", "done");
  private static final int LONGEST_ANSWER = 200;

  private final Outlet outlet;
  private final String what;
  private final String terminal;
  private final Duration within;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile PowerState said = PowerState.UNKNOWN;

  private ManualPower(String what, String terminal, Duration within) {
    this.what = what;
    this.terminal = terminal;
    this.within = within;
    outlet = Outlet.named(what + ", which a person switches,");
  }

  static PowerSwitch open(YamlNode.Mapping map) {
    var settings = DriverSettings.of("manual", map, "what", "terminal");
    return new ManualPower(
        settings.optionalText("what").orElse("the board's power"),
        settings.optionalText("terminal").orElse("/dev/tty"),
        settings.within(Duration.ofMinutes(2)));
  }

  @Override
  public String outlet() {
    return outlet.name();
  }

  @Override
  public PowerState read() {
    return said;
  }

  @Override
  public void set(boolean on) {
    asking.lock();
    try (var in = new FileInputStream(terminal);
        var out = new FileOutputStream(terminal)) {
      said = PowerState.UNKNOWN;
      in.skipNBytes(in.available()); // typed before the question
      out.write(
          "\r\nPlease switch %s: %s.\r\nEnter when it is done, or type no (within %s): "
              .formatted(on ? "ON" : "OFF", what, Durations.format(within))
              .getBytes(StandardCharsets.UTF_8));
      String answer = answer(in);
      if (!DONE.contains(answer.strip().toLowerCase(Locale.ROOT))) {
        throw outlet.refused("", answer, "ask the person what is wrong");
      }
      said = on ? PowerState.ON : PowerState.OFF;
    } catch (IOException | UncheckedIOException e) {
      throw outlet.unreachable(
          "there is no terminal to ask at (" + terminal + ")",
          "run this in a terminal, or give the board a power driver that needs no person");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw outlet.interrupted();
    } finally {
      asking.unlock();
    }
  }

  /** A line, without its end. Only what is there is read, so that nothing has to be interrupted. */
  private String answer(FileInputStream in) throws InterruptedException {
    var line = new StringBuilder();
    boolean complete =
        Patience.until(
            () -> {
              try {
                while (in.available() > 0) {
                  int next = in.read();
                  if (next == '\n' || next == '\r' || line.length() >= LONGEST_ANSWER) {
                    return true;
                  }
                  line.append((char) next);
                }
                return false;
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            within);
    if (!complete) {
      throw BringupException.infrastructure(
          outlet.name() + " gave no answer within " + Durations.format(within),
          "answer at the terminal; \"within\" gives more time");
    }
    return line.toString();
  }
}
