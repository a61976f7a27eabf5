// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import BioTestSupport
import Glibc
import Testing

@testable import BioExport

@Suite struct ArtifactLedgerTests {
    private func artifact(
        _ path: String = "a.txt", form: EmittedArtifact.Form = .file, role: EmittedArtifact.Role = .primary,
        kind: String = "text"
    ) -> EmittedArtifact {
        var made = EmittedArtifact(form: form, role: role)
        made.kind = kind
        if form == .reference { made.reference = path } else { made.path = path }
        return made
    }

    private func ledger(_ directory: String) -> ArtifactLedger {
        ArtifactLedger(kinds: ["text", "other"], outDirectory: directory)
    }

    private func refuse(
        _ code: ServiceError.Code, _ message: String, location: SourceLocation = #_sourceLocation,
        _ body: () throws(ServiceError) -> Void
    ) {
        #expect(throws: ServiceError(code, message), sourceLocation: location) { try body() }
    }

    @Test(arguments: [
        ("core-app-1.0-20260101000000.json", true), ("core-app-1.0-20260101000000", true), ("mine.tgz.asc", true),
        ("core-app-1.0.json", false), ("mine.tgzs", false), ("core-app-1.0-202601010000001", false),
        ("notes.txt", false), ("a/core-app-1.0-20260101000000.json", false),
    ])
    func aSidecarCalledLikeTheExportMayReplaceAFile(path: String, may: Bool) throws {
        var ledger = ArtifactLedger(
            kinds: ["text"], outDirectory: "/", userName: "mine.tgz", packages: ["core-app-1.0-20260101000000"])
        try ledger.plan(artifact(path, role: .sidecar))
        #expect(ledger.planned.map(\.replaces) == [may])
    }

    @Test func whatIsPlannedAndMadeIsToldWithDigestAndSize() throws {
        let scratch = try Scratch()
        var ledger = ledger(scratch.path)
        try ledger.plan(artifact())
        #expect(ledger.missing == ["a.txt"] && ledger.planProblem(withImage: false) == nil)
        _ = try scratch.write(Array("hello".utf8), to: "a.txt")
        try ledger.make(artifact())
        #expect(ledger.missing.isEmpty)
        let made = try ledger.sealed()
        #expect(made.map(\.digest) == [Digest.sha256(of: Array("hello".utf8))])
        #expect(made.map(\.size) == [5])
        #expect(made.map(\.isHostMade) == [false])
    }

    @Test func claimsThatAreTrueAreTaken() throws {
        let scratch = try Scratch()
        var ledger = ledger(scratch.path)
        var claimed = artifact()
        claimed.size = 5
        claimed.digest = "\(Digest.sha256(of: Array("hello".utf8)))"
        try ledger.plan(artifact())
        _ = try scratch.write(Array("hello".utf8), to: "a.txt")
        try ledger.make(claimed)
        #expect(try ledger.sealed().count == 1)
    }

    @Test func onePrimaryArtifactIsNeeded() throws {
        let scratch = try Scratch()
        var ledger = ledger(scratch.path)
        #expect(ledger.planProblem(withImage: false) == "its plan has 0 primary artifacts, one is needed")
        #expect(ledger.planProblem(withImage: true) == nil)
        try ledger.plan(artifact("b", role: .sidecar))
        try ledger.plan(artifact())
        #expect(ledger.planProblem(withImage: false) == nil)
        try ledger.plan(artifact("c"))
        #expect(ledger.planProblem(withImage: false) == "its plan has 2 primary artifacts, one is needed")
    }

    @Test func atMost256ArtifactsArePlanned() throws {
        let scratch = try Scratch()
        var ledger = ledger(scratch.path)
        for number in 0..<256 { try ledger.plan(artifact("f\(number)")) }
        refuse(.limit, "the plugin plans more than 256 artifacts") { () throws(ServiceError) in
            try ledger.plan(artifact("more"))
        }
    }

