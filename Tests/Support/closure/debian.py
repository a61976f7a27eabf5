# SPDX-License-Identifier: Apache-2.0
"""Debian's side: candidate versions, downloads and facts of .deb files, through apt and dpkg-deb only."""

import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass

from failure import ClosureError, run

# Candidates must come from the archive, whatever is installed on this machine; and root downloads as root, because
# the user `_apt` cannot write into private directories.
_APT_OPTIONS = ("-o", "Dir::State::status=/dev/null", "-o", "APT::Sandbox::User=root", "-q")

TARGETS = {"amd64": "x86_64-linux", "arm64": "aarch64-linux"}


class Archive:
    """The Debian archive as this machine's apt sees it.

    Starts with the package lists of the system. When they are missing or too old to download from, it fetches lists
    of its own into `cache` (no root needed) and goes on with those.
    """

    def __init__(self, cache, report):
        self._cache = cache
        self._report = report
        self._private = ()
        self._renewed = False
        self._versions = {}
        self.architecture = run(["dpkg", "--print-architecture"], action="ask for Debian's architecture").strip()
        if self.architecture not in TARGETS:
            raise ClosureError(f"no package target for Debian's architecture '{self.architecture}'",
                               "run on " + " or ".join(sorted(TARGETS)))

    @property
    def target(self):
        """The package target of what is downloaded."""
        return TARGETS[self.architecture]

    def candidates(self, names):
        """Debian package name -> candidate version, for those of `names` that exist."""
        found = self._policy(["libc6", *names])
        if "libc6" not in found and not self._private:
            self._use_private_lists("apt has none", renew=False)
            found = self._policy(["libc6", *names])
        return {name: found[name] for name in names if name in found}

    def fetch(self, names):
        """Downloads the candidates of `names` that are not in the cache yet; returns name -> Deb."""
        try:
            return self._fetch(names)
        except ClosureError as failure:
            if self._renewed:
                raise
            self._use_private_lists(str(failure), renew=True)
            return self._fetch(names)

    def _fetch(self, names):
        versions = self.candidates(names)
        missing = [name for name in names if name not in versions]
        if missing:
            raise ClosureError(f"no Debian package '{missing[0]}' in the archive",
                               "check the name, or the sources in /etc/apt")
        self._drop_altered(names, versions)
        self._download([name for name in names if self._cached(name, versions[name]) is None], versions)
        return {name: Deb(self._cached(name, versions[name])) for name in names}

    def _policy(self, names):
        """What `apt-cache policy` says of `names`; each name is asked for once."""
        unknown = [name for name in names if name not in self._versions]
        if unknown:
            self._versions.update(dict.fromkeys(unknown), **self._ask(unknown))
        return {name: self._versions[name] for name in names if self._versions[name]}

    def _ask(self, names):
        text = run(["apt-cache", *_APT_OPTIONS, *self._private, "policy", *names],
                   action="ask apt for candidate versions")
        found, name = {}, None
        for line in text.splitlines():
            if line and not line[0].isspace():
                name = line.rstrip(":").split(":")[0]
            elif line.strip().startswith("Candidate:"):
                version = line.split(":", 1)[1].strip()
                if version != "(none)":
                    found[name] = version
        return found

    def _drop_altered(self, names, versions):
        """Removes cached files that do not have the hash in apt's signed lists: anybody may have put them there."""
        cached = {name: path for name in names if (path := self._cached(name, versions[name])) is not None}
        if not cached:
            return
        expected = self._hashes({name: versions[name] for name in cached})
        for name, path in cached.items():
            if Deb(path).sha256() != expected.get(name):
                self._report(f"removing '{path}', which is not what apt's lists say")
                os.remove(path)

    def _hashes(self, versions):
        """Package name -> SHA-256, as the lists have it for these versions."""
        text = run(["apt-cache", *_APT_OPTIONS, *self._private, "show",
                    *(f"{name}={version}" for name, version in versions.items())],
                   action="ask apt for hashes")
        found = {}
        for stanza in text.split("\n\n"):
            fields = dict(line.split(": ", 1) for line in stanza.splitlines()
                          if ": " in line and not line[0].isspace())
            name = fields.get("Package")
            if fields.get("Version") == versions.get(name) and "SHA256" in fields:
                found[name] = fields["SHA256"].strip()
        return found

    def _cached(self, name, version):
        for architecture in (self.architecture, "all"):
            path = os.path.join(self._cache, f"{name}_{version.replace(':', '%3a')}_{architecture}.deb")
            if os.path.exists(path):
                return path
        return None

    def _download(self, names, versions):
        if not names:
            return
        self._report("downloading " + ", ".join(names))
        with tempfile.TemporaryDirectory(prefix=".download-", dir=self._cache) as directory:
            run(["apt-get", *_APT_OPTIONS, *self._private, "download",
                 *(f"{name}={versions[name]}" for name in names)],
                cwd=directory, action="download " + ", ".join(names), hint="check the network and /etc/apt")
            # apt has compared the files with the hashes of its signed lists, so each can take its place now.
            for file in os.listdir(directory):
                os.rename(os.path.join(directory, file), os.path.join(self._cache, file))
        for name in names:
            if self._cached(name, versions[name]) is None:
                raise ClosureError(f"apt did not deliver '{name}' {versions[name]}", "run again")

    def _use_private_lists(self, reason, renew):
        """Goes over to package lists in the cache; fetches them unless older ones are there and will do."""
        state = os.path.join(self._cache, "apt")
        options = ("-o", f"Dir::State::lists={state}/lists", "-o", f"Dir::Cache={state}/cache",
                   "-o", "Acquire::Languages=none")
        if renew or not os.path.isdir(state):
            self._report(f"fetching separate package lists ({reason})")
            self._renewed = True
            shutil.rmtree(state, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix=".lists-", dir=self._cache) as directory:
                for part in ("lists/partial", "cache/archives/partial"):
                    os.makedirs(os.path.join(directory, "apt", part))
                new = [option.replace(state, os.path.join(directory, "apt")) for option in options]
                run(["apt-get", *_APT_OPTIONS, *new, "-o", "APT::Update::Error-Mode=any", "update"],
                    action="fetch Debian's package lists", hint="check the network and the sources in /etc/apt")
                os.rename(os.path.join(directory, "apt"), state)
        self._private = options
        self._versions = {}


