// SPDX-License-Identifier: Apache-2.0

package import BioStore
package import BioSystem
import Glibc

/// The directories of one service, `svc/NAME` below the root's own (package-model: 4 "Filesystem layout").
package struct ServiceDirectory: Hashable, Sendable {
    package let path: String
    /// Where the operator's configuration of the service is: `user/NAME/config/user.toml`.
    package let userConfiguration: String

    package init(_ name: String, in root: FileSystemRoot) {
        path = root.path("svc/\(name)")
        userConfiguration = root.path("user/\(name)/config/user.toml")
    }

    package var config: String { path + "/config" }
    package var configInstall: String { path + "/config_install" }
    package var data: String { path + "/data" }
    package var files: String { path + "/files" }
    package var fixed: String { path + "/static" }
    package var variable: String { path + "/var" }
    package var hooks: String { path + "/hooks" }
    package var logs: String { path + "/logs" }
    package var pidFile: String { path + "/PID" }
    package var runFile: String { path + "/run" }
    /// Where the operator's configuration was in older releases.
    package var oldUserConfiguration: String { path + "/user.toml" }

    /// What the service may write to.
    private var serviceDirectories: [String] { [config, configInstall, data, files, fixed, variable] }

    /// Makes what is missing. The service's directories are its user's and group's, 0770, as far as this process may
    /// give them away; those of the supervisor are 0755.
    package func create(for user: ServiceUser) throws(SystemError) {
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path
        try Directory.create(parent)
        for directory in [parent, path, hooks, logs] { try Self.make(directory, mode: 0o755, owner: nil) }
        for directory in serviceDirectories { try Self.make(directory, mode: 0o770, owner: user.identity) }
    }

    /// Its own link to elsewhere, as operators make for data, is followed: only who owns `svc/NAME` can put one there.
    private static func make(_ path: String, mode: UInt32, owner: ChildProcess.Identity?) throws(SystemError) {
        if mkdir(path, mode) != 0 && errno != EEXIST { throw SystemError("create directory", path) }
        guard let status = try FileStatus.of(path), status.kind == .directory else {
            throw SystemError("create directory", path, .notDirectory)
        }
        if let owner, chown(path, owner.uid, owner.gid) != 0 { throw SystemError("change the owner of", path) }
        if status.mode != mode && chmod(path, mode) != 0 { throw SystemError("change the mode of", path) }
    }
}
