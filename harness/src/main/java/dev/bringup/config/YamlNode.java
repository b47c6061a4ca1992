package dev.bringup.config;

import dev.bringup.units.Address;
import dev.bringup.units.ByteSize;
import dev.bringup.units.Durations;
import dev.bringup.units.QuantityException;
import dev.bringup.units.Version;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A value in a YAML file that knows where it stands. Immutable.
 *
 * <p>The reading methods ({@link #text()}, {@link #get(String)}, ...) fail with the value's
 * position; in a tree that a {@link Schema} has checked they fail only if schema and reader
 * disagree.
 */
public sealed interface YamlNode {

  /** Where the value begins. */
  Position at();

  /** What the value is, in words: {@code a list}. */
  String what();

  /** What a plain scalar means by the YAML 1.2 core schema. */
  enum Kind {
    TEXT,
    INTEGER,
    NUMBER,
    BOOLEAN,
    NULL
  }

  /**
   * A single value.
   *
   * @param text as written, without quotes
   */
  record Scalar(Position at, String text, Kind kind) implements YamlNode {
    /** The value of a scalar of kind INTEGER or NUMBER. */
    BigDecimal number() {
      String digits = text.replaceFirst("^[-+]", "");
      BigDecimal value =
          digits.startsWith("0x")
              ? new BigDecimal(new BigInteger(digits.substring(2), 16))
              : digits.startsWith("0o")
                  ? new BigDecimal(new BigInteger(digits.substring(2), 8))
                  : new BigDecimal(digits);
      return text.startsWith("-") ? value.negate() : value;
    }

    @Override
    public String what() {
      return switch (kind) {
        case TEXT -> "the text " + Words.quote(text);
        case INTEGER, NUMBER -> "the number " + text;
        case BOOLEAN -> text;
        case NULL -> "nothing";
      };
    }
  }

  /** A list. */
  record Sequence(Position at, List<YamlNode> items) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String what() {
      return "a list";
    }
  }

  /** A map; its keys keep the file's order. */
  record Mapping(Position at, Map<String, Entry> entries) implements YamlNode {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public String what() {
      return "a map";
    }

    /**
     * Checks that no key is one that nobody reads.
     *
     * @param owner whose map this is: {@code the power driver tasmota}
     * @param known all keys that it reads
     * @throws ConfigurationException that names the place of the first unknown key
     */
    public void requireKnown(String owner, Set<String> known) {
      entries.forEach((key, entry) -> {
        if (!known.contains(key)) {
          throw new ConfigurationException(
              entry.keyAt(),
              owner
                  + " has no setting "
                  + Words.quote(key)
                  + Words.suggestion(key, new TreeSet<>(known), "it has"));
        }
      });
    }
  }

  /** A key's place, and its value. */
  record Entry(Position keyAt, YamlNode value) {}

  /** The value of {@code key}, if the map has it. */
  default Optional<YamlNode> find(String key) {
    return Optional.ofNullable(map().entries().get(key)).map(Entry::value);
  }

  /** The value of {@code key}, which must be there. */
  default YamlNode get(String key) {
    return find(key).orElseThrow(() -> wrong("missing key " + Words.quote(key)));
  }

  /** Where {@code key} itself stands; it must be there. */
  default Position keyAt(String key) {
    Entry entry = map().entries().get(key);
    if (entry == null) {
      throw wrong("missing key " + Words.quote(key));
    }
    return entry.keyAt();
  }

  /** This map. */
  default Mapping map() {
    if (this instanceof Mapping mapping) {
      return mapping;
    }
    throw wrong("a map is needed here, not " + what());
  }

  /** The items of this list. */
  default List<YamlNode> items() {
    if (this instanceof Sequence sequence) {
      return sequence.items();
    }
    throw wrong("a list is needed here, not " + what());
  }

  /** The text of this value as it is written, whatever its kind. */
  default String text() {
    if (this instanceof Scalar(var _, String text, Kind kind) && kind != Kind.NULL) {
      return text;
    }
    throw wrong("a value is needed here, not " + what());
  }

  /** The texts of this list. */
  default List<String> texts() {
    return items().stream().map(YamlNode::text).toList();
  }

  /** This value as true or false. */
  default boolean bool() {
    if (this instanceof Scalar(var _, String text, Kind kind) && kind == Kind.BOOLEAN) {
      return Boolean.parseBoolean(text);
    }
    throw wrong("true or false is needed here, not " + what());
  }

  /** This value as a whole number. */
  default int integer() {
    if (this instanceof Scalar scalar && scalar.kind() == Kind.INTEGER) {
      try {
        return scalar.number().intValueExact();
      } catch (ArithmeticException e) {
        throw wrong(Words.quote(scalar.text()) + " is too large");
      }
    }
    throw wrong("a whole number is needed here, not " + what());
  }

  /** This value as a number with or without a fraction. */
  default double fraction() {
    if (this instanceof Scalar scalar
        && (scalar.kind() == Kind.INTEGER || scalar.kind() == Kind.NUMBER)) {
      return scalar.number().doubleValue();
    }
    throw wrong("a number is needed here, not " + what());
  }

  /** This value as a size. */
  default ByteSize size() {
    return quantity(ByteSize::parse);
  }

  /** This value as a duration. */
  default Duration duration() {
    return quantity(Durations::parse);
  }

  /** This value as an address. */
  default Address address() {
    return quantity(Address::parse);
  }

  /** This value as a version. */
  default Version version() {
    return quantity(Version::parse);
  }

  /** This value read by {@code parser}, whose {@link QuantityException} gets the position. */
  private <T> T quantity(Function<String, T> parser) {
    try {
      return parser.apply(text());
    } catch (QuantityException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  /** A failure about this value. */
  default ConfigurationException wrong(String message) {
    return new ConfigurationException(at(), message);
  }
}
