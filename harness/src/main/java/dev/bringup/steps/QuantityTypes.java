package dev.bringup.steps;

import dev.bringup.board.BootStage;
import dev.bringup.units.Address;
import dev.bringup.units.ByteSize;
import dev.bringup.units.Durations;
import dev.bringup.units.Version;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.Verdict;
import io.cucumber.java.ParameterType;
import java.time.Duration;
import java.util.Arrays;

/** The parameter types of the step vocabulary. */
public final class QuantityTypes {

  /** {@code 120 s}, {@code 500 ms}, {@code 2 min}. */
  @ParameterType("\\d+(?:\\.\\d+)? ?(?:ms|s|min|h)")
  public Duration duration(String text) {
    return Durations.parse(text);
  }

  /** {@code 768 MiB}, {@code 5000 B}. */
  @ParameterType("\\d+ ?(?:B|KiB|MiB|GiB|TiB)")
  public ByteSize size(String text) {
    return ByteSize.parse(text);
  }

  /** {@code 0x40200000}. */
  @ParameterType("0x[0-9a-fA-F_]+")
  public Address address(String text) {
    return Address.parse(text);
  }

  /** {@code 1st}, {@code 500th}. */
  @ParameterType("(\\d+)(?:st|nd|rd|th)")
  public long nth(String number) {
    return Long.parseLong(number);
  }

  /** {@code bootloader}, {@code the bootloader}, {@code dom0}. */
  @ParameterType("(?:the )?(off|rom|firmware|bootloader|hypervisor|dom0|guest|kernel|userland)")
  public BootStage stage(String word) {
    return BootStage.of(word)
        .orElseThrow(() -> BringupException.configuration("no boot stage \"" + word + "\""));
  }

  /** {@code 4.14}, {@code 2023.01}. */
  @ParameterType("\\d+(?:\\.\\d+)*")
  public Version version(String text) {
    return Version.parse(text);
  }

  /** {@code product failure}, {@code infrastructure error}, {@code unknown}. */
  @ParameterType("passed|product failure|infrastructure error|unknown")
  public Verdict verdict(String text) {
    return Arrays.stream(Verdict.values())
        .filter(verdict -> verdict.text().equals(text))
        .findFirst()
        .orElseThrow();
  }
}
