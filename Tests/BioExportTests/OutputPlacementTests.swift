// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import BioTestSupport
import Glibc
import Testing

@testable import BioExport

@Suite struct OutputPlacementTests {
    private func artifact(
        _ path: String, form: EmittedArtifact.Form = .file, role: EmittedArtifact.Role = .primary
    ) -> EmittedArtifact {
        var made = EmittedArtifact(form: form, role: role)
        if form == .reference { made.reference = path } else { made.path = path }
        return made
    }

    private func made(_ artifact: EmittedArtifact, in directory: String) -> MadeArtifact {
        MadeArtifact(emitted: artifact, digest: nil, size: nil, directory: directory)
    }

    // MARK: - What -o says

    @Test func nothingIsTheWorkingDirectoryAndADashStandardOutput() throws {
        #expect(try OutputPlacement(nil) == .directory(".", name: nil))
        #expect(try OutputPlacement("-") == .stream)
        #expect(try OutputPlacement("/") == .directory("/", name: nil))
    }

    @Test func aDirectoryTakesAFileOfTheFormatsName() throws {
        let scratch = try Scratch()
        #expect(try OutputPlacement(scratch.path) == .directory(scratch.path, name: nil))
        #expect(try OutputPlacement(scratch.path + "/") == .directory(scratch.path + "/", name: nil))
        symlink(scratch.path, scratch.file("link"))
        #expect(try OutputPlacement(scratch.file("link")) == .directory(scratch.file("link"), name: nil))
    }

    @Test func anythingElseIsTheFile() throws {
        let scratch = try Scratch()
        let wanted = OutputPlacement.directory(scratch.path + "/", name: "x.tar")
        #expect(try OutputPlacement(scratch.file("x.tar")) == wanted)
        _ = try scratch.write([], to: "x.tar")
        #expect(try OutputPlacement(scratch.file("x.tar")) == wanted)
        #expect(try OutputPlacement("surely-not-there.tar") == .directory(".", name: "surely-not-there.tar"))
        #expect(wanted.name == "x.tar" && OutputPlacement.stream.name == nil)
    }

    @Test func namesAreCutByBytes() throws {
        let scratch = try Scratch()
        try Directory.create(scratch.file("x/y"))
        for name in ["\u{e9}\u{e9}.out", "e\u{301}.out", "\u{301}x"] {
            let placement = try OutputPlacement(scratch.file("x/y/\(name)"))
            guard case .directory(let directory, let found?) = placement else {
                Issue.record("\(placement)")
                continue
            }
            #expect(Array(directory.utf8) == Array(scratch.file("x/y/").utf8))
            #expect(Array(found.utf8) == Array(name.utf8))
            #expect(Array(placement.address(found).utf8) == Array(scratch.file("x/y/\(name)").utf8))
        }
    }

    @Test func whatCannotBeAPlaceIsRefused() throws {
        let scratch = try Scratch()
        _ = try scratch.write([], to: "file")
        for (option, error) in [
            (scratch.file("none/x.tar"), PlacementError.noDirectory(scratch.file("none/"))),
            (scratch.file("none/"), .noDirectory(scratch.file("none/"))),
            (scratch.file("file/x.tar"), .noDirectory(scratch.file("file/"))),
            (scratch.file("file/"), .noDirectory(scratch.file("file/"))), ("", .noDirectory("")),
            (scratch.file("-x.tar"), .badName("-x.tar")),
        ] {
            #expect(throws: error) { try OutputPlacement(option) }
        }
        let error = PlacementError.noDirectory("a")
        #expect(error.description == "the directory 'a' for the output is not there")
        #expect(error.hint == "make it first: mkdir -p 'a'")
    }

    // MARK: - Names

    @Test(arguments: [
        (OutputPlacement.directory(".", name: nil), "x/y"), (.directory("out", name: "n"), "out/x/y"),
        (.directory("/", name: nil), "/x/y"), (.directory("out/", name: nil), "out/x/y"), (.stream, "-"),
    ])
    func addressesAreAsTheUserWouldWriteThem(_ placement: OutputPlacement, _ address: String) {
        #expect(placement.address("x/y") == address)
        #expect(placement.planned(artifact("x/y")).place == .file(address))
        #expect(placement.planned(artifact("x/y", form: .directory)).place == .directory(address))
        #expect(placement.planned(artifact("r:1", form: .reference)).place == .reference("r:1"))
    }

    // MARK: - Checking before work

