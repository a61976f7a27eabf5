#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes layers as docs/reference/layers.md says, from that page alone, and compares them with the vectors beside it.

usage: judge.py VECTORS [--write]     prints NAME, DIFF ID and SIZE of each; --write puts what it finds into the file
"""
import hashlib
import json
import sys

BLOCK = 512


def raw(value):
    """Bytes of a vector: text, {"hex": …} or {"fill": text, "count": n}."""
    if isinstance(value, str):
        return value.encode()
    if "hex" in value:
        return bytes.fromhex(value["hex"])
    fill = value["fill"].encode()
    return (fill * (value["count"] // len(fill) + 1))[: value["count"]]


def header(name, prefix, kind, mode, size, time, link):
    block = bytearray(BLOCK)

    def put(offset, data):
        block[offset : offset + len(data)] = data

    put(0, name)
    put(100, b"%07o" % mode)
    put(108, b"0000000")
    put(116, b"0000000")
    put(124, b"%011o" % size)
    put(136, b"%011o" % time)
    block[156] = ord(kind)
    put(157, link)
    put(257, b"ustar\x0000")
    put(329, b"0000000")
    put(337, b"0000000")
    put(345, prefix)
    put(148, b" " * 8)
    put(148, b"%06o\x00 " % sum(block))
    return bytes(block)


def filled(data):
    return data + b"\x00" * (-len(data) % BLOCK)


def cut(path):
    if len(path) <= 100:
        return b"", path
    for place in range(1, len(path) - 1):
        if path[place : place + 1] == b"/" and len(path) - place - 1 <= 100:
            return (path[:place], path[place + 1 :]) if place <= 155 else None
    return None


def record(key, value):
    tail = b" " + key.encode() + b"=" + value + b"\n"
    length = len(tail)
    while len(str(length)) + len(tail) != length:
        length = len(str(length)) + len(tail)
    return str(length).encode() + tail


def is_utf8(value):
    try:
        value.decode()
        return True
    except UnicodeDecodeError:
        return False


def member(path, kind, mode, size=0, link=b""):
    if kind == "5":
        path += b"/"
    parts = cut(path)
    records = []
    if len(link) > 100:
        records.append(("linkpath", link))
    if parts is None:
        records.append(("path", path))
    if not all(is_utf8(value) for _, value in records):
        records.insert(0, ("hdrcharset", b"BINARY"))
    if size >= 8 << 30:
        records.append(("size", str(size).encode()))
    data = b""
    if records:
        text = b"".join(record(*each) for each in records)
        data += header(b"././@PaxHeader", b"", "x", 0o644, len(text), 0, b"") + filled(text)
    if parts is None:
        short = path[:99].rstrip(b"/") + b"/" if kind == "5" else path[:100].rstrip(b"/")
        parts = (b"", short)
    return data + header(parts[1], parts[0], kind, mode, size if size < 8 << 30 else 0, 1, link[:100])


def content(vector):
    """What lies where: path to (kind, mode, body, target)."""
    found = {}
    below = {}  # directories of the packages of the same image that are other layers
    for package in vector.get("below", []):
        for entry in package["entries"]:
            if entry["kind"] == "directory":
                below[(package["prefix"].encode() + b"/" + raw(entry["path"])).rstrip(b"/")] = int(entry["mode"], 8)

    def add(path, kind, mode, body=b"", target=b""):
        parent = path.rpartition(b"/")[0]
        if parent and parent not in found:
            add(parent, "directory", below.get(parent, 0o755))
        found[path] = (kind, mode, body, target)

    places = []
    for package in vector.get("packages", []):
        prefix = package["prefix"].encode()
        for entry in package["entries"]:
            inner = raw(entry["path"])
            path = prefix + b"/" + inner if inner else prefix
            if entry["kind"] == "hard link":
                places.append((path, prefix + b"/" + raw(entry["target"])))
            places.append((path, entry))
    for entry in vector.get("tree", []):
        places.append((raw(entry["path"]), entry))
    links = {path: target for path, target in places if isinstance(target, bytes)}
    for path, entry in sorted((each for each in places if isinstance(each[1], dict)), key=lambda each: each[0]):
        mode = int(entry.get("mode", "777"), 8)
        if path in links:
            add(path, "hard link", mode, target=links[path])
        else:
            add(path, entry["kind"], mode, raw(entry.get("content", "")), raw(entry.get("target", "")))
    return found


def layer(vector):
    root = vector.get("flavour_root", "hab").encode()
    data = b""
    for path, (kind, mode, body, target) in sorted(content(vector).items()):
        if kind == "directory":
            if path == root or path.startswith(root + b"/"):
                mode = mode & ~0o070 | (mode & 0o700) >> 3
            data += member(path, "5", mode)
        elif kind == "symlink":
            data += member(path, "2", 0o777, link=target)
        elif kind == "hard link":
            data += member(path, "1", mode, link=target)
        else:
            data += member(path, "0", mode, len(body)) + filled(body)
    return data + b"\x00" * (2 * BLOCK)


def main():
    with open(sys.argv[1]) as file:
        document = json.load(file)
    wrong = 0
    for vector in document["vectors"]:
        data = layer(vector)
        found = {"diff_id": "sha256:" + hashlib.sha256(data).hexdigest(), "size": len(data)}
        print(vector["name"], found["diff_id"], found["size"])
        if "--write" in sys.argv:
            vector.update(found)
        wrong += any(vector.get(key) != value for key, value in found.items())
    if "--write" in sys.argv:
        with open(sys.argv[1], "w") as file:
            json.dump(document, file, indent=1, ensure_ascii=False)
            file.write("\n")
    sys.exit(1 if wrong else 0)


main()