    @Test func oneArtifactIsNotInsideAnother() throws {
        let scratch = try Scratch()
        var ledger = ledger(scratch.path)
        try ledger.plan(artifact("a", form: .directory))
        try ledger.plan(artifact("ab"))
        try ledger.plan(artifact("a/b", form: .reference, role: .sidecar))
        refuse(.exists, "the plugin plans both 'a' and 'a/c', one inside the other") { () throws(ServiceError) in
            try ledger.plan(artifact("a/c"))
        }
        try ledger.plan(artifact("x/y"))
        refuse(.exists, "the plugin plans both 'x/y' and 'x', one inside the other") { () throws(ServiceError) in
            try ledger.plan(artifact("x"))
        }
    }

    @Test func formRoleAndKindAreThoseOfThePlan() throws {
        let scratch = try Scratch()
        _ = try scratch.write([], to: "a.txt")
        var ledger = ledger(scratch.path)
        try ledger.plan(artifact())
        for other in [
            artifact(role: .sidecar), artifact(kind: "other"), artifact(form: .directory), artifact("b.txt"),
        ] {
            let message = "the plugin emitted '\(other.path)', which it had not planned so"
            refuse(.invalid, message) { () throws(ServiceError) in try ledger.make(other) }
        }
    }

    @Test func aReferenceHasNoPathAndAPathNoReference() throws {
        let scratch = try Scratch()
        var ledger = ledger(scratch.path)
        var both = artifact("registry/x:1", form: .reference)
        both.path = "x"
        refuse(.invalid, "an artifact that is a reference has one, and no path") { () throws(ServiceError) in
            try ledger.plan(both)
        }
        refuse(.invalid, "an artifact that is a reference has one, and no path") { () throws(ServiceError) in
            try ledger.plan(artifact("", form: .reference))
        }
        both.form = .file
        refuse(.invalid, "the artifact 'x' has both a path and a reference") { () throws(ServiceError) in
            try ledger.plan(both)
        }
    }

    @Test(arguments: ["", ".", "..", "/a", "a/", "./a", "a//b", "a/../b", "a/./b", "../a"])
    func aPathStaysInside(_ path: String) {
        refuse(
            .invalid, "the artifact path '\(path)' leaves the output directory or is no path"
        ) { () throws(ServiceError) in try ledger("/").checkPath(path) }
    }

    @Test(arguments: ["a", "a/b", "a..", "a.b", "a b", "ä"])
    func aPathInsideIsFine(_ path: String) throws { try ledger("/").checkPath(path) }

    @Test(arguments: [".a", "..a", "a/.b", ".a/b"])
    func onlyTheUserHidesAFile(_ path: String) throws {
        refuse(.invalid, "the artifact path '\(path)' has a name that begins with a dot") { () throws(ServiceError) in
            try ledger("/").checkPath(path)
        }
        try ArtifactLedger(kinds: [], outDirectory: "/", userName: path).checkPath(path)
    }

    @Test func namesThatOnlyLookAlikeAreTwo() throws {
        let scratch = try Scratch()
        var ledger = ledger(scratch.path)
        try ledger.plan(artifact("\u{e9}"))
        try ledger.plan(artifact("e\u{301}", role: .sidecar))
        _ = try scratch.write([1], to: "\u{e9}")
        try ledger.make(artifact("\u{e9}"))
        #expect(ledger.missing.map { Array($0.utf8) } == [Array("e\u{301}".utf8)])
        #expect(throws: ServiceError.self) { try ledger.make(artifact("e\u{301}")) }
    }

    @Test func archivesHaveALimit() throws {
        var ledger = ledger("/")
        for number in 0..<256 {
            try ledger.checkWritten("f\(number)")
            ledger.wrote(WrittenArchive(size: 0, entries: 0, digest: Digest.sha256(of: [])), to: "f\(number)")
        }
        refuse(.limit, "the plugin wrote more than 256 archives") { () throws(ServiceError) in
            try ledger.checkWritten("more")
        }
    }

