package dev.bringup.report;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Builds HTML. All text and all attribute values go through one place that makes them printable and
 * escapes them.
 */
final class Html {
  private final StringBuilder out = new StringBuilder(1 << 16);

  /** Markup that was written by us, word for word. */
  Html raw(String markup) {
    out.append(markup);
    return this;
  }

  Html text(String text) {
    escape(Printable.text(text));
    return this;
  }

  /** An opening tag; {@code attributes} are names and values in turn. */
  Html open(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(Printable.text(attributes[i + 1]));
      out.append('"');
    }
    out.append('>');
    return this;
  }

  Html close(String tag) {
    out.append("</").append(tag).append('>');
    return this;
  }

  /** A whole element that holds only text. */
  Html element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close(tag);
  }

  /** A link to a file below the folder of the page. */
  Html file(String folder, String name) {
    String reference;
    try {
      // the leading dot keeps a folder that looks like a scheme from being one
      reference = "./" + new URI(null, null, "/" + folder, null).getRawPath().substring(1);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not a path: " + folder, e);
    }
    return element("a", name, "href", reference + "/" + name);
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
