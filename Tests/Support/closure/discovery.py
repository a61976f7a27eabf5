# SPDX-License-Identifier: Apache-2.0
"""Finds the packages of a closure: from what was asked for, along DT_NEEDED and the interpreters, to the C library."""

import os
import re
from dataclasses import dataclass, field

import layout
from debian import dependencies, upstream_version
from elf import read_elf
from failure import ClosureError
from recipes import Recipe, recipe_for_deb, recipe_for_name

_LIBRARY_NAME = re.compile(r".+\.so(\.[^/]*)?$|ld-linux.*")


@dataclass
class Package:
    """One package of the closure while it is made."""

    recipe: Recipe
    debs: list
    fields: list
    version: str
    prefix: str = ""                                 # the staged release directory
    ident: str = ""
    elves: dict = field(default_factory=dict)        # path in the package -> ElfFile
    libraries: dict = field(default_factory=dict)    # file name a loader asks for -> directory in the package
    deps: list = field(default_factory=list)         # Package, in the order of DEPS
    tdeps: list = field(default_factory=list)        # Package, in the order of TDEPS

    @property
    def name(self):
        return self.recipe.name

    @property
    def path(self):
        """The release directory as programs see it."""
        return f"/hab/pkgs/{self.ident}"

    def wanted(self):
        """The names of all files that the loader would look for, in the order in which they are met."""
        names = {}
        for path in sorted(self.elves):
            elf = self.elves[path]
            if elf.interpreter:
                names[os.path.basename(elf.interpreter)] = None
            names.update(dict.fromkeys(elf.needed))
        return list(names)


