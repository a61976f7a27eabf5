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

    /// Its own link to elsewhere, as operators make for data, is followed where nobody but us can have put it there. One
    /// that is there and is not ours to change, as a volume of an orchestrator is, stays as it is: whether the service may
    /// write to it shows.
    private static func make(_ path: String, mode: UInt32, owner: ChildProcess.Identity?) throws(SystemError) {
        let isNew = mkdir(path, mode) == 0
        if !isNew && errno != EEXIST { throw SystemError("create directory", path) }
        guard let status = try FileStatus.of(path), status.kind == .directory else {
            throw SystemError("create directory", path, .notDirectory)
        }
        if !isNew, owner != nil, try FileStatus.ofLink(path)?.kind == .symlink { try checkParent(of: path) }
        func allow(_ error: SystemError) throws(SystemError) {
            if isNew || (error.errno.rawValue != EPERM && error.errno.rawValue != EROFS) { throw error }
        }
        if let owner, status.owner != owner.uid || status.group != owner.gid,
            chown(path, owner.uid, owner.gid) != 0
        {
            try allow(SystemError("change the owner of", path))
        }
        if status.mode != mode && chmod(path, mode) != 0 { try allow(SystemError("change the mode of", path)) }
    }

    /// A service that could make the link would have us give it any directory.
    private static func checkParent(of path: String) throws(SystemError) {
        let parent = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        guard let status = try FileStatus.of(parent), status.owner == geteuid() || status.owner == 0,
            status.mode & 0o022 == 0
        else { throw SystemError("follow the link", path, .tooManyLinks) }
    }
}
