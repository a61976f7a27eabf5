# SPDX-License-Identifier: Apache-2.0
"""Runs without enough of something: room, permission, descriptors, memory, uninterrupted time, a place to be."""

import os
import re
import subprocess

import judge
from works import Export, Install, Sign
from world import Failure

NOBODY = 65534


class Never:
    """No chance: the plain kind of a run."""

    def random(self):
        return 1.0

    def choice(self, options):
        return options[0]


def expect(desk, words, code, *fragments, **options):
    """Runs `bio`; it ends so, says so, and leaves nothing."""
    ended, output, errors = desk.run(*words, **options)
    if ended != code:
        raise Failure(f"'bio {' '.join(words)}' ends with {ended}, not {code}: {errors.strip()}")
    for fragment in fragments:
        if not re.search(fragment, errors):
            raise Failure(f"'bio {' '.join(words)}' does not say '{fragment}': {errors.strip()}")
    judge.check_left(desk)
    return output


def install(world):
    return ["pkg", "install", world.app]


def is_root():
    return os.getuid() == 0


def check_small_disk(world):
    """A disk that has room for some of it, and for less and less."""
    for size in ["32k", "200k", "600k", "1000k"]:
        desk = world.desk("small")
        for place in (desk.root, desk.work):
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], check=True)
        try:
            expect(desk, install(world), 1, "No space left on device", "free some space")
            if judge.packages(desk.root) or judge.receipts(desk.root):
                raise Failure(f"packages are left on a full disk of {size}")
            export = Export(world, Never())
            expect(desk, export.words(desk), 1, "No space left on device", "free some space|disk is not full")
            sign = ["pkg", "sign", "--origin", "acme", world.app, "out"]
            expect(desk, sign, 1, "No space left on device") if size == "32k" else None
        finally:
            for place in (desk.root, desk.work):
                subprocess.run(["umount", place], check=True)
        desk.remove()


def check_file_size(world):
    """A limit of file sizes is a full disk too."""
    desk = world.desk("fsize")
    expect(desk, install(world), 1, "File too large", wrapper=["prlimit", "--fsize=100000"])
    desk.must(*install(world))
    desk.remove()


def check_read_only(world):
    """A store that cannot be written: nothing can be installed, what is there can be used."""
    desk = world.desk("closed")
    os.mkdir(f"{desk.root}/hab")
    if is_root():
        desk.give_to(NOBODY)
    os.chmod(f"{desk.root}/hab", 0o555)
    expect(desk, install(world), 1, "Permission denied", "hint|run as a user who may")
    os.chmod(f"{desk.root}/hab", 0o755)
    desk.must(*install(world))
    for directory, _, _ in os.walk(f"{desk.root}/hab"):
        if "/pkgs/acme/" not in directory:
            os.chmod(directory, 0o555)
    expect(desk, install(world), 0)
    expect(desk, ["pkg", "export", "tar", "acme/app", "--base-pkgs", "none", "-o", "out"], 0)
    subprocess.run(["chmod", "-R", "u+rwX", desk.root], check=True)
    desk.remove()


def check_read_only_mount(world):
    desk = world.desk("mount")
    desk.must(*install(world))
    empty = world.desk("empty")
    for place in (desk.root, empty.root):
        subprocess.run(["mount", "--bind", place, place], check=True)
        subprocess.run(["mount", "-o", "remount,ro,bind", place], check=True)
    try:
        expect(empty, install(world), 1, "Read-only file system", "name another place")
        expect(desk, install(world), 0)
    finally:
        for place in (desk.root, empty.root):
            subprocess.run(["umount", place], check=True)
    desk.remove()
    empty.remove()


def check_closed_cache(world):
    """An artifact that cannot be kept is no reason not to install."""
    desk = world.desk("cache")
    os.makedirs(os.path.dirname(desk.cache))
    if is_root():
        desk.give_to(NOBODY)
        os.makedirs(os.path.dirname(desk.cache), exist_ok=True)
    os.chmod(os.path.dirname(desk.cache), 0o555)
    expect(desk, install(world), 0, "not kept in the cache")
    judge.check_store(desk, False)
    os.chmod(os.path.dirname(desk.cache), 0o755)
    desk.remove()


