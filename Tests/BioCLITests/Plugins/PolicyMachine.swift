// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import BioTestSupport

@testable import BioCLI

/// A machine with a user and rules of its site, which a real one keeps in /etc.
final class PolicyMachine {
    let scratch: Scratch
    let site: String
    let user: String

    init() throws {
        scratch = try Scratch()
        site = scratch.file("etc/export-plugins.toml")
        user = scratch.file("home/.config/bio/export-plugins.toml")
    }

    func world(_ variables: [String: String] = [:], isPrivileged: Bool = false) -> World {
        var access = PluginAccess(isPrivileged: isPrivileged)
        access.sitePolicy = PluginPolicy.Places(
            site: site, siteDirectory: scratch.file("etc/export-plugins.d"))
        return World(
            variables: ["HOME": scratch.file("home")].merging(variables) { $1 }, directory: scratch.path,
            plugins: access, program: scratch.file("prefix/bin/bio"))
    }

    /// A plugin that nobody signed, in a directory of somebody's; its library is no library.
    func plugin(_ name: String, in place: String, id: String? = nil) throws -> String {
        let directory = scratch.file("\(place)/\(name)")
        try write("\(directory)/plugin.toml", CPlugin.manifest(id: id ?? "com.acme.\(name)", name: name))
        try write("\(directory)/lib\(name).so", "no library")
        return directory
    }

    func write(_ path: String, _ text: String) throws {
        let directory = path.split(separator: "/").dropLast().joined(separator: "/")
        try Directory.create("/\(directory)")
        try AtomicFile.write(Array(text.utf8), to: path)
    }

    func text(_ path: String) throws -> String { String(decoding: try contents(of: path), as: UTF8.self) }
}
