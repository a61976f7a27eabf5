# SPDX-License-Identifier: Apache-2.0
"""Packages, keys and places for runs of the real program that are disturbed."""

import io
import lzma
import os
import random
import shutil
import signal
import subprocess
import tarfile
import tempfile

MOMENT = 1767225600  # 2026-01-01
RELEASE = "20260101000000"


class Failure(Exception):
    """What a run left that it should not have left, or did that it should not have done."""


class Package:
    """One package: its ident, its transitive dependencies and what is in it beside metafiles."""

    def __init__(self, ident, tdeps=(), files=0, big=0, own_mode=0o755):
        self.ident, self.tdeps, self.files, self.big, self.own_mode = ident, list(tdeps), files, big, own_mode

    @property
    def file_name(self):
        return self.ident.replace("/", "-") + "-x86_64-linux.hart"

    def tar(self):
        """The payload before its compression: plain files, links of both kinds, odd modes, a directory to be closed."""
        top = f"hab/pkgs/{self.ident}"
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:
            def add(name, kind=tarfile.REGTYPE, mode=0o644, body=b"", link=""):
                member = tarfile.TarInfo(f"{top}/{name}".rstrip("/"))
                member.type, member.mode, member.size, member.linkname = kind, mode, len(body), link
                member.mtime, member.uname, member.gname = MOMENT, "root", "root"
                tar.addfile(member, io.BytesIO(body))

            add("", tarfile.DIRTYPE, self.own_mode)
            add("IDENT", body=f"{self.ident}\n".encode())
            add("TARGET", body=b"x86_64-linux\n")
            if self.tdeps:
                text = "".join(f"{ident}\n" for ident in self.tdeps).encode()
                add("TDEPS", body=text)
                add("DEPS", body=text)
            if self.files:
                add("bin", tarfile.DIRTYPE, 0o755)
                add("bin/tool", mode=0o4755, body=b"#!/bin/sh\necho tool\n")
                add("bin/twin", tarfile.LNKTYPE, 0o4755, link=f"{top}/bin/tool")
                add("bin/other", tarfile.SYMTYPE, 0o777, link="tool")
                add("closed", tarfile.DIRTYPE, 0o555)
                for number in range(self.files):
                    add(f"closed/file{number}", mode=0o444, body=f"{number} ".encode() * 300)
            if self.big:
                add("big", body=random.Random(self.ident).randbytes(self.big))
        return buffer.getvalue()


def closure(files, big):
    """Five packages, dependencies first; the last needs all others."""
    base = Package(f"acme/base/1.0/{RELEASE}", files=files, own_mode=0o555)
    lib = Package(f"acme/lib/1.0/{RELEASE}", [base.ident], files=files, big=big)
    tool = Package(f"acme/tool/1.0/{RELEASE}", [base.ident], files=files)
    util = Package(f"acme/util/1.0/{RELEASE}", [lib.ident, base.ident])
    app = Package(f"acme/app/1.0/{RELEASE}", [base.ident, lib.ident, tool.ident, util.ident], files=files, big=big)
    return [base, lib, tool, util, app]


class World:
    """Artifacts and keys that every run uses and none changes. Goes with `close`."""

    def __init__(self, bio, packages):
        self.bio = os.path.abspath(bio)
        self.packages = packages
        self.path = tempfile.mkdtemp(prefix="bio-faults-")
        os.chmod(self.path, 0o755)
        self.artifacts, self.keys = f"{self.path}/artifacts", f"{self.path}/keys"
        os.mkdir(self.artifacts)
        desk = self.desk("making")
        desk.must("origin", "key", "generate", "acme")
        for package in packages:
            payload = f"{self.path}/payload"
            with open(payload, "wb") as file:
                file.write(lzma.compress(package.tar(), preset=0))
            desk.must("pkg", "sign", "--origin", "acme", payload, f"{self.artifacts}/{package.file_name}")
        subprocess.run(["chmod", "-R", "a+rX", self.keys], check=True)

    @property
    def app(self):
        return f"{self.artifacts}/{self.packages[-1].file_name}"

    def desk(self, name):
        return Desk(self, f"{self.path}/{name}")

    def close(self):
        subprocess.run(["chmod", "-R", "u+rwX", self.path], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.path, ignore_errors=True)


class Desk:
    """One store, home, working and temporary directory. `user` is who runs the program; root runs it as somebody else."""

    def __init__(self, world, path, user=None):
        self.world, self.path, self.user = world, path, user
        self.root, self.work, self.home, self.temporary = (f"{path}/{name}" for name in ("root", "work", "home", "tmp"))
        for directory in (path, self.root, self.work, self.home, self.temporary):
            os.makedirs(directory, exist_ok=True)
        self.environment = {"PATH": "/usr/bin:/bin", "FS_ROOT": self.root, "HOME": self.home, "HAB_NOCOLORING": "true",
                            "TMPDIR": self.temporary, "HAB_CACHE_KEY_PATH": world.keys, "LC_ALL": "C.UTF-8"}

    def give_to(self, user):
        """From now on `user` (a number) owns everything here and runs the program."""
        self.user = user
        for directory, names, files in os.walk(self.path):
            for name in [""] + names + files:
                os.lchown(os.path.join(directory, name), user, user)

    @property
    def cache(self):
        """Where artifacts are kept: root's below the store, everybody else's at home."""
        own = self.user if self.user is not None else os.getuid()
        return f"{self.root}/hab/cache/artifacts" if own == 0 else f"{self.home}/.hab/cache/artifacts"

    def start(self, *words, wrapper=(), before=None, **options):
        """Starts `bio`, in a session of its own by which everything it starts is found."""
        def prepare():
            for number in (signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ):
                signal.signal(number, signal.SIG_DFL)
            if before:
                before()
            if self.user is not None:
                os.setgroups([])
                os.setgid(self.user)
                os.setuid(self.user)

        settings = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.work,
                        env=self.environment, start_new_session=True, preexec_fn=prepare)
        settings.update(options)
        return subprocess.Popen([*wrapper, self.world.bio, *words], **settings)

    def run(self, *words, timeout=120, **options):
        """Runs `bio` to its end: code, standard output, standard error."""
        settings = dict(stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        settings.update(options)
        process = self.start(*words, **settings)
        try:
            output, errors = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            for pid in session(process.pid):
                os.kill(pid, signal.SIGKILL)
            process.communicate()
            raise Failure(f"'bio {' '.join(words)}' hangs")
        return process.returncode, output or b"", (errors or b"").decode(errors="replace")

    def must(self, *words, **options):
        """The same, and it must succeed: standard output."""
        code, output, errors = self.run(*words, **options)
        if code != 0:
            raise Failure(f"'bio {' '.join(words)}' ends with {code}: {errors.strip()}")
        return output

    def remove(self):
        shutil.rmtree(self.path)


def session(leader):
    """The living processes of a session."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                fields = file.read().rsplit(b")", 1)[1].split()
        except (OSError, IndexError):
            continue
        if fields[0] not in b"ZX" and int(fields[3]) == leader:
            found.append(int(name))
    return found
