// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Glibc
import Synchronization
import Testing

@Suite struct PackageRemovalTests {
    static let base = "acme/base/1.0/20260101000000"
    static let middle = "acme/middle/1.0/20260101000000"
    static let app = "acme/app/1.0/20260101000000"
    static let other = "acme/other/1.0/20260101000000"

    /// `app` needs `middle` and `base`, `middle` needs `base`; with `other`, that needs `base` too.
    private func install(in world: borrowing StoreWorld, other: Bool = false) throws {
        _ = try world.artifact(PackageFixture(Self.base))
        _ = try world.artifact(PackageFixture(Self.middle, tdeps: [Self.base]))
        let app = try world.artifact(PackageFixture(Self.app, tdeps: [Self.base, Self.middle]))
        _ = try world.installer.install(artifact: app, cacheArtifacts: false)
        if other {
            let path = try world.artifact(PackageFixture(Self.other, tdeps: [Self.base]))
            _ = try world.installer.install(artifact: path, cacheArtifacts: false)
        }
    }

    private func plan(
        _ text: String, _ world: borrowing StoreWorld, dependencies: Bool = true, excluded: [String] = []
    ) throws -> RemovalPlan {
        let package = try #require(try world.store.package(ident(text), target: .x86_64Linux))
        return try RemovalPlan(
            removing: package, in: world.store, dependencies: dependencies
        ) { package in
            excluded.contains { "\(package.ident)".hasPrefix($0) } ? .excluded : nil
        }
    }

    private func remove(_ plan: RemovalPlan, _ world: borrowing StoreWorld) throws -> [PackageRemoval.Event] {
        var events: [PackageRemoval.Event] = []
        try PackageRemoval(world.store, target: .x86_64Linux).run(plan) { events.append($0) }
        return events
    }

    @Test func nothingIsLeftOfAPackageAndWhatItAloneNeeds() throws {
        let world = try StoreWorld()
        try install(in: world)
        let plan = try self.plan(Self.app, world)
        #expect(plan.packages.map(\.ident.description) == [Self.app, Self.middle, Self.base])
        #expect(try remove(plan, world) == plan.packages.map { .removed($0.ident) })
        #expect(try world.isEmpty() || world.listing().filter { $0.hasPrefix("d") }.count == 3)
        #expect(try !world.listing().contains { $0.contains("acme") })
    }

    @Test func whatOthersNeedStays() throws {
        let world = try StoreWorld()
        try install(in: world, other: true)
        let plan = try self.plan(Self.app, world)
        #expect(plan.packages.map(\.ident.description) == [Self.app, Self.middle])
        #expect(plan.kept == [.init(ident: try ident(Self.base), reason: .needed(by: [try ident(Self.other)]))])
        _ = try remove(plan, world)
        #expect(try world.store.all(target: .x86_64Linux).map(\.ident.description) == [Self.base, Self.other])
    }

    @Test func aPackageThatOthersNeedIsRefusedByName() throws {
        let world = try StoreWorld()
        try install(in: world, other: true)
        let needed = StoreError.needed(
            try ident(Self.base), by: [try ident(Self.app), try ident(Self.middle), try ident(Self.other)])
        #expect(throws: needed) { _ = try plan(Self.base, world) }
        #expect(needed.description.hasSuffix("is needed by '\(Self.app)', '\(Self.middle)', '\(Self.other)'"))
    }

    @Test func optionsKeepDependencies() throws {
        let world = try StoreWorld()
        try install(in: world)
        #expect(try plan(Self.app, world, dependencies: false).packages.map(\.ident.description) == [Self.app])
        // What is kept keeps what it needs.
        let kept = try plan(Self.app, world, excluded: ["acme/middle"])
        #expect(kept.packages.map(\.ident.description) == [Self.app])
        #expect(kept.kept.map(\.ident.description) == [Self.base, Self.middle])
        #expect(kept.kept.map(\.reason) == [.needed(by: [try ident(Self.middle)]), .excluded])
        let base = try plan(Self.app, world, excluded: ["acme/base/1.0"])
        #expect(base.kept == [.init(ident: try ident(Self.base), reason: .excluded)])
        #expect(base.packages.map(\.ident.description) == [Self.app, Self.middle])
    }

    @Test func theNewestReleasesAreKept() throws {
        let world = try StoreWorld()
        let releases = ["1.9/1", "1.10/1", "1.10/2", "2.0/1"].map { "acme/tool/\($0)" }
        for release in releases {
            let path = try world.artifact(PackageFixture(release))
            _ = try world.installer.install(artifact: path, cacheArtifacts: false)
        }
        let user = try world.artifact(PackageFixture("acme/user/1/1", tdeps: [releases[1]]))
        _ = try world.installer.install(artifact: user, cacheArtifacts: false)
        let wanted = try PackageIdent(parsing: "acme/tool")
        let plan = try RemovalPlan(keepingLatest: 1, of: wanted, in: world.store, target: .x86_64Linux)
        #expect(plan.packages.map(\.ident.description).sorted() == [releases[2], releases[0]].sorted())
        #expect(plan.kept == [.init(ident: try ident(releases[1]), reason: .needed(by: [try ident("acme/user/1/1")]))])
        let none = try RemovalPlan(keepingLatest: 9, of: wanted, in: world.store, target: .x86_64Linux)
        #expect(none.packages.isEmpty && none.kept.isEmpty)
    }

