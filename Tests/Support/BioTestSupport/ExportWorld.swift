// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import Glibc

/// Keys and artifacts, made once for all tests of a format, and a root where they are installed. Nothing changes them: a
/// test that changes a package has a root of its own.
package struct ExportWorld: Sendable {
    package let path: String
    package let keys: TestKeys

    package var root: String { "\(path)/root" }
    package var keyDirectory: String { "\(path)/keys" }
    package var artifacts: String { "\(path)/artifacts" }

    /// Makes all packages, and installs those that are no `spare`; dependencies come first.
    package init(_ packages: [PackageFixture], spare: [PackageFixture] = []) throws {
        try self.init()
        try install(packages, spare: spare)
    }

    /// Installs artifacts that keys of another directory have signed, and then those packages that `made` makes for the
    /// root with them in it.
    package init(
        on artifacts: [String], keys directory: String, _ made: (_ root: String) throws -> [PackageFixture]
    ) throws {
        try self.init()
        for name in try Directory.names(directory).map({ String(decoding: $0, as: UTF8.self) })
        where name.hasSuffix(".pub") {
            try AtomicFile.write(try contents(of: "\(directory)/\(name)"), to: "\(keyDirectory)/\(name)")
        }
        try install(artifacts)
        try install(try made(root))
    }

    private init() throws {
        path = try TemporaryDirectory(in: "/tmp", prefix: "bio-export-tests-").keep()
        Self.removeAtExit(path)
        keys = try TestKeys(in: "\(path)/keys")
    }

    private func install(_ packages: [PackageFixture], spare: [PackageFixture] = []) throws {
        for package in packages + spare { try package.artifact(in: artifacts, keys: keys) }
        try install(try packages.map { try artifact($0) })
    }

    private func install(_ artifacts: [String]) throws {
        let desk = try ExportDesk(self)
        let outcome = try desk.bio.run(["pkg", "install"] + artifacts)
        guard outcome.code == 0 else { throw BuiltBio.Missing(description: "cannot install: \(outcome.errorText)") }
    }

    package func artifact(_ package: PackageFixture) throws -> String {
        try "\(artifacts)/\(package.qualified.artifactFileName(for: .x86_64Linux))"
    }

    /// A child process ends without its parent's exit handlers; what is left is for the parent.
    private static func removeAtExit(_ path: String) {
        let context = Unmanaged.passRetained(Leftover(path)).toOpaque()
        on_exit(
            { _, context in
                guard let context else { return }
                try? Directory.remove(Unmanaged<Leftover>.fromOpaque(context).takeUnretainedValue().path)
            }, context)
    }

    private final class Leftover {
        let path: String
        init(_ path: String) { self.path = path }
    }
}

/// One test's own working directory, home and temporary directory; gone with the test.
package struct ExportDesk: ~Copyable {
    private let scratch: Scratch
    package var bio: BuiltBio

    /// A desk of a shared world.
    package init(_ world: ExportWorld) throws {
        let scratch = try Scratch()
        bio = Self.bio(world, scratch, root: world.root)
        self.scratch = scratch
    }

    /// A desk with a root of its own in which these packages are installed, in this order.
    package init(_ world: ExportWorld, installing packages: [PackageFixture], mask: String = "022") throws {
        let scratch = try Scratch()
        var bio = Self.bio(world, scratch, root: scratch.file("root"))
        bio.mask = mask
        for package in packages {
            let known = try world.artifact(package)
            let isKnown = try FileStatus.of(known) != nil
            let path = isKnown ? known : try package.artifact(in: scratch.file("artifacts"), keys: world.keys)
            let outcome = try bio.run("pkg", "install", path)
            guard outcome.code == 0 else { throw BuiltBio.Missing(description: "cannot install: \(outcome.errorText)") }
        }
        bio.mask = "022"
        self.bio = bio
        self.scratch = scratch
    }

    private static func bio(_ world: ExportWorld, _ scratch: borrowing Scratch, root: String) -> BuiltBio {
        let bio = BuiltBio(
            root: root, directory: scratch.file("work"), home: scratch.file("home"), temporary: scratch.file("tmp"),
            keys: world.keyDirectory)
        for path in [bio.directory, bio.home, bio.temporary] { mkdir(path, 0o755) }
        return bio
    }

    /// A path beside the working directory.
    package func file(_ name: String) -> String { scratch.file(name) }

    /// A path in the working directory.
    package func work(_ name: String) -> String { "\(bio.directory)/\(name)" }

    /// A path of an installed package.
    package func installed(_ package: PackageFixture, _ name: String) -> String {
        "\(bio.root)/hab/pkgs/\(package.ident)/\(name)"
    }

    /// The names in the working directory, those that begin with a dot too.
    package func names() throws -> [String] {
        try Directory.names(bio.directory).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The names in the temporary directory.
    package func temporaryNames() throws -> [String] {
        try Directory.names(bio.temporary).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Runs a real tool that must succeed.
@discardableResult
package func tool(_ arguments: String..., input: [UInt8] = [], environment: [String: String] = [:]) throws -> [UInt8] {
    let outcome = try Tool.run(arguments, environment: environment, input: input)
    guard outcome.code == 0 else {
        throw BuiltBio.Missing(description: "\(arguments.joined(separator: " ")): \(outcome.errorText)")
    }
    return outcome.output
}
