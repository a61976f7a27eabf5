// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc
import Synchronization

/// A real container engine for tests, with a socket, images and state of its own (Tests/Support/engines/engine). It is gone
/// when this object is, or when the test process is.
package final class TestEngine: Sendable {
    package enum Kind: String, Sendable {
        case docker, podman
    }

    private let scratch: String
    private let process: AttachedProcess
    /// Of the engine itself.
    package let pid: Int32

    package init(_ kind: Kind) throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var pattern = Array("\(parent)/bio-engine-XXXXXX".utf8CString)
        guard mkdtemp(&pattern) != nil else { throw SystemError("make", parent) }
        // The script removes it: it knows when the engine is gone.
        scratch = String(decoding: pattern.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let ready = "\(scratch)/ready"
        process = try AttachedProcess(
            [Repository.path("Tests/Support/engines/engine"), kind.rawValue, scratch], directory: scratch,
            ready: ready)
        let text = String(decoding: try contents(of: ready), as: UTF8.self)
        pid = Int32(text.prefix { $0.isNumber }) ?? 0
    }

    /// The path of the socket it listens at.
    package var socket: String { "\(scratch)/engine.sock" }
    /// The value of DOCKER_HOST that names it.
    package var host: String { "unix://\(socket)" }
    /// Where it keeps what it has.
    package var dataDirectory: String { "\(scratch)/data" }

    /// Debian's docker client, spoken to this engine.
    package func docker(_ arguments: [String]) throws -> Tool.Outcome {
        try Tool.run(["/usr/bin/docker", "--host", host] + arguments)
    }

    /// Podman itself, on the images of this engine.
    package func podman(_ arguments: [String]) throws -> Tool.Outcome {
        try Tool.run(
            [
                "podman", "--root", dataDirectory, "--runroot", "\(scratch)/run", "--storage-driver", "vfs",
                "--cgroup-manager", "cgroupfs", "--runtime", "/usr/sbin/runc",
            ] + arguments)
    }

    /// One for all tests that only add images under names of their own.
    package static func shared(_ kind: Kind) throws -> TestEngine {
        try started.withLock { started in
            if let engine = started[kind] { return engine }
            let engine = try TestEngine(kind)
            started[kind] = engine
            return engine
        }
    }

    private static let started: Mutex<[Kind: TestEngine]> = Mutex([:])
}