    @Test func onlyOneFileCanBeStreamed() throws {
        let stream = OutputPlacement.stream
        try stream.check([artifact("a")], isStreamable: true, format: "f")
        for planned in [
            [artifact("a"), artifact("b", role: .sidecar)], [artifact("a", form: .directory)],
            [artifact("a", form: .reference)],
        ] {
            #expect(throws: PlacementError.notStreamable("f")) {
                try stream.check(planned, isStreamable: true, format: "f")
            }
        }
        #expect(throws: PlacementError.notStreamable("f")) {
            try stream.check([artifact("a")], isStreamable: false, format: "f")
        }
    }

    @Test func aDirectoryInTheWayIsSeenBeforeWork() throws {
        let scratch = try Scratch()
        let placement = OutputPlacement.directory(scratch.path, name: nil)
        try Directory.create(scratch.file("dir"))
        _ = try scratch.write([], to: "file")
        try placement.check([artifact("file"), artifact("new")], isStreamable: false, format: "f")
        #expect(throws: PlacementError.inTheWay(scratch.file("dir"))) {
            try placement.check([artifact("dir")], isStreamable: false, format: "f")
        }
        #expect(throws: PlacementError.inTheWay(scratch.file("file"))) {
            try placement.check([artifact("file", form: .directory)], isStreamable: false, format: "f")
        }
    }

    @Test func aSidecarReplacesNothing() throws {
        let scratch = try Scratch()
        _ = try scratch.write([], to: "file")
        #expect(throws: PlacementError.inTheWay(scratch.file("file"))) {
            try OutputPlacement.directory(scratch.path, name: nil)
                .check([artifact("main"), artifact("file", role: .sidecar)], isStreamable: false, format: "f")
        }
    }

    @Test func aLinkIsNoDirectoryForArtifacts() throws {
        let scratch = try Scratch()
        for name in ["out", "elsewhere"] { try Directory.create(scratch.file(name)) }
        symlink("../elsewhere", scratch.file("out/sub"))
        _ = try scratch.write([], to: "out/plain")
        for parent in ["sub", "plain"] {
            #expect(throws: PlacementError.inTheWay(scratch.file("out/\(parent)"))) {
                try OutputPlacement.directory(scratch.file("out"), name: nil)
                    .check([artifact("\(parent)/main")], isStreamable: false, format: "f")
            }
        }
    }

    // MARK: - Placing

    @Test func filesAreMovedReplacingAndThePrimaryIsTold() throws {
        let scratch = try Scratch()
        for name in ["work", "out"] { try Directory.create(scratch.file(name)) }
        _ = try scratch.write([1], to: "work/main")
        _ = try scratch.write([2], to: "work/side")
        _ = try scratch.write([9, 9], to: "out/main")
        try Directory.create(scratch.file("work/tree/deep"))
        let placement = OutputPlacement.directory(scratch.file("out"), name: nil)
        let artifacts = try placement.commit(
            [
                made(artifact("side", role: .sidecar), in: scratch.file("work")),
                made(artifact("main"), in: scratch.file("work")),
                made(artifact("tree", form: .directory, role: .sidecar), in: scratch.file("work")),
                made(artifact("r:1", form: .reference, role: .sidecar), in: scratch.file("work")),
            ]
        ) { _ in }
        #expect(artifacts.first?.place == .file(scratch.file("out/main")))
        #expect(artifacts.map(\.isPrimary) == [true, false, false, false])
        #expect(
            try treeListing(scratch.file("out"), withModes: false)
                == ["f 1 main", "f 1 side", "d tree", "d tree/deep"])
        #expect(try FileStatus.of(scratch.file("out/main"))?.mode == 0o644)
    }

    @Test func aFailureLeavesNoPart() throws {
        let scratch = try Scratch()
        for name in ["work", "out/main"] { try Directory.create(scratch.file(name)) }
        _ = try scratch.write([1], to: "work/main")
        _ = try scratch.write([2], to: "work/side")
        let placement = OutputPlacement.directory(scratch.file("out"), name: nil)
        // A directory came in the way after the check.
        #expect(throws: PlacementError.inTheWay(scratch.file("out/main"))) {
            try placement.commit(
                [
                    made(artifact("main"), in: scratch.file("work")),
                    made(artifact("side", role: .sidecar), in: scratch.file("work")),
                ]
            ) { _ in }
        }
        #expect(try treeListing(scratch.file("out"), withModes: false) == ["d main"])
    }

    @Test func everyPieceIsLookedAtBeforeTheFirstIsMoved() throws {
        let scratch = try Scratch()
        for name in ["work/deep/er", "out"] { try Directory.create(scratch.file(name)) }
        _ = try scratch.write([1], to: "work/a")
        _ = try scratch.write([2], to: "work/deep/er/b")
        _ = try scratch.write([9, 9, 9], to: "out/a")
        let placement = OutputPlacement.directory(scratch.file("out"), name: nil)
        // The last is not there.
        #expect(throws: (any Error).self) {
            try placement.commit(
                [
                    made(artifact("deep/er/b", role: .sidecar), in: scratch.file("work")),
                    made(artifact("a"), in: scratch.file("work")),
                    made(artifact("a/c"), in: scratch.file("work/none")),
                ]
            ) { _ in }
        }
        #expect(try contents(of: scratch.file("out/a")) == [9, 9, 9])
        #expect(try treeListing(scratch.file("out"), withModes: false) == ["f 3 a"])
    }

    @Test func movesAreTakenBackToWhatWasReplaced() throws {
        let scratch = try Scratch()
        for name in ["work/deep/er", "out"] { try Directory.create(scratch.file(name)) }
        _ = try scratch.write([1], to: "work/a")
        _ = try scratch.write([2], to: "work/deep/er/b")
        _ = try scratch.write([3], to: "work/c")
        _ = try scratch.write([9, 9, 9], to: "out/a")
        var moves = OutputMoves(into: try OutputDirectory(scratch.file("out")))
        // The same file twice: the second time it is gone from the workspace, and the old one is there instead.
        let twice = made(artifact("c", role: .sidecar), in: scratch.file("work"))
        #expect(throws: (any Error).self) {
            try moves.makeAll(
                [
                    made(artifact("deep/er/b", role: .sidecar), in: scratch.file("work")),
                    made(artifact("a"), in: scratch.file("work")), twice, twice,
                ], isCancelled: { false }, address: { $0 }, then: {})
        }
        #expect(try contents(of: scratch.file("out/a")) == [9, 9, 9])
        #expect(try treeListing(scratch.file("out"), withModes: false) == ["f 3 a"])
        #expect(try contents(of: scratch.file("work/a")) == [1])
        #expect(try contents(of: scratch.file("work/deep/er/b")) == [2])
    }

    @Test func nestedArtifactsMakeTheirDirectories() throws {
        let scratch = try Scratch()
        for name in ["work/deep/er", "out/deep"] { try Directory.create(scratch.file(name)) }
        _ = try scratch.write([2], to: "work/deep/er/b")
        let artifacts = try OutputPlacement.directory(scratch.file("out"), name: nil)
            .commit([made(artifact("deep/er/b"), in: scratch.file("work"))]) { _ in }
        #expect(artifacts.map(\.address) == [scratch.file("out/deep/er/b")])
        #expect(try treeListing(scratch.file("out"), withModes: false) == ["d deep", "d deep/er", "f 1 deep/er/b"])
    }

    private struct Elsewhere: Error {}

    @Test func whatElseMustComeToItsPlaceFailingTakesAllBack() throws {
        let scratch = try Scratch()
        for name in ["work", "out"] { try Directory.create(scratch.file(name)) }
        _ = try scratch.write([1], to: "work/main")
        _ = try scratch.write([9, 9], to: "out/main")
        let placement = OutputPlacement.directory(scratch.file("out"), name: nil)
        #expect(throws: Elsewhere.self) {
            try placement.commit([made(artifact("main"), in: scratch.file("work"))], stream: { _ in }) { artifacts in
                #expect(artifacts.map(\.address) == [scratch.file("out/main")])
                throw Elsewhere()
            }
        }
        #expect(try treeListing(scratch.file("out"), withModes: false) == ["f 2 main"])
    }

    @Test func nothingIsStreamedWhereSomethingElseFails() throws {
        let scratch = try Scratch()
        _ = try scratch.write([1], to: "main")
        var isStreamed = false
        #expect(throws: Elsewhere.self) {
            try OutputPlacement.stream.commit(
                [made(artifact("main"), in: scratch.path)], stream: { _ in isStreamed = true }
            ) { _ in throw Elsewhere() }
        }
        #expect(!isStreamed)
    }

    @Test func aStreamIsGivenTheFile() throws {
        let scratch = try Scratch()
        _ = try scratch.write([1, 2, 3], to: "main")
        var streamed: [UInt8] = []
        let artifacts = try OutputPlacement.stream.commit([made(artifact("main"), in: scratch.path)]) { file in
            streamed = try file.readToEnd(limit: 10)
        }
        #expect(streamed == [1, 2, 3] && artifacts.map(\.address) == ["-"])
    }
}

extension OutputPlacement {
    /// With nothing else that must come to its place.
    fileprivate func commit(
        _ made: [MadeArtifact], isCancelled: () -> Bool = { false },
        stream: (borrowing FileDescriptor) throws -> Void
    ) throws -> [Artifact] {
        try commit(made, isCancelled: isCancelled, stream: stream) { $0 }
    }
}
