package dev.bringup.emulator.gdb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.bringup.emulator.gdb.Arguments.MalformedException;
import dev.bringup.emulator.gdb.DebugTarget.Access;
import dev.bringup.emulator.gdb.DebugTarget.Stop;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * What each packet asks of a machine that stands, and the answer ("Debugging with GDB", appendices
 * E.2 to E.6). A thread of the protocol is a CPU, from 1. Knows no socket.
 */
final class GdbCommands {
  /** The longest payload, in bytes, either way. */
  static final int PACKET_SIZE = 0x4000;

  private static final String OK = "OK";
  private static final String ERROR = "E01";
  private static final String UNKNOWN = "";
  private static final int SYSTEM_REGISTER_SIZE = 8;

  /** Signals as the protocol counts them. */
  private static final int SIGINT = 2;

  private static final int SIGTRAP = 5;

  private final DebugTarget target;
  private final String description;
  private final Set<Watch> watches = new LinkedHashSet<>();
  private Stop latest = new Stop.Interrupted(0);
  private int cpu;
  private int cpuToRun;

  /** What follows a packet. */
  sealed interface Outcome {
    /** Packets to send, at least one. */
    record Reply(List<String> payloads) implements Outcome {}

    /** The machine goes on; the reply comes when it stops. */
    record Running() implements Outcome {}

    /** The debugger leaves after these packets. */
    record Leaving(List<String> payloads, boolean kills) implements Outcome {}
  }

  /** A breakpoint or watchpoint as GDB names them: Z packets with the same fields are the same. */
  private record Watch(int type, long address, long length) {}

  GdbCommands(DebugTarget target) {
    this.target = target;
    this.description = TargetDescription.xml(target.systemRegisters());
  }

  /** The machine has stopped: the packet that tells so. */
  String stopped(Stop stop) {
    latest = stop;
    cpu = stop.cpu();
    cpuToRun = stop.cpu();
    return stopReply();
  }

  private String stopReply() {
    return switch (latest) {
      case Stop.Breakpoint _, Stop.Stepped _ -> stopReply(SIGTRAP, "");
      case Stop.Interrupted _ -> stopReply(SIGINT, "");
      case Stop.Watchpoint watchpoint -> {
        String kind =
            switch (watchpoint.access()) {
              case WRITE -> "watch";
              case READ -> "rwatch";
              case ANY -> "awatch";
            };
        yield stopReply(SIGTRAP, kind + ":" + Long.toHexString(watchpoint.address()) + ";");
      }
      case Stop.PoweredOff _ -> "W00";
    };
  }

  private String stopReply(int signal, String more) {
    return "T%02xthread:%x;%s".formatted(signal, latest.cpu() + 1, more);
  }

  /** Takes back all breakpoints and watchpoints. */
  void removeWatches() {
    for (Watch watch : List.copyOf(watches)) {
      remove(watch);
    }
  }

  /** Does what a packet asks; whatever goes wrong is an answer, too. */
  Outcome handle(String payload) {
    try {
      return dispatch(payload);
    } catch (RuntimeException e) {
      // Malformed, or the machine cannot: GDB shows what it wanted, and the number.
      return reply(ERROR);
    }
  }

  private static Outcome reply(String payload) {
    return new Outcome.Reply(List.of(payload));
  }

  private Outcome dispatch(String payload) {
    if (payload.isEmpty()) {
      return reply(UNKNOWN);
    }
    var in = new Arguments(payload, 1);
    return switch (payload.charAt(0)) {
      case '?' -> reply(stopReply());
      case 'g' -> reply(HexFormat.of().formatHex(target.registers(cpu).image()));
      case 'G' -> reply(writeRegisters(in));
      case 'p' -> reply(readRegister(in));
      case 'P' -> reply(writeRegister(in));
      case 'm' -> reply(readMemory(in));
      case 'M' -> reply(writeMemory(in, false));
      case 'X' -> reply(writeMemory(in, true));
      case 'c', 's' -> run(payload.charAt(0) == 's', in);
      case 'C', 'S' -> {
        in.number(0xff); // the machine takes no signals
        yield run(payload.charAt(0) == 'S', in.skip(';') ? in : new Arguments("", 0));
      }
      case 'H' -> reply(chooseThread(in));
      case 'T' -> reply(isCpu(in.thread() - 1) ? OK : ERROR);
      case 'Z', 'z' -> reply(watch(payload.charAt(0) == 'Z', in));
      case 'D' -> new Outcome.Leaving(List.of(OK), false);
      case 'k' -> new Outcome.Leaving(List.of(), true);
      case 'v' -> multiLetter(payload);
      case 'q' -> query(payload);
      default -> reply(UNKNOWN);
    };
  }

  private boolean isCpu(int number) {
    return number >= 0 && number < target.cpus();
  }

