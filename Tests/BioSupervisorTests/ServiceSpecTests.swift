// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore
import BioSupervisor
import BioSystem
import BioTestSupport
import Testing

@Suite struct ServiceSpecTests {
    private func ident(_ text: String) throws -> PackageIdent { try PackageIdent(parsing: text) }

    @Test func whatIsWrittenIsReadAgain() throws {
        let scratch = try Scratch()
        let specs = ServiceSpecs(in: FileSystemRoot(fsRoot: scratch.path))
        var spec = ServiceSpec(try ident("acme/my-app/1.0"))
        spec.group = "blue"
        spec.binds = [try ServiceBind(parsing: "db:postgres.default")]
        spec.addresses = [try BoundAddress(parsing: "cache=[2001:db8::1]:6379,tls=yes,weight=5")]
        spec.bindingMode = .relaxed
        spec.desiredState = .down
        spec.healthCheckInterval = 5
        spec.composite = try ident("acme/shop")
        try specs.write(spec)
        #expect(try specs.names() == ["my-app"])
        #expect(try specs.spec("my-app") == spec)
        try specs.remove("my-app")
        try specs.remove("my-app")
        #expect(try specs.spec("my-app") == nil && specs.all().specs.isEmpty)
    }

    @Test func upstreamsSpecsAreRead() throws {
        let scratch = try Scratch()
        let specs = ServiceSpecs(in: FileSystemRoot(fsRoot: scratch.path))
        try Directory.create(specs.directory)
        let text = """
            ident = "core/redis"
            group = "default"
            bldr_url = "https://bldr.biome.sh"
            channel = "stable"
            topology = "standalone"
            update_strategy = "none"
            binds = ["db:postgres.default"]
            binding_mode = "strict"
            config_from = ""
            desired_state = "up"
            svc_encrypted_password = ""
            """
        try AtomicFile.write(Array(text.utf8), to: specs.path("redis"))
        let spec = try #require(try specs.spec("redis"))
        #expect(spec.ident == (try ident("core/redis")) && spec.binds.map(\.description) == ["db:postgres.default"])
        #expect(spec.desiredState == .up && spec.bindingMode == .strict)
    }

    @Test(arguments: [
        ("ident = \"acme/other\"", "names no package, or another one"), ("", "names no package"),
        ("ident = \"acme/app\"\nbinds = [\"x\"]", "'x' is not BIND:SERVICE.GROUP"),
        ("ident = \"acme/app\"\ngroup = \"../x\"", "is not SERVICE.GROUP"),
        ("ident = \"acme/app\"\nbind_addresses = [\"x\"]", "is not NAME=HOST:PORT"),
        ("ident = \"acme/app\"\ntopology = \"leader\"", "needs a ring"), ("= =", "is not TOML"),
        ("ident = \"acme/app\"\ndesired_stat = \"down\"", "a spec has no 'desired_stat', but a 'desired_state'"),
        ("ident = \"acme/app\"\nbind = [\"x:y.z\"]", "a spec has no 'bind', but a 'binds'"),
        ("ident = \"acme/app\"\nbinding_mode = \"maybe\"", "'binding_mode' is 'maybe', and should be strict or"),
        ("ident = \"acme/app\"\ndesired_state = \"off\"", "'desired_state' is 'off', and should be up or down"),
    ]) func oneThatCannotBeFollowedIsNamed(text: String, reason: String) throws {
        let scratch = try Scratch()
        let specs = ServiceSpecs(in: FileSystemRoot(fsRoot: scratch.path))
        try Directory.create(specs.directory)
        try AtomicFile.write(Array(text.utf8), to: specs.path("app"))
        let faults = try specs.all().faults
        #expect(faults.map(\.name) == ["app"])
        #expect(
            faults.first.map { "\($0.error)".contains(reason) && "\($0.error)".contains("app.spec") } == true,
            "\(faults)")
    }

    @Test(arguments: ["x", "x.", ".x", "a.b.c", "a b.c", "../a.b", "-a.b", "a.-b", "ä.b"])
    func whatIsNoGroupIsRefused(text: String) {
        #expect(throws: ServiceRefusal.badGroup(text)) { try ServiceGroup(parsing: text) }
    }

    @Test func bindsHaveTwoOrThreeParts() throws {
        #expect(try ServiceBind(parsing: "db:pg.default").member == nil)
        let three = try ServiceBind(parsing: "web:db:pg.default")
        #expect(three.member == "web" && three.name == "db" && three.target.description == "pg.default")
        for text in ["db", "db:pg", ":pg.default", "a:b:c:pg.default", "db:pg.default:x", "d/b:pg.default"] {
            #expect(throws: ServiceRefusal.badBind(text)) { try ServiceBind(parsing: text) }
        }
    }

    @Test func anAddressSaysHostAndPortAndMore() throws {
        let address = try BoundAddress(parsing: "db=db.example:5432,ssl-port=5433,mode=fast")
        #expect(address.name == "db" && address.host == "db.example" && address.port == 5432)
        #expect(
            DocumentValue.object(address.configuration)
                == ["host": "db.example", "port": 5432, "ssl-port": 5433, "mode": "fast"])
        #expect(try BoundAddress(parsing: "db=[::1]:1").host == "::1")
        for text in [
            "db", "db=", "db=h", "db=h:", "db=h:0", "db=h:65536", "db=::1:5", "=h:1", "d b=h:1", "db=h h:1", "db=h:1,x",
            "db=h:1,a=1,a=2", "db=$(x):1", "db=-h:1",
        ] {
            #expect("\(text)") {
                _ = try BoundAddress(parsing: text)
            } throws: { error in
                if case .badAddress(text, _)? = error as? ServiceRefusal { true } else { false }
            }
        }
    }

    @Test(arguments: AddressRow.all) func addressesAreTakenAsTheTableSays(_ row: AddressRow) {
        let address = try? BoundAddress(parsing: "db=\(row.place)")
        #expect((address != nil) == row.isForSupervisor)
        if let address { #expect(address.description == "db=\(row.place)") }
    }

    @Test func appliedVersionsOnlyRise() throws {
        let root = FileSystemRoot(fsRoot: try Scratch().path)
        let group = try ServiceGroup(parsing: "app.default")
        #expect(try AppliedConfiguration(of: group, in: root) == nil)
        try AppliedConfiguration.apply(["port": 1, "net": ["a": 2]], version: 7, to: group, in: root)
        let applied = try #require(try AppliedConfiguration(of: group, in: root))
        #expect(applied.version == 7 && applied.value == ["port": 1, "net": ["a": 2]])
        #expect(try FileStatus.of(AppliedConfiguration.path(group, in: root))?.mode == 0o600)
        for version: UInt64 in [0, 6, 7] {
            #expect(throws: SupervisorError.refused(.notNewer(version: version, than: 7, group), path: nil)) {
                try AppliedConfiguration.apply([:], version: version, to: group, in: root)
            }
        }
        try AppliedConfiguration.apply([:], version: 8, to: group, in: root)
        #expect(try AppliedConfiguration(of: group, in: root)?.value == [:])
        try AtomicFile.write(Array("x = 1".utf8), to: AppliedConfiguration.path(group, in: root))
        #expect(throws: SupervisorError.badApplied(path: AppliedConfiguration.path(group, in: root))) {
            try AppliedConfiguration(of: group, in: root)
        }
    }
}
