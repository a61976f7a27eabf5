# SPDX-License-Identifier: Apache-2.0
"""What a store, a cache and an output directory look like, read without any code of the program."""

import errno
import hashlib
import os
import re
import stat
import urllib.parse

from world import Failure


def packages(root):
    """The visible packages: ident to path."""
    return {"/".join(parts): path for parts, path in _walk(f"{root}/hab/pkgs", 4)}


def receipts(root):
    """ident to the path of its receipt."""
    return {"/".join(parts)[:-len(".receipt")]: path for parts, path in _walk(f"{root}/hab/receipts", 4)}


def _walk(path, levels, parts=()):
    if levels == 0:
        yield parts, path
        return
    try:
        names = sorted(os.listdir(path))
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        return  # nothing has a path that is too long to be named
    for name in names:
        if not name.startswith("."):
            yield from _walk(f"{path}/{name}", levels - 1, (*parts, name))


def hidden(*places):
    """The paths below `places` that were not meant to stay: names that begin with a dot, but for the two lock files."""
    found = []
    for place in places:
        for directory, names, files in os.walk(place):
            # A package may hold what it likes.
            if re.search(r"/hab/pkgs/[^/.]+/[^/]+/[^/]+/[^/.][^/]*$", directory):
                names.clear()
                continue
            for name in names + files:
                path = os.path.join(directory, name)
                if name.startswith(".") and not path.endswith(("receipts/.lock", "receipts/.staging", "/home/.hab")):
                    found.append(path)
    return found


def check_package(ident, path, receipt, at_once=False):
    """The package in `path` is, entry by entry, what the text of its receipt says, and holds nothing else.

    `at_once`, right after a kill, its owner may still be able to write to its directory: the next installation ends that.
    """
    if not receipt.endswith(b"\n"):
        raise Failure(f"the receipt of {ident} is cut off")
    head, last = receipt[:receipt[:-1].rindex(b"\n") + 1], receipt[:-1].rsplit(b"\n", 1)[1]
    if last != b"checksum blake2b-256:" + hashlib.blake2b(head, digest_size=32).hexdigest().encode():
        raise Failure(f"the receipt of {ident} does not match its checksum")
    lines, metafiles = _parted(head, ident)
    if lines[0] != "bio-receipt 2" or lines[1] != f"ident {ident}":
        raise Failure(f"the receipt of {ident} is of something else: {lines[:2]}")
    known = set()
    for name, text in metafiles.items():
        with open(f"{path}/{name}", "rb") as file:
            if file.read() != text:
                raise Failure(f"the receipt of {ident} has another {name} than the package")
    for line in lines:
        fields = line.split(" ")
        if len(fields[0]) != 1:
            continue
        name = urllib.parse.unquote_to_bytes(fields[-1])
        known.add(name)
        place = os.path.join(os.fsencode(path), name) if name != b"." else os.fsencode(path)
        if at_once and name == b"." and os.stat(place).st_mode & 0o200:
            fields[1] = f"{int(fields[1], 8) | 0o200:o}"
        _check_entry(f"'{place.decode(errors='replace')}' of {ident}", place, fields, path)
    if missing := {name.encode() for name in ("IDENT", "TARGET", "DEPS", "TDEPS")} & known - {
            name.encode() for name in metafiles}:
        raise Failure(f"the receipt of {ident} lacks what {sorted(missing)} hold")
    for directory, names, files in os.walk(os.fsencode(path)):
        for name in names + files:
            relative = os.path.relpath(os.path.join(directory, name), os.fsencode(path))
            if relative not in known:
                raise Failure(f"{ident} holds {relative!r}, which its receipt does not know")


def _parted(head, ident):
    """The lines of a receipt, and what the metafiles among them hold, by name."""
    lines, metafiles, place = [], {}, 0
    while place < len(head):
        end = head.index(b"\n", place)
        line, place = head[place:end].decode("ascii"), end + 1
        if not line.startswith("metafile "):
            lines.append(line)
            continue
        _, name, length = line.split(" ")
        metafiles[name] = head[place:place + int(length)]
        place += int(length) + 1
        if head[place - 1:place] != b"\n":
            raise Failure(f"the receipt of {ident} does not end the text of {name}")
    return lines, metafiles


