// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// The links of `/bin`: one for each command, and of two with one name the later counts.
public struct CommandLinks {
    private var targets: [[UInt8]: [UInt8]] = [:]

    public init() {}

    public mutating func add(_ program: PackageProgram) { targets[program.name] = program.path }

    public func contains(_ name: String) -> Bool { targets[Array(name.utf8)] != nil }

    func write(to tree: RootFilesystem) throws(ExportFailure) {
        let names = targets.keys.sorted { $0.lexicographicallyPrecedes($1) }
        for name in names { try tree.addSymlink(at: Array("bin/".utf8) + name, to: targets[name] ?? []) }
    }
}
