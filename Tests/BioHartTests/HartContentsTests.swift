// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioPackage
import BioTestSupport
import Testing

@testable import BioHart

@Suite struct HartContentsTests {
    private func metadata(ofVector name: String) throws -> PackageMetadata {
        try HartArchive.open(try Vectors.path("hart/\(name).hart")).metadata()
    }

    @Test func readsAPlainPackage() throws {
        let metadata = try metadata(ofVector: "happyhumans-possums-8.1.4-20160427165340-x86_64-linux")
        #expect(metadata.ident.description == "happyhumans/possums/8.1.4/20160427165340")
        #expect(metadata.target == .x86_64Linux)
        #expect(metadata.tdeps.isEmpty)
        #expect(metadata.raw[.manifest]?.hasPrefix("happyhumans possums\n") == true)
    }

    @Test func readsLongListsWithBlankLines() throws {
        let metadata = try metadata(ofVector: "unhappyhumans-possums-8.1.4-20160427165340-x86_64-linux")
        #expect(metadata.tdeps.count == 1024)
    }

    @Test func readsWindowsPackages() throws {
        let metadata = try metadata(ofVector: "core-cacerts-2017.01.17-20170209064044-x86_64-windows")
        #expect(metadata.ident.description == "core/cacerts/2017.01.17/20170209064044")
        #expect(metadata.target == .x86_64Windows)
        #expect(metadata.serviceUser == "hab")
    }

    @Test func readsComposites() throws {
        let metadata = try metadata(ofVector: "core-builder-tiny-1.0.0-20170930190003-x86_64-linux")
        #expect(metadata.type == .composite)
        #expect(metadata.services.count == metadata.resolvedServices.count)
        #expect(metadata.raw[.bindMap]?.isEmpty == false)
    }

    @Test(arguments: ["0.1.3-20171205003213", "0.1.3-20171206004121", "0.1.4-20171206004139"])
    func readsPackagesWithAnEmptyPath(release: String) throws {
        let metadata = try metadata(ofVector: "neurosis-testapp-\(release)-x86_64-linux")
        #expect(metadata.raw[.path]?.isEmpty == true)
        #expect(metadata.path.isEmpty)
    }

