# SPDX-License-Identifier: Apache-2.0
"""Starts of a runner with a plugin that does what no plugin may do: what becomes of host, store and everything outside."""

import concurrent.futures
import glob
import hashlib
import json
import os
import random
import re
import signal
import subprocess
import time

from world import Failure, session

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.normpath(f"{HERE}/../../..")
SOURCES = f"{TOP}/Tests/Support/plugins/hostile"
# They take their whole limit of time, a second; the others take some milliseconds.
SLOW = re.compile("hang|forever|cancel|ignore-answers|-in-")
# A run may last for as long as it shows that it works: only the user ends these.
ENDLESS = {"progress-forever"}
MANIFEST = """manifest = 1
id = "org.biome.test.hostile"
name = "hostile"
version = "0.0.1"
summary = "Whatever should not be"
license = "Apache-2.0"
library = "libhostile.so"
target = "x86_64-linux"
formats = ["hostile"]
abi = { built = "1.1", needed = "1.0" }
"""


def behaviours():
    """All that the hostile plugin can do, by name, from its sources."""
    text = "".join(open(path).read() for path in sorted(glob.glob(f"{SOURCES}/*.c")))
    found = re.findall(r'\{"([a-z_-]+)", ', text)
    found += re.findall(r"X\((\w+)\)", text.split("#define ATTEMPTS(X)")[1].split("#define RUN")[0])
    if len(found) < 100:
        raise Failure(f"the hostile plugin seems to have {len(found)} behaviours only")
    return sorted(set(found))


def build(directory, processes):
    """The plugin in a directory of its own, described."""
    os.makedirs(directory)
    subprocess.run(
        ["cc", "-std=c11", "-O1", "-shared", "-fPIC", "-fvisibility=hidden", "-pthread", "-Wl,-z,noexecstack",
         f"-Wl,--version-script={TOP}/plugin-sdk/exports.map", f"-I{TOP}/plugin-sdk/include", "-o",
         f"{directory}/libhostile.so", *glob.glob(f"{SOURCES}/*.c")], check=True)
    with open(f"{directory}/plugin.toml", "w") as file:
        file.write(MANIFEST + ("processes = true\n" if processes else ""))


def fingerprint(*places):
    """Everything beneath: names, kinds, modes, times, bytes."""
    digest = hashlib.sha256()
    for place in places:
        for directory, names, files in os.walk(place):
            names.sort()
            for name in sorted(names + files):
                path = os.path.join(directory, name)
                status = os.lstat(path)
                digest.update(f"{path} {status.st_mode:o} {status.st_mtime_ns} {status.st_uid}\0".encode())
                if name in files and not os.path.islink(path):
                    with open(path, "rb") as file:
                        digest.update(file.read())
    return digest.hexdigest()


class Campaign:
    """One store and one guarded directory for all starts; each start has an output directory of its own."""

    def __init__(self, world, seed):
        self.world, self.seed = world, seed
        self.desk = world.desk("runners")
        self.desk.must("pkg", "install", "--offline", *[f"{world.artifacts}/{p.file_name}" for p in world.packages])
        self.plugins = {}
        for processes in (False, True):
            place = f"{self.desk.path}/plugins{processes:d}"
            build(f"{place}/hostile", processes)
            self.plugins[processes] = place
        self.outside = f"{self.desk.path}/outside"
        os.mkdir(self.outside)
        self.secret = f"{self.outside}/secret"
        with open(self.secret, "w") as file:
            file.write("secret\n")
        names = behaviours()
        self.quick = [name for name in names if not SLOW.search(name)]
        self.slow = [name for name in names if SLOW.search(name)]
        self.places = (f"{self.desk.root}/hab", self.outside, *self.plugins.values(), self.desk.home)
        for place in self.plugins.values():
            self.desk.environment["BIO_PLUGIN_PATH"] = place
            self.desk.must("plugin", "describe", f"{place}/hostile")
        self.refuse_without_sandbox()
        self.before = fingerprint(*self.places)

    def refuse_without_sandbox(self):
        """Nothing hostile is started where a part of the sandbox is missing: it would do what it tries."""
        for place in self.plugins.values():
            self.desk.environment["BIO_PLUGIN_PATH"] = place
            told = json.loads(self.desk.must("plugin", "info", "org.biome.test.hostile", "--format", "json"))
            if "sandbox" not in told or told["sandbox"]["gap"] is not None:
                raise Failure(f"'{self.world.bio}' does not confine plugins in all here: {told.get('sandbox')}")

    def choice(self, number):
        """The behaviour of a start: the same for the same seed and number."""
        draw = random.Random(f"{self.seed} {number}")
        # A slow one in a hundred: they take their limit of time.
        name = draw.choice(self.slow if draw.randrange(100) == 0 else self.quick)
        return name, draw.randrange(4) == 0

    def start(self, number):
        """One start; a text when something is wrong."""
        name, processes = self.choice(number)
        out = f"{self.outside}/out{number}/deep"
        os.makedirs(out)
        environment = dict(self.desk.environment, BIO_PLUGIN_PATH=self.plugins[processes])
        what = f"'{name}'{' with processes' if processes else ''}"
        words = ["pkg", "export", "hostile", self.world.packages[-1].ident, "--behaviour", name, "--plugin-timeout", "1",
                 "-o", out]
        process = self.desk.start(*words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  cwd=f"{self.outside}/out{number}")
        try:
            if name in ENDLESS:
                time.sleep(3)
                process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return f"{what} hangs the host"
        errors = errors.decode(errors="replace")
        left = session(process.pid)
        for pid in left:
            os.kill(pid, 9)
        if left:
            return f"{what} leaves {len(left)} processes"
        stopped = name in ENDLESS and process.returncode == 130
        if not stopped and process.returncode not in (0, 1, 5, 64):
            return f"{what} ends the host with {process.returncode}: {errors}"
        # By its path as long as it has not said its id.
        names = ("'org.biome.test.hostile'", f"'{self.plugins[processes]}/hostile/libhostile.so'")
        if process.returncode != 0 and not stopped and not any(one in errors for one in names):
            return f"{what} ends in an error that does not name the plugin: {errors}"
        made = [n for n in os.listdir(out) if n.startswith(".") or process.returncode != 0]
        beside = [n for n in os.listdir(f"{self.outside}/out{number}") if n not in ("deep", "results")]
        if made or beside:
            return f"{what} leaves {made + beside}"
        subprocess.run(["rm", "-rf", f"{self.outside}/out{number}"], check=True)
        return None


def run(world, seed, numbers, report):
    """All starts, some at once; how many failed."""
    campaign = Campaign(world, seed)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as crew:
        for number, problem in zip(numbers, crew.map(campaign.start, numbers)):
            if problem:
                failed += 1
                report(problem, f"runners --seed {seed} --only {number}")
    if fingerprint(*campaign.places) != campaign.before:
        failed += 1
        report("the store, the plugins, the home or a file outside is not what it was", f"runners --seed {seed}")
    return failed
