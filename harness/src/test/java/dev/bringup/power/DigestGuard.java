package dev.bringup.power;

import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;

/** A server's side of Digest authentication (RFC 7616), with one nonce. curl passes it. */
final class DigestGuard {
  private static final String NONCE = "1625038762";
  private static final Pattern PART = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|([^\\s,]+))");

  private final String realm;
  private final String algorithm;
  private final String password;

  DigestGuard(String realm, String algorithm, String password) {
    this.realm = realm;
    this.algorithm = algorithm;
    this.password = password;
  }

  /** Whether the request has the right answer; if not, the response gets the challenge. */
  boolean lets(HttpExchange exchange) {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    if (given != null && given.startsWith("Digest ")) {
      var parts = new HashMap<String, String>();
      PART.matcher(given)
          .results()
          .forEach(part ->
              parts.put(part.group(1), part.group(2) != null ? part.group(2) : part.group(3)));
      if (right(exchange, parts)) {
        return true;
      }
    }
    exchange
        .getResponseHeaders()
        .set(
            "WWW-Authenticate",
            "Digest qop=\"auth\", realm=\"%s\", nonce=\"%s\", algorithm=%s"
                .formatted(realm, NONCE, algorithm));
    return false;
  }

  private boolean right(HttpExchange exchange, Map<String, String> parts) {
    String a1 = hash("admin:" + realm + ":" + password);
    String a2 = hash(exchange.getRequestMethod() + ":" + exchange.getRequestURI());
    String response =
        hash(
            String.join(
                ":", a1, NONCE, parts.get("nc"), parts.get("cnonce"), parts.get("qop"), a2));
    return response.equals(parts.get("response"))
        && "admin".equals(parts.get("username"))
        && exchange.getRequestURI().toString().equals(parts.get("uri"));
  }

  private String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
