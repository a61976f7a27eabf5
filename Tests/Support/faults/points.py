# SPDX-License-Identifier: Apache-2.0
"""Runs that are disturbed at every single system call of a kind, with strace: killed there, or told that it failed."""

import collections
import re

from world import Failure

# What makes names appear and go, and what makes bytes last.
NAMING = ["rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "fsync", "syncfs"]
# All that changes a file system.
CHANGING = NAMING + ["mkdir", "mkdirat", "rmdir", "symlink", "symlinkat", "chmod", "fchmod", "fchmodat", "utimensat",
                     "openat", "openat2", "write", "pwrite64", "ftruncate", "fallocate"]
# What a full disk, a quota and a bad medium are told by.
REFUSALS = {"ENOSPC": ["write", "pwrite64", "fsync", "syncfs", "mkdir", "mkdirat", "linkat", "rename", "renameat2",
                       "symlinkat", "openat", "openat2", "flock", "fcntl"],
            "ENOLCK": ["fcntl", "flock"], "EDQUOT": ["write", "pwrite64", "mkdir", "linkat"],
            "EIO": ["read", "pread64", "write", "fsync", "syncfs", "getdents64"],
            "EROFS": ["mkdir", "rename", "renameat2", "linkat", "unlink", "unlinkat", "fchmod", "chmod"]}


def count(desk, words, calls):
    """How often each call is made by the thread that makes it most often."""
    log = f"{desk.path}/calls"
    code, _, errors = desk.run(*words, wrapper=["strace", "-f", "--seccomp-bpf", "-qq", "-o", log,
                                                "-e", f"trace={','.join(calls)}"])
    if code != 0:
        raise Failure(f"'bio {' '.join(words)}' under strace ends with {code}: {errors}")
    seen = collections.Counter()
    with open(log, encoding="utf-8", errors="replace") as file:
        for line in file:
            if found := re.match(r"(\d+) +(\w+)\(", line):
                seen[found[1], found[2]] += 1
    most = collections.Counter()
    for (_, call), number in seen.items():
        most[call] = max(most[call], number)
    return most


def disturb(desk, words, call, what, number):
    """Runs `bio` so that the call with this number (from 1) of every thread is disturbed: code and standard error."""
    # A signal goes with a stop at the call itself, which the quicker way has none of.
    quick = [] if what.startswith("signal=") else ["--seccomp-bpf"]
    code, _, errors = desk.run(
        *words, wrapper=["strace", "-f", *quick, "-qq", "-o", f"{desk.path}/disturbed", "-e", f"trace={call}",
                         "-e", f"inject={call}:{what}:when={number}"])
    return code, errors


def hit_standard_error(desk):
    """Whether what was disturbed was a write to standard error."""
    with open(f"{desk.path}/disturbed", encoding="utf-8", errors="replace") as file:
        return any(re.search(r"\bwrite\(2, .*\(INJECTED\)$", line) for line in file)


class Point:
    """One run that is disturbed in one place, and what must be true after it."""

    def __init__(self, world, work, call, what, number):
        self.world, self.work, self.call, self.what, self.number = world, work, call, what, number
        self.was_hit = True
        self.hit_message = False

    def __str__(self):
        return f"{self.work.name}/{self.call}/{self.what}/{self.number}"

    def run(self):
        desk = self.world.desk("point")
        try:
            self.work.prepare(desk)
            words = self.work.words(desk)
            code, errors = disturb(desk, words, self.call, self.what, self.number)
            self.hit_message = hit_standard_error(desk)
            if "SIGKILL" in self.what:
                # Threads share the work anew in every run, and may come to fewer calls; but not by much.
                self.was_hit = code == -9
                self.work.check(desk, at_once=True)
            else:
                self.check_refusal(desk, code, errors)
            self.work.finish(desk)
        finally:
            desk.remove()

    def check_refusal(self, desk, code, errors):
        """Done all the same, or a failure that names what failed; nothing is left, unless removing is what failed."""
        if code == 0:
            self.work.check_done(desk, tidied=False)
            return
        # What the message is written to may be what fails.
        said = "error:" in errors or "✗" in errors or self.call == "write" and self.hit_message
        if code not in (1, 4, 5) or not said:
            raise Failure(f"it ends with {code}: {errors.strip()}")
        tidying = self.call in ("unlink", "unlinkat", "rmdir", "getdents64", "openat", "flock", "fcntl", "fchmod", "chmod")
        self.work.check(desk, at_once=tidying)


def points(world, works, disturbances, step=1):
    """Every point of these runs; with `step` every so many'th of a call that is made often."""
    for work in works:
        desk = world.desk("counted")
        work.prepare(desk)
        calls = sorted({call for calls in disturbances.values() for call in calls})
        most = count(desk, work.words(desk), calls)
        desk.remove()
        for what, calls in disturbances.items():
            for call in calls:
                for number in range(1, most[call] + 1, step if most[call] > 20 else 1):
                    yield Point(world, work, call, what, number)


def run(all_points, report, command, only=None):
    done, failed, missed = 0, 0, 0
    for point in all_points:
        if only and str(point) != only:
            continue
        done += 1
        try:
            point.run()
            missed += not point.was_hit
        except Failure as failure:
            failed += 1
            report(f"{point}: {failure}", f"{command} --only '{point}'")
    if missed * 10 > done:
        raise Failure(f"{missed} of {done} points were not met")
    return done, failed