    /// Listings and the search for the newest order some versions differently; what stays is what would be found.
    @Test(arguments: [
        ["1.0.0/1", "1.0.0.rc1/1"], ["1.0.0/1", "undefined/1"], ["1.0/1", "1.0.0/1"], ["0.9/1", "1.0./1"],
    ])
    func whatStaysIsWhatIsFound(_ releases: [String]) throws {
        let world = try StoreWorld()
        for release in releases {
            let path = try world.artifact(PackageFixture("acme/tool/\(release)"))
            _ = try world.installer.install(artifact: path, cacheArtifacts: false)
        }
        let wanted = try PackageIdent(parsing: "acme/tool")
        let plan = try RemovalPlan(keepingLatest: 1, of: wanted, in: world.store, target: .x86_64Linux)
        let latest = try #require(try world.store.latest(satisfying: wanted, target: .x86_64Linux))
        #expect(plan.packages.count == 1 && plan.packages.first != latest)
    }

    @Test func theNewestReleaseIsNotRemovedForAnOlderOneThatNeedsIt() throws {
        let world = try StoreWorld()
        let (old, new) = ("acme/tool/1.0/1", "acme/tool/2.0/1")
        _ = try world.artifact(PackageFixture(new))
        let path = try world.artifact(PackageFixture(old, tdeps: [new]))
        _ = try world.installer.install(artifact: path, cacheArtifacts: false)
        let wanted = try PackageIdent(parsing: "acme/tool")
        let plan = try RemovalPlan(keepingLatest: 1, of: wanted, in: world.store, target: .x86_64Linux)
        #expect(plan.packages.map(\.ident.description) == [old])
        #expect(plan.kept == [.init(ident: try ident(new), reason: .latest)])
        let none = try RemovalPlan(keepingLatest: 1, of: wanted, in: world.store, target: .x86_64Linux) { _ in .loaded }
        #expect(try none.packages.isEmpty && none.kept == [.init(ident: ident(old), reason: .loaded)])
    }

    /// Why a preparation fails.
    private struct Refusal: Error, Equatable { let ident: QualifiedIdent }

    @Test func aFailingPreparationStopsBeforeItsPackage() throws {
        let world = try StoreWorld()
        try install(in: world)
        let plan = try self.plan(Self.app, world)
        let (app, middle) = (try ident(Self.app), try ident(Self.middle))
        var prepared: [QualifiedIdent] = []
        var events: [PackageRemoval.Event] = []
        let refusal = try PackageRemoval(world.store, target: .x86_64Linux).run(
            plan, preparing: [app, middle],
            willRemove: { package throws(Refusal) in
                prepared.append(package.ident)
                if package.ident == middle { throw Refusal(ident: middle) }
            }, progress: { events.append($0) })
        #expect(refusal == Refusal(ident: middle))
        #expect(prepared == [app, middle])
        #expect(events == [.removed(app)])
        #expect(try world.store.all(target: .x86_64Linux).map(\.ident.description) == [Self.base, Self.middle])
        #expect(try !world.listing().contains { $0.contains("acme/app") })
    }

