#!/usr/bin/env python3
"""Searches a console log with pexpect for the patterns of ConsoleBench, as it comes and with search windows (MB per second of CPU time).

usage: console.py LOG     (LOG is written by ConsoleBench --log FILE; Debian package: python3-pexpect)
"""
import os
import sys
import time

import pexpect
from pexpect import fdpexpect

PATTERNS = [
    rb"Kernel panic - not syncing: [^\n]*",
    rb"Internal error: Oops[^\n]*",
    rb"Unable to handle kernel [^\n]* at virtual address",
    rb"BUG: ",
    rb"watchdog: BUG: soft lockup",
    rb"rcu: INFO: rcu_sched detected stalls",
    rb"Out of memory: Killed process \d+",
    rb"Panic on CPU \d+:",
    rb"Reboot in five seconds\.\.\.",
    rb"Bad Linux ARM64 Image magic!",
    rb"TFTP error: '[^\n]*' \(\d+\)",
    rb"Synchronous Abort",
    rb"### ERROR ### Please RESET the board ###",
    rb"U-Boot \d{4}\.\d\d",
    rb"Attempted to kill init",
    rb"VFS: Unable to mount root fs on [^\n]*",
    rb"blk_update_request: I/O error",
    rb"\nXen \d+\.\d+",
    rb"\n=> ",
    rb"login: $",
]


def search(data, window, maxread):
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.close(reader)
        view = memoryview(data)
        while view:
            view = view[os.write(writer, view[:65536]):]
        os._exit(0)
    os.close(writer)
    child = fdpexpect.fdspawn(reader, timeout=600, maxread=maxread, searchwindowsize=window)
    compiled = child.compile_pattern_list(PATTERNS)
    start = time.process_time()
    index = child.expect_list(compiled)
    seconds = time.process_time() - start
    assert index == len(PATTERNS) - 1, index
    child.close()
    os.wait()
    return len(data) / seconds / 1e6


def main():
    with open(sys.argv[1], "rb") as file:
        log = file.read()
    tail = b"login: "
    print(f"pexpect {pexpect.__version__}")
    small = log[: 1 << 20] + tail
    print(f"as it comes, {len(small)} bytes: {search(small, None, 2000):.2f} MB/s")
    best = 0.0
    # A window smaller than what one read brings would leave bytes unsearched.
    for window, maxread in ((2048, 2000), (4096, 2000), (8192, 6000), (20000, 16384), (70000, 65536)):
        rate = search(log, window, maxread)
        best = max(best, rate)
        print(f"searchwindowsize {window}, maxread {maxread}: {rate:.1f} MB/s")
    print(f"best: {best:.1f} MB/s")


if __name__ == "__main__":
    main()
