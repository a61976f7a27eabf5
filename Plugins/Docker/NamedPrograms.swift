// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// The programs of the packages that the user named, to choose one of.
struct NamedPrograms {
    /// The primary package first.
    private let packages: [(owner: Package, programs: [PackageProgram])]

    init(_ packages: [(owner: Package, programs: [PackageProgram])], primary: Package) {
        self.packages =
            packages.filter { $0.owner.index == primary.index } + packages.filter { $0.owner.index != primary.index }
    }

    /// The one called `name`; without a name the primary package's own: the one that is called like the package, or its
    /// only one.
    func program(_ name: String?) throws(ExportFailure) -> (path: String, owner: Package) {
        if let name {
            for (owner, programs) in packages {
                if let found = programs.first(where: { $0.isExecutable && $0.name.elementsEqual(name.utf8) }) {
                    return (try Self.path(found, owner), owner)
                }
            }
            throw .option(DockerOptions.program, "no package has a program '\(name)' that can be run", hint: hint)
        }
        guard let (owner, programs) = packages.first else { throw ExportFailure("there is no package to export") }
        let runnable = programs.filter(\.isExecutable)
        if let own = runnable.first(where: { $0.name.elementsEqual(owner.name.utf8) }) ?? Self.only(runnable) {
            return (try Self.path(own, owner), owner)
        }
        throw ExportFailure(
            code: 2, subject: .package(owner.ident),
            runnable.isEmpty
                ? "it has no program to run" : "it has several programs, and none is called '\(owner.name)'",
            hint: hint)
    }

    private static func only(_ programs: [PackageProgram]) -> PackageProgram? {
        programs.count == 1 ? programs[0] : nil
    }

    /// An entrypoint is text.
    private static func path(_ program: PackageProgram, _ owner: Package) throws(ExportFailure) -> String {
        guard let path = String(validating: program.path, as: UTF8.self) else {
            throw ExportFailure(
                code: 2, subject: .package(owner.ident), "its program's name is not UTF-8", hint: "name another")
        }
        return path
    }

    /// Up to twenty names.
    private var hint: String {
        let names = packages.flatMap { $0.programs.filter(\.isExecutable) }.map {
            String(decoding: $0.name, as: UTF8.self)
        }
        if names.isEmpty { return "say what runs with --entrypoint" }
        let more = names.count > 20 ? " and \(names.count - 20) more" : ""
        return "choose with --program NAME: \(names.prefix(20).joined(separator: ", "))\(more)"
    }
}