    @Test func nothingIsPreparedForARefusedPlan() throws {
        let world = try StoreWorld()
        try install(in: world)
        let plan = try self.plan(Self.app, world)
        let late = try world.artifact(PackageFixture(Self.other, tdeps: [Self.middle, Self.base]))
        _ = try world.installer.install(artifact: late, cacheArtifacts: false)
        var prepared = 0
        #expect(throws: StoreError.needed(try ident(Self.middle), by: [try ident(Self.other)])) {
            let _: Never? = try PackageRemoval(world.store, target: .x86_64Linux).run(
                plan, preparing: Set(plan.packages.map(\.ident)), willRemove: { _ throws(Never) in prepared += 1 })
        }
        #expect(prepared == 0)
    }

    @Test func otherPackagesAreInstalledDuringAPreparation() throws {
        let world = try StoreWorld()
        try install(in: world)
        let artifact = try world.artifact(PackageFixture(Self.other))
        let plan = try self.plan(Self.app, world)
        let failure = try PackageRemoval(world.store, target: .x86_64Linux).run(
            plan, preparing: [try ident(Self.app)],
            willRemove: { _ throws(StoreError) in
                _ = try world.installer.install(artifact: artifact, cacheArtifacts: false)
            })
        #expect(failure == nil)
        #expect(try world.store.all(target: .x86_64Linux).map(\.ident.description) == [Self.other])
    }

    @Test func whatIsPreparedGoesThoughTheWishToStopCame() throws {
        let world = try StoreWorld()
        try install(in: world)
        let plan = try self.plan(Self.app, world)
        let wish = Mutex(false)
        let removal = PackageRemoval(
            world.store, target: .x86_64Linux, cancellation: Cancellation { wish.withLock { $0 } })
        #expect(throws: StoreError.cancelled) {
            let _: Never? = try removal.run(
                plan, preparing: [plan.packages[0].ident],
                willRemove: { _ throws(Never) in wish.withLock { $0 = true } })
        }
        #expect(try world.store.all(target: .x86_64Linux).map(\.ident.description) == [Self.base, Self.middle])
    }

    @Test func aPlanThatTheStoreHasOvertakenIsRefused() throws {
        let world = try StoreWorld()
        try install(in: world)
        let plan = try self.plan(Self.app, world)
        let late = try world.artifact(PackageFixture(Self.other, tdeps: [Self.middle, Self.base]))
        _ = try world.installer.install(artifact: late, cacheArtifacts: false)
        #expect(throws: StoreError.needed(try ident(Self.middle), by: [try ident(Self.other)])) {
            _ = try remove(plan, world)
        }
        #expect(try world.store.all(target: .x86_64Linux).count == 4)
    }

    @Test func whatAKillLeftIsSwept() throws {
        let world = try StoreWorld()
        try install(in: world)
        // As a kill between the rename and the deletion leaves it: hidden, with a receipt that vouches for nothing.
        let place = world.root.packagePath(try ident(Self.app))
        let hidden = "\(world.root.packages)/acme/app/1.0/.bio-pkg-install-20260101000000.AbCd12"
        try Directory.create(hidden)
        let journal = "\(world.root.path("receipts"))/.installing-AbCd12"
        try AtomicFile.write(bytes("\(Self.app)\n"), to: journal, mode: 0o600)
        #expect(rename(place, "\(hidden)/20260101000000") == 0)
        let events = try remove(try plan(Self.middle, world), world)
        #expect(events.first == .sweptAbandoned(path: hidden))
        #expect(try !world.listing().contains { $0.contains("acme/app") })
    }

    @Test func aRunningInstallationIsNotSwept() throws {
        let world = try StoreWorld()
        try install(in: world)
        let artifact = try world.artifact(PackageFixture(Self.other))
        let plan = try self.plan(Self.app, world)
        var events: [PackageRemoval.Event] = []
        let outcome = try world.installer.install(artifact: artifact, cacheArtifacts: false) {
            event throws(StoreError) in
            guard case .unpacking = event else { return }
            try PackageRemoval(world.store, target: .x86_64Linux).run(plan) { events.append($0) }
        }
        #expect(events == plan.packages.map { .removed($0.ident) })
        #expect(outcome.installed == [try ident(Self.other)])
    }

    @Test func readOnlyDirectoriesAndForeignFilesGoToo() throws {
        let world = try StoreWorld()
        var locked = PackageFixture(Self.base)
        locked.extra = { tar, prefix in tar.directory("\(prefix)/locked/", mode: 0o555) }
        _ = try world.installer.install(artifact: try world.artifact(locked), cacheArtifacts: false)
        let place = world.root.packagePath(try ident(Self.base))
        try AtomicFile.write([1], to: "\(place)/somebody put this here")
        try Directory.create("\(place)/and/this")
        #expect(chmod(place, 0o555) == 0)
        let beside = "\(world.root.packages)/acme/base/1.0/keep"
        try Directory.create(beside)
        _ = try remove(try plan(Self.base, world), world)
        #expect(try FileStatus.ofLink(place) == nil)
        #expect(try FileStatus.ofLink(beside) != nil)
    }

    @Test func aBrokenPackageCanGoAndBlocksOthers() throws {
        let world = try StoreWorld()
        try install(in: world)
        let place = world.root.packagePath(try ident(Self.app))
        try AtomicFile.write(bytes("no ident\n"), to: "\(place)/TDEPS")
        #expect(throws: StoreError.self) { _ = try self.plan(Self.middle, world) }
        let plan = try self.plan(Self.app, world)
        #expect(plan.packages.map(\.ident.description) == [Self.app])
        _ = try remove(plan, world)
        #expect(try FileStatus.ofLink(place) == nil)
    }

    @Test func aWishToStopRemovesNothing() throws {
        let world = try StoreWorld()
        try install(in: world)
        let plan = try self.plan(Self.app, world)
        let before = try world.listing()
        #expect(throws: StoreError.cancelled) {
            try PackageRemoval(world.store, target: .x86_64Linux, cancellation: Cancellation { true }).run(plan)
        }
        #expect(try world.listing().filter { !$0.contains(".lock") } == before.filter { !$0.contains(".lock") })
    }

    @Test func afterARemovalThePackageCanBeInstalledAgain() throws {
        let world = try StoreWorld()
        try install(in: world)
        let before = try world.listing()
        _ = try remove(try plan(Self.app, world), world)
        try install(in: world)
        #expect(try world.listing() == before)
    }
}
