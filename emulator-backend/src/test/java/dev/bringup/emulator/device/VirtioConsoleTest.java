package dev.bringup.emulator.device;

import static dev.bringup.emulator.device.VirtioGuest.get;
import static dev.bringup.emulator.device.VirtioGuest.kick;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.emulator.device.VirtioGuest.Part;
import dev.bringup.emulator.device.VirtioGuest.Ring;
import dev.bringup.emulator.device.VirtioGuest.Used;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What the guest prints and what is typed to it. */
class VirtioConsoleTest {
  private final VirtioGuest guest = new VirtioGuest();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private int roomMade;
  private final VirtioConsole console = new VirtioConsole(new Port());
  private final VirtioMmio device = new VirtioMmio(console, guest, guest::line, false);

  private final class Port implements VirtioConsole.ConsolePort {
    @Override
    public void sent(byte[] bytes) {
      printed.writeBytes(bytes);
    }

    @Override
    public void roomMade() {
      roomMade++;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  private String text(Part part, int length) {
    return new String(guest.bytes(part.address(), length), US_ASCII);
  }

  @Test
  void whatTheGuestPrintsArrivesInOrder() {
    Ring transmit = guest.start(device, 0, 16, 16)[1];
    transmit.offer(guest.out(ascii("log")), guest.out(ascii("in: ")));
    transmit.offer(guest.out(ascii("root")));
    kick(device, 1);
    assertThat(printed.toString(US_ASCII)).isEqualTo("login: root");
    assertThat(transmit.collect()).containsExactly(new Used(0, 0), new Used(2, 0));
    assertThat(guest.rises).isEqualTo(1);
  }

  @Test
  void longOutputIsWhole() {
    Ring transmit = guest.start(device, 0, 16, 16)[1];
    String text = "0123456789abcdef!".repeat(1000);
    transmit.offer(guest.out(ascii(text)));
    kick(device, 1);
    assertThat(printed.toString(US_ASCII)).isEqualTo(text);
  }

  @Test
  void outputThatNamesTheSameMemoryAgainAndAgainIsRefused() {
    Ring transmit = guest.start(device, 0, 16, 16)[1];
    var parts = new Part[16];
    Arrays.fill(parts, new Part(VirtioGuest.RAM, VirtioGuest.RAM_SIZE, false));
    assertThat(16L * VirtioGuest.RAM_SIZE).isGreaterThan(1 << 20);
    transmit.offer(parts);
    kick(device, 1);
    assertThat(printed.size()).isZero();
    assertThat(get(device, VirtioMmio.STATUS) & VirtioMmio.NEEDS_RESET).isNotZero();
  }

  @Test
  void typedBytesFillTheBuffersThatThereAre() {
    assertThat(console.receive(ascii("x"), device)).as("before the driver").isZero();
    Ring receive = guest.start(device, 0, 16, 16)[0];
    assertThat(console.receive(ascii("x"), device)).isZero();
    assertThat(guest.line).isFalse();
    Part first = guest.in(4);
    Part second = guest.in(8);
    receive.offer(first);
    receive.offer(second);
    int before = roomMade;
    kick(device, 0);
    assertThat(roomMade).isEqualTo(before + 1);
    assertThat(console.receive(ascii("reboot"), device)).isEqualTo(6);
    assertThat(receive.collect()).containsExactly(new Used(0, 4), new Used(1, 2));
    assertThat(text(first, 4) + text(second, 2)).isEqualTo("reboot");
    assertThat(guest.rises).isEqualTo(1);
  }

  @Test
  void whatTheGuestHasNoBufferForIsNotTaken() {
    Ring receive = guest.start(device, 0, 16, 16)[0];
    receive.offer(guest.in(4));
    assertThat(console.receive(ascii("reboot"), device)).isEqualTo(4);
    assertThat(console.receive(ascii("ot"), device)).isZero();
    assertThat(receive.collect()).containsExactly(new Used(0, 4));
  }

  @Test
  void nothingTypedTakesNoBuffer() {
    Ring receive = guest.start(device, 0, 16, 16)[0];
    receive.offer(guest.in(4));
    assertThat(console.receive(new byte[0], device)).isZero();
    assertThat(receive.collect()).isEmpty();
  }

  @Test
  void theEmergencyWriteNeedsNoQueues() {
    assertThat(get(device, VirtioMmio.DEVICE_FEATURES) & 4).isNotZero();
    device.write(VirtioMmio.CONFIGURATION + 8, 4, 'P');
    device.write(VirtioMmio.CONFIGURATION + 8, 4, '!');
    device.write(VirtioMmio.CONFIGURATION, 4, 'x');
    assertThat(printed.toString(US_ASCII)).isEqualTo("P!");
    assertThat(device.read(VirtioMmio.CONFIGURATION + 8, 4)).isZero();
  }

  @Test
  void aRestoredConsoleGoesOnWhereTheSavedOneWas() {
    Ring[] rings = guest.start(device, 0, 16, 16);
    rings[0].offer(guest.in(1));
    rings[0].offer(guest.in(1));
    assertThat(console.receive(ascii("a"), device)).isEqualTo(1);
    var otherConsole = new VirtioConsole(new Port());
    var other = new VirtioMmio(otherConsole, guest, guest::line, false);
    StateTape.copy(device, other);
    assertThat(otherConsole.receive(ascii("bc"), other)).isEqualTo(1);
    assertThat(rings[0].collect()).containsExactly(new Used(0, 1), new Used(1, 1));
  }
}
