# SPDX-License-Identifier: Apache-2.0
"""Which Debian packages become which package of the closure.

Only what Debian's own data cannot tell stands here: names as upstream has them, packages that are split in
Debian and one upstream, data dependencies that no ELF file mentions, and what makes a service. Any Debian package
that is not named here becomes a package of its own, under its own name.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """How one package of the closure is made.

    `debs`: the Debian packages put into it; an entry with `|` lists names of one package in different Debian
    releases, the first that exists is taken. The first entry gives version and description.
    `needs`: packages of the closure it needs though no ELF file says so.
    `exports`: exported name -> key in default.toml; the values of the exported keys in `exposes` become ports.
    `environment`: set for it and everything that depends on it; `{prefix}` is its own directory.
    `optional_binds`: name of a bind -> what the other side must export.
    `user`: user and group of the service, when they are not the usual ones.
    `shutdown`: what ends the service, when it is not TERM.
    """

    name: str
    debs: tuple
    needs: tuple = ()
    exports: tuple = ()
    exposes: tuple = ()
    environment: tuple = ()
    optional_binds: tuple = ()
    user: tuple = ("hab", "hab")
    shutdown: str | None = None
    description: str | None = None


RECIPES = (
    Recipe("glibc", ("libc6",)),
    Recipe("gcc-libs", ("libgcc-s1", "libstdc++6", "libatomic1")),
    Recipe("busybox-static", ("busybox-static",)),
    Recipe("cacerts", ("ca-certificates",), environment=(("SSL_CERT_FILE", "{prefix}/ssl/cert.pem"),)),
    Recipe("openssl", ("libssl3t64|libssl3",), needs=("cacerts",)),
    Recipe("redis", ("redis-server", "redis-tools"), exports=(("port", "port"),), exposes=("port",)),
    # The first process is root's, so that it may listen anywhere; those that answer are not (`worker_user`).
    Recipe("nginx", ("nginx",), exports=(("port", "port"),), exposes=("port",), optional_binds=(("app", "port"),),
           user=("root", "hab"), shutdown="QUIT"),
)

DEFAULT_PACKAGES = ("redis", "nginx", "jq", "busybox-static", "cacerts")

_BY_NAME = {recipe.name: recipe for recipe in RECIPES}
_BY_DEB = {deb: recipe for recipe in RECIPES for entry in recipe.debs for deb in entry.split("|")}


def recipe_for_name(name):
    """The recipe of the package `name`; a name that has none is taken as the name of a Debian package."""
    return _BY_NAME.get(name) or recipe_for_deb(name)


def recipe_for_deb(deb):
    """The recipe that takes in the Debian package `deb`."""
    return _BY_DEB.get(deb) or Recipe(closure_name(deb), (deb,))


def closure_name(deb):
    """A Debian package name in the letters that package names may have: `libstdc++6` is `libstdcxx6`."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", deb.replace("+", "x"))
