// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore

/// A service that has been rendered: what lies in its directory, and what whoever starts it must know.
package struct DirectFiles: Sendable {
    package struct File: Hashable, Sendable {
        /// Below the service's directory.
        package let path: String
        package let text: String
        package let isProgram: Bool
    }

    package struct Hook: Hashable, Sendable {
        package let kind: BioSupervisor.Hook.Kind
        /// Absolute, of the first line.
        package let interpreter: String
    }

    /// In byte order of their paths.
    package let files: [File]
    package let hooks: [Hook]
    /// Hooks of the package that nobody would run.
    package let leftOut: [BioSupervisor.Hook.Kind]
    /// By name.
    package let user: String
    package let group: String
    /// Without `SIG`.
    package let shutdownSignal: String
    /// Seconds.
    package let shutdownTimeout: UInt32
    /// In byte order of their names.
    package let environment: [(name: String, value: String)]

    /// What there is somebody for: the service's first process.
    static let runnable: [BioSupervisor.Hook.Kind] = [.initialise, .run, .postRun, .postStop, .healthCheck]

    init(_ service: DirectService, _ files: [File]) throws(DirectError) {
        var files = files
        // Of a package without hooks/run: no template.
        if !files.contains(where: { $0.path == "hooks/run" }), let plain = service.file("run") {
            guard let text = String(validating: plain.bytes, as: UTF8.self) else {
                throw .noInterpreter(hook: "run", of: service.metadata.ident)
            }
            files.append(File(path: "hooks/run", text: text, isProgram: true))
        }
        self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        var hooks: [Hook] = []
        for kind in Self.runnable {
            let path = "hooks/\(kind.rawValue)"
            guard let file = files.first(where: { $0.path == path }) else { continue }
            guard let interpreter = Self.interpreter(of: file.text) else {
                throw .noInterpreter(hook: path, of: service.metadata.ident)
            }
            hooks.append(Hook(kind: kind, interpreter: interpreter))
        }
        guard hooks.contains(where: { $0.kind == .run }) else { throw .noRunHook(service.metadata.ident) }
        self.hooks = hooks
        // Installation is another matter.
        leftOut = BioSupervisor.Hook.Kind.allCases.filter { kind in
            !Self.runnable.contains(kind) && kind != .install && kind != .uninstall
                && service.file("hooks/\(kind.rawValue)") != nil
        }
        let user = ServiceUser(of: service.metadata, service.root.flavour)
        (self.user, group) = (user.user, user.group)
        shutdownSignal = service.metadata.shutdownSignal ?? "TERM"
        shutdownTimeout = service.metadata.shutdownTimeout ?? 8
        environment = service.environment.variables
    }

    /// `/bin/sh` of `#! /bin/sh -e`; nil of no script.
    private static func interpreter(of text: String) -> String? {
        let line = text.utf8.prefix { $0 != UInt8(ascii: "\n") }
        guard line.starts(with: "#!".utf8) else { return nil }
        let blanks = [UInt8(ascii: " "), UInt8(ascii: "\t")]
        let word = line.dropFirst(2).drop { blanks.contains($0) }.prefix { !blanks.contains($0) }
        return word.first == UInt8(ascii: "/") ? String(decoding: word, as: UTF8.self) : nil
    }
}
