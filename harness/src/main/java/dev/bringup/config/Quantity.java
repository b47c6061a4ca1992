package dev.bringup.config;

import dev.bringup.units.Address;
import dev.bringup.units.ByteSize;
import dev.bringup.units.Durations;
import dev.bringup.units.QuantityException;
import dev.bringup.units.Version;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What the keyword {@code x-quantity} of our schemas can ask of a text. */
enum Quantity {
  SIZE("a size such as 768 MiB") {
    @Override
    void read(String text) {
      var _ = ByteSize.parse(text);
    }
  },
  DURATION("a duration such as 120 s") {
    @Override
    void read(String text) {
      var _ = Durations.parse(text);
    }
  },
  ADDRESS("an address such as 0x40200000") {
    @Override
    void read(String text) {
      var _ = Address.parse(text);
    }
  },
  VERSION("a version such as 4.14") {
    @Override
    void read(String text) {
      var _ = Version.parse(text);
    }
  },
  REGEX("a regular expression") {
    @Override
    void read(String text) {
      if (Pattern.compile(text).matcher("").find()) {
        throw new PatternSyntaxException("it matches the empty text, so always", text, -1);
      }
    }
  };

  private final String words;

  Quantity(String words) {
    this.words = words;
  }

  /** What is wanted, in words. */
  String words() {
    return words;
  }

  abstract void read(String text);

  /** What is wrong with {@code text}, if anything is. */
  Optional<String> problem(String text) {
    try {
      read(text);
      return Optional.empty();
    } catch (QuantityException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (PatternSyntaxException e) {
      String where = e.getIndex() < 0 ? "" : " at character " + (e.getIndex() + 1);
      return Optional.of(
          Words.quote(text) + " is not a usable regular expression: " + e.getDescription() + where);
    }
  }

  static Quantity of(String keyword) {
    return valueOf(keyword.toUpperCase(Locale.ROOT));
  }
}
