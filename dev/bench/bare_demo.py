#!/usr/bin/env python3
"""The demo's flow typed into the same QEMU by a bare script: what the harness costs is the difference.

usage: bare_demo.py extract CAPTURE DIR         files that a board fetched by TFTP, out of a pcap of its LAN
       bare_demo.py run DIR UBOOT               one boot; prints JSON: seconds from power-on to each mark
       bare_demo.py harness VERDICT TFTP SECONDS    the same figures out of one run of the demo
       bare_demo.py compare HARNESS BARE            medians of such lines, side by side

The script waits for text and types; it keeps nothing and checks nothing. Its LAN is slirp (-netdev user,tftp=),
which has no window, so the time of the TFTP transfers is counted apart.
"""
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time


def extract(capture, folder):
    data = open(capture, "rb").read()
    offset, names, files = 24, {}, {}
    while offset + 16 <= len(data):
        size = struct.unpack_from("<I", data, offset + 8)[0]
        frame = data[offset + 16 : offset + 16 + size]
        offset += 16 + size
        if frame[12:14] != b"\x08\x00" or frame[23] != 17:
            continue
        udp = 14 + (frame[14] & 15) * 4
        source, target, length = struct.unpack_from(">HHH", frame, udp)
        payload = frame[udp + 8 : udp + length]
        if target == 69 and payload[:2] == b"\0\1":
            names[source] = payload[2:].split(b"\0")[0].decode()
        elif target in names and payload[:2] == b"\0\3":
            blocks = files.setdefault(names[target], {})
            low = struct.unpack_from(">H", payload, 2)[0]
            last = max(blocks, default=0)
            # The number wraps; of those that fit, the one nearest to the last block is meant.
            block = min((low + (last >> 16) * 65536 + d for d in (-65536, 0, 65536)), key=lambda b: abs(b - last))
            blocks[block] = payload[4:]
    for name, blocks in files.items():
        with open(os.path.join(folder, name), "wb") as file:
            for number in range(1, max(blocks) + 1):
                file.write(blocks[number])


class Console:
    def __init__(self, connection):
        self.connection = connection
        self.text = b""

    def wait(self, pattern, seconds=120):
        """Reads until the pattern comes, and forgets up to its end."""
        deadline = time.monotonic() + seconds
        while True:
            match = re.search(pattern, self.text)
            if match:
                self.text = self.text[match.end() :]
                return time.monotonic()
            self.connection.settimeout(max(0.01, deadline - time.monotonic()))
            more = self.connection.recv(65536)
            if not more:
                raise SystemExit("bare_demo: QEMU ended")
            self.text += more

    def type(self, line):
        # The PL011 holds 16 characters; the echo says that they were taken.
        for start in range(0, len(line), 16):
            piece = line[start : start + 16]
            self.connection.sendall(piece.encode())
            self.wait(re.escape(piece.encode()))
        self.connection.sendall(b"\r")


def run(folder, firmware):
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        path = os.path.join(temporary, "uart")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen()
        machine = subprocess.Popen(
            ["qemu-system-aarch64", "-nodefaults", "-no-user-config", "-display", "none"]
            + ["-machine", "virt,virtualization=on,gic-version=2", "-cpu", "cortex-a72", "-smp", "2", "-m", "2048M"]
            + ["-bios", firmware, "-chardev", "socket,id=uart0,path=" + path, "-serial", "chardev:uart0"]
            + ["-netdev", "user,id=lan0,tftp=" + folder]
            + ["-device", "virtio-net-device,netdev=lan0,mac=52:54:00:12:34:56"]
        )
        try:
            marks = {"power": time.monotonic()}
            board = Console(listener.accept()[0])
            marks["firmware"] = board.wait(rb"U-Boot 20\d\d")
            board.wait(rb"Hit any key")
            board.connection.sendall(b" ")
            marks["bootloader"] = board.wait(rb"\n=> ")
            for line in ("setenv autoload no", "dhcp"):
                board.type(line)
                board.wait(rb"\n=> ")
            tftp = 0.0
            board.type("tftpboot 0x40200000 boot.scr")
            begin = board.wait(rb"Loading: ")
            tftp += board.wait(rb"Bytes transferred") - begin
            board.wait(rb"\n=> ")
            board.type("source 0x40200000")
            for _ in range(3):
                begin = board.wait(rb"Loading: ")
                tftp += board.wait(rb"Bytes transferred") - begin
            marks["hypervisor"] = board.wait(rb"\(XEN\) Xen version")
            marks["dom0"] = board.wait(rb"BRINGUP dom0 ready")
            board.wait(rb"dom0# ")
            for line in ("xl list 0", "xl create /etc/xen/guest1.cfg"):
                board.type(line)
                board.wait(rb"\n(?:\x1b\[6n)?dom0# ")
            board.type("xl console guest1")
            marks["guest"] = board.wait(rb"BRINGUP guest ready name=guest1")
            board.wait(rb"guest# ")
            board.type("uname -r")
            board.wait(rb"cloud-arm64")
        finally:
            machine.kill()
            machine.wait()
    times = {name: round(at - marks["power"], 3) for name, at in marks.items()}
    print(json.dumps({**times, "tftp": round(tftp, 3), "whole": round(time.monotonic() - started, 3)}))


def harness(verdict, transfers, whole):
    """The same figures out of what one run of the demo wrote."""
    stages = json.load(open(verdict))["stages"]
    times = {s["stage"]: round(s["enteredAt"] + s["seconds"], 3) for s in stages}
    tftp = sum(json.loads(line)["durationNanos"] for line in open(transfers)) / 1e9
    print(json.dumps({"power": 0.0, **times, "tftp": round(tftp, 3), "whole": float(whole)}))


def compare(harness_runs, bare_runs):
    def median(path, key):
        values = sorted(json.loads(line)[key] for line in open(path))
        return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2

    print(f"{'seconds from power-on to':28}{'bringup':>9}{'bare':>9}{'more':>9}{'ratio':>7}")
    rows = [(k, k) for k in ("firmware", "bootloader", "hypervisor", "dom0", "guest")]
    for name, key in rows + [("TFTP transfers alone", "tftp"), ("whole command, wall", "whole")]:
        ours, bare = median(harness_runs, key), median(bare_runs, key)
        print(f"{name:28}{ours:9.2f}{bare:9.2f}{ours - bare:+9.2f}{ours / bare:7.2f}")
    ours = median(harness_runs, "guest") - median(harness_runs, "tftp")
    bare = median(bare_runs, "guest") - median(bare_runs, "tftp")
    print(f"{'guest without TFTP':28}{ours:9.2f}{bare:9.2f}{ours - bare:+9.2f}{ours / bare:7.2f}   (goal: at most +1.00)")


if __name__ == "__main__":
    commands = {"extract": extract, "run": run, "harness": harness, "compare": compare}
    commands[sys.argv[1]](*sys.argv[2:])
