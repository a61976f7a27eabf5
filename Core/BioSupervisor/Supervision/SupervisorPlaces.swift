// SPDX-License-Identifier: Apache-2.0

package import BioPackage
package import BioStore
package import BioSystem
import Glibc

/// The directory of a root's supervisor, `sup/default`, and what is in it.
package struct SupervisorPlaces: Hashable, Sendable {
    package let root: FileSystemRoot
    package let directory: String

    package init(in root: FileSystemRoot) {
        self.root = root
        directory = root.path("sup/default")
    }

    package static let control = "control"

    package var lock: String { "\(directory)/LOCK" }
    package var runs: String { "\(directory)/run" }
    package var token: String { "\(directory)/HTTP_TOKEN" }

    /// Makes what is missing.
    package func create() throws(SystemError) {
        try Directory.create(directory)
        try Directory.create(ServiceSpecs(in: root).directory)
        try Directory.create(AppliedConfiguration.directory(in: root), mode: 0o700)
        try Directory.create(runs, mode: 0o700)
    }

    /// Whether processes can be told from each other here: by /proc, which a bare chroot lacks.
    static var seesProcesses: Bool { ProcessMark(of: getpid()) != nil }

    /// Whether the process of a service is there, by what its supervisor has noted.
    package func isRunning(_ name: String) -> Bool { runningIdent(name) != nil }

    /// The release that it runs as; nil when its process is not there.
    package func runningIdent(_ name: String) -> QualifiedIdent? {
        guard let entry = ProcessRecord(directory: "\(runs)/\(name)").read(), entry.mark.isAlive else { return nil }
        return entry.ident
    }

    /// The process that holds the lock says so in it; nil when it does not.
    package func holder() -> Int32? {
        guard let bytes = try? TextFile.bytes(lock, limit: 64) else { return nil }
        return Int32(String(decoding: bytes, as: UTF8.self).filter(\.isNumber))
    }
}

/// Being the supervisor of a root: one at a time, as long as this lives.
package final class SupervisorLock {
    private let file: LockFile

    package init(_ places: SupervisorPlaces) throws(SupervisorError) {
        do throws(SystemError) {
            file = try LockFile(places.lock, cancellation: Cancellation { true })
            guard truncate(places.lock, 0) == 0 else { throw SystemError("write", places.lock) }
            try file.append(Array("\(getpid())\n".utf8))
        } catch {
            guard error.errno == .cancelled else { throw .system(error) }
            throw .refused(.supervisorRuns(pid: places.holder(), lock: places.lock), path: nil)
        }
    }
}
