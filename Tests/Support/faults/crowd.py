# SPDX-License-Identifier: Apache-2.0
"""Many installations at once, into one store."""

import glob
import json
import signal
import subprocess
import time

import judge
from world import Failure


# Killed when all is unpacked and nothing can be seen yet.
KILLED = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=syncfs",
          "-e", "inject=syncfs:signal=SIGKILL:when=1"]


def check(world, crowd, kill_first=False):
    """So many processes install one closure: each package is unpacked by one of them, and all end well.

    With `kill_first` up to three are killed before anything appears; the others do it then.
    """
    desk = world.desk("crowd")
    running = []
    for number in range(crowd):
        with open(f"{desk.path}/errors-{number}", "wb") as errors:
            running.append((desk.start("pkg", "install", "--format", "json", world.app, stdout=subprocess.PIPE,
                                       stderr=errors, wrapper=KILLED if kill_first and number < 3 else ()), errors.name))
        if kill_first and number == 0:
            _wait_for_holder(desk)
    installed, waited, killed = [], 0, 0
    for process, errors in running:
        output = process.stdout.read()
        code = process.wait()
        process.stdout.close()
        with open(errors, encoding="utf-8", errors="replace") as file:
            text = file.read()
        if kill_first and code == -signal.SIGKILL:
            killed += 1
            continue
        if code != 0:
            raise Failure(f"one of {crowd} ends with {code}: {text.strip()}")
        waited += "Waiting for another installation of" in text
        outcome = json.loads(output)["packages"][0]
        installed += outcome["installed"]
        if len(outcome["installed"]) + len(outcome["present"]) != len(world.packages):
            raise Failure(f"one of {crowd} counts {outcome}")
    if len(set(installed)) != len(installed) or len(installed) != len(world.packages):
        raise Failure(f"{crowd} installations installed {sorted(installed)}")
    if kill_first and killed == 0:
        raise Failure("nobody was killed")
    if waited == 0:
        raise Failure("nobody waited for another")
    judge.check_store(desk, False)
    if difference := judge.difference(f"{desk.root}/hab/pkgs", world.expected):
        raise Failure(f"the packages are not those of an undisturbed run: {difference}")
    desk.remove()
    return waited


def _wait_for_holder(desk):
    """Waits until somebody unpacks."""
    end = time.monotonic() + 60
    while not glob.glob(f"{desk.root}/hab/receipts/.installing-*"):
        if time.monotonic() > end:
            raise Failure("nobody was seen unpacking")
        time.sleep(0.001)
