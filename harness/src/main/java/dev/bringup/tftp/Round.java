package dev.bringup.tftp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What one look at the sockets found is read from all of them before any of it is answered. Else a
 * client that is as fast as the server goes to sleep and must be woken after each packet, and the
 * wake-up costs the server as much as the packet. Belongs to the event loop.
 */
final class Round implements Runnable {
  private final Executor loop;
  private List<Session> heard = new ArrayList<>();
  private List<Session> answered = new ArrayList<>();

  /**
   * @param loop runs a task after it has read all sockets that were ready
   */
  Round(Executor loop) {
    this.loop = loop;
  }

  void heard(Session session) {
    if (heard.isEmpty()) {
      loop.execute(this);
    }
    heard.add(session);
  }

  @Override
  public void run() {
    List<Session> now = heard;
    heard = answered;
    answered = now;
    now.forEach(Session::answer);
    now.clear();
  }
}