class Discovery:
    """Collects packages until every library that one of them needs is in one of them."""

    def __init__(self, archive, work, origin, release, report):
        self._archive, self._work, self._report = archive, work, report
        self._origin, self._release = origin, release
        self.packages = {}       # package name -> Package
        self._trees = {}         # deb name -> (Deb, fields, unpacked tree, names of libraries in it)

    def collect(self, names):
        """The packages that `names` stand for and all they need, with `deps` and `tdeps` filled in."""
        recipes = [recipe_for_name(name) for name in names]
        self._fetch([deb for recipe in recipes for deb in self._deb_names(recipe)])
        for recipe in recipes:
            self._add(recipe)
        searches = {}
        while True:
            for package in list(self.packages.values()):
                for need in package.recipe.needs:
                    self._add(recipe_for_name(need))
            missing = self._missing()
            if not missing:
                break
            if self._adopt(missing):
                continue
            # Nothing downloaded has it: one step further along the Debian dependencies of those that miss something.
            batch = []
            for package, wanted in missing:
                search = searches.setdefault(package.name, self._search(package))
                step = next(search, None)
                if step is None:
                    raise ClosureError(f"nothing that Debian's '{package.recipe.debs[0]}' depends on has the library "
                                       f"'{wanted[0]}'", "leave the package out, or give it a recipe")
                batch += step
            self._fetch(batch)
        self._link()
        return self.packages

    def _deb_names(self, recipe):
        """The Debian packages of a recipe, with every `a|b` decided."""
        choices = [entry.split("|") for entry in recipe.debs]
        open_names = [name for names in choices if len(names) > 1 for name in names]
        existing = self._archive.candidates(open_names)
        decided = []
        for names in choices:
            if len(names) > 1:
                names = [name for name in names if name in existing] or names
            decided.append(names[0])
        return decided

    def _fetch(self, names):
        """Downloads and unpacks Debian packages, and notes the libraries in them."""
        names = [name for name in dict.fromkeys(names) if name not in self._trees]
        if not names:
            return
        for name, deb in self._archive.fetch(names).items():
            tree = os.path.join(self._work, "debs", name)
            os.makedirs(tree)
            deb.unpack(tree)
            libraries = set()
            for directory, _, files in os.walk(tree):
                place = layout.place_of(os.path.relpath(directory, tree))
                if place and place.startswith("lib"):
                    libraries.update(file for file in files if _LIBRARY_NAME.fullmatch(file))
            self._trees[name] = (deb, deb.fields(), tree, libraries)

    def _add(self, recipe):
        """Makes the package of `recipe` unless it is there: laid out in the stage, its ELF files read."""
        if recipe.name in self.packages:
            if self.packages[recipe.name].recipe != recipe:
                raise ClosureError(f"two Debian packages would be the package '{recipe.name}'", "give them recipes")
            return
        names = self._deb_names(recipe)
        self._fetch(names)
        debs = [self._trees[name] for name in names]
        package = Package(recipe, [deb for deb, _, _, _ in debs], [fields for _, fields, _, _ in debs],
                          upstream_version(debs[0][1]["Version"]))
        package.ident = f"{self._origin}/{recipe.name}/{package.version}/{self._release}"
        package.prefix = os.path.join(self._work, "stage", "hab/pkgs", package.ident)
        os.makedirs(package.prefix)
        tree = debs[0][2]
        for deb in package.debs[1:]:
            deb.unpack(tree)
        if recipe.name == "cacerts":
            layout.lay_out_certificates(tree, package.prefix)
        else:
            layout.lay_out(tree, package.prefix, self._report)
        if recipe.name == "busybox-static":
            layout.link_applets(package.prefix)
        layout.add_overlay(recipe.name, package.prefix)
        layout.settle_modes(package.prefix)
        _read_libraries(package)
        self.packages[recipe.name] = package

    def _missing(self):
        """(package, names of libraries that no package has yet), for the packages that miss some."""
        present = {name for package in self.packages.values() for name in package.libraries}
        found = [(package, [name for name in package.wanted() if name not in present])
                 for package in self.packages.values()]
        return [(package, wanted) for package, wanted in found if wanted]

    def _adopt(self, missing):
        """Makes packages of what is downloaded and has a missing library; true when there were any."""
        wanted = {name for _, names in missing for name in names}
        adopted = False
        for deb in sorted(self._trees):
            recipe = recipe_for_deb(deb)
            if wanted & self._trees[deb][3] and recipe.name not in self.packages:
                self._add(recipe)
                wanted -= self._trees[deb][3]
                adopted = True
        return adopted

    def _search(self, package):
        """Batches of Debian package names, nearest dependencies first; libraries before others at each distance."""
        seen = set()
        frontier = list(package.fields)
        while frontier:
            clauses = [clause for fields in frontier for clause in dependencies(fields)]
            existing = self._archive.candidates([name for clause in clauses for name in clause])
            chosen = [name for clause in clauses for name in [name for name in clause if name in existing][:1]]
            names = [name for name in dict.fromkeys(chosen) if name not in seen]
            seen.update(names)
            libraries = [name for name in names if name.startswith("lib")]
            others = [name for name in names if name not in libraries]
            for batch in (libraries, others):
                if batch:
                    yield batch
            frontier = [self._trees[name][1] for name in names if name in self._trees]

    def _link(self):
        """Fills in the dependencies of each package, direct and transitive."""
        providers = self.providers()
        for package in self.packages.values():
            needed = {recipe_for_name(need).name for need in package.recipe.needs}
            needed.update(providers[name].name for name in package.wanted() if name not in package.libraries)
            package.deps = [self.packages[name] for name in sorted(needed)]
        done, open_names = {}, []
        for name in sorted(self.packages):
            self._close(self.packages[name], done, open_names)

    def _close(self, package, done, open_names):
        """TDEPS as upstream's builder makes it: direct ones first, what is lower moved towards the end."""
        if package.name in open_names:
            circle = open_names[open_names.index(package.name):] + [package.name]
            raise ClosureError("the packages need each other in a circle: " + " -> ".join(circle),
                               "put the packages of the circle into one recipe")
        if package.name in done:
            return
        open_names.append(package.name)
        for dep in package.deps:
            self._close(dep, done, open_names)
        open_names.pop()
        order = list(package.deps)
        for dep in package.deps:
            for lower in dep.tdeps:
                if lower in order:
                    order.remove(lower)
                order.append(lower)
        package.tdeps = order
        done[package.name] = package

    def providers(self):
        """File name of a library -> the package that has it (the first by name, when several have)."""
        found = {}
        for name in sorted(self.packages):
            for library in self.packages[name].libraries:
                found.setdefault(library, self.packages[name])
        return found


def _read_libraries(package):
    """Fills in `elves` and `libraries` from the staged files."""
    for directory, names, files in os.walk(package.prefix):
        names.sort()
        place = os.path.relpath(directory, package.prefix)
        for name in sorted(files):
            path = os.path.join(directory, name)
            if not os.path.isfile(path):
                continue
            elf = read_elf(path)
            if elf is None:
                continue
            if not os.path.islink(path):
                package.elves[os.path.normpath(os.path.join(place, name))] = elf
            if place.split(os.sep)[0] == "lib" and elf.is_dynamic and _LIBRARY_NAME.fullmatch(name):
                # Walking from the top, so what lies directly in lib/ wins over plug-ins below it.
                package.libraries.setdefault(name, place)
