// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// The installer for a world whose paths were handed to another process or thread.
private func installer(_ directory: String) -> PackageInstaller {
    PackageInstaller(
        store: PackageStore(FileSystemRoot(fsRoot: directory + "/root")),
        keys: KeyRing(directory: directory + "/keys"), cache: ArtifactCache(path: directory + "/cache"),
        target: .x86_64Linux)
}

@Suite struct ConcurrentInstallTests {
    static let hello = PackageInstallerTests.hello

    /// A package big enough that installations of it overlap.
    private func artifact(in world: borrowing StoreWorld) throws -> String {
        let files = (0..<200).map { PackageFixture.File("share/file\($0)", String(repeating: "\($0) ", count: 500)) }
        return try world.artifact(PackageFixture(Self.hello, files: files))
    }

    private func expectOnePackage(in world: borrowing StoreWorld) throws {
        let package = try #require(world.store.package(try ident(Self.hello), target: .x86_64Linux))
        let receipt = try #require(try package.receipt())
        #expect(receipt.entries.count == 204)
        #expect(try treeListing(package.path).count == 203)
        #expect(try world.listing().filter { $0.contains("bio-pkg-install") }.isEmpty)
    }

    @Test func threadsAtOnceEndWithOnePackage() async throws {
        let world = try StoreWorld()
        let artifact = try artifact(in: world)
        let directory = world.scratch.path
        let outcomes = try await withThrowingTaskGroup(of: PackageInstaller.Outcome.self) { group in
            for _ in 0..<6 { group.addTask { try installer(directory).install(artifact: artifact) } }
            var outcomes: [PackageInstaller.Outcome] = []
            for try await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        #expect(outcomes.map(\.installed.count).reduce(0, +) == 1)
        #expect(outcomes.allSatisfy { $0.installed.count + $0.present.count == 1 })
        try expectOnePackage(in: world)
    }

    @Test func processesAtOnceEndWithOnePackage() async throws {
        let world = try StoreWorld()
        let artifact = try artifact(in: world)
        let directory = world.scratch.path
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    await #expect(processExitsWith: .success) {
                        [directory = directory as String, artifact = artifact as String] in
                        _ = try installer(directory).install(artifact: artifact)
                    }
                }
            }
        }
        try expectOnePackage(in: world)
    }

    @Test func aKilledInstallationLeavesNothingVisibleAndTheNextOneCleansUp() async throws {
        let world = try StoreWorld()
        let artifact = try artifact(in: world)
        let directory = world.scratch.path
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [directory = directory as String, artifact = artifact as String] in
            _ = try installer(directory).install(artifact: artifact) { event in
                // Everything is unpacked by then, and nothing is published.
                if case .cached = event { kill(getpid(), SIGKILL) }
            }
        }
        let name = try ident(Self.hello)
        #expect(world.store.package(name, target: .x86_64Linux) == nil)
        #expect(try world.store.all(target: .x86_64Linux).isEmpty)
        let leftovers = try Directory.names(world.root.path("pkgs/acme/hello/1.0.0"))
        #expect(leftovers.count == 1)
        #expect(leftovers.allSatisfy { $0.starts(with: bytes(".bio-pkg-install-20260101000000.")) })

        var removed = 0
        _ = try installer(directory).install(artifact: artifact) { event in
            if case .removedAbandoned = event { removed += 1 }
        }
        #expect(removed == 1)
        try expectOnePackage(in: world)
    }

    @Test func aRunningInstallationIsNotCleanedUp() throws {
        let world = try StoreWorld()
        let artifact = try artifact(in: world)
        let directory = world.scratch.path
        var inner: PackageInstaller.Outcome?
        var removed = 0
        let outer = try installer(directory).install(artifact: artifact) { event throws(StoreError) in
            guard case .cached = event, inner == nil else { return }
            inner = try installer(directory).install(artifact: artifact) { event in
                if case .removedAbandoned = event { removed += 1 }
            }
        }
        #expect(removed == 0)
        #expect(inner?.installed == [try ident(Self.hello)])
        #expect(outer.installed.isEmpty)
        #expect(outer.present == [try ident(Self.hello)])
        try expectOnePackage(in: world)
    }
}
