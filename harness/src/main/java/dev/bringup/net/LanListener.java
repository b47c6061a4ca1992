package dev.bringup.net;

/** Hears what happens on a bench LAN. */
@FunctionalInterface
public interface LanListener {
  /** Called on the network's threads, at times on two at once; must be quick and must not block. */
  void onEvent(LanEvent event);
}
