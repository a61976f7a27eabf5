# SPDX-License-Identifier: Apache-2.0
"""Packs a staged package as a .tar.xz and has `bio` sign it; generates the origin key the same way."""

import os
import tarfile
from datetime import datetime, timezone

from failure import ClosureError, run


class Signer:
    """`bio`, with a key directory of its own."""

    def __init__(self, bio, origin, keys, home):
        self._bio, self._origin, self._home = bio, origin, home
        # Nothing of the caller's Habitat settings may lead to other keys, roots or prompts.
        self._environment = {key: value for key, value in os.environ.items()
                             if not key.startswith(("HAB_", "BIO_")) and key != "FS_ROOT"}
        self._environment.update(HAB_CACHE_KEY_PATH=keys, FS_ROOT=home, HOME=home, HAB_NONINTERACTIVE="true",
                                 HAB_NOCOLORING="true")

    def generate_key(self):
        """Makes a fresh key pair in the key directory."""
        run([self._bio, "origin", "key", "generate", self._origin], environment=self._environment,
            action=f"generate a key for the origin '{self._origin}' with '{self._bio}'",
            hint="build the program first (make), or name it with --bio")

    def sign(self, source, destination):
        """Writes `source` with a signed header to `destination`."""
        run([self._bio, "pkg", "sign", "--origin", self._origin, source, destination], environment=self._environment,
            action=f"sign '{os.path.basename(destination)}' with '{self._bio}'")
        if not os.path.isfile(destination):
            raise ClosureError(f"'{self._bio} pkg sign' reported success but wrote no '{destination}'")


def pack(package, release, level, output):
    """Packs the staged release directory as GNU tar and xz: that directory first, then its members sorted by path.

    Times are the release's, owners root, so equal trees give equal bytes.
    """
    moment = _moment(release)
    archive = f"{output}.tar"
    root = package.path.lstrip("/")

    def settled(member):
        member.mtime, member.uid, member.gid, member.uname, member.gname = moment, 0, 0, "root", "root"
        return member

    with tarfile.open(archive, "w", format=tarfile.GNU_FORMAT) as tar:
        tar.add(package.prefix, root, recursive=False, filter=settled)
        for path in sorted(_members(package.prefix), key=os.fsencode):
            tar.add(os.path.join(package.prefix, path), f"{root}/{path}", recursive=False, filter=settled)
    # A fixed number of threads keeps the blocks, and so the bytes, equal on every machine.
    run(["xz", "--compress", f"-{level}", "--threads=2", archive], action=f"compress '{package.ident}'")
    os.rename(f"{archive}.xz", output)


def _members(prefix):
    for directory, names, files in os.walk(prefix):
        for name in names + files:
            yield os.path.relpath(os.path.join(directory, name), prefix)


def _moment(release):
    """Seconds since 1970 of a release stamp YYYYMMDDhhmmss."""
    return int(datetime.strptime(release, "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc).timestamp())
