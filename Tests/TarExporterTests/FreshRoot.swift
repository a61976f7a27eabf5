// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// An unpacked tar as the whole of a machine: its own processes, network and /proc. All of it ends with this object.
final class FreshRoot {
    private let desk: ExportDesk
    private let log: String
    private let outer: Tool.Running
    /// The supervisor's, as this machine counts.
    let pid: Int32

    /// Unpacks a file of the desk and starts the supervisor there with a service.
    init(_ tar: String, of desk: consuming ExportDesk, running service: String) throws {
        let directory = desk.work("root")
        log = desk.file("log")
        try Self.lay(desk.work(tar), directory)
        self.desk = desk
        let script = """
            mount -t proc proc "$1/proc" && exec chroot "$1" /bin/env -i PATH=/hab/bin:/bin /bin/sh -c \
            'ip link set lo up && exec bio sup run "$1"' sh "$2"
            """
        outer = try Tool.start(
            [
                "unshare", "--net", "--pid", "--mount", "--propagation", "private", "--fork", "--kill-child", "sh",
                "-c",
                script, "sh", directory, service,
            ], output: log, errors: "\(log).errors")
        var children: [Int32] = []
        for _ in 0..<500 where children.isEmpty {
            usleep(10_000)
            children = try Process.children(of: outer.pid)
        }
        pid = try #require(children.first, "unshare has started nothing")
    }

    deinit {
        outer.kill(SIGKILL)
        _ = outer.wait()
    }

    /// What an image would have and a tar leaves to its system.
    private static func lay(_ tar: String, _ root: String) throws {
        for name in ["", "/dev", "/etc", "/proc", "/tmp", "/bin"] { try Directory.create("\(root)\(name)") }
        try tool("tar", "-xpf", tar, "-C", root)
        try tool("mknod", "-m", "666", "\(root)/dev/null", "c", "1", "3")
        let users = "root:x:0:0::/root:/bin/sh\nhab:x:42:42::/:/bin/false\n"
        try AtomicFile.write(Array(users.utf8), to: "\(root)/etc/passwd", mode: 0o644)
        try AtomicFile.write(Array("root:x:0:\nhab:x:42:hab\n".utf8), to: "\(root)/etc/group", mode: 0o644)
        let link =
            "for file in hab/pkgs/*/redis/*/*/bin/* hab/pkgs/*/busybox*/*/*/bin/*; do ln -sf \"/$file\" bin/; done"
        try tool("sh", "-c", "cd \"$1\" && \(link)", "sh", root)
    }

    var output: String { (try? contents(of: log)).map { String(decoding: $0, as: UTF8.self) } ?? "" }

    /// Runs a program of the root beside the supervisor.
    func run(_ words: [String]) throws -> Tool.Outcome {
        try enter(["--pid", "--mount", "--root", "--wd", "/bin/env", "-i", "PATH=/hab/bin:/bin"] + words)
    }

    /// What curl of this machine gets there, header lines too.
    func answer(_ url: String) throws -> String {
        try enter(["curl", "--silent", "--include", "--max-time", "5", url]).text
    }

    private func enter(_ words: [String]) throws -> Tool.Outcome {
        try Tool.run(["nsenter", "--target", "\(pid)", "--net"] + words)
    }

    /// Until an answer has this text.
    func wait(_ url: String, for text: String) throws {
        try wait("\(text) of \(url)") { try answer(url).contains(text) }
    }

    /// Until the supervisor has written this; `doing` something in between.
    func wait(forOutput text: String, doing: () throws -> Void = {}) throws {
        try wait(text) {
            try doing()
            return output.contains(text)
        }
    }

    /// At most a minute.
    func wait(_ what: String, until isThere: () throws -> Bool) throws {
        for _ in 0..<600 {
            if try isThere() { return }
            usleep(100_000)
        }
        throw BuiltBio.Missing(description: "\(what) does not come: \(output)")
    }

    /// Asks the supervisor to end: its exit code.
    func end() -> Int32 {
        kill(pid, SIGTERM)
        return outer.wait()
    }
}
