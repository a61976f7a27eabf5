# SPDX-License-Identifier: Apache-2.0
"""Writes the metafiles of a package, with the contents and conditions of upstream's builder."""

import gzip
import hashlib
import os
import re
import tomllib

from failure import ClosureError


def write_metafiles(package, target):
    """Writes every metafile except FILES and MANIFEST. An empty list is no file, as upstream has it."""
    write = _writer(package)
    write("IDENT", package.ident)
    write("TARGET", target)
    write("DEPS", "\n".join(dep.ident for dep in package.deps))
    write("TDEPS", "\n".join(dep.ident for dep in package.tdeps))
    write("PATH", _own(package, "bin"))
    write("LD_RUN_PATH", ld_run_path(package))
    run_path = ":".join(dict.fromkeys(
        path for path in (_own(one, "bin") for one in [package, *package.deps, *package.tdeps]) if path))
    write("RUNTIME_PATH", run_path)
    environment = _environment(package)
    if run_path:
        environment["PATH"] = run_path
    write("RUNTIME_ENVIRONMENT", "\n".join(f"{key}={value}" for key, value in sorted(environment.items())))
    write("EXPORTS", "\n".join(f"{name}={key}" for name, key in package.recipe.exports))
    write("BINDS_OPTIONAL", "\n".join(f"{name}={exports}" for name, exports in package.recipe.optional_binds))
    write("EXPOSES", " ".join(str(port) for port in _ports(package)))
    if os.path.exists(os.path.join(package.prefix, "hooks/run")):
        user, group = package.recipe.user
        write("SVC_USER", user)
        write("SVC_GROUP", group)
        write("SHUTDOWN_SIGNAL", package.recipe.shutdown or "")


def ld_run_path(package):
    """The library directories of the package and of its direct dependencies."""
    return ":".join(path for path in (_own(one, "lib") for one in [package, *package.deps]) if path)


def _writer(package):
    def write(name, text):
        if text:
            with open(os.path.join(package.prefix, name), "w", encoding="utf-8") as file:
                file.write(text + "\n")
            os.chmod(os.path.join(package.prefix, name), 0o644)
    return write


def _own(package, directory):
    return f"{package.path}/{directory}" if os.path.isdir(os.path.join(package.prefix, directory)) else ""


def _environment(package):
    """The variables of the package and of all it depends on; the nearest wins."""
    variables = {}
    for one in reversed([package, *package.tdeps]):
        variables.update((key, value.format(prefix=one.path)) for key, value in one.recipe.environment)
    return variables


def _ports(package):
    """The values in default.toml of the exported keys that are exposed, as upstream's builder looks them up."""
    exports = dict(package.recipe.exports)
    if not package.recipe.exposes:
        return []
    with open(os.path.join(package.prefix, "default.toml"), "rb") as file:
        defaults = tomllib.load(file)
    ports = []
    for name in package.recipe.exposes:
        value = defaults
        for key in exports[name].split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if not isinstance(value, int) or not 1 <= value <= 65535:
            raise ClosureError(f"'{exports[name]}' in default.toml of '{package.name}' is not a port")
        ports.append(value)
    return ports


def files_text(package):
    """The text of FILES: BLAKE2b-256 and path of every regular file there is, sorted by path."""
    lines = []
    for directory, _, files in os.walk(package.prefix):
        for name in files:
            path = os.path.join(directory, name)
            if os.path.islink(path):
                continue
            with open(path, "rb") as file:
                digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).hexdigest()
            lines.append((f"{package.path}/{os.path.relpath(path, package.prefix)}", digest))
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(lines))


def write_manifest(package, origin, release, target):
    """Writes MANIFEST in upstream's markdown, with a plan that tells which Debian packages this was made from."""
    fields = package.fields[0]
    licences = _licences(package)
    page = f"https://packages.debian.org/{fields['Package']}"
    home = fields.get("Homepage")
    deps = "".join(f"{origin}/{dep.name} " for dep in package.deps)
    path = ld_run_path(package)
    text = f"""# {origin} / {package.name}
{fields.get('Description', '').splitlines()[0] if fields.get('Description') else ''}

* __Maintainer__: {fields.get('Maintainer', 'unknown')}
* __Version__: {package.version}
* __Release__: {release}
* __Target__: {target}
* __Upstream URL__: {f'[{home}]({home})' if home else "upstream project's website or home page is not defined"}
* __License__: {''.join(f'{licence} ' for licence in licences)}
* __Source__: [{page}]({page})
* __SHA__: `{package.debs[0].sha256()}`
* __Path__: `{package.path}`
* __Build Dependencies__: no build dependencies or undefined
* __Dependencies__: {f'`{deps}`' if deps else 'no runtime dependencies or undefined'}
* __Interpreters__: no interpreters or undefined

# Plan

## Build Flags

```bash
CFLAGS: no CFLAGS
CPPFLAGS: no CPPFLAGS
CXXFLAGS: no CXXFLAGS
LDFLAGS: no LDFLAGS
LD_RUN_PATH: {path or 'no LD_RUN_PATH'}
```

## Plan Source

```bash
{_plan(package, origin, licences)}```
"""
    _writer(package)("MANIFEST", text.rstrip("\n"))


def _plan(package, origin, licences):
    made_from = "\n".join(f"#   {fields['Package']} {fields['Version']} {fields['Architecture']} sha256:{deb.sha256()}"
                          for deb, fields in zip(package.debs, package.fields))
    return (f"# Not built from source: the files are those of these Debian packages, laid out and relocated.\n"
            f"{made_from}\n"
            f"pkg_name={package.name}\npkg_origin={origin}\npkg_version={package.version}\n"
            f"pkg_license=({' '.join(repr(licence) for licence in licences)})\n"
            f"pkg_deps=({' '.join(f'{origin}/{dep.name}' for dep in package.deps)})\n")


def _licences(package):
    """The licence names in the machine-readable copyright files, in the order in which they appear."""
    found = {}
    for directory, _, files in sorted(os.walk(os.path.join(package.prefix, "share/doc"))):
        for name in files:
            path = os.path.join(directory, name)
            if name.startswith("copyright") and os.path.isfile(path):
                opener = gzip.open if name.endswith(".gz") else open
                with opener(path, "rt", encoding="utf-8", errors="replace") as file:
                    found.update(dict.fromkeys(re.findall(r"^License:[ \t]*([A-Za-z0-9.+-]+)", file.read(), re.M)))
    return list(found)
