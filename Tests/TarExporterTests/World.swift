// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import BioTestSupport
import Glibc

/// Keys and artifacts, made once for all tests, and a root where they are installed. Nothing changes them: a test that
/// changes a package has a root of its own.
struct World: Sendable {
    static let shared = Result { try World() }

    let path: String
    let keys: TestKeys

    var root: String { "\(path)/root" }
    var keyDirectory: String { "\(path)/keys" }
    var artifacts: String { "\(path)/artifacts" }

    private static let scratch = Result { try TemporaryDirectory(in: "/tmp", prefix: "bio-tar-tests-").keep() }

    private init() throws {
        path = try Self.scratch.get()
        atexit { if let path = try? World.scratch.get() { try? Directory.remove(path) } }
        keys = try TestKeys(in: "\(path)/keys")
        for package in ClosureFixture.all + [ClosureFixture.otherBio] {
            try package.artifact(in: "\(path)/artifacts", keys: keys)
        }
        let desk = try Desk(self)
        let outcome = try desk.bio.run(["pkg", "install"] + ClosureFixture.all.map { try artifact($0) })
        guard outcome.code == 0 else { throw Bio.Missing(description: "cannot install: \(outcome.errorText)") }
    }

    func artifact(_ package: PackageFixture) throws -> String {
        try "\(artifacts)/\(package.qualified.artifactFileName(for: .x86_64Linux))"
    }
}

/// One test's own working directory, home and temporary directory; gone with the test.
struct Desk: ~Copyable {
    private let scratch: Scratch
    var bio: Bio

    /// A desk of the shared world.
    init() throws { try self.init(try World.shared.get()) }

    fileprivate init(_ world: World) throws {
        let scratch = try Scratch()
        bio = Self.bio(world, scratch, root: world.root)
        self.scratch = scratch
    }

    /// A desk with a root of its own in which these packages are installed, in this order.
    init(installing packages: [PackageFixture], mask: String = "022") throws {
        let world = try World.shared.get()
        let scratch = try Scratch()
        var bio = Self.bio(world, scratch, root: scratch.file("root"))
        bio.mask = mask
        for package in packages {
            let known = try world.artifact(package)
            let isKnown = try FileStatus.of(known) != nil
            let path = isKnown ? known : try package.artifact(in: scratch.file("artifacts"), keys: world.keys)
            let outcome = try bio.run("pkg", "install", path)
            guard outcome.code == 0 else { throw Bio.Missing(description: "cannot install: \(outcome.errorText)") }
        }
        bio.mask = "022"
        self.bio = bio
        self.scratch = scratch
    }

    private static func bio(_ world: World, _ scratch: borrowing Scratch, root: String) -> Bio {
        let bio = Bio(
            root: root, directory: scratch.file("work"), home: scratch.file("home"), temporary: scratch.file("tmp"),
            keys: world.keyDirectory)
        for path in [bio.directory, bio.home, bio.temporary] { mkdir(path, 0o755) }
        return bio
    }

    /// A path beside the working directory.
    func file(_ name: String) -> String { scratch.file(name) }

    /// A path in the working directory.
    func work(_ name: String) -> String { "\(bio.directory)/\(name)" }

    /// A path of an installed package.
    func installed(_ package: PackageFixture, _ name: String) -> String {
        "\(bio.root)/hab/pkgs/\(package.ident)/\(name)"
    }

    /// The names in the working directory, those that begin with a dot too.
    func names() throws -> [String] {
        try Directory.names(bio.directory).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The names in the temporary directory.
    func temporaryNames() throws -> [String] {
        try Directory.names(bio.temporary).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Whether this process may mount a file system: root in some containers may not. Other tests of full and closed places
/// (a file size limit, `/dev/full`, the unit tests of placement) need no mount.
let canMount: Bool = {
    guard geteuid() == 0, let scratch = try? Scratch(),
        (try? tool("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", scratch.path)) != nil
    else { return false }
    return umount(scratch.path) == 0
}()

/// Runs Python's own reader (`judge.py`).
func judge(_ arguments: String..., input: [UInt8] = []) throws -> String {
    let script = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/judge.py"
    let outcome = try Tool.run(["python3", script] + arguments, input: input)
    guard outcome.code == 0 else { throw Bio.Missing(description: "judge.py: \(outcome.errorText)") }
    return outcome.text
}

/// Runs a real tool that must succeed.
@discardableResult
func tool(_ arguments: String..., input: [UInt8] = [], environment: [String: String] = [:]) throws -> [UInt8] {
    let outcome = try Tool.run(arguments, environment: environment, input: input)
    guard outcome.code == 0 else {
        throw Bio.Missing(description: "\(arguments.joined(separator: " ")): \(outcome.errorText)")
    }
    return outcome.output
}
