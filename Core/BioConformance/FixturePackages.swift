// SPDX-License-Identifier: Apache-2.0

package import BioSystem
import Glibc

/// Packages to try exports on: plain ones, and what a format may not have thought of.
package enum FixturePackages: String, Hashable, Sendable, CaseIterable {
    /// A service and a library that it needs.
    case service
    /// One package without a service, and with no metafile that it can do without.
    case single
    /// Five hundred, each needing the one before.
    case many
    /// One with 10,000 files.
    case files
    /// Names that are no UTF-8, or long, set-id files, empty ones, links that lead nowhere or out.
    case odd
    /// A service with every metafile there is, filled with what hurts.
    case loud

    /// What is exported.
    package var wanted: [String] { ["check/app"] }

    private static let release = "20260101000000"

    /// Writes them below `root` as if they were installed.
    package func write(in root: String) throws(SystemError) {
        switch self {
        case .service:
            try Self.package("lib", needs: [], root, [.init("lib/data.txt", "one\ntwo\n"), .init("lib/empty", "")])
            try Self.package("app", needs: ["lib"], root, Self.serviceFiles)
        case .single: try Self.package("app", needs: [], root, [.init("bin/app", "#!/bin/sh\n", 0o755)])
        case .many:
            for index in 0..<499 {
                try Self.package("p\(index)", needs: index == 0 ? [] : ["p\(index - 1)"], root, [.init("data", "x\n")])
            }
            try Self.package("app", needs: ["p498"], root, Self.serviceFiles)
        case .files:
            try Self.package(
                "app", needs: [], root,
                Self.serviceFiles + (0..<10_000).map { FixtureFile("share/d\($0 / 100)/f\($0)", "\($0)\n") })
        case .odd: try Self.package("app", needs: [], root, Self.serviceFiles + Self.oddFiles)
        case .loud: try Self.package("app", needs: [], root, Self.serviceFiles + Self.loudFiles)
        }
    }

    /// Writes a package that stands for a base package, `origin/name`, with the programs that such packages bring.
    ///
    /// - Parameter program: one more, which is its own.
    package static func writeBase(_ base: String, program: String, in root: String) throws(SystemError) {
        let ident = "\(base)/1.0/\(release)"
        let names = ["bio", "bio-sup", "bio-launch", "hab", "hab-sup", "hab-launch", "busybox", "sh"]
        let programs = (program.isEmpty ? names : names + [program]).map {
            FixtureFile("bin/\($0)", "#!/bin/sh\n", 0o755)
        }
        try package(
            ident, root,
            programs + [
                FixtureFile("PATH", "/hab/pkgs/\(ident)/bin\n"), FixtureFile("ssl/certs/cacert.pem", "none\n"),
                FixtureFile("ssl/cert.pem", "none\n"),
            ])
    }

    private static let serviceFiles = [
        FixtureFile("bin/app", "#!/bin/sh\nexec sleep 1\n", 0o755),
        FixtureFile("PATH", "/hab/pkgs/\(ident("app"))/bin\n"),
        FixtureFile("hooks/run", "#!/bin/sh\nexec app\n", 0o755),
        FixtureFile("default.toml", "port = 8080\nname = \"app\"\n"),
        FixtureFile("EXPORTS", "port=port\n"), FixtureFile("EXPOSES", "8080\n"), FixtureFile("SVC_USER", "hab\n"),
        FixtureFile("SVC_GROUP", "hab\n"),
    ]

    private static let oddFiles =
        [
            FixtureFile(path: Array("share/".utf8) + [0xFF, 0xFE], .content("no UTF-8\n", 0o644)),
            FixtureFile("share/ leading and\ttab", "x\n"), FixtureFile("share/-dash", "x\n"),
            FixtureFile("share/\u{1B}[31m", "x\n"), FixtureFile("share/é", "x\n"),
            FixtureFile(String(repeating: "long-name/", count: 40) + "end", "x\n"),
            FixtureFile("share/" + String(repeating: "n", count: 255), "x\n"), FixtureFile("bin/set-id", "x", 0o6755),
            FixtureFile("share/none", ""), FixtureFile("share/closed", "x\n", 0o400),
            FixtureFile(path: Array("share/nowhere".utf8), .link("no/such/place")),
            FixtureFile(path: Array("share/out".utf8), .link("../../../../../../../../etc/passwd")),
            FixtureFile(path: Array("share/self".utf8), .link("self")),
        ]

    private static let loudFiles = [
        FixtureFile(
            "default.toml", "name = \"\\\"{{x}}\\\" : - yes 0777 \\u0007\"\n[a.b]\n\"odd key\" = [1, 2.5, true]\n"),
        FixtureFile("EXPORTS", "a=a.b\n\nport=no.such\n"), FixtureFile("EXPOSES", "0 70000 http 8080 8080\n"),
        FixtureFile("SVC_USER", "0day:$USER\n"), FixtureFile("SVC_GROUP", "\n"), FixtureFile("BINDS", "db=port host\n"),
        FixtureFile("BINDS_OPTIONAL", "cache=port\n"), FixtureFile("MANIFEST", "# not\n* a: [manifest\n"),
        FixtureFile("RUNTIME_ENVIRONMENT", "NAME=a=b\n=none\nLONG=\(String(repeating: "x", count: 9000))\n"),
        FixtureFile("PATH", "/bin:relative::/nowhere\n"), FixtureFile("SHUTDOWN_SIGNAL", "NONE\n"),
        FixtureFile("SHUTDOWN_TIMEOUT", "soon\n"), FixtureFile("LICENSES", "\"; rm -rf /\n"),
    ]

    private static func package(
        _ name: String, needs: [String], _ root: String, _ files: [FixtureFile]
    ) throws(SystemError) {
        var all = files
        if let direct = needs.last {
            all.append(FixtureFile("DEPS", "\(Self.ident(direct))\n"))
            // A chain names all of it.
            let names = direct.hasPrefix("p") ? (0...(Int(direct.dropFirst()) ?? 0)).map { "p\($0)" } : needs
            all.append(FixtureFile("TDEPS", names.map { "\(Self.ident($0))\n" }.joined()))
        }
        try package(ident(name), root, all)
    }

    private static func package(_ ident: String, _ root: String, _ files: [FixtureFile]) throws(SystemError) {
        let directory = "\(root)/hab/pkgs/\(ident)"
        try Directory.create(directory)
        let own = [FixtureFile("IDENT", "\(ident)\n"), FixtureFile("TARGET", "x86_64-linux\n")]
        for file in own + files { try file.write(in: directory) }
    }

    private static func ident(_ name: String) -> String { "check/\(name)/1.0/\(release)" }
}

