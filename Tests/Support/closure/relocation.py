# SPDX-License-Identifier: Apache-2.0
"""Makes the programs and libraries of a closure run from /hab/pkgs: interpreter and RUNPATH, through patchelf."""

import os

from elf import read_elf
from failure import ClosureError, run


def relocate(packages, providers):
    """Rewrites every dynamic ELF file of `packages` so that it finds the closure's files and no others.

    Each file gets a RUNPATH of exactly the directories that hold what it needs, and the mark (DF_1_NODEFLIB) that
    the loader must not look into the default directories. The loader itself and the C library stay as they are:
    neither is looked up through a RUNPATH, and patchelf breaks the loader.
    """
    for package in packages:
        groups = {}
        for path, elf in sorted(package.elves.items()):
            if _stays(path, elf):
                continue
            groups.setdefault((_interpreter(elf, providers), _run_path(package, elf, providers)), []).append(path)
        for (interpreter, run_path), paths in groups.items():
            command = ["patchelf", "--set-rpath", ":".join(run_path), "--no-default-lib"]
            if interpreter:
                command += ["--set-interpreter", interpreter]
            run(command + paths, cwd=package.prefix, action=f"relocate the programs and libraries of '{package.ident}'")
            for path in paths:
                _check(package, path, interpreter, run_path)


def _stays(path, elf):
    """True for static files, the loader and the C library itself."""
    if not elf.needed and not elf.interpreter:
        return True
    return os.path.basename(path).startswith("ld-linux") or elf.soname == "libc.so.6"


def _interpreter(elf, providers):
    if not elf.interpreter:
        return None
    return _file(os.path.basename(elf.interpreter), providers)


def _file(library, providers):
    """The path of a library as programs see it."""
    package = providers[library]
    return f"{package.path}/{package.libraries[library]}/{library}"


def _run_path(package, elf, providers):
    """The directories of what `elf` needs, its own package's first."""
    own, others = {}, {}
    for name in elf.needed:
        provider = package if name in package.libraries else providers[name]
        directory = f"{provider.path}/{provider.libraries[name]}"
        (own if provider is package else others)[directory] = None
    return tuple(dict.fromkeys([*own, *others]))


def _check(package, path, interpreter, run_path):
    """Reads the file again: what patchelf wrote must be what the loader will read."""
    elf = read_elf(os.path.join(package.prefix, path))
    if elf is None or elf.run_path != run_path or elf.interpreter != interpreter:
        raise ClosureError(f"patchelf left '{path}' of '{package.ident}' with a wrong interpreter or RUNPATH",
                           "look at the file with `patchelf --print-rpath`")
    # The stage holds the whole closure, so every directory of the RUNPATH can be looked into.
    stage = package.prefix.removesuffix(package.path)
    for library in elf.needed:
        if not any(os.path.exists(f"{stage}{directory}/{library}") for directory in run_path):
            raise ClosureError(f"'{path}' of '{package.ident}' would not find '{library}' in the closure")
