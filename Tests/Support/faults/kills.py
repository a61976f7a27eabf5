# SPDX-License-Identifier: Apache-2.0
"""Runs that are killed, or asked to end, at a moment that chance draws from the time they take."""

import json
import os
import random
import shutil
import signal
import statistics
import time

import judge
from world import Failure, session

COMPRESSIONS = ["none", "gzip", "zstd", "xz"]
STOPS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
OLD = b"what was there before\n" * 100


class Install:
    """A package and its four dependencies into a store of its own, which may hold one of them already."""

    name = "install"

    def __init__(self, world, chance):
        self.world, self.has_base = world, chance.random() < 0.3

    def prepare(self, desk):
        if self.has_base:
            desk.must("pkg", "install", f"{self.world.artifacts}/{self.world.packages[0].file_name}")

    def words(self, desk):
        return ["pkg", "install", self.world.app]

    def check(self, desk, at_once):
        judge.check_store(desk, at_once)

    def check_done(self, desk, tidied=True):
        judge.check_store(desk, at_once=not tidied)
        if difference := judge.difference(f"{desk.root}/hab/pkgs", self.world.expected, hidden=tidied):
            raise Failure(f"the packages are not those of an undisturbed run: {difference}")
        if len(judge.receipts(desk.root)) != len(self.world.packages):
            raise Failure("not every package has a receipt")


class Written:
    """What ends as the file `out`, whole, old or not there."""

    def check(self, desk, at_once):
        path = f"{desk.work}/out"
        if os.path.exists(path):
            with open(path, "rb") as file:
                content = file.read()
            if content != self.reference() and not (self.replaces and content == OLD):
                raise Failure(f"'out' is there with {len(content)} bytes, and is neither the whole result nor the old one")
        elif self.replaces:
            raise Failure("the file that was there before is gone, and no new one is there")
        for name in ("last_export.json", "last_export.env"):
            report = f"{desk.work}/results/{name}"
            if os.path.exists(report):
                with open(report, encoding="utf-8") as file:
                    text = file.read()
                if not text.endswith("\n") or (name.endswith("json") and not json.loads(text)):
                    raise Failure(f"'{report}' is not whole")
        if not at_once:
            judge.check_left(desk)

    def check_done(self, desk, tidied=True):
        self.check(desk, at_once=not tidied)
        if not judge.same(f"{desk.work}/out", self.path):
            raise Failure("'out' is not the result of an undisturbed run")

    def reference(self):
        with open(self.path, "rb") as file:
            return file.read()

    def prepare(self, desk):
        if self.replaces:
            with open(f"{desk.work}/out", "wb") as file:
                file.write(OLD)

    def make_reference(self):
        """What an undisturbed run writes, once for each kind of run."""
        self.path = f"{self.world.path}/{self.name.replace(' ', '-')}"
        if not os.path.exists(self.path):
            desk = self.world.desk("undisturbed")
            desk.must(*self.words(desk))
            os.rename(f"{desk.work}/out", self.path)
            desk.remove()


class Export(Written):
    """A closure as a tar archive, by a plugin in a process of its own."""

    def __init__(self, world, chance):
        self.world, self.replaces = world, chance.random() < 0.5
        self.compression = chance.choice(COMPRESSIONS)
        self.name = f"export {self.compression}"
        self.make_reference()

    def words(self, desk):
        desk.environment["FS_ROOT"] = self.world.installed
        return ["pkg", "export", "tar", "acme/app", "--base-pkgs", "none", "--compression", self.compression, "-o", "out"]


class Sign(Written):
    """An artifact of a payload."""

    name = "sign"

    def __init__(self, world, chance):
        self.world, self.replaces = world, chance.random() < 0.5
        self.make_reference()

    def words(self, desk):
        return ["pkg", "sign", "--origin", "acme", self.world.app, "out"]


KINDS = [Install, Install, Install, Export, Export, Export, Sign]


class Round:
    """One run: what it does, how it is disturbed, when. All of it follows from seed and number."""

    def __init__(self, world, seed, number):
        chance = random.Random(f"{seed}/{number}")
        self.world, self.number = world, number
        self.work = chance.choice(world.kinds or KINDS)(world, chance)
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
            if self.user:
                desk.give_to(self.user)
            duration = self.world.duration(self.work)
            for moment in self.moments:
                self.disturb(desk, moment * duration)
            desk.must(*self.work.words(desk))
            self.work.check_done(desk)
        finally:
            desk.remove()

    def disturb(self, desk, seconds):
        errors_path = f"{desk.path}/errors"
        with open(errors_path, "wb") as errors:
            process = desk.start(*self.work.words(desk), stderr=errors)
        try:
            process.wait(timeout=seconds)
        except Exception:  # noqa: BLE001 -- still running, which is what is wanted
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
        if code not in allowed:
            raise Failure(f"it ends with {code}: {text.strip()}")
        # Before the program has looked at its signals there is nothing to be said.
        if code == 130 and "interrupted" not in text:
            raise Failure(f"it does not say that it was interrupted: {text.strip()}")


def prepare(world, kinds=None):
    """What all rounds are held against: an installed closure, and how long each kind of run takes."""
    desk = world.desk("installed")
    desk.must("pkg", "install", world.app)
    judge.check_store(desk, False)
    world.installed = desk.root
    world.expected = judge.listing(f"{desk.root}/hab/pkgs")
    world.kinds = kinds
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
