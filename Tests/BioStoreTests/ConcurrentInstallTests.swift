// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage
import BioSystem
import BioTestSupport
import Glibc
import Synchronization
import Testing

@testable import BioStore

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
        #expect(try Directory.names(world.root.path("receipts")) == [bytes(".lock"), bytes(".staging"), bytes("acme")])
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

    /// The second one waits for the first, and leaves its files alone.
    @Test func aRunningInstallationIsWaitedFor() throws {
        let world = try StoreWorld()
        let artifact = try artifact(in: world)
        let directory = world.scratch.path
        let name = try ident(Self.hello)
        var others: [PackageInstaller.Event] = []
        let outcome = try installer(directory).install(artifact: artifact) { event throws(StoreError) in
            guard case .cached = event else { return }
            var waits = false
            do throws(StoreError) {
                _ = try installer(directory).install(artifact: artifact) { event throws(StoreError) in
                    others.append(event)
                    waits = event == .waiting(for: name)
                    if waits { throw .cancelled }
                }
            } catch { #expect(error == .cancelled) }
            #expect(waits)
        }
        #expect(others == [.verifying(artifact: artifact), .waiting(for: name)])
        #expect(outcome.installed == [name])
        try expectOnePackage(in: world)
    }

    @Test func waitingForAnotherInstallationCanBeCancelled() throws {
        let world = try StoreWorld()
        let artifact = try artifact(in: world)
        let name = try ident(Self.hello)
        let locks = StagingLocks(in: world.root)
        #expect(try locks.tryLock([(name, .change)]) == nil)
        // Asked once while it reads the artifact, and then again and again.
        let asked = Mutex(0)
        let waiting = Mutex(false)
        let installer = PackageInstaller(
            store: world.store, keys: world.keys.ring, cache: world.cache, target: .x86_64Linux,
            cancellation: Cancellation {
                guard waiting.withLock({ $0 }) else { return false }
                return asked.withLock { count in
                    count += 1
                    return count > 3
                }
            })
        #expect(throws: StoreError.cancelled) {
            try installer.install(artifact: artifact) { event in
                if case .waiting = event { waiting.withLock { $0 = true } }
            }
        }
        #expect(asked.withLock { $0 } > 3)
        #expect(try world.store.all(target: .x86_64Linux).isEmpty)
        withExtendedLifetime(locks) {}
    }

    /// Packages that need the same ones, by threads at once: each is unpacked once.
    @Test func sharedDependenciesAreUnpackedOnce() async throws {
        let world = try StoreWorld()
        let shared = (0..<8).map { "acme/shared\($0)/1/1" }
        for ident in shared { _ = try world.artifact(PackageFixture(ident)) }
        let artifacts = try (0..<6).map {
            try world.artifact(PackageFixture("acme/top\($0)/1/1", tdeps: shared.shuffled()))
        }
        let directory = world.scratch.path
        let unpacked = try await withThrowingTaskGroup(of: [QualifiedIdent].self) { group in
            for artifact in artifacts {
                group.addTask {
                    var unpacked: [QualifiedIdent] = []
                    _ = try installer(directory).install(artifact: artifact) { event in
                        if case .unpacking(let ident) = event { unpacked.append(ident) }
                    }
                    return unpacked
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(unpacked.count == 14)
        #expect(Set(unpacked).count == 14)
        #expect(try world.store.all(target: .x86_64Linux).count == 14)
    }
}