def check_descriptors(world, large):
    """Below some number it says what is missing; 64 are enough for 200 packages."""
    works = [Install(world, Never()), Export(world, Never())]
    for work in works:
        for limit in [4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 24, 32, 64]:
            # Below it no directory of plugins can be listed, and the format is said to be unknown.
            if limit < 10 and isinstance(work, Export):
                continue
            desk = world.desk("descriptors")
            work.prepare(desk)
            code, _, errors = desk.run(*work.words(desk), wrapper=["prlimit", f"--nofile={limit}"])
            # Removing needs descriptors too: what cannot be removed goes with the next run.
            if code == 0:
                work.check_done(desk, tidied=limit >= 64)
            # With so few the system's loader does not find the program's libraries.
            elif code != 127 and (code not in (1, 5) or "Too many open files" not in errors):
                raise Failure(f"{work.name} with {limit} descriptors ends with {code}: {errors.strip()}")
            elif limit >= 64:
                raise Failure(f"{work.name} needs more than {limit} descriptors: {errors.strip()}")
            work.check(desk, at_once=limit < 64)
            work.finish(desk)
            desk.remove()
    desk = large.desk("descriptors")
    expect(desk, install(large), 0, wrapper=["prlimit", "--nofile=64"])
    judge.check_store(desk, False)
    desk.remove()


def check_memory(world):
    """Without memory it fails; nothing is left even when it cannot say why."""
    work = Install(world, Never())
    for megabytes in [24, 32, 48, 64, 96, 128, 192, 256, 512]:
        desk = world.desk("memory")
        code, _, errors = desk.run(*work.words(desk), wrapper=["prlimit", f"--as={megabytes << 20}"])
        if code == 0:
            work.check_done(desk)
        elif code == 127 and megabytes < 32:
            # So little is not enough for the system's loader: the program is never reached.
            judge.check_store(desk, at_once=True)
        else:
            judge.check_store(desk, at_once=code < 0)
            # The runtime of Swift ends a program that it finds no memory for; that must not be needed above 96 MiB.
            if code > 0 and (code != 1 or "raise the limit" not in errors) or code < 0 and megabytes > 96:
                raise Failure(f"with {megabytes} MiB of addresses it ends with {code}: {errors.strip()}")
            if megabytes >= 512:
                raise Failure(f"{megabytes} MiB of addresses are not enough: {code}, {errors.strip()}")
        desk.must(*work.words(desk))
        work.check_done(desk)
        desk.remove()


def check_interruptions(world):
    """A signal every 100 microseconds changes nothing."""
    library = f"{world.path}/interrupt.so"
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "interrupt.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", library, source], check=True)

    def storm(desk, *words):
        desk.environment["LD_PRELOAD"] = library
        output = desk.must(*words)
        del desk.environment["LD_PRELOAD"]
        return output

    for work, more in [(Install(world, Never()), []), (Export(world, Never()), []),
                       (Export(world, Never()), ["--in-process"]), (Sign(world, Never()), [])]:
        desk = world.desk("storm")
        work.prepare(desk)
        storm(desk, *work.words(desk), *more)
        work.check_done(desk)
        desk.remove()
    desk = world.desk("storm")
    storm(desk, "pkg", "verify", world.app)
    storm(desk, "origin", "key", "generate", "--cache-key-path", f"{desk.work}/keys", "acme")
    if len(os.listdir(f"{desk.work}/keys")) != 2:
        raise Failure("a key pair has two files")
    desk.remove()


def check_closed_streams(world):
    """Standard descriptors that are closed are not taken for files, and the work is done."""
    for closed in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"]:
        for work in [Install(world, Never()), Export(world, Never()), Sign(world, Never())]:
            desk = world.desk("streams")
            work.prepare(desk)
            code, _, errors = desk.run(
                *work.words(desk), wrapper=["sh", "-c", f'exec "$@" {closed}', "sh"])
            # What the result is written to is gone: that is told, after the work.
            if code != 0 and (">&-" not in closed or code != 1):
                raise Failure(f"{work.name} with {closed} ends with {code}: {errors.strip()}")
            work.check_done(desk)
            desk.remove()


def check_reader_gone(world):
    """Nobody reads: no signal kills it in the middle."""
    desk = world.desk("pipe")
    reading, writing = os.pipe()
    os.close(reading)
    code, _, errors = desk.run(*install(world), stdout=writing)
    os.close(writing)
    if code != 1:
        raise Failure(f"install into a closed pipe ends with {code}: {errors.strip()}")
    Install(world, Never()).check_done(desk)
    desk.remove()