  private String writeRegisters(Arguments in) {
    byte[] bytes = in.bytes();
    var registers = new CpuRegisters();
    if (bytes.length != CpuRegisters.SIZE) {
      throw new MalformedException(bytes.length + " bytes of registers");
    }
    System.arraycopy(bytes, 0, registers.image(), 0, bytes.length);
    target.registers(cpu, registers);
    return OK;
  }

  private int registerNumber(Arguments in) {
    return in.number(CpuRegisters.COUNT + target.systemRegisters().size() - 1);
  }

  private String readRegister(Arguments in) {
    int number = registerNumber(in);
    in.expectEnd();
    byte[] bytes =
        number < CpuRegisters.COUNT
            ? Arrays.copyOfRange(
                target.registers(cpu).image(),
                CpuRegisters.offset(number),
                CpuRegisters.offset(number + 1))
            : ByteBuffer.allocate(SYSTEM_REGISTER_SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(target.systemRegister(cpu, number - CpuRegisters.COUNT))
                .array();
    return HexFormat.of().formatHex(bytes);
  }

  private String writeRegister(Arguments in) {
    int number = registerNumber(in);
    byte[] bytes = in.expect('=').bytes();
    boolean isSystem = number >= CpuRegisters.COUNT;
    int size = isSystem ? SYSTEM_REGISTER_SIZE : CpuRegisters.size(number);
    if (bytes.length != size) {
      throw new MalformedException(bytes.length + " bytes for register " + number);
    }
    if (isSystem) {
      long value = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
      target.systemRegister(cpu, number - CpuRegisters.COUNT, value);
    } else {
      CpuRegisters registers = target.registers(cpu);
      System.arraycopy(bytes, 0, registers.image(), CpuRegisters.offset(number), size);
      target.registers(cpu, registers);
    }
    return OK;
  }

  private String readMemory(Arguments in) {
    long address = in.number();
    long length = in.expect(',').number();
    in.expectEnd();
    // GDB asks again for the rest of what does not fit into an answer.
    int fits = Math.clamp(length, 0, PACKET_SIZE / 2);
    byte[] bytes = target.readMemory(cpu, address, fits);
    return bytes.length == 0 ? ERROR : HexFormat.of().formatHex(bytes);
  }

  private String writeMemory(Arguments in, boolean binary) {
    long address = in.number();
    int length = in.expect(',').number(PACKET_SIZE);
    in.expect(':');
    byte[] bytes = binary ? in.rest().getBytes(ISO_8859_1) : in.bytes();
    if (bytes.length != length) {
      throw new MalformedException(bytes.length + " bytes instead of " + length);
    }
    // GDB asks whether there are binary writes by one of nothing.
    return length == 0 || target.writeMemory(cpu, address, bytes) == length ? OK : ERROR;
  }

  private Outcome run(boolean steps, Arguments in) {
    if (!in.isEmpty()) {
      long pc = in.number();
      in.expectEnd();
      CpuRegisters registers = target.registers(cpuToRun);
      registers.pc(pc);
      target.registers(cpuToRun, registers);
    }
    if (steps) {
      target.step(cpuToRun, true);
    } else {
      target.resume();
    }
    return new Outcome.Running();
  }

  private String chooseThread(Arguments in) {
    char operation = in.next();
    int thread = in.thread();
    in.expectEnd();
    if (thread > 0 && !isCpu(thread - 1)) {
      return ERROR;
    }
    if (thread > 0 && operation == 'g') {
      cpu = thread - 1;
    } else if (thread > 0) {
      cpuToRun = thread - 1;
    }
    return OK;
  }

  private String watch(boolean set, Arguments in) {
    int type = in.number(4);
    long address = in.expect(',').number();
    long length = in.expect(',').number();
    // What may follow are conditions, which GDB then checks itself as we did not offer to.
    var watch = new Watch(type, address, length);
    if (!set) {
      remove(watch);
      return OK;
    }
    if (isBreakpoint(watch)) {
      target.setBreakpoint(address);
    } else if (!target.setWatchpoint(access(watch), address, length)) {
      return UNKNOWN;
    }
    watches.add(watch);
    return OK;
  }

  private void remove(Watch watch) {
    if (!watches.remove(watch)) {
      return;
    }
    if (!isBreakpoint(watch)) {
      target.removeWatchpoint(access(watch), watch.address, watch.length);
    } else if (watches.stream().noneMatch(w -> isBreakpoint(w) && w.address == watch.address)) {
      target.removeBreakpoint(watch.address);
    }
  }

  /** Types 0 and 1, software and hardware, are one: neither touches guest memory. */
  private static boolean isBreakpoint(Watch watch) {
    return watch.type <= 1;
  }

  private static Access access(Watch watch) {
    return switch (watch.type) {
      case 2 -> Access.WRITE;
      case 3 -> Access.READ;
      default -> Access.ANY;
    };
  }

  private Outcome multiLetter(String payload) {
    if (payload.equals("vCont?")) {
      return reply("vCont;c;C;s;S");
    }
    if (payload.startsWith("vCont;")) {
      return resume(new Arguments(payload, "vCont".length()));
    }
    if (payload.startsWith("vKill;")) {
      return new Outcome.Leaving(List.of(OK), true);
    }
    return reply(UNKNOWN);
  }

  /** The leftmost action that names a CPU, or none, is for it. */
  private Outcome resume(Arguments in) {
    var actions = new TreeMap<Integer, Boolean>();
    while (!in.isEmpty()) {
      boolean steps =
          switch (in.expect(';').next()) {
            case 'c' -> false;
            case 's' -> true;
            case 'C' -> in.number(0xff) < 0;
            case 'S' -> in.number(0xff) >= 0;
            default -> throw new MalformedException("no such action");
          };
      int thread = in.skip(':') ? in.thread() : -1;
      if (thread > 0 && !isCpu(thread - 1)) {
        throw new MalformedException("no such thread");
      }
      if (thread < 0) {
        for (int n = 0; n < target.cpus(); n++) {
          actions.putIfAbsent(n, steps);
        }
      } else {
        actions.putIfAbsent(thread == 0 ? cpuToRun : thread - 1, steps);
      }
    }
    List<Integer> stepping = new ArrayList<>(actions.keySet());
    stepping.removeIf(n -> !actions.getOrDefault(n, false));
    if (actions.isEmpty()) {
      throw new MalformedException("nobody is to go on");
    }
    if (stepping.isEmpty()) {
      target.resume();
    } else {
      int chosen = stepping.contains(cpu) ? cpu : stepping.getFirst();
      target.step(chosen, stepping.size() == actions.size());
    }
    return new Outcome.Running();
  }

  private Outcome query(String payload) {
    String name = payload.split("[:,;]", 2)[0];
    var in = new Arguments(payload, name.length());
    return switch (name) {
      case "qSupported" ->
          reply(
              "PacketSize=%x;QStartNoAckMode+;qXfer:features:read+;vContSupported+"
                  .formatted(PACKET_SIZE));
      case "qAttached" -> reply("1");
      case "qC" -> reply("QC%x".formatted(cpu + 1));
      case "qfThreadInfo" -> {
        var threads = new ArrayList<String>();
        for (int n = 1; n <= target.cpus(); n++) {
          threads.add(Integer.toHexString(n));
        }
        yield reply("m" + String.join(",", threads));
      }
      case "qsThreadInfo" -> reply("l");
      case "qThreadExtraInfo" -> {
        int number = in.expect(',').thread() - 1;
        yield reply(isCpu(number) ? hex("CPU " + number) : ERROR);
      }
      case "qXfer" -> reply(transfer(in));
      case "qRcmd" -> monitor(new String(in.expect(',').bytes(), UTF_8).strip());
      default -> reply(UNKNOWN);
    };
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(UTF_8));
  }

