package dev.bringup.power;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A user and a password for servers that ask for them: Basic (RFC 7617) and Digest (RFC 7616, MD5
 * and SHA-256, quality of protection {@code auth} or none). Pure but for the client's nonce.
 */
final class HttpLogin {
  private static final Pattern PARAMETER =
      Pattern.compile("([A-Za-z-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]++))");
  private static final Pattern SCHEME =
      Pattern.compile("(?:^|,)\\s*(Basic|Digest)(?=\\s|$|,)", Pattern.CASE_INSENSITIVE);
  private static final int LONGEST_CHALLENGE = 4096;

  private final String user;
  private final Secret password;
  private final Supplier<String> nonces;

  HttpLogin(String user, Secret password) {
    this(user, password, HttpLogin::randomNonce);
  }

  HttpLogin(String user, Secret password, Supplier<String> nonces) {
    this.user = user;
    this.password = password;
    this.nonces = nonces;
  }

  /**
   * Answers the best of the challenges that can be answered: Digest with SHA-256, Digest with MD5,
   * Basic.
   *
   * @param challenges values of {@code WWW-Authenticate}
   * @param target of the request, path and query
   * @return the value of {@code Authorization}; empty if there is no such challenge
   */
  Optional<String> answer(List<String> challenges, String method, String target) {
    Optional<String> best = Optional.empty();
    int bestRank = 0;
    for (String header : challenges) {
      for (Challenge challenge : challenges(header)) {
        int rank = challenge.digest() && cannotBeRepeated(user) ? 0 : challenge.rank();
        if (rank > bestRank) {
          bestRank = rank;
          best = Optional.of(challenge.digest() ? digest(challenge, method, target) : basic());
        }
      }
    }
    return best;
  }

  /** One scheme of a header, with its parameters by their names in lower case. */
  private record Challenge(boolean digest, Map<String, String> parameters) {
    private String get(String key) {
      return parameters.getOrDefault(key, "");
    }

    private String algorithm() {
      return parameters.getOrDefault("algorithm", "MD5").toUpperCase(Locale.ROOT);
    }

    private boolean hasQop() {
      return !get("qop").isEmpty();
    }

    /** How good it is; 0 if it cannot be answered. */
    private int rank() {
      if (!digest) {
        return 1;
      }
      if (parameters.values().stream().anyMatch(HttpLogin::cannotBeRepeated)) {
        return 0;
      }
      boolean auth = !hasQop() || List.of(get("qop").split("\\s*,\\s*")).contains("auth");
      if (get("nonce").isEmpty() || !auth) {
        return 0;
      }
      return switch (algorithm()) {
        case "SHA-256" -> 3;
        case "MD5" -> 2;
        default -> 0;
      };
    }
  }

  private static List<Challenge> challenges(String header) {
    if (header.length() > LONGEST_CHALLENGE) {
      return List.of();
    }
    var found = new ArrayList<Challenge>();
    Matcher scheme = SCHEME.matcher(header);
    int start = scheme.find() ? scheme.end() : -1;
    while (start >= 0) {
      boolean digest = scheme.group(1).equalsIgnoreCase("digest");
      boolean more = scheme.find();
      String rest = header.substring(start, more ? scheme.start() : header.length());
      var parameters = new HashMap<String, String>();
      Matcher parameter = PARAMETER.matcher(rest);
      while (parameter.find()) {
        String quoted = parameter.group(2);
        parameters.put(
            parameter.group(1).toLowerCase(Locale.ROOT),
            quoted == null ? parameter.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
      }
      found.add(new Challenge(digest, parameters));
      start = more ? scheme.end() : -1;
    }
    return found;
  }

  /** Whether a header of ours may not have this text. */
  private static boolean cannotBeRepeated(String text) {
    return text.chars().anyMatch(c -> c < ' ' || c > '~');
  }

  private String basic() {
    byte[] pair = (user + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /** RFC 7616, section 3.4. */
  private String digest(Challenge challenge, String method, String target) {
    String algorithm = challenge.algorithm();
    String realm = challenge.get("realm");
    String nonce = challenge.get("nonce");
    String cnonce = nonces.get();
    String a1 = hash(algorithm, user + ":" + realm + ":" + password.reveal());
    String a2 = hash(algorithm, method + ":" + target);
    String response =
        challenge.hasQop()
            ? hash(algorithm, String.join(":", a1, nonce, "00000001", cnonce, "auth", a2))
            : hash(algorithm, String.join(":", a1, nonce, a2));
    var header = new StringBuilder("Digest ");
    header.append("username=").append(quoted(user));
    header.append(", realm=").append(quoted(realm));
    header.append(", nonce=").append(quoted(nonce));
    header.append(", uri=").append(quoted(target));
    header.append(", algorithm=").append(algorithm);
    if (challenge.hasQop()) {
      header.append(", qop=auth, nc=00000001, cnonce=").append(quoted(cnonce));
    }
    header.append(", response=").append(quoted(response));
    if (!challenge.get("opaque").isEmpty()) {
      header.append(", opaque=").append(quoted(challenge.get("opaque")));
    }
    return header.toString();
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static String hash(String algorithm, String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  private static String randomNonce() {
    var bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
