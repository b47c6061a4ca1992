package dev.bringup.power;

import dev.bringup.time.BoardClock;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * HTTP with the small server in a power switch: one exchange a connection, plain HTTP/1.1, no
 * proxy, no redirects, at most {@value #MAX_BODY} bytes of answer, all of it within the time limit.
 * Nothing stays open between exchanges. Thread-safe.
 *
 * @param login used when the server asks for it
 */
record OutletHttp(
    Outlet outlet, String host, int port, Duration within, Optional<HttpLogin> login) {
  static final int MAX_BODY = 64 * 1024;
  private static final Duration USUALLY_WITHIN = Duration.ofSeconds(5);

  /**
   * The server that {@code host}, {@code port} and {@code within} in the settings name.
   *
   * @param what the outlet without its place: {@code outlet 3 of netio}
   * @param user for HTTP authentication where the settings have a password and no user
   */
  static OutletHttp open(DriverSettings settings, String what, int port, String user) {
    String host = settings.host();
    Optional<Secret> password = settings.secret("password");
    return new OutletHttp(
        new Outlet(what + " at " + host, password.map(List::of).orElse(List.of())),
        host,
        settings.port(port),
        settings.within(USUALLY_WITHIN),
        password.map(secret -> new HttpLogin(settings.optionalText("user").orElse(user), secret)));
  }

  /** {@code text} as it may stand in a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Asks.
   *
   * @param target path and query, encoded
   * @return the body of an answer with status 200
   */
  String get(String target) {
    return send(HttpRequest.newBuilder().GET(), "GET", target);
  }

  /** Sends JSON, and returns the body of an answer with status 200. */
  String post(String target, String json) {
    return send(
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)),
        "POST",
        target);
  }

  @SuppressWarnings("resource") // shut down at once; close would wait for a peer's courtesy
  private String send(HttpRequest.Builder request, String method, String target) {
    request.uri(URI.create("http://" + DriverSettings.bracketed(host) + ":" + port + target));
    BoardClock clock = BoardClock.system();
    long deadline = clock.nanos() + within.toNanos();
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(within)
            .build();
    try {
      HttpResponse<byte[]> response = exchange(client, request.build(), within.toNanos());
      if (response.statusCode() == 401 && login.isPresent()) {
        Optional<String> answer =
            login.get().answer(response.headers().allValues("WWW-Authenticate"), method, target);
        if (answer.isPresent()) {
          request.setHeader("Authorization", answer.get());
          response = exchange(client, request.build(), deadline - clock.nanos());
        }
      }
      return body(response);
    } finally {
      client.shutdownNow();
    }
  }

  private HttpResponse<byte[]> exchange(HttpClient client, HttpRequest request, long nanos) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY));
    try {
      return outlet.await(answer, nanos, within);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private RuntimeException failure(@Nullable Throwable cause) {
    return switch (cause) {
      case HttpConnectTimeoutException _ -> outlet.silent(within);
      case ConnectException e when isUnresolved(e) ->
          outlet.unreachable("there is no host of this name", "check \"host\" in the board file");
      case ConnectException _ ->
          outlet.unreachable(
              "port " + port + " takes no connection",
              "check \"host\" and \"port\" and the network");
      case IOException e -> outlet.broken("HTTP", String.valueOf(e.getMessage()));
      case null, default -> throw new IllegalStateException("HTTP client failed", cause);
    };
  }

  /** The client hides it a few causes deep. */
  private static boolean isUnresolved(Throwable failure) {
    return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
        .limit(8)
        .anyMatch(UnresolvedAddressException.class::isInstance);
  }

  private String body(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    String text = new String(response.body(), StandardCharsets.UTF_8);
    if (status != 200) {
      throw outlet.refused(
          "HTTP status " + status,
          text,
          status == 401 || status == 403
              ? "check \"user\" and \"password\""
              : "check outlet number and kind of device in the board file");
    }
    return text;
  }
}
