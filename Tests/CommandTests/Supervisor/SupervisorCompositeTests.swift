// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Services that belong together.
@Suite(.timeLimit(.minutes(15))) struct SupervisorCompositeTests {
    private func conf(_ desk: SupervisorDesk) throws -> String { try desk.text(desk.service("web", "config/web.conf")) }

    @Test func aCompositeIsItsServices() throws {
        let web = PackageFixture.web()
        var composite = PackageFixture("acme/shop/1.0/20260101000000", files: [])
        composite.metafiles = [
            "TYPE": "composite\n", "SERVICES": "acme/store\nacme/web\n",
            "RESOLVED_SERVICES": "\(PackageFixture.store.ident)\n\(web.ident)\n",
            "BIND_MAP": "acme/web=store:acme/store\n",
        ]
        let desk = try SupervisorDesk([composite, web, .store])
        try desk.start()
        let loaded = try desk.bio.run("svc", "load", "acme/shop", "--group", "blue")
        #expect(loaded.code == 0, "\(loaded.errorText)")
        try desk.wait("web", toBe: "up")
        #expect(try conf(desk).hasSuffix(":6379\n"))
        #expect(try desk.status("web")["composite"] == "acme/shop")
        #expect(try desk.status("web")["binds"] == ["store:store.blue"])
        #expect(try desk.bio.run("svc", "stop", "acme/shop").code == 0)
        for name in ["web", "store"] { #expect(try desk.status(name)["state"] == "down") }
        #expect(try desk.bio.run("svc", "unload", "acme/shop").code == 0)
        #expect(try Directory.names("\(desk.root)/hab/sup/default/specs").isEmpty)
        #expect(desk.end() == 0)
    }

    @Test func aServiceOfACompositeMayBeBoundElsewhere() throws {
        let web = PackageFixture.web()
        var composite = PackageFixture("acme/shop/1.0/20260101000000", files: [])
        composite.metafiles = [
            "TYPE": "composite\n", "SERVICES": "acme/store\nacme/web\n",
            "RESOLVED_SERVICES": "\(PackageFixture.store.ident)\n\(web.ident)\n",
            "BIND_MAP": "acme/web=store:acme/store\n",
        ]
        let desk = try SupervisorDesk([composite, web, .store])
        let missing = try desk.bio.run("svc", "load", "acme/shop", "--bind", "store:other.default")
        #expect(missing.code == 64 && missing.errorText.contains("as in store:store:other.default"))
        let unknown = try desk.bio.run("svc", "load", "acme/shop", "--bind", "wbe:store:other.default")
        #expect(unknown.code == 64 && unknown.errorText.contains("did you mean 'web'?"))
        #expect(try desk.bio.run("svc", "load", "acme/shop", "--bind", "web:store:other.default").code == 0)
        let spec = try desk.text("\(desk.root)/hab/sup/default/specs/web.spec")
        #expect(spec.contains("binds = [\"store:other.default\"]") && spec.contains("ident = \"\(web.ident)\""))
        try Directory.remove("\(desk.root)/hab/pkgs/acme/store")
        let gone = try desk.bio.run("svc", "load", "acme/shop", "--force")
        #expect(
            gone.code == 3 && gone.errorText.contains("'\(PackageFixture.store.ident)', a service of the composite"))
    }

    @Test func aCompositeIsLoadedAsAWholeOrNotAtAll() throws {
        func composite(_ members: [String]) -> PackageFixture {
            var fixture = PackageFixture("acme/shop/1.0/20260101000000", files: [])
            fixture.metafiles = ["TYPE": "composite\n", "RESOLVED_SERVICES": members.map { "\($0)\n" }.joined()]
            return fixture
        }
        let one = PackageFixture.service("one")
        let two = PackageFixture.service("two")
        let desk = try SupervisorDesk([composite([one.ident, two.ident]), one, two])
        let specs = "\(desk.root)/hab/sup/default/specs"
        // It cannot be replaced by a file.
        try desk.write("", to: "\(specs)/two.spec/full")
        let refused = try desk.bio.run("svc", "load", "acme/shop", "--force")
        #expect(refused.code == 1 && refused.errorText.contains("two.spec"), "\(refused.errorText)")
        #expect(try FileStatus.of("\(specs)/one.spec") == nil)
        // Nor is one lost that does not say anything.
        try desk.write("= =", to: "\(specs)/one.spec")
        #expect(try desk.bio.run("svc", "load", "acme/shop", "--force").code == 1)
        #expect(try desk.text("\(specs)/one.spec") == "= =")
        let address = try desk.bio.run("svc", "load", "acme/shop", "--bind-address", "x=h:1")
        #expect(address.code == 64 && address.errorText.contains("has no bind 'x'"))
        var other = PackageFixture.service("one")
        other = PackageFixture("other/one/1.0/20260101000000", files: other.files)
        let twins = try SupervisorDesk([composite([one.ident, other.ident]), one, other])
        let alike = try twins.bio.run("svc", "load", "acme/shop")
        #expect(alike.code == 1 && alike.errorText.contains("have one name"), "\(alike.errorText)")
    }
}
