# SPDX-License-Identifier: Apache-2.0
"""Moves an unpacked Debian tree into the layout of a package: bin/ lib/ share/ … below the release directory."""

import os
import re
import shutil
import stat

from failure import ClosureError, run

_TOP = re.compile(r"(?:usr/)?(bin|sbin|games|lib64|lib|libexec|include|share)(?:/(.*))?")
_TRIPLET = re.compile(r"[a-z0-9_]+-linux-gnu[a-z0-9]*(?:/|$)")

# What integrates a package into a Debian system and means nothing below /hab/pkgs.
_LEFT_OUT = re.compile(r"lib/(?:systemd/(?:system|user)|udev|tmpfiles\.d|sysusers\.d)(?:/|$)"
                       r"|share/(?:man|lintian|bug|doc-base|bash-completion|zsh|apport)(?:/|$)"
                       r"|share/doc/[^/]+/(?!copyright$)")


def place_of(path):
    """Where `path` of a Debian tree (no leading slash) belongs in a package, or None when it is left out."""
    match = _TOP.fullmatch(path)
    if not match:
        return None
    top, rest = match.group(1), match.group(2) or ""
    top = {"sbin": "bin", "games": "bin", "lib64": "lib"}.get(top, top)
    if top in ("lib", "include"):
        rest = _TRIPLET.sub("", rest, count=1)
    place = f"{top}/{rest}" if rest else top
    return None if _LEFT_OUT.match(place) else place


def lay_out(tree, prefix, report):
    """Moves what belongs into a package from `tree` (which is used up) to the directory `prefix`.

    Files are moved, so hard links stay hard links. A symlink is made again, relative, to the new place of what it
    meant; one that leads out of the package is left out with a line of report when it is a program or library.
    """
    links = []
    for directory, names, files in os.walk(tree):
        linked = [name for name in names if os.path.islink(os.path.join(directory, name))]
        names[:] = sorted(name for name in names if name not in linked)
        for name in sorted(files + linked):
            source = os.path.join(directory, name)
            path = os.path.relpath(source, tree)
            place = place_of(path)
            if place is None:
                continue
            if os.path.islink(source):
                links.append((path, place, os.readlink(source)))
            elif stat.S_ISREG(os.lstat(source).st_mode):
                _move(source, os.path.join(prefix, place))
    # A link to a link is settled when the second one is there, hence rounds until nothing moves any more.
    while links:
        left = [link for link in links if not _settle(prefix, *link)]
        if len(left) == len(links):
            break
        links = left
    for path, place, target in links:
        if not place.startswith("share/"):
            report(f"left out the link '{path}', which leads to '{target}' outside of its package")


def _settle(prefix, path, place, target):
    """Makes one link if what it means is there already; true when there is nothing left to do for it."""
    meant = target if target.startswith("/") else os.path.join("/", os.path.dirname(path), target)
    goal = place_of(os.path.normpath(meant).lstrip("/"))
    if goal is None or not os.path.lexists(os.path.join(prefix, goal)):
        return False
    if goal == place:
        return True
    destination = os.path.join(prefix, place)
    os.makedirs(os.path.dirname(destination), exist_ok=True)
    if os.path.lexists(destination):
        raise ClosureError(f"two files of one package would be '{place}'", "give the packages recipes of their own")
    os.symlink(os.path.relpath(goal, os.path.dirname(place)), destination)
    return True


def _move(source, destination):
    os.makedirs(os.path.dirname(destination), exist_ok=True)
    if os.path.lexists(destination):
        raise ClosureError(f"two files of one package would be '{destination}'",
                           "give the packages recipes of their own")
    os.rename(source, destination)


def lay_out_certificates(tree, prefix):
    """`ssl/cert.pem` (all certificates, in the order of their names) and `ssl/certs`, as upstream's cacerts has."""
    certificates = []
    for directory, names, files in os.walk(os.path.join(tree, "usr/share/ca-certificates")):
        names.sort()
        certificates += [os.path.join(directory, name) for name in files if name.endswith(".crt")]
    if not certificates:
        raise ClosureError("'ca-certificates' has no certificates below usr/share/ca-certificates")
    os.makedirs(os.path.join(prefix, "ssl/certs"))
    with open(os.path.join(prefix, "ssl/cert.pem"), "wb") as bundle:
        for path in sorted(certificates, key=os.path.basename):
            with open(path, "rb") as certificate:
                bundle.write(certificate.read().rstrip(b"\n") + b"\n")
    os.symlink("../cert.pem", os.path.join(prefix, "ssl/certs/cacert.pem"))
    copyright_file = os.path.join(tree, "usr/share/doc/ca-certificates/copyright")
    if os.path.isfile(copyright_file):
        _move(copyright_file, os.path.join(prefix, "share/doc/ca-certificates/copyright"))


def link_applets(prefix):
    """A link to busybox for each of its commands, as upstream's busybox-static has."""
    program = os.path.join(prefix, "bin/busybox")
    for applet in run([program, "--list"], action="list the commands of busybox").split():
        link = os.path.join(prefix, "bin", applet)
        if not os.path.lexists(link):
            os.symlink("busybox", link)


def add_overlay(name, prefix):
    """Copies `overlays/NAME` of this directory (hooks, config, default.toml) into the package."""
    overlay = os.path.join(os.path.dirname(os.path.abspath(__file__)), "overlays", name)
    if os.path.isdir(overlay):
        shutil.copytree(overlay, prefix, dirs_exist_ok=True)


def settle_modes(prefix):
    """The modes of a package: directories 0755, every file readable, hooks executable, whatever the umask is."""
    os.chmod(prefix, 0o755)
    for directory, names, files in os.walk(prefix):
        for name in names:
            path = os.path.join(directory, name)
            if not os.path.islink(path):
                os.chmod(path, 0o755)
        for name in files:
            path = os.path.join(directory, name)
            if os.path.islink(path):
                continue
            mode = stat.S_IMODE(os.lstat(path).st_mode)
            is_program = bool(mode & 0o111) or os.path.relpath(directory, prefix) == "hooks"
            os.chmod(path, (mode & 0o7000) | (0o755 if is_program else 0o644))
