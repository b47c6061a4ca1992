package dev.bringup.config;

import dev.bringup.config.YamlNode.Entry;
import dev.bringup.config.YamlNode.Kind;
import dev.bringup.config.YamlNode.Mapping;
import dev.bringup.config.YamlNode.Scalar;
import dev.bringup.config.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Builds the tree of one document from the events of the YAML parser. */
final class YamlTree {
  static final int MAX_DEPTH = 32;
  private static final int LONGEST_NUMBER = 40;

  // YAML 1.2.2, section 10.3.2 (core schema), without its infinities
  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]++|0o[0-7]++|0x[0-9a-fA-F]++");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:\\.[0-9]++|[0-9]++(?:\\.[0-9]*+)?)(?:[eE][-+]?[0-9]{1,3})?");

  private final String file;
  private final String text;
  private final Iterator<Event> events;

  YamlTree(String file, String text) {
    this.file = file;
    this.text = text;
    LoadSettings settings = LoadSettings.builder().setLabel(file).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  YamlNode read() {
    try {
      return document();
    } catch (MarkedYamlEngineException e) {
      throw syntax(e);
    } catch (ReaderException e) {
      throw new ConfigurationException(
          positionOf(e.getPosition()),
          "the character U+%04X is not allowed in YAML".formatted(e.getCodePoint()));
    } catch (YamlEngineException e) {
      throw new ConfigurationException(
          Position.of(file), "not YAML: " + oneLine(String.valueOf(e.getMessage())));
    }
  }

  private YamlNode document() {
    events.next(); // stream start
    if (events.next().getEventId() == Event.ID.StreamEnd) {
      throw new ConfigurationException(
          Position.of(file), "is empty; a map of keys and values is needed");
    }
    YamlNode root = node(events.next(), 0);
    events.next(); // document end
    Event after = events.next();
    if (after.getEventId() != Event.ID.StreamEnd) {
      throw new ConfigurationException(
          position(after), "a second document begins; one file is one document");
    }
    return root;
  }

  private YamlNode node(Event event, int depth) {
    Position at = position(event);
    if (depth > MAX_DEPTH) {
      throw new ConfigurationException(at, "nested deeper than " + MAX_DEPTH + " levels");
    }
    refuseAnchorsAndTags(event, at);
    return switch (event) {
      case ScalarEvent scalar -> new Scalar(at, scalar.getValue(), kind(scalar));
      case SequenceStartEvent _ -> sequence(at, depth);
      case MappingStartEvent _ -> mapping(at, depth);
      default -> throw new IllegalStateException("unexpected event " + event);
    };
  }

  private void refuseAnchorsAndTags(Event event, Position at) {
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      throw new ConfigurationException(
          at, "anchors and aliases (& and *) are not read here; write the value out or quote it");
    }
    Optional<String> tag =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag();
          case SequenceStartEvent sequence -> sequence.getTag();
          case MappingStartEvent mapping -> mapping.getTag();
          default -> Optional.empty();
        };
    if (tag.isPresent()) {
      throw new ConfigurationException(
          at, "tags such as " + Words.quote(tag.get()) + " are not read here; quote the value");
    }
  }

  private Sequence sequence(Position at, int depth) {
    List<YamlNode> items = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      items.add(node(event, depth + 1));
    }
    return new Sequence(at, items);
  }

  private Mapping mapping(Position at, int depth) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      Position keyAt = position(event);
      if (!(node(event, depth + 1) instanceof Scalar(var _, String key, Kind kind))
          || kind == Kind.NULL) {
        throw new ConfigurationException(keyAt, "a key must be a word");
      }
      YamlNode value = node(events.next(), depth + 1);
      Entry earlier = entries.putIfAbsent(key, new Entry(keyAt, value));
      if (earlier != null) {
        throw new ConfigurationException(
            keyAt,
            "duplicate key %s; it already stands in line %d"
                .formatted(Words.quote(key), earlier.keyAt().line()));
      }
    }
    return new Mapping(at, entries);
  }

  private static Kind kind(ScalarEvent scalar) {
    if (!scalar.isPlain()) {
      return Kind.TEXT;
    }
    String value = scalar.getValue();
    return switch (value) {
      case "", "~", "null", "Null", "NULL" -> Kind.NULL;
      case "true", "True", "TRUE", "false", "False", "FALSE" -> Kind.BOOLEAN;
      default -> {
        if (value.length() > LONGEST_NUMBER) {
          yield Kind.TEXT;
        }
        if (INTEGER.matcher(value).matches()) {
          yield Kind.INTEGER;
        }
        yield NUMBER.matcher(value).matches() ? Kind.NUMBER : Kind.TEXT;
      }
    };
  }

  private ConfigurationException syntax(MarkedYamlEngineException e) {
    Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
    Position at = mark.map(this::position).orElse(Position.of(file));
    if (mark.isPresent() && isTab(mark.get())) {
      return new ConfigurationException(at, "a tab stands here; YAML wants spaces for indentation");
    }
    String context = e.getContext() == null ? "" : e.getContext() + ": ";
    return new ConfigurationException(at, "not YAML: " + oneLine(context + e.getProblem()));
  }

  private boolean isTab(Mark mark) {
    int index = mark.getIndex();
    return index >= 0
        && index < text.codePointCount(0, text.length())
        && text.codePointAt(text.offsetByCodePoints(0, index)) == '\t';
  }

  private Position position(Event event) {
    return event.getStartMark().map(this::position).orElse(Position.of(file));
  }

  private Position position(Mark mark) {
    return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private Position positionOf(int codePoint) {
    int end = Math.min(Math.max(codePoint, 0), text.codePointCount(0, text.length()));
    String before = text.substring(0, text.offsetByCodePoints(0, end));
    int lineStart = before.lastIndexOf('\n') + 1;
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return new Position(file, line, before.codePointCount(lineStart, before.length()) + 1);
  }

  private static String oneLine(String message) {
    return message.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("");
  }
}
