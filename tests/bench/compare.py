#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compare.py RUNS NAME_A 'COMMAND A' NAME_B 'COMMAND B' [...]: whole commands in turn (A B C A B C ...).

Each command is a shell line. Prints, per command, the medians of wall and CPU time (its own and that of
every process it left to be reaped, as a container's monitor) and the largest resident set of one process, then the ratio
of the first to each other one, pair by pair. A word "prepare:COMMAND" before the name of a command
runs, untimed, before each of its runs.

The peak comes from the warm-up round, through GNU time: a process started from here would count
this interpreter's own memory, which it had before its exec.
"""
import ctypes
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

PR_SET_CHILD_SUBREAPER = 36


def run(command):
    subprocess.run(["sh", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)


def peak(command):
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(["time", "-f", "%M", "-o", out.name, "sh", "-c", command],
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        return int(out.read().split()[-1])


def measured(command):
    # a process of its own, so that its RUSAGE_CHILDREN is this run's alone
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        null = os.open("/dev/null", os.O_RDWR)
        start = time.monotonic()
        child = os.posix_spawn("/bin/sh", ["sh", "-c", "exec " + command], os.environ,
                               file_actions=[(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1)])
        status = os.waitpid(child, 0)[1]
        wall = time.monotonic() - start
        try:
            while True:
                os.waitpid(-1, 0)
        except ChildProcessError:
            pass
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(write_end, f"{wall} {used.ru_utime + used.ru_stime} {status}".encode())
        os._exit(0)
    os.close(write_end)
    os.waitpid(pid, 0)
    wall, cpu, status = os.read(read_end, 200).decode().split()
    os.close(read_end)
    if int(status):
        sys.exit(f"compare.py: status {os.waitstatus_to_exitcode(int(status))}: {command}")
    return float(wall), float(cpu)


def main():
    runs, words = int(sys.argv[1]), sys.argv[2:]
    commands, prepare = [], None
    while words:
        if words[0].startswith("prepare:"):
            prepare = words.pop(0)[8:]
            continue
        commands.append((words[0], words[1], prepare))
        words, prepare = words[2:], None
    results = {name: [] for name, _, _ in commands}
    peaks = {}
    for number in range(runs + 1):
        for name, command, before in commands:
            if before:
                run(before)
            if number == 0:
                peaks[name] = peak(command)
            else:
                results[name].append(measured(command))
    width = max(len(name) for name, _, _ in commands)
    print(f"{'':{width}}  {'wall ms':>9} {'cpu ms':>9} {'peak KiB':>9}   (medians of {runs})")
    for name, _, _ in commands:
        wall, cpu = (statistics.median(column) for column in zip(*results[name]))
        print(f"{name:{width}}  {wall * 1000:9.1f} {cpu * 1000:9.1f} {peaks[name]:9d}")
    first = commands[0][0]
    for name, _, _ in commands[1:]:
        wall = statistics.median(a[0] / b[0] for a, b in zip(results[first], results[name]))
        cpu = statistics.median(a[1] / max(b[1], 1e-6) for a, b in zip(results[first], results[name]))
        print(f"{first} / {name}: wall {wall:.2f}, cpu {cpu:.2f}")


main()