    @Test func aDirectoryIsSealedAtTheEnd() throws {
        let scratch = try Scratch()
        var ledger = ledger(scratch.path)
        try ledger.plan(artifact("dir", form: .directory))
        try Directory.create(scratch.file("dir"))
        try ledger.make(artifact("dir", form: .directory))
        _ = try scratch.write([1], to: "dir/late")
        #expect(
            try ledger.sealed().map(\.digest) == [
                Digest.sha256(of: Array("f 644 \(Digest.sha256(of: [1]).hex) late\0".utf8))
            ])
        try Directory.remove(scratch.file("dir"))
        symlink("/etc", scratch.file("dir"))
        #expect(throws: ServiceError(.invalid, "the artifact 'dir' cannot be taken: Too many levels of symbolic links"))
        {
            try ledger.sealed()
        }
    }

    @Test func aDirectoryHasNoSizeOrDigestOfThePlugins() throws {
        var ledger = ledger("/")
        var claimed = artifact("dir", form: .directory)
        claimed.size = 1
        refuse(.invalid, "the artifact 'dir' is a directory and claims a digest or size") { () throws(ServiceError) in
            try ledger.plan(claimed)
        }
        claimed.size = 0
        claimed.digest = "\(Digest.sha256(of: []))"
        #expect(throws: ServiceError.self) { try ledger.plan(claimed) }
    }

    @Test func onlyWhatIsThereAndOfItsFormIsTaken() throws {
        let scratch = try Scratch()
        var ledger = ledger(scratch.path)
        for name in ["none", "link", "fifo", "socketless", "dir"] { try ledger.plan(artifact(name, role: .sidecar)) }
        try ledger.plan(artifact("file", form: .directory))
        _ = try scratch.write([], to: "file")
        symlink("/etc/passwd", scratch.file("link"))
        mkfifo(scratch.file("fifo"), 0o600)
        mkdir(scratch.file("dir"), 0o700)
        refuse(.notFound, "the plugin announced 'none', but did not write it") { () throws(ServiceError) in
            try ledger.make(artifact("none", role: .sidecar))
        }
        refuse(
            .invalid, "the artifact 'link' cannot be taken: Too many levels of symbolic links"
        ) { () throws(ServiceError) in try ledger.make(artifact("link", role: .sidecar)) }
        for name in ["fifo", "dir"] {
            refuse(.invalid, "the artifact '\(name)' is no regular file") { () throws(ServiceError) in
                try ledger.make(artifact(name, role: .sidecar))
            }
        }
        refuse(.invalid, "the artifact 'file' cannot be taken: Not a directory") { () throws(ServiceError) in
            try ledger.make(artifact("file", form: .directory))
        }
    }

    @Test func aChangeAfterTheAnnouncementIsSeen() throws {
        let scratch = try Scratch()
        var ledger = ledger(scratch.path)
        try ledger.plan(artifact())
        var claimed = artifact()
        claimed.size = 3
        _ = try scratch.write([1, 2, 3], to: "a.txt")
        try ledger.make(claimed)
        _ = try scratch.write([1, 2, 3, 4], to: "a.txt")
        #expect(throws: ServiceError(.digest, "'a.txt' has 4 bytes, the plugin said 3")) { try ledger.sealed() }
        try Directory.remove(scratch.file("a.txt"))
        #expect(throws: ServiceError(.notFound, "the plugin announced 'a.txt', but did not write it")) {
            try ledger.sealed()
        }
    }

    @Test func whatTheHostWroteCarriesItsDigest() throws {
        let scratch = try Scratch()
        var ledger = ledger(scratch.path)
        let digest = Digest.sha256(of: [1])
        try ledger.plan(artifact())
        ledger.wrote(WrittenArchive(size: 1, entries: 0, digest: digest), to: "a.txt")
        refuse(.exists, "the plugin wrote 'a.txt' twice") { () throws(ServiceError) in
            try ledger.checkWritten("a.txt")
        }
        try ledger.checkWritten("b.txt")
        var claimed = artifact()
        claimed.size = 2
        refuse(.digest, "'a.txt' has 1 bytes, the plugin said 2") { () throws(ServiceError) in
            try ledger.make(claimed)
        }
        try ledger.make(artifact())
        let made = try ledger.sealed()
        #expect(made.map(\.digest) == [digest] && made.map(\.isHostMade) == [true])
    }
}
