# SPDX-License-Identifier: Apache-2.0
"""What Python's own tarfile, or a directory tree, holds: one line for each member, sorted by path bytes.

judge.py list ARCHIVE     kind mode owner size time path [-> target] [sha256]; - reads standard input
judge.py members ARCHIVE  kind mode size path [-> target] [sha256]
judge.py tree DIRECTORY   the same as members, of what lies below a directory
judge.py extract ARCHIVE DIRECTORY
"""
import hashlib
import os
import stat
import sys
import tarfile


def shown(name):
    """Bytes as text that fits on one line, the same for every byte."""
    raw = os.fsencode(name)
    return "".join(chr(b) if 0x20 < b < 0x7F and b != 0x5C else f"\\{b:03o}" for b in raw)


def line(kind, mode, size, path, target, content, owner=None):
    words = [kind, f"{mode:04o}"]
    if owner:
        words.append(owner[0])
    words.append(str(size))
    if owner:
        words.append(owner[1])
    words.append(shown(path))
    if target is not None:
        words += ["->", shown(target)]
    if content is not None:
        words.append(hashlib.sha256(content).hexdigest()[:16])
    return " ".join(words)


def opened(path):
    # Names are bytes: surrogateescape brings back what is not UTF-8.
    how = {"encoding": "utf-8", "errors": "surrogateescape"}
    if path == "-":
        return tarfile.open(fileobj=sys.stdin.buffer, mode="r|", **how)
    return tarfile.open(path, **how)


def list_archive(path, full):
    previous = b""
    with opened(path) as archive:
        for member in archive:
            raw = os.fsencode(member.name)
            assert raw > previous, f"{member.name!r} comes after {previous!r}"
            previous = raw
            owner = None
            if full:
                assert (member.uname, member.gname) == ("", ""), member.name
                owner = (f"{member.uid}:{member.gid}", str(member.mtime))
            if member.isdir():
                print(line("d", member.mode, 0, member.name, None, None, owner))
            elif member.issym():
                print(line("l", 0o777, 0, member.name, member.linkname, None, owner))
            elif member.isreg():
                content = archive.extractfile(member).read()
                assert len(content) == member.size
                print(line("f", member.mode, member.size, member.name, None, content, owner))
            else:
                raise SystemExit(f"{member.name!r} is of the type {member.type!r}")


def list_tree(top):
    lines = []

    def walk(directory):
        for entry in os.scandir(directory):
            status = entry.stat(follow_symlinks=False)
            mode = stat.S_IMODE(status.st_mode)
            path = os.path.relpath(entry.path, os.fsencode(top))
            if stat.S_ISLNK(status.st_mode):
                lines.append((path, line("l", 0o777, 0, path, os.readlink(entry.path), None)))
            elif stat.S_ISDIR(status.st_mode):
                lines.append((path, line("d", mode, 0, path, None, None)))
                walk(entry.path)
            elif stat.S_ISREG(status.st_mode):
                with open(entry.path, "rb") as file:
                    content = file.read()
                lines.append((path, line("f", mode, len(content), path, None, content)))
            else:
                raise SystemExit(f"{entry.path!r} is neither file, directory nor link")

    walk(os.fsencode(top))
    for _, text in sorted(lines):
        print(text)


command, *arguments = sys.argv[1:]
if command == "list":
    list_archive(arguments[0], full=True)
elif command == "members":
    list_archive(arguments[0], full=False)
elif command == "tree":
    list_tree(arguments[0])
elif command == "extract":
    with opened(arguments[0]) as archive:
        archive.extractall(arguments[1])
else:
    raise SystemExit(__doc__)