def _check_entry(shown, place, fields, package):
    try:
        status = os.lstat(place)
    except OSError as error:
        raise Failure(f"{shown} is missing: {error.strerror}") from error
    kind = {"d": stat.S_ISDIR, "f": stat.S_ISREG, "h": stat.S_ISREG, "l": stat.S_ISLNK}[fields[0]]
    if not kind(status.st_mode):
        raise Failure(f"{shown} is of another kind")
    if fields[0] == "l":
        if os.readlink(place) != urllib.parse.unquote_to_bytes(fields[3]):
            raise Failure(f"{shown} leads elsewhere")
        return
    if stat.S_IMODE(status.st_mode) != int(fields[1], 8):
        raise Failure(f"{shown} has mode {stat.S_IMODE(status.st_mode):o}, not {fields[1]}")
    if fields[0] == "f":
        with open(place, "rb") as file:
            content = file.read()
        if len(content) != int(fields[3]) or hashlib.blake2b(content, digest_size=32).hexdigest() != fields[4]:
            raise Failure(f"{shown} has another content")
    if fields[0] == "h":
        other = os.path.join(os.fsencode(package), urllib.parse.unquote_to_bytes(fields[3]))
        if os.lstat(other).st_ino != status.st_ino:
            raise Failure(f"{shown} is no further name of {fields[3]}")


def check_store(desk, at_once):
    """Nothing is half there. `at_once` is right after a kill: then what nobody sees may be left."""
    found, written = packages(desk.root), receipts(desk.root)
    for ident, path in found.items():
        if ident not in written:
            raise Failure(f"{ident} is there and has no receipt")
        with open(written[ident], "rb") as file:
            check_package(ident, path, file.read(), at_once)
    known = {package.file_name: package for package in desk.world.packages}
    for name in os.listdir(desk.cache) if os.path.isdir(desk.cache) else []:
        if name.startswith("."):
            continue
        if name not in known or not same(f"{desk.cache}/{name}", f"{desk.world.artifacts}/{name}"):
            raise Failure(f"'{name}' in the cache is no artifact of ours, or not a whole one")
    if at_once:
        return
    if orphans := sorted(set(written) - set(found)):
        raise Failure(f"receipts without packages: {orphans}")
    check_left(desk)


def check_left(desk):
    """Nothing is left that was not meant to stay."""
    if left := hidden(desk.root, desk.work, desk.home, desk.temporary):
        raise Failure(f"left behind: {left}")
    if left := os.listdir(desk.temporary):
        raise Failure(f"left in the temporary directory: {left}")
    for place in (f"{desk.root}/hab/pkgs", f"{desk.root}/hab/receipts"):
        for directory, names, files in os.walk(place):
            if directory != place and not names and not files and "/pkgs/" not in _package_above(directory):
                raise Failure(f"an empty directory is left: '{directory}'")


def _package_above(directory):
    """`directory` when it lies in a package, where empty directories are its own affair."""
    return directory if re.search(r"/hab/pkgs/[^/]+/[^/]+/[^/]+/[^/]+", directory) else ""


def same(path, other):
    with open(path, "rb") as one, open(other, "rb") as two:
        return one.read() == two.read()


def listing(root, hidden=True):
    """Everything below `root`, or what is not hidden, with mode, size, target and content: equal listings are equal trees."""
    lines = []
    for directory, names, files in os.walk(root):
        if not hidden:
            names[:] = [name for name in names if not name.startswith(".")]
        for name in sorted(names + files):
            path = os.path.join(directory, name)
            status = os.lstat(path)
            line = f"{os.path.relpath(path, root)} {status.st_mode:o} {status.st_nlink if stat.S_ISREG(status.st_mode) else 0}"
            if stat.S_ISREG(status.st_mode):
                with open(path, "rb") as file:
                    line += " " + hashlib.sha256(file.read()).hexdigest()
            elif stat.S_ISLNK(status.st_mode):
                line += " " + os.readlink(path)
            lines.append(line)
    return sorted(lines)


def difference(root, expected, hidden=True):
    """The first lines in which the tree differs from a listing; empty when it does not."""
    return sorted(set(listing(root, hidden)) ^ set(expected))[:4]
