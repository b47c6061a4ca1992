package dev.bringup.run;

import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cucumber's message about a malformed feature, as one line in the form {@code file:line:column}.
 */
final class ParseErrors {
  private static final Pattern SOURCE = Pattern.compile("at:? (\\S+)");
  private static final Pattern PLACE = Pattern.compile("\\((\\d+):(\\d+)\\): (.*)");

  private ParseErrors() {}

  static String oneLine(Throwable error) {
    String message = String.valueOf(error.getMessage());
    Matcher source = SOURCE.matcher(message);
    Matcher place = PLACE.matcher(message);
    if (!source.find() || !place.find()) {
      return message.replaceAll("\\s*\\n\\s*", " ");
    }
    return "%s:%s:%s: %s"
        .formatted(file(source.group(1)), place.group(1), place.group(2), place.group(3));
  }

  private static String file(String uri) {
    try {
      URI parsed = URI.create(uri);
      Path here = Path.of("").toAbsolutePath();
      Path path = Path.of(parsed.isOpaque() ? parsed.getSchemeSpecificPart() : parsed.getPath());
      return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
    } catch (IllegalArgumentException e) {
      return uri;
    }
  }
}
