package dev.bringup.transport;

import dev.bringup.verdict.BringupException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How bits go over a serial line.
 *
 * @param baud bits a second, 1 to 20,000,000
 * @param dataBits 5 to 8
 * @param dtr what becomes of DTR when the port is opened
 * @param rts what becomes of RTS when the port is opened
 */
public record LineSettings(
    int baud,
    int dataBits,
    Parity parity,
    StopBits stopBits,
    FlowControl flowControl,
    AtOpen dtr,
    AtOpen rts) {

  /** The parity bit. */
  public enum Parity {
    NONE,
    ODD,
    EVEN,
    MARK,
    SPACE;

    char letter() {
      return name().charAt(0);
    }
  }

  /** Length of the stop bit. */
  public enum StopBits {
    ONE("1"),
    ONE_AND_A_HALF("1.5"),
    TWO("2");

    private final String text;

    StopBits(String text) {
      this.text = text;
    }
  }

  /** Who says when to wait. */
  public enum FlowControl {
    NONE,
    XON_XOFF,
    RTS_CTS
  }

  /** A control line when a port is opened: as the host's driver leaves it, or set at once. */
  public enum AtOpen {
    KEEP,
    ON,
    OFF
  }

  private static final int MAX_BAUD = 20_000_000;
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,8})(?:[ ,/]?([5-8])([noems])(1\\.5|1|2))?");

  /** 115200 baud, 8 data bits, no parity, one stop bit, no flow control. */
  public static final LineSettings DEFAULT = of(115_200);

  public LineSettings {
    if (baud < 1 || baud > MAX_BAUD || dataBits < 5 || dataBits > 8) {
      throw BringupException.configuration(
          "serial line with "
              + baud
              + " baud and "
              + dataBits
              + " data bits; there are 1 to "
              + MAX_BAUD
              + " baud and 5 to 8 bits");
    }
  }

  /** 8 data bits, no parity, one stop bit, no flow control. */
  public static LineSettings of(int baud) {
    return new LineSettings(
        baud, 8, Parity.NONE, StopBits.ONE, FlowControl.NONE, AtOpen.KEEP, AtOpen.KEEP);
  }

  /**
   * Reads {@code 1500000}, {@code 115200 8n1}, {@code 9600,7e1}.
   *
   * @throws BringupException (configuration) if it is something else
   */
  public static LineSettings parse(String text) {
    Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!form.matches()) {
      throw BringupException.configuration(
          "\"" + text + "\" is no serial line; right is for example \"115200 8n1\"");
    }
    LineSettings plain = of(Integer.parseInt(form.group(1)));
    return form.group(2) == null
        ? plain
        : plain.framed(
            Integer.parseInt(form.group(2)), parity(form.group(3)), stopBits(form.group(4)));
  }

  private static Parity parity(String letter) {
    for (Parity each : Parity.values()) {
      if (Character.toLowerCase(each.letter()) == letter.charAt(0)) {
        return each;
      }
    }
    throw new IllegalArgumentException(letter);
  }

  private static StopBits stopBits(String text) {
    for (StopBits each : StopBits.values()) {
      if (each.text.equals(text)) {
        return each;
      }
    }
    throw new IllegalArgumentException(text);
  }

  /** The same line with another frame. */
  public LineSettings framed(int bits, Parity parityBit, StopBits stop) {
    return new LineSettings(baud, bits, parityBit, stop, flowControl, dtr, rts);
  }

  /** The same line with another flow control. */
  public LineSettings with(FlowControl flow) {
    return new LineSettings(baud, dataBits, parity, stopBits, flow, dtr, rts);
  }

  /** The same line with DTR and RTS set when it is opened. */
  public LineSettings lines(AtOpen dtrAtOpen, AtOpen rtsAtOpen) {
    return new LineSettings(baud, dataBits, parity, stopBits, flowControl, dtrAtOpen, rtsAtOpen);
  }

  /** As people write it: {@code 115200 8n1}. */
  @Override
  public String toString() {
    return baud + " " + dataBits + Character.toLowerCase(parity.letter()) + stopBits.text;
  }
}