/// One file of such a package.
private struct FixtureFile {
    enum Content {
        case content(String, UInt32)
        case link(String)
    }

    let path: [UInt8]
    let content: Content

    init(path: [UInt8], _ content: Content) {
        self.path = path
        self.content = content
    }

    init(_ path: String, _ text: String, _ mode: UInt32 = 0o644) {
        self.init(path: Array(path.utf8), .content(text, mode))
    }

    func write(in directory: String) throws(SystemError) {
        let whole = Array(directory.utf8) + [0x2F] + path
        let name = (whole + [0]).map { CChar(bitPattern: $0) }
        let shown = String(decoding: whole, as: UTF8.self)
        // Its directories, from above.
        for index in whole.indices.dropFirst(directory.utf8.count + 1) where whole[index] == 0x2F {
            let parent = whole[..<index].map { CChar(bitPattern: $0) } + [0]
            if mkdir(parent, 0o755) != 0 && errno != EEXIST { throw SystemError("create", shown) }
        }
        switch content {
        case .link(let target):
            guard symlink(target, name) == 0 else { throw SystemError("create", shown) }
        case .content(let text, let mode):
            unlink(name)
            let descriptor = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw SystemError("create", shown) }
            let file = FileDescriptor(owning: descriptor)
            do throws(Errno) { try file.writeAll(Array(text.utf8)) } catch { throw SystemError("write", shown, error) }
            guard fchmod(descriptor, mode) == 0 else { throw SystemError("set the mode of", shown) }
        }
    }
}
