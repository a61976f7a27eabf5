// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore
import BioSupervisor
import BioSystem
import BioTestSupport
import Glibc

/// A root with packages, as an installation leaves them, and what hooks may know.
struct SupervisorWorld: ~Copyable {
    let scratch: Scratch
    let root: FileSystemRoot
    let store: PackageStore

    static let app = "acme/my-app/1.0/20260101000000"

    init(_ packages: [PackageFixture]) throws {
        let made = try Scratch()
        let path = made.path
        try Self.install(packages, in: path)
        root = FileSystemRoot(fsRoot: "\(path)/root")
        store = PackageStore(root)
        scratch = made
    }

    private static func install(_ packages: [PackageFixture], in path: String) throws {
        // A service's user comes in through the directories above.
        guard chmod(path, 0o755) == 0 else { throw SystemError("change the mode of", path) }
        _ = try ExportFixture(packages, in: "\(path)/root")
    }

    /// One package with these files, which run as who runs the tests.
    init(files: [PackageFixture.File], metafiles: [String: String?] = [:], tdeps: [PackageFixture] = []) throws {
        var package = PackageFixture(Self.app, tdeps: tdeps.map(\.ident), files: files)
        package.metafiles = metafiles
        if metafiles["SVC_USER"] == nil, geteuid() == 0 {
            package.metafiles["SVC_USER"] = "root"
            package.metafiles["SVC_GROUP"] = "root"
        }
        try self.init([package] + tdeps)
    }

    func package(_ ident: String = SupervisorWorld.app) throws -> InstalledPackage {
        guard let package = try store.package(QualifiedIdent(parsing: ident), target: .x86_64Linux) else {
            throw SystemError("find", ident, .noSuchFile)
        }
        return package
    }

    func host(_ variables: [String] = ["PATH=/usr/bin:/bin"], userID: UInt32 = geteuid()) -> HostFacts {
        HostFacts(
            effectiveUserID: userID, hostName: "here", address: "192.0.2.7", version: "bio 1", variables: variables)
    }

    var directory: ServiceDirectory { ServiceDirectory("my-app", in: root) }

    func configuration(_ variables: [String: String] = [:]) throws -> ServiceConfiguration {
        try ServiceConfiguration(of: package(), directory, flavour: root.flavour) { variables[$0] }
    }

    func write(_ text: String, to path: String) throws {
        try Directory.create(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try AtomicFile.write(Array(text.utf8), to: path)
    }

    func installHook(
        _ variables: [String] = ["PATH=/usr/bin:/bin"], cancellation: Cancellation = .never
    ) throws -> InstallHook {
        guard let hook = try InstallHook(of: package(), in: store, host(variables), cancellation: cancellation) else {
            throw SystemError("find", "the install hook", .noSuchFile)
        }
        return hook
    }
}

func text(of path: String) throws -> String { String(decoding: try contents(of: path), as: UTF8.self) }
