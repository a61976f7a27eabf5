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
        #expect(throws: SystemError.self) {
            try placement.commit(
                [
                    made(artifact("main"), in: scratch.file("work")),
                    made(artifact("side", role: .sidecar), in: scratch.file("work")),
                ]
            ) { _ in }
        }
        #expect(try treeListing(scratch.file("out"), withModes: false) == ["d main"])
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