  private String transfer(Arguments in) {
    String[] parts = in.expect(':').rest().split(":", -1);
    if (parts.length != 4 || !parts[0].equals("features") || !parts[1].equals("read")) {
      return UNKNOWN;
    }
    if (!parts[2].equals("target.xml")) {
      return ERROR;
    }
    var range = new Arguments(parts[3], 0);
    int offset = range.number(description.length());
    int length = Math.clamp(range.expect(',').number(), 0, PACKET_SIZE / 2);
    range.expectEnd();
    int end = Math.min(offset + length, description.length());
    return (end == description.length() ? "l" : "m") + description.substring(offset, end);
  }

  private Outcome monitor(String command) {
    String word = command.split("\\s", 2)[0];
    String output;
    if (word.isEmpty() || word.equals("help")) {
      output = help();
    } else if (target.monitorCommands().containsKey(word)) {
      try {
        output = target.monitor(command);
      } catch (RuntimeException e) {
        output = word + ": " + e.getMessage() + "\n";
      }
    } else {
      output = "there is no command " + word + ", try: monitor help\n";
    }
    List<String> payloads = new ArrayList<>();
    byte[] bytes = output.getBytes(UTF_8);
    int most = PACKET_SIZE / 4;
    for (int at = 0; at < bytes.length; at += most) {
      int end = Math.min(at + most, bytes.length);
      payloads.add("O" + HexFormat.of().formatHex(bytes, at, end));
    }
    payloads.add(OK);
    return new Outcome.Reply(payloads);
  }

  private String help() {
    var help = new StringBuilder("help - this list\n");
    new TreeMap<>(target.monitorCommands())
        .forEach((name, line) -> help.append(name).append(" - ").append(line).append('\n'));
    return help.toString();
  }
}