    @Test func givesMembersWithTheirPlaces() throws {
        let fixture = try ArtifactFixture()
        let archive = try HartArchive.open(try fixture.artifact { ArtifactFixture.package(&$0) })
        var contents = try archive.contents()
        var places: [PayloadLayout.Place] = []
        var script: [UInt8] = []
        while let (member, place) = try contents.next() {
            places.append(place)
            guard member.mode == 0o755, member.kind == .file else { continue }
            while let block = try contents.nextBlock() { script += block }
        }
        #expect(
            places == [.root] + ["bin", "bin/thing", "IDENT", "TARGET"].map { .inside(Array($0.utf8)) })
        #expect(script == Array("#!/bin/sh\n".utf8))
    }

    @Test func onlyMetafilesDirectlyInThePackageCount() throws {
        let fixture = try ArtifactFixture()
        let archive = try HartArchive.open(
            try fixture.artifact { tar in
                ArtifactFixture.package(&tar)
                tar.file(ArtifactFixture.prefix + "/share/IDENT", "nonsense")
                tar.file(ArtifactFixture.prefix + "/FILES", "\u{0}no text")
            })
        #expect(try archive.metadata().ident.description == ArtifactFixture.ident)
    }

    private func expect(_ error: (String) throws -> HartError, _ build: (inout RawTar) -> Void) throws {
        let fixture = try ArtifactFixture()
        let path = try fixture.artifact(build)
        let archive = try HartArchive.open(path)
        let expected = try error(path)
        #expect(throws: expected) { _ = try archive.metadata() }
    }

    @Test func refusesAnIdentThatIsNotItsPath() throws {
        let ident = try QualifiedIdent(parsing: "core/other/1.0/20260101000000")
        let prefix = try QualifiedIdent(parsing: ArtifactFixture.ident)
        try expect({ .identMismatch(path: $0, ident: ident, prefix: prefix) }) {
            ArtifactFixture.package(&$0, ident: "core/other/1.0/20260101000000")
        }
    }

    @Test func refusesMembersOfAnotherPackage() throws {
        for member in ["hab/pkgs/core/thing/1.0/20260101000001/x", "hab/svc/redis", "etc/passwd", "hab/pkgs/other"] {
            try expect({
                member.hasPrefix("hab/pkgs/core")
                    ? .memberOutsidePrefix(path: $0, member: Array(member.utf8))
                    : .prefixKind(path: $0, member: Array(member.utf8), kind: "file")
            }) { tar in
                ArtifactFixture.package(&tar)
                tar.file(member, "x")
            }
        }
    }

    @Test func refusesEscapingMembers() throws {
        let member = ArtifactFixture.prefix + "/../../../../../../etc/passwd"
        try expect({ .payload(path: $0, .memberEscapes(path: Array(member.utf8))) }) { tar in
            ArtifactFixture.package(&tar)
            tar.gnuLong("L", Array(member.utf8))
            tar.file("short", "x")
        }
    }

    @Test func refusesAMissingIdentOrTarget() throws {
        try expect({ .metafileMissing(path: $0, .ident) }) { tar in
            tar.file(ArtifactFixture.prefix + "/TARGET", "x86_64-linux\n")
        }
        try expect({ .metafileMissing(path: $0, .target) }) { tar in
            tar.file(ArtifactFixture.prefix + "/IDENT", ArtifactFixture.ident)
        }
        try expect({ .metafileMissing(path: $0, .ident) }) { _ in }
    }

    @Test func refusesTwoOfOneMetafile() throws {
        try expect({ .metafileTwice(path: $0, .ident) }) { tar in
            ArtifactFixture.package(&tar)
            tar.file(ArtifactFixture.prefix + "/IDENT", "core/evil/1/1")
        }
    }

    @Test func refusesAMetafileThatIsALink() throws {
        try expect({ .metafileKind(path: $0, .tdeps, kind: "symbolic link") }) { tar in
            ArtifactFixture.package(&tar)
            tar.symlink(ArtifactFixture.prefix + "/TDEPS", to: "/etc/passwd")
        }
    }

    @Test func refusesAnIdentFileThatIsNoIdent() throws {
        let fault = MetadataError.badIdent(
            .ident, line: 1,
            .piece(.version, value: "..", text: "core/thing/../20260101000000", fault: .leadingDot))
        try expect({ .metadata(path: $0, fault) }) {
            ArtifactFixture.package(&$0, ident: "core/thing/../20260101000000")
        }
    }

    @Test func refusesAnUnknownTarget() throws {
        try expect({ .metadata(path: $0, .badTarget(.init(text: "vax-vms"))) }) { tar in
            tar.file(ArtifactFixture.prefix + "/IDENT", ArtifactFixture.ident)
            tar.file(ArtifactFixture.prefix + "/TARGET", "vax-vms\n")
        }
    }

    @Test func keepsTheLimits() throws {
        let fixture = try ArtifactFixture()
        let path = try fixture.artifact { tar in
            ArtifactFixture.package(&tar)
            tar.file(ArtifactFixture.prefix + "/MANIFEST", String(repeating: "x", count: 2000))
        }
        let archive = try HartArchive.open(path)
        #expect(throws: HartError.metafileTooLarge(path: path, .manifest, limit: 1000)) {
            _ = try archive.metadata(limits: .init(metafileBytes: 1000))
        }
        #expect(throws: HartError.payload(path: path, .tooLarge(.members, limit: 3))) {
            _ = try archive.metadata(limits: .init(payload: .init(members: 3)))
        }
    }

    @Test func refusesAPayloadThatIsNoTar() throws {
        let fixture = try ArtifactFixture()
        let path = try fixture.artifact(Array(repeating: 0x61, count: 4000))
        #expect(throws: HartError.self) { _ = try HartArchive.open(path).metadata() }
    }
}
