// SPDX-License-Identifier: Apache-2.0

import BioStore
import BioSupervisor
import BioSystem
import BioTestSupport
import Testing

@Suite struct LoadedServicesTests {
    private let old = "acme/my-app/1.0/20250101000000"

    private func world(_ spec: String) throws -> SupervisorWorld {
        let world = try SupervisorWorld([PackageFixture(SupervisorWorld.app), PackageFixture(old)])
        try world.write(spec, to: world.root.path("sup/default/specs/my-app.spec"))
        try world.write("no spec", to: world.root.path("sup/default/specs/README"))
        return world
    }

    @Test func theReleaseThatASpecTakesIsLoaded() throws {
        let world = try world("ident = \"acme/my-app\"\ngroup = \"default\"\n")
        let services = try LoadedServices(in: world.root)
        let spec = world.root.path("sup/default/specs/my-app.spec")
        #expect(try services.service(loading: world.package(), in: world.store)?.spec == spec)
        #expect(try services.service(loading: world.package(old), in: world.store) == nil)
    }

    @Test func aSpecMayNameARelease() throws {
        let world = try world("ident = \"\(old)\"\n")
        let services = try LoadedServices(in: world.root)
        #expect(try services.service(loading: world.package(), in: world.store) == nil)
        #expect(try services.service(loading: world.package(old), in: world.store) != nil)
    }

    @Test func withoutASupervisorNothingIsLoaded() throws {
        let scratch = try Scratch()
        #expect(try LoadedServices(in: FileSystemRoot(fsRoot: scratch.path)).services.isEmpty)
    }

    @Test(arguments: ["ident = 1", "group = \"default\"", "ident = \"acme\"", "= ="])
    func aSpecThatSaysNothingCountsForThePackageOfItsName(spec: String) throws {
        let world = try SupervisorWorld([PackageFixture(SupervisorWorld.app), PackageFixture("acme/other/1/2")])
        let path = world.root.path("sup/default/specs/my-app.spec")
        try world.write(spec, to: path)
        let services = try LoadedServices(in: world.root)
        #expect(services.services.isEmpty && services.unreadable.map(\.spec) == [path])
        #expect(throws: services.unreadable[0].error) {
            _ = try services.service(loading: world.package(), in: world.store)
        }
        #expect(try services.mayLoad(world.package(), in: world.store))
        #expect(try !services.mayLoad(world.package("acme/other/1/2"), in: world.store))
    }

    @Test func aDirectoryInPlaceOfASpecIsUnreadable() throws {
        let world = try world("ident = \"acme/my-app\"")
        try Directory.create(world.root.path("sup/default/specs/other.spec"))
        let services = try LoadedServices(in: world.root)
        #expect(services.unreadable.count == 1 && services.services.count == 1)
        #expect(try services.mayLoad(world.package(), in: world.store))
        #expect(try !services.mayLoad(world.package(old), in: world.store))
    }
}
