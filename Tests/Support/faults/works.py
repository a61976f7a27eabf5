# SPDX-License-Identifier: Apache-2.0
"""The commands that are disturbed, and what each may leave."""

import json
import os
import random
import time

import judge
from world import Failure

COMPRESSIONS = ["none", "gzip", "zstd", "xz"]
OLD = b"what was there before\n" * 100


class Work:
    """One command: what must be there first, its words, and what must be true of what it leaves."""

    # Exit codes of a run that comes after one that did it all.
    nothing_left_to_do = []

    def prepare(self, desk):
        """Before it is disturbed."""

    def wait(self):
        """Until it can be run again."""

    def finish(self, desk):
        """The next run, which is not disturbed."""
        desk.must(*self.words(desk))
        self.check_done(desk)


class Install(Work):
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


class Written(Work):
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
            if desk.user:
                os.chown(f"{desk.work}/out", desk.user, desk.user)

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


class Generate(Work):
    """A pair of keys: two files, the secret one first."""

    name = "generate"

    def __init__(self, world, chance):
        self.world = world

    def words(self, desk):
        return ["origin", "key", "generate", "--cache-key-path", f"{desk.work}/keys", "acme"]

    def check(self, desk, at_once):
        """Each file is a whole key, and there is no public one without its secret one."""
        keys = f"{desk.work}/keys"
        names = [name for name in os.listdir(keys) if not name.startswith(".")] if os.path.isdir(keys) else []
        for name in names:
            with open(f"{keys}/{name}", encoding="ascii") as file:
                lines = file.read().split("\n")
            secret = name.endswith(".sig.key")
            stem = name.removesuffix(".sig.key").removesuffix(".pub")
            if lines[:3] != ["SIG-SEC-1" if secret else "SIG-PUB-1", stem, ""] or len(lines[3]) != (88 if secret else 44):
                raise Failure(f"the key '{name}' is not whole")
            if not secret and f"{stem}.sig.key" not in names:
                raise Failure(f"'{name}' has no secret half")
        if not at_once:
            judge.check_left(desk)

    def check_done(self, desk, tidied=True):
        self.check(desk, at_once=not tidied)
        if not any(name.endswith(".pub") for name in os.listdir(f"{desk.work}/keys")):
            raise Failure("there is no public key")

    def wait(self):
        # A key is never replaced, and has the second it was made in as its name.
        time.sleep(1.01 - time.time() % 1)

    def finish(self, desk):
        self.wait()
        super().finish(desk)


class Uninstall(Install):
    """The package that needs the others goes, and is installed again."""

    name = "uninstall"
    nothing_left_to_do = [3]

    def prepare(self, desk):
        desk.must("pkg", "install", self.world.app)

    def words(self, desk):
        return ["pkg", "uninstall", "acme/app"]

    def check_done(self, desk, tidied=True):
        judge.check_store(desk, at_once=not tidied)
        if self.world.packages[-1].ident in judge.packages(desk.root):
            raise Failure("the package is still there")

    def finish(self, desk):
        code, _, errors = desk.run(*self.words(desk))
        # It may have been gone already.
        if code not in (0, 3):
            raise Failure(f"uninstalling again ends with {code}: {errors.strip()}")
        Install(self.world, random.Random(0)).finish(desk)


KINDS = [Install, Install, Install, Export, Export, Export, Sign, Generate]


def kinds(world):
    """What this program can do: a `bio` that removes packages is killed at that too."""
    return KINDS + [Uninstall, Uninstall] if world.removes else KINDS
