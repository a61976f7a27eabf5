# SPDX-License-Identifier: Apache-2.0
"""Many services under one supervisor, disturbed for a while: what is wanted is there at the end, and nothing else."""

import json
import os
import random
import signal
import subprocess
import time

from world import Failure

RUN = """#!/bin/sh
trap 'exit 0' TERM
echo port PORT
i=0
while :; do i=$((i+1)); [ $((i % 20)) = 0 ] && echo tick $i; sleep 0.5; done
"""


class Desk:
    """A root with services that are there without having been installed: directories are all a supervisor asks for."""

    def __init__(self, program, place, count):
        self.program, self.root, self.count = program, f"{place}/root", count
        self.output = f"{place}/output"
        self.names = [f"s{number:03}" for number in range(count)]
        for number, name in enumerate(self.names):
            package = f"{self.root}/hab/pkgs/acme/{name}/1.0/20260101000000"
            os.makedirs(f"{package}/hooks")
            os.makedirs(f"{package}/config")
            binds = f"before=port\n" if number % 10 else ""
            files = {"TARGET": "x86_64-linux\n", "IDENT": f"acme/{name}/1.0/20260101000000\n", "hooks/run": RUN.replace("PORT", "{{cfg.port}}" if number % 2 else "of the file"),
                     "SVC_USER": "root\n", "SVC_GROUP": "root\n", "EXPORTS": "port=port\n", "BINDS": binds,
                     "default.toml": f"port = {1000 + number}\n",
                     "config/app.conf": "{{cfg.port}} {{bind.before.first.cfg.port}}\n",
                     "hooks/reconfigure": "#!/bin/sh\nexit 0\n"}
            for path, text in files.items():
                with open(f"{package}/{path}", "w", encoding="utf-8") as file:
                    file.write(text)
        self.supervisor = None
        self.sent = time.monotonic()

    def bio(self, *words, input=None):
        return subprocess.run([self.program, *words], env=self.environment, input=input, capture_output=True, text=True,
                              check=False)

    @property
    def environment(self):
        return {"PATH": "/usr/bin:/bin", "FS_ROOT": self.root}

    def start(self):
        with open(self.output, "ab") as output:
            self.supervisor = subprocess.Popen([self.program, "sup", "run"], env=self.environment, stdout=output,
                                               stderr=output)
        self.wait(lambda: self.bio("svc", "status").returncode == 0, "the supervisor")

    def status(self):
        outcome = self.bio("svc", "status", "--format", "json")
        if outcome.returncode != 0:
            raise Failure(f"svc status ends with {outcome.returncode}: {outcome.stderr}")
        return {service["service"]: service for service in json.loads(outcome.stdout)["services"]}

    def wait(self, condition, what, seconds=180):
        end = time.monotonic() + seconds
        while not condition():
            if self.supervisor.poll() is not None:
                raise Failure(f"the supervisor ended with {self.supervisor.returncode} while {what} was waited for")
            if time.monotonic() > end:
                raise Failure(f"{what} does not come in {seconds} s")
            time.sleep(0.1)

    def kill(self, applied):
        """Kills the supervisor, starts another, and returns how many services were found as they were. Nobody may be
        started anew but who has died, and who has a change in its run hook to be told."""
        self.settle()
        before = self.status()
        self.supervisor.kill()
        self.supervisor.wait()
        # What was about to end has ended by then.
        time.sleep(0.5)
        there = {pid for pids in self.processes().values() for pid in pids}
        kept = {name: service["pid"] for name, service in before.items()
                if service["state"] == "up" and service["pid"] in there}
        self.start()
        time.sleep(0.5)
        for name, service in self.status().items():
            if name not in kept or int(name[1:]) % 2 and name in applied:
                continue
            if (service["pid"], service["starts"]) != (kept[name], 0):
                raise Failure(f"{name} was {kept[name]} before a kill and is {service['pid']} after it, started "
                              f"{service['starts']} times")
        return len(kept)

    def settle(self):
        """Waits until what was sent has come."""
        time.sleep(max(0, self.sent + 1 - time.monotonic()))

    def resident(self):
        with open(f"/proc/{self.supervisor.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")

    def processes(self):
        """Run hooks below this root that are there, by their service."""
        found = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    words = file.read().split(b"\0")
            except OSError:
                continue
            path = words[1].decode() if len(words) > 1 else ""
            if path.startswith(f"{self.root}/hab/svc/") and path.endswith("/hooks/run"):
                found.setdefault(path.split("/")[-3], []).append(int(pid))
        return found


def check(program, place, seconds, count, seed):
    """Returns how often something was disturbed, how many services were kept over each kill, and the supervisor's memory
    at the end."""
    desk, dice = Desk(program, place, count), random.Random(seed)
    desk.start()
    try:
        for number, name in enumerate(desk.names):
            bind = ["--bind", f"before:{desk.names[number - 1]}.default"] if number % 10 else []
            outcome = desk.bio("svc", "load", f"acme/{name}", *bind)
            if outcome.returncode != 0:
                raise Failure(f"svc load of {name}: {outcome.stderr}")
        desk.wait(lambda: all(s["state"] == "up" for s in desk.status().values()), "all services")
        return *disturb(desk, dice, seconds), desk.resident()
    finally:
        desk.supervisor.send_signal(signal.SIGTERM)
        try:
            code = desk.supervisor.wait(60)
        except subprocess.TimeoutExpired:
            desk.supervisor.kill()
            code = desk.supervisor.wait()
        left = [pid for pids in desk.processes().values() for pid in pids]
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        if code != 0 or left:
            raise Failure(f"the supervisor ended with {code} and left {left}")


def disturb(desk, dice, seconds):
    end, count, kept, versions = time.monotonic() + seconds, 0, [], {}
    while time.monotonic() < end or not kept:
        name = dice.choice(desk.names)
        deed = dice.randrange(5)
        if deed == 0:
            for pid in desk.processes().get(name, []):
                os.kill(pid, signal.SIGKILL)
        elif deed == 1:
            versions[name] = versions.get(name, 0) + 1
            desk.bio("config", "apply", f"{name}.default", str(versions[name]), input=f"port = {dice.randrange(2000, 9000)}\n")
        elif deed == 2:
            desk.bio("svc", "stop", name)
            desk.bio("svc", "start", name)
        elif deed == 3:
            for number in (signal.SIGHUP, signal.SIGCHLD, signal.SIGWINCH):
                # The services do not catch SIGHUP: those that die of it are started again.
                if number != signal.SIGHUP or dice.randrange(20) == 0:
                    desk.supervisor.send_signal(number)
                    desk.sent = time.monotonic()
        elif dice.randrange(4) == 0:
            kept.append(desk.kill(versions))
        count += 1
        time.sleep(dice.random() / 5)
    desk.wait(lambda: all(s["state"] == "up" for s in desk.status().values()), "all services again")
    running, told = desk.processes(), desk.status()
    for name in desk.names:
        if running.get(name) != [told[name]["pid"]]:
            raise Failure(f"{name} should be {told[name]['pid']} and is {running.get(name)}")
        with open(f"{desk.root}/hab/svc/{name}/config/app.conf", encoding="ascii") as file:
            own = file.read().split()[0]
        shown = desk.bio("config", "show", f"{name}.default").stdout.split("=")[-1].strip()
        if own != shown:
            raise Failure(f"{name} should have the port {shown} and has {own}")
    if sum(kept) == 0:
        raise Failure("no service was there over a kill")
    return count, kept
