// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// The base packages that come with the program (Core/Packages), installed as an export installs them.
@Suite(.timeLimit(.minutes(15))) struct BasePackagesTests {
    private static let share = "\(SourceTree.root)/dist/share/bio"

    /// A root with all of them, by the key beside them.
    private struct Root: ~Copyable {
        let scratch: Scratch

        init() throws {
            let made = try Scratch()
            let packages = try Directory.names("\(share)/packages").map { String(decoding: $0, as: UTF8.self) }.sorted()
            let outcome = try Tool.run(
                ["\(SourceTree.root)/dist/bin/bio", "pkg", "install"] + packages.map { "\(share)/packages/\($0)" },
                environment: ["FS_ROOT": made.path, "HOME": made.path, "HAB_CACHE_KEY_PATH": "\(share)/keys"])
            #expect(outcome.code == 0, "\(outcome.errorText)")
            scratch = made
        }

        /// The path of a package as its programs know it.
        func path(_ name: String) throws -> String {
            let versions = try Directory.names(scratch.file("hab/pkgs/biome/\(name)"))
            let version = String(decoding: try #require(versions.first), as: UTF8.self)
            let releases = try Directory.names(scratch.file("hab/pkgs/biome/\(name)/\(version)"))
            return "/hab/pkgs/biome/\(name)/\(version)/" + String(decoding: try #require(releases.first), as: UTF8.self)
        }

        func names(_ path: String) throws -> [String] {
            try Directory.names(scratch.path + path).map { String(decoding: $0, as: UTF8.self) }.sorted()
        }
    }

    @Test func theyAreAllThereAndTheKeyIsPublic() throws {
        let packages = try Directory.names("\(Self.share)/packages").map { String(decoding: $0, as: UTF8.self) }
            .sorted()
        let starts = ["biome-bio-0", "biome-bio-init-0", "biome-busybox-1", "biome-cacerts-2", "biome-jq-1"]
        #expect(packages.count == starts.count, "\(packages)")
        for (package, start) in zip(packages, starts) { #expect(package.hasPrefix(start), "\(package)") }
        let keys = try Directory.names("\(Self.share)/keys").map { String(decoding: $0, as: UTF8.self) }
        #expect(keys.count == 1 && keys[0].hasSuffix(".pub"), "\(keys)")
    }

    /// Loader and libraries come from the package itself, and nothing else is needed.
    @Test(arguments: [("bio", "--version"), ("busybox", "true"), ("jq", "--version")])
    func aProgramRunsWhereNothingElseIs(_ name: String, _ word: String) throws {
        let root = try Root()
        let path = try root.path(name)
        let program = "\(root.scratch.path)\(path)/bin/\(name)"
        let headers = try Tool.run(["readelf", "-ldW", program]).text
        #expect(headers.contains("[Requesting program interpreter: \(path)/lib/ld-linux"), "\(headers)")
        #expect(headers.contains("Library rpath: [\(path)/lib]"), "\(headers)")
        let libraries = try Set(root.names("\(path)/lib"))
        for library in libraries.map({ "\(root.scratch.path)\(path)/lib/\($0)" }) + [program] {
            for line in try Tool.run(["readelf", "-dW", library]).text.split(separator: "\n")
            where line.contains("(NEEDED)") {
                let needed = line.split(separator: "[").last?.dropLast() ?? ""
                #expect(libraries.contains(String(needed)), "\(library) needs \(needed)")
            }
        }
        try #require(geteuid() == 0, "only root enters another root")
        let run = try Tool.run(["chroot", root.scratch.path, "\(path)/bin/\(name)", word])
        #expect(run.code == 0, "\(run.errorText)")
    }

    @Test func theFirstProcessIsStaticAndSmall() throws {
        let root = try Root()
        let program = "\(root.scratch.path)\(try root.path("bio-init"))/bin/bio-init"
        #expect(try !Tool.run(["readelf", "-lW", program]).text.contains("INTERP"))
        #expect(try contents(of: program).count < 2 << 20)
        #expect(try Tool.run(["chroot", root.scratch.path, "\(try root.path("bio-init"))/bin/bio-init"]).code == 64)
    }

    /// Those of Debian, and not what this machine trusts besides.
    @Test func theCertificatesAreDebians() throws {
        let root = try Root()
        let text = String(
            decoding: try contents(of: "\(root.scratch.path)\(try root.path("cacerts"))/ssl/cert.pem"), as: UTF8.self)
        let shipped = try Directory.names("/usr/share/ca-certificates/mozilla").map {
            String(decoding: $0, as: UTF8.self)
        }
        .sorted()
        var whole = ""
        for name in shipped {
            whole += String(decoding: try contents(of: "/usr/share/ca-certificates/mozilla/\(name)"), as: UTF8.self)
        }
        #expect(shipped.count > 100 && text == whole)
    }

    /// Of everything that is not this project's.
    @Test func eachSaysHowItMayBeUsed() throws {
        let root = try Root()
        for (name, owners) in [
            ("bio", ["libc6", "libsodium23", "libstdc++6"]), ("bio-init", ["libc6"]),
            ("busybox", ["busybox", "libc6"]),
            ("jq", ["jq", "libc6"]), ("cacerts", ["ca-certificates"]),
        ] {
            let found = try root.names("\(try root.path(name))/share/doc")
            for owner in owners { #expect(found.contains(owner), "\(name): \(found)") }
        }
        for name in ["bio", "bio-init"] {
            #expect(try root.names("\(try root.path(name))/share").contains("LICENSE"))
        }
    }
}