def check_no_directory(world):
    """The working directory is gone."""
    desk = world.desk("gone")
    gone = f"{desk.path}/gone"

    def leave():
        os.mkdir(gone)
        os.chdir(gone)
        os.rmdir(gone)

    expect(desk, install(world), 0, before=leave)
    export = ["pkg", "export", "tar", "acme/app", "--base-pkgs", "none"]
    expect(desk, [*export, "-o", f"{desk.work}/out"], 0, before=leave)
    expect(desk, export, 1, "cannot", before=leave)
    desk.remove()


def check_temporary(world):
    """TMPDIR is needed for a result on standard output only, and named when it is of no use."""
    desk = world.desk("tmpdir")
    desk.must(*install(world))
    stream = ["pkg", "export", "tar", "acme/app", "--base-pkgs", "none", "-o", "-"]
    desk.environment["TMPDIR"] = f"{desk.path}/nowhere"
    expect(desk, stream, 1, f"{desk.path}/nowhere")
    expect(desk, [*stream[:-1], "out"], 0)
    if is_root():
        os.chmod(desk.temporary, 0o555)
        desk.environment["TMPDIR"] = desk.temporary
        desk.give_to(NOBODY)
        expect(desk, stream, 1, "Permission denied", desk.temporary)
    desk.remove()


def check_no_home(world):
    """Without HOME everything is below the store."""
    desk = world.desk("homeless")
    if is_root():
        desk.give_to(NOBODY)
    del desk.environment["HOME"]
    expect(desk, install(world), 0)
    if not os.path.isdir(f"{desk.root}/hab/cache/artifacts"):
        raise Failure("without HOME the artifacts are not kept below the store")
    desk.remove()


def check_clock(world):
    """The clock is wrong, and goes back between two runs."""
    for times in [["2031-01-01 00:00:00", "1999-12-31 23:59:59"]]:
        desk = world.desk("clock")
        export = ["pkg", "export", "tar", "acme/app", "--base-pkgs", "none", "--compression", "none", "-o", "out"]
        results = []
        for time in times:
            desk.must(*install(world), wrapper=["faketime", "-f", f"@{time}"])
            desk.must(*export, wrapper=["faketime", "-f", f"@{time}"])
            with open(f"{desk.work}/out", "rb") as file:
                results.append(file.read())
        if results[0] != results[1]:
            raise Failure("the result depends on the clock")
        Install(world, Never()).check_done(desk)
        desk.remove()


def check_long_paths(world):
    """A store so deep that what is in it has no path any more."""
    for length in [3000, 3800, 3950, 4000, 4050, 4090]:
        desk = world.desk("deep")
        root = desk.root
        while len(root) < length - 2:
            root += "/" + "d" * min(200, length - len(root) - 1)
        os.makedirs(root)
        desk.environment["FS_ROOT"] = root
        code, _, errors = desk.run(*install(world))
        if code == 0 and length < 4000:
            if len(judge.packages(root)) != len(world.packages):
                raise Failure(f"not everything is installed {length} bytes deep")
        elif code != 1 or "File name too long" not in errors or "shorter" not in errors:
            raise Failure(f"{length} bytes deep it ends with {code}: {errors.strip()}")
        elif judge.packages(root):
            raise Failure(f"packages are left {length} bytes deep")
        judge.check_left(desk)
        desk.remove()


def can_mount():
    """Root in some containers may not; disturbed system calls (points.py) and `check_read_only` cover the rest."""
    place = f"/tmp/bio-mount-{os.getpid()}"
    os.mkdir(place)
    try:
        done = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place], stderr=subprocess.DEVNULL, check=False)
        if done.returncode == 0:
            subprocess.run(["umount", place], check=True)
        return done.returncode == 0
    finally:
        os.rmdir(place)


def checks(world, large):
    """All of them, by name."""
    found = {"file-size": lambda: check_file_size(world), "read-only": lambda: check_read_only(world),
             "closed-cache": lambda: check_closed_cache(world), "descriptors": lambda: check_descriptors(world, large),
             "memory": lambda: check_memory(world), "interruptions": lambda: check_interruptions(world),
             "closed-streams": lambda: check_closed_streams(world), "reader-gone": lambda: check_reader_gone(world),
             "no-directory": lambda: check_no_directory(world), "temporary": lambda: check_temporary(world),
             "no-home": lambda: check_no_home(world), "clock": lambda: check_clock(world),
             "long-paths": lambda: check_long_paths(world)}
    if can_mount():
        found["small-disk"] = lambda: check_small_disk(world)
        found["read-only-mount"] = lambda: check_read_only_mount(world)
    return found
