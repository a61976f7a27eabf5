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
        let package = try #require(try world.store.package(try ident(Self.hello), target: .x86_64Linux))
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
        #expect(try world.store.package(name, target: .x86_64Linux) == nil)
        #expect(try world.store.all(target: .x86_64Linux).isEmpty)
        let leftovers = try Directory.names(world.root.path("pkgs/acme/hello/1.0.0"))
        #expect(leftovers.count == 1)
        #expect(leftovers.allSatisfy { $0.starts(with: bytes(".bio-pkg-install-20260101000000.")) })

        var removed = 0
        _ = try installer(directory).install(artifact: artifact) { event in
            if case .removedAbandoned = event { removed += 1 }
        }
        #expect(removed == 1)
        #expect(try Directory.names(world.root.path("receipts")) == [bytes(".lock"), bytes("acme")])
        try expectOnePackage(in: world)
    }

    /// Root removes anything, so somebody else installs.
    @Test(.enabled(if: geteuid() == 0)) func aLeftoverThatCannotBeRemovedIsNoReasonToFail() async throws {
        let world = try StoreWorld()
        let artifact = try artifact(in: world)
        let directory = world.scratch.path
        let leftover = world.root.path("pkgs/acme/hello/1.0.0/.bio-pkg-install-20260101000000.abcdef")
        try Directory.create(leftover + "/in")
        let owned = try Tool.run(["chown", "-R", "65534:65534", directory])
        #expect(owned.code == 0 && lchown(leftover, 0, 0) == 0 && chmod(leftover, 0o755) == 0)
        await #expect(processExitsWith: .success) {
            [directory = directory as String, artifact = artifact as String] in
            #expect(setgid(65534) == 0 && setuid(65534) == 0)
            var left = 0
            let outcome = try installer(directory).install(artifact: artifact) { event in
                if case .leftAbandoned = event { left += 1 }
            }
            guard left == 1, outcome.installed.count == 1 else { exit(2) }
        }
        #expect(try FileStatus.of(leftover) != nil)
    }

    @Test func waitingForAnotherProcessCanBeCancelled() throws {
        let world = try StoreWorld()
        let artifact = try artifact(in: world)
        try Directory.create(world.root.path("receipts"))
        let held = try LockFile(world.root.path("receipts/.lock"), cancellation: .never)
        let cached = world.cache.path(try ident(Self.hello), target: .x86_64Linux)
        let installer = PackageInstaller(
            store: world.store, keys: world.keys.ring, cache: world.cache, target: .x86_64Linux,
            cancellation: Cancellation { access(cached, F_OK) == 0 })
        #expect(throws: StoreError.cancelled) { try installer.install(artifact: artifact) }
        #expect(try world.store.all(target: .x86_64Linux).isEmpty)
        #expect(try FileStatus.of(held.path)?.mode == 0o600)
    }

    /// However many packages there are, the number of open files stays.
    @Test func aLargeClosureNeedsFewOpenFiles() async throws {
        let world = try StoreWorld()
        let dependencies = (0..<64).map { "acme/d\($0)/1/1" }
        for dependency in dependencies { _ = try world.artifact(PackageFixture(dependency, files: [])) }
        let artifact = try world.artifact(PackageFixture(Self.hello, tdeps: dependencies))
        let directory = world.scratch.path
        await #expect(processExitsWith: .success) {
            [directory = directory as String, artifact = artifact as String] in
            var limit = rlimit(rlim_cur: 40, rlim_max: 40)
            guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { exit(2) }
            guard try installer(directory).install(artifact: artifact).installed.count == 65 else { exit(3) }
        }
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
