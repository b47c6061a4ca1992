"""Reads serial ports with pySerial, a thread each, until a line comes on standard input; prints bytes and check sums."""
import sys
import threading
import time
import zlib

import serial


class Reader(threading.Thread):
    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.count, self.crc = path, 0, 0
        self.port = serial.Serial(path, 1500000, timeout=0.1)

    def run(self):
        while True:
            got = self.port.read(max(1, self.port.in_waiting))
            self.count += len(got)
            self.crc = zlib.crc32(got, self.crc)


readers = [Reader(path) for path in sys.argv[1:]]
for reader in readers:
    reader.start()
print("recording", flush=True)
cpu, wall = time.process_time(), time.monotonic()
sys.stdin.readline()
cores = (time.process_time() - cpu) / (time.monotonic() - wall)
for reader in readers:
    print(f"{reader.path} {reader.count} {reader.crc:08x}")
print(f"cores {cores:.2f}", flush=True)
