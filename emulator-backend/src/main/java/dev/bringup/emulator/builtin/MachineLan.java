package dev.bringup.emulator.builtin;

import dev.bringup.board.BenchNetwork;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardFolder;
import dev.bringup.emulator.device.VirtualTime;
import dev.bringup.emulator.machine.VirtMachine;
import dev.bringup.net.MacAddress;
import dev.bringup.tftp.PacketPath;
import dev.bringup.tftp.TransferStarted;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A bench LAN that lives on a machine's own thread and in its time: what it answers, and when, is a
 * function of what the machine sends.
 */
final class MachineLan implements AutoCloseable {
  private final BenchNetwork network;
  private final MachineLink link;
  private final BoardFolder folder;
  private final MacAddress mac;
  private @Nullable Plug plug;

  /** The wire to one machine, from power-on to power-off. */
  private final class Plug {
    private final long start;
    private final VirtualTime.Alarm alarm;

    private Plug(VirtMachine machine, long start) {
      this.start = start;
      alarm = machine.time().alarm("lan", this::ring);
    }

    private void ring() {
      network.tick();
      setAlarm();
    }

    private void setAlarm() {
      long deadline = network.deadline();
      if (deadline == Long.MAX_VALUE) {
        alarm.cancel();
      } else {
        alarm.at(deadline - start);
      }
    }
  }

  private MachineLan(BenchNetwork network, MachineLink link, BoardFolder folder, MacAddress mac) {
    this.network = network;
    this.link = link;
    this.folder = folder;
    this.mac = mac;
  }

  /**
   * Opens a LAN that nothing is plugged into.
   *
   * @param clock tells the machine's thread the machine's time
   * @param capture file for all packets
   * @param problems told if the packets can no longer be recorded
   * @param faults gives the way of each TFTP transfer to the machine, null for a good one
   */
  static MachineLan open(
      BoardFile.Network settings,
      BoardClock clock,
      Optional<Path> capture,
      Consumer<BringupException> problems,
      Function<TransferStarted, @Nullable PacketPath> faults) {
    var link = new MachineLink();
    BoardFolder folder = BoardFolder.create();
    try {
      BenchNetwork network =
          BenchNetwork.inProcess(
              link, settings, folder.uploads(), clock, capture, problems, faults);
      return new MachineLan(network, link, folder, BenchNetwork.mac(settings));
    } catch (RuntimeException e) {
      folder.delete();
      throw e;
    }
  }

  BenchNetwork network() {
    return network;
  }

  /** What the machine's NIC is called. */
  byte[] mac() {
    return Arrays.copyOfRange(ByteBuffer.allocate(Long.BYTES).putLong(mac.bits()).array(), 2, 8);
  }

  /**
   * Plugs in a machine that has no power yet.
   *
   * @param start the instant of the LAN's time at which the machine's time is 0
   */
  void plug(VirtMachine machine, long start) {
    plug = new Plug(machine, start);
    link.plug(machine::receive);
  }

  void unplug() {
    link.unplug();
    plug = null;
  }

  /** The machine sends a frame. */
  void frame(byte[] frame) {
    link.sent(frame);
    Plug plugged = plug;
    if (plugged != null) {
      plugged.setAlarm();
    }
  }

  @Override
  public void close() {
    try {
      network.close();
    } finally {
      folder.delete();
    }
  }
}