@dataclass(frozen=True)
class Deb:
    """One downloaded .deb file."""

    path: str

    def fields(self):
        """Its control fields."""
        text = run(["dpkg-deb", "-f", self.path], action=f"read '{self.path}'",
                   hint="remove the file and run again")
        fields, key = {}, None
        for line in text.splitlines():
            if line[:1].isspace() and key:
                fields[key] += "\n" + line.strip()
            elif ":" in line:
                key, value = line.split(":", 1)
                fields[key] = value.strip()
        return fields

    def unpack(self, directory):
        """Unpacks the files into `directory`."""
        run(["dpkg-deb", "-x", self.path, directory], action=f"unpack '{self.path}'",
            hint="remove the file and run again")

    def sha256(self):
        """SHA-256 of the file, in hex."""
        with open(self.path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def dependencies(fields):
    """The alternatives of Pre-Depends and Depends, as lists of package names, in order."""
    text = ", ".join(fields[key] for key in ("Pre-Depends", "Depends") if fields.get(key))
    return [[re.split(r"[\s(:\[]", choice.strip())[0] for choice in clause.split("|")]
            for clause in text.split(",") if clause.strip()]


def upstream_version(version):
    """Debian's version as a package version.

    Epoch and Debian revision go, and so do the marks of repacking (`+dfsg`, `+ds`) and of stable updates
    (`+deb12u1`); what remains outside letters, digits, `.`, `_`, `-` becomes `-`.
    """
    text = version.split(":", 1)[-1]
    text = text.rsplit("-", 1)[0]
    text = re.sub(r"[+~.-](?:dfsg|ds|repack|deb\d+u)[0-9.]*", "", text)
    return re.sub(r"[^A-Za-z0-9._-]", "-", text).lstrip(".-") or "0"
