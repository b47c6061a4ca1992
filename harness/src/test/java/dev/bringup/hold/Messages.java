package dev.bringup.hold;

import dev.bringup.power.PowerState;
import dev.bringup.verdict.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** One message of each kind. */
final class Messages {
  private Messages() {}

  static List<HoldMessage> all() {
    return List.of(
        new HoldMessage.Attach(HoldMessage.VERSION, HoldMessage.From.RESET, "console (me, 1)"),
        HoldMessage.Type.copyOf(new byte[] {0, 3, (byte) 0xff, 7}, 0, 3),
        new HoldMessage.Keyboard(HoldMessage.Wish.TAKE),
        new HoldMessage.Power(HoldMessage.Switch.CYCLE),
        new HoldMessage.Reset(),
        new HoldMessage.Break(),
        new HoldMessage.Mark("Grüße"),
        new HoldMessage.Watch("dom0"),
        new HoldMessage.Search("panic", Long.MAX_VALUE),
        new HoldMessage.Look(),
        new HoldMessage.Release(),
        HoldMessage.Said.copyOf("U-Boot".getBytes(StandardCharsets.US_ASCII), 0, 6),
        new HoldMessage.Notice("the keyboard is free"),
        new HoldMessage.State(PowerState.ON, "me", true, 2, "firmware", List.of("firmware", "xen")),
        new HoldMessage.Found(1L << 40, 12_345, "=> version"),
        new HoldMessage.Answer(Optional.of(FailureKind.INFRASTRUCTURE), "no power"),
        new HoldMessage.Answer(Optional.empty(), ""),
        new HoldMessage.Ended("given back"));
  }
}
