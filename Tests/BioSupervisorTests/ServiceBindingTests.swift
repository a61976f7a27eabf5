// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore
import BioSupervisor
import BioTestSupport
import Testing

@Suite struct ServiceBindingTests {
    private func metadata(_ binds: String, optional: String = "") throws -> PackageMetadata {
        var files: [MetaFile: [UInt8]] = [.target: Array("x86_64-linux".utf8)]
        files[.binds] = Array(binds.utf8)
        files[.bindsOptional] = Array(optional.utf8)
        return try PackageMetadata(ident: QualifiedIdent(parsing: SupervisorWorld.app), files: files)
    }

    private func binding(
        _ metadata: PackageMetadata, _ binds: [String] = [], addresses: [String] = [],
        mode: ServiceSpec.BindingMode = .strict
    ) throws -> ServiceBinding {
        var spec = ServiceSpec(metadata.ident.ident)
        for text in binds { spec.binds.append(try ServiceBind(parsing: text)) }
        for text in addresses { spec.addresses.append(try BoundAddress(parsing: text)) }
        spec.bindingMode = mode
        return ServiceBinding(spec, of: metadata)
    }

    private func member(_ keys: [String], alive: Bool = true) throws -> ServiceMember {
        var exports = DocumentObject()
        for key in keys { exports[key] = 1 }
        return ServiceMember(
            ident: try QualifiedIdent(parsing: "acme/db/1/2"), group: try ServiceGroup(parsing: "db.default"),
            exports: exports, isAlive: alive)
    }

    @Test func whatIsKnownToBeWrongIsRefusedAtLoad() throws {
        let metadata = try metadata("db=port ssl-port\n", optional: "cache=port\n")
        let ident = metadata.ident
        try binding(metadata, ["db:db.default"]).check()
        try binding(metadata, ["cache:c.default"], addresses: ["db=h:1,ssl-port=2"]).check()
        #expect(throws: ServiceRefusal.unbound(["db"], of: ident)) { try binding(metadata).check() }
        #expect(throws: ServiceRefusal.unknownBind("bd", of: ident, known: ["db", "cache"])) {
            try binding(metadata, ["db:db.default", "bd:x.default"]).check()
        }
        #expect(throws: ServiceRefusal.bindTwice("db", of: ident)) {
            try binding(metadata, ["db:db.default"], addresses: ["db=h:1,ssl-port=2"]).check()
        }
        #expect(throws: ServiceRefusal.addressLacks(["ssl-port"], bind: "db", of: ident)) {
            try binding(metadata, addresses: ["db=h:1"]).check()
        }
        #expect(ServiceRefusal.unknownBind("bd", of: ident, known: ["db", "cache"]).hint == "did you mean 'db'?")
    }

    @Test func whatIsNotThereYetIsAnObstacle() throws {
        let metadata = try metadata("db=port ssl-port\n")
        let strict = try binding(metadata, ["db:db.default"])
        #expect(strict.obstacle { _ in nil }?.contains("'db.default', which is not loaded") == true)
        let poor = try member(["port"])
        #expect(strict.obstacle { _ in poor }?.contains("wants 'ssl-port', which 'db.default' does not export") == true)
        let (down, up) = (try member(["port", "ssl-port"], alive: false), try member(["port", "ssl-port", "more"]))
        #expect(strict.obstacle { _ in down }?.contains("waits for 'db.default' to be up") == true)
        #expect(strict.obstacle { _ in up } == nil)
        #expect(try binding(metadata, ["db:db.default"], mode: .relaxed).obstacle { _ in nil } == nil)
    }

    @Test func templatesFindOneMember() throws {
        let metadata = try metadata("db=port\n", optional: "cache=port\nnone=port\n")
        let host = HostFacts(effectiveUserID: 0, hostName: "here", address: "192.0.2.7", version: "bio 1")
        let up = try member(["port"])
        let context = DocumentValue.object(
            try binding(metadata, ["db:db.default"], addresses: ["cache=10.0.0.1:5"]).context({ _ in up }, host))
        #expect(context["db"]?["first"]?["sys"]?["ip"] == "192.0.2.7")
        #expect(context["db"]?["members"]?.array?.count == 1 && context["db"]?["first"]?["cfg"] == ["port": 1])
        #expect(context["db"]?["first"]?["alive"] == true && context["db"]?["first"]?["group"] == "default")
        #expect(
            context["cache"]?["first"]?["sys"]?["ip"] == "10.0.0.1" && context["cache"]?["first"]?["cfg"]?["port"] == 5)
        #expect(context["none"] == nil)
    }

    @Test func circlesAreFoundWhateverElseIsThere() throws {
        func group(_ name: String) -> ServiceGroup { ServiceGroup(service: name, group: "default") }
        let edges = ["a": ["x", "b"], "b": ["c"], "c": ["a", "d"], "d": ["d"], "x": ["y"]]
        func next(_ group: ServiceGroup) -> [ServiceGroup] {
            (edges[group.service] ?? []).map { ServiceGroup(service: $0, group: "default") }
        }
        #expect(BindCycle.through(group("a"), next)?.map(\.service) == ["a", "b", "c", "a"])
        #expect(BindCycle.through(group("d"), next)?.map(\.service) == ["d", "d"])
        #expect(BindCycle.through(group("x"), next) == nil)
    }
}
