# SPDX-License-Identifier: Apache-2.0
"""What an OCI archive (a tar of an OCI layout) holds, read with nothing but Python.

judge.py tree ARCHIVE         the root file system, its layers laid over each other: kind mode owner size path …
judge.py file ARCHIVE PATH    the text of one file of it
judge.py config ARCHIVE       how a container of the image runs, as JSON with sorted keys
judge.py layers ARCHIVE       the titles of the layers, from the bottom up
judge.py top ARCHIVE          the entries of the topmost layer
judge.py diffids ARCHIVE      the image's id and those of its layers
judge.py unpack ARCHIVE DIR   the root file system as files of the user who asks
"""
import gzip
import hashlib
import io
import json
import os
import sys
import tarfile


def shown(name):
    """Bytes as text that fits on one line, the same for every byte."""
    raw = os.fsencode(name)
    return "".join(chr(b) if 0x20 < b < 0x7F and b != 0x5C else f"\\{b:03o}" for b in raw)


class Image:
    def __init__(self, path):
        self.archive = tarfile.open(path)
        layout = json.loads(self.read("oci-layout"))
        assert layout == {"imageLayoutVersion": "1.0.0"}, layout
        manifests = json.loads(self.read("index.json"))["manifests"]
        digests = {manifest["digest"] for manifest in manifests}
        assert len(digests) == 1, manifests
        self.manifest = json.loads(self.blob(manifests[0]))
        self.config_bytes = self.blob(self.manifest["config"])
        self.config = json.loads(self.config_bytes)
        assert len(self.manifest["layers"]) == len(self.config["rootfs"]["diff_ids"])

    def read(self, name):
        return self.archive.extractfile(name).read()

    def blob(self, descriptor):
        kind, digest = descriptor["digest"].split(":")
        content = self.read(f"blobs/{kind}/{digest}")
        assert hashlib.sha256(content).hexdigest() == digest, descriptor
        assert len(content) == descriptor["size"], descriptor
        return content

    def layer(self, number):
        content = self.blob(self.manifest["layers"][number])
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        diff_id = "sha256:" + hashlib.sha256(content).hexdigest()
        assert diff_id == self.config["rootfs"]["diff_ids"][number]
        with tarfile.open(fileobj=io.BytesIO(content), encoding="utf-8", errors="surrogateescape") as layer:
            for member in layer:
                yield member, layer.extractfile(member).read() if member.isreg() else b""

    def entries(self):
        """The whole root file system by path: a later layer replaces what an earlier one has."""
        found = {}
        for number in range(len(self.manifest["layers"])):
            for member, content in self.layer(number):
                name = member.name.rstrip("/")
                assert not os.path.basename(name).startswith(".wh."), name
                found[os.fsencode(name)] = (member, content)
        return found


def line(member, content):
    kind = "d" if member.isdir() else "l" if member.issym() else "f" if member.isreg() else "h"
    assert kind != "h" or member.islnk(), member.name
    mode = 0o777 if kind == "l" else member.mode
    words = [kind, f"{mode:04o}", f"{member.uid}:{member.gid}"]
    if kind == "f":
        words.append(str(len(content)))
    words.append(shown(member.name.rstrip("/")))
    if kind in "lh":
        words += ["->", shown(member.linkname)]
    if kind == "f":
        words.append(hashlib.sha256(content).hexdigest()[:16])
    return " ".join(words)


def titles(image):
    return [entry["created_by"].removeprefix("bio: ") for entry in image.config["history"]]


def unpack(image, directory):
    for path, (member, content) in sorted(image.entries().items()):
        place = os.path.join(os.fsencode(directory), path)
        if member.isdir():
            os.makedirs(place, exist_ok=True)
        elif member.issym():
            os.symlink(member.linkname, place)
        elif member.islnk():
            os.link(os.path.join(directory, member.linkname), place)
        else:
            with open(place, "wb") as file:
                file.write(content)
            os.chmod(place, member.mode)


def main(command, path, *rest):
    image = Image(path)
    if command == "tree":
        for _, (member, content) in sorted(image.entries().items()):
            print(line(member, content))
    elif command == "file":
        member, content = image.entries()[os.fsencode(rest[0])]
        assert member.isreg(), member.name
        sys.stdout.buffer.write(content)
    elif command == "config":
        config = {key: image.config[key] for key in ("architecture", "os", "config", "created")}
        print(json.dumps(config, indent=1, sort_keys=True))
    elif command == "layers":
        print("\n".join(titles(image)))
    elif command == "top":
        for member, content in image.layer(len(image.manifest["layers"]) - 1):
            print(line(member, content))
    elif command == "diffids":
        print("sha256:" + hashlib.sha256(image.config_bytes).hexdigest())
        print("\n".join(image.config["rootfs"]["diff_ids"]))
    elif command == "unpack":
        unpack(image, rest[0])
    else:
        raise SystemExit(f"{command!r} is no command")


main(*sys.argv[1:])
