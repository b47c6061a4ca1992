package dev.bringup.power;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.bringup.power.PowerSwitchContractSuite.Mood;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The small web server in a power switch. */
abstract class HttpFarEnd implements PowerSwitchContractSuite.FarEnd {
  /** What a device says: status and body. */
  record Reply(int status, String body) {
    static Reply ok(String body) {
      return new Reply(200, body);
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile Mood mood = Mood.WELL;
  private volatile boolean power;

  HttpFarEnd() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** A working device. */
  abstract Reply reply(HttpExchange exchange, String body) throws IOException;

  int port() {
    return server.getAddress().getPort();
  }

  /** An order that a stuck relay takes and does not carry out. */
  void order(boolean on) {
    if (mood != Mood.STUCK) {
      power = on;
    }
  }

  static Map<String, String> query(URI uri) {
    var query = new HashMap<String, String>();
    if (uri.getRawQuery() != null) {
      for (String pair : uri.getRawQuery().split("&")) {
        String[] parts = pair.split("=", 2);
        query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      switch (mood) {
        case WELL, STUCK -> send(exchange, reply(exchange, body));
        case GARBAGE ->
            send(exchange, Reply.ok("<html>\n\u001b[31mGateway " + "x".repeat(5000) + "\u0000"));
        case SILENT -> end.await();
        case ENDLESS -> {
          exchange.sendResponseHeaders(200, 0);
          var block = new byte[8192];
          while (end.getCount() > 0) {
            exchange.getResponseBody().write(block);
          }
        }
        case ABSENT -> throw new AssertionError("is not there");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public boolean powered() {
    return power;
  }

  @Override
  public void turn(boolean on) {
    power = on;
  }

  @Override
  public void become(Mood mood) {
    this.mood = mood;
    if (mood == Mood.ABSENT) {
      server.stop(0);
    }
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
