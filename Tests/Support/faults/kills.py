# SPDX-License-Identifier: Apache-2.0
"""Runs that are killed, or asked to end, at a moment that chance draws from the time they take."""

import os
import random
import shutil
import signal
import statistics
import subprocess
import time

import judge
import works
from world import Failure, session

STOPS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


class Round:
    """One run: what it does, how it is disturbed, when. All of it follows from seed and number."""

    def __init__(self, world, seed, number):
        chance = random.Random(f"{seed}/{number}")
        self.world, self.number = world, number
        self.work = chance.choice(works.kinds(world))(world, chance)
        # Killed as a whole, or only the program, or only what it started; or asked to end.
        self.how = chance.choices(["host", "all", "runner", "stop"], [4, 3, 2, 3])[0]
        self.signal = chance.choice(STOPS) if self.how == "stop" else signal.SIGKILL
        self.user = chance.choice([None, 65534]) if os.getuid() == 0 else None
        self.times = chance.randint(1, 3) if self.signal == signal.SIGKILL else 1
        self.moments = [chance.random() * 1.05 for _ in range(self.times)]

    def __str__(self):
        moments = ", ".join(f"{moment:.3f}" for moment in self.moments)
        return f"{self.work.name}, {self.how} gets {self.signal.name} after {moments} of its time"

    def run(self):
        desk = self.world.desk(f"round-{self.number}")
        if self.user:
            desk.give_to(self.user)
        try:
            self.work.prepare(desk)
            duration = self.world.duration(self.work)
            for moment in self.moments:
                self.disturb(desk, moment * duration)
            self.work.finish(desk)
        finally:
            desk.remove()

    def disturb(self, desk, seconds):
        self.work.wait()
        errors_path = f"{desk.path}/errors"
        with open(errors_path, "wb") as errors:
            process = desk.start(*self.work.words(desk), stderr=errors)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            pass
        pids = session(process.pid)
        targets = {"host": [process.pid], "stop": [process.pid], "all": pids,
                   "runner": [pid for pid in pids if pid != process.pid]}[self.how]
        for pid in targets:
            try:
                os.kill(pid, self.signal)
            except ProcessLookupError:
                pass
        code = process.wait(timeout=60)
        self.check_gone(process.pid)
        with open(errors_path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        self.check_code(code, text)
        # Who was killed could not tidy up; who was asked, or lost its runner, must have.
        self.work.check(desk, at_once=self.signal == signal.SIGKILL and self.how != "runner")

    def check_gone(self, leader):
        """What the program started is over soon after it, at most five seconds."""
        end = time.monotonic() + 5
        while left := session(leader):
            if time.monotonic() > end:
                raise Failure(f"processes outlive the program: {left}")
            time.sleep(0.005)

    def check_code(self, code, text):
        allowed = {"host": [0, -signal.SIGKILL], "all": [0, -signal.SIGKILL], "runner": [0, 5],
                   "stop": [0, 130, -self.signal]}[self.how]
        # What an earlier disturbed run of the round came to may leave nothing to do.
        if code not in allowed + self.work.nothing_left_to_do:
            raise Failure(f"it ends with {code}: {text.strip()}")
        # Before the program has looked at its signals there is nothing to be said.
        if code == 130 and "interrupted" not in text:
            raise Failure(f"it does not say that it was interrupted: {text.strip()}")


def prepare(world):
    """What all rounds are held against: an installed closure, and how long each kind of run takes."""
    desk = world.desk("installed")
    desk.must("pkg", "install", world.app)
    judge.check_store(desk, False)
    world.installed = desk.root
    world.expected = judge.listing(f"{desk.root}/hab/pkgs")
    world.removes = b"uninstall" in world.desk("installed").must("pkg", "--help")
    os.chmod(desk.path, 0o755)
    durations = {}

    def duration(work):
        if work.name not in durations:
            durations[work.name] = statistics.median(_measure(world, work) for _ in range(3))
        return durations[work.name]

    world.duration = duration


def _measure(world, work):
    desk = world.desk("measured")
    work.prepare(desk)
    words = work.words(desk)
    begin = time.monotonic()
    desk.must(*words)
    taken = time.monotonic() - begin
    shutil.rmtree(desk.path)
    return taken


def run(world, seed, numbers, report):
    """Runs the rounds and returns the number of those that failed."""
    failed = 0
    for number in numbers:
        one = Round(world, seed, number)
        try:
            one.run()
        except Failure as failure:
            failed += 1
            report(f"round {number} ({one}): {failure}", f"kill --seed {seed} --only {number}")
    return failed
