package dev.bringup.emulator.aarch64;

import java.util.List;

/** What a CPU asks of the machine that it is part of. Called by the machine's one thread only. */
public interface Surroundings {

  /** All CPUs of the machine, by number. */
  List<Cpu> cpus();

  /**
   * A call to the firmware, by SMC or, on a machine without EL2, by HVC: arguments and results are
   * in X0 to X3 (SMC Calling Convention, DEN 0028).
   */
  void firmwareCall(Cpu caller);
}
