// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import BioTestSupport
import Glibc
import Testing

@testable import BioOCI

/// What is said when an engine is not there or does something wrong.
@Suite struct EngineFaultTests {
    /// One layer that is larger than what sockets and libcurl hold.
    private static func load(into socket: String) throws -> PublishedImage {
        let engine = DockerEngine(EngineAddress(socket: socket), limits: EngineLimits(answer: 1, work: 1))
        let destination = EngineDestination(engine)
        try destination.stage(Image([.noise("layer", bytes: 3_000_000)], ["a/b:1"]), layers: MemoryLayers())
        return try destination.commit()
    }

    private static let loading = "load the image"
    private static let faults: [(String, @Sendable (String) -> EngineError)] = [
        ("hangs-at-once", { .silent(action: "say that it is there", socket: $0, seconds: 1) }),
        ("does-not-accept", { .silent(action: "say that it is there", socket: $0, seconds: 1) }),
        ("dies-at-once", { .died(action: "say that it is there", socket: $0) }),
        ("garbage", { _ in .malformed(action: "say that it is there", problem: "it is no HTTP") }),
        ("endless", { _ in .malformed(action: "say that it is there", problem: "it is longer than 1048576 bytes") }),
        ("refuses", { _ in .refused(action: loading, status: 500, message: "no space left on device") }),
        ("refuses-early", { _ in .refused(action: loading, status: 403, message: "authorization denied by plugin") }),
        (
            "refuses-in-stream",
            { _ in
                let text = "open /var/lib/docker/tmp/layer-0.tar: no such file or directory [2J"
                return .refused(action: loading, status: 200, message: text)
            }
        ),
        ("hangs", { .silent(action: loading, socket: $0, seconds: 1) }),
        ("stalls", { .silent(action: loading, socket: $0, seconds: 1) }),
        ("dies", { .died(action: loading, socket: $0) }),
        ("dies-late", { .died(action: loading, socket: $0) }),
        ("cut-in-stream", { .died(action: loading, socket: $0) }),
        ("endless-line", { _ in .malformed(action: loading, problem: "a line is longer than 1 MiB") }),
    ]

    @Test(arguments: faults.map(\.0)) func tellsWhatAnEngineDoesWrong(fault: String) throws {
        let expected = try #require(Self.faults.first { $0.0 == fault })
        let scratch = try Scratch()
        let engine = try FaultyEngine(fault, in: scratch)
        #expect(throws: expected.1(engine.socket)) { try Self.load(into: engine.socket) }
    }

    @Test(arguments: [
        ("other-image", "sha256:2222222222222222222222222222222222222222222222222222222222222222"),
        ("forgets", "no image"),
    ])
    func noticesThatTheEngineHasAnotherImage(fault: String, found: String) throws {
        let scratch = try Scratch()
        let engine = try FaultyEngine(fault, in: scratch)
        #expect {
            try Self.load(into: engine.socket)
        } throws: { error in
            guard case EngineError.otherImage(name: "a/b:1", expected: _, found: found) = error else { return false }
            return true
        }
    }

    @Test func refusesAListThatIsNone() throws {
        let scratch = try Scratch()
        let engine = try FaultyEngine("wrong-list", in: scratch)
        #expect(throws: EngineError.malformed(action: "list its images", problem: "'Id' is no string")) {
            try DockerEngine(EngineAddress(socket: engine.socket)).images()
        }
    }

    /// One broken image of the engine does not keep another from being loaded.
    @Test func looksAtTheOtherImagesWhenOneCannotBeDescribed() throws {
        let scratch = try Scratch()
        let engine = try FaultyEngine("cannot-describe", in: scratch)
        let client = DockerEngine(EngineAddress(socket: engine.socket))
        #expect(try client.sharedLayers([.sha256(of: [])]) == 0)
        #expect(try engine.lines().filter { $0.hasSuffix("/json 0") }.count == 2)
    }

    @Test func saysThatNoEngineIsThere() throws {
        let scratch = try Scratch()
        let socket = scratch.file("none.sock")
        #expect(throws: EngineError.absent(socket: socket)) { try Self.load(into: socket) }
        // A socket that an engine left behind when it died.
        let left = try scratch.write([], to: "left.sock")
        #expect(throws: EngineError.absent(socket: left)) { try Self.load(into: left) }
    }

    @Test func saysThatTheSocketMayNotBeUsed() throws {
        let scratch = try Scratch()
        let engine = try FaultyEngine("forbidden", in: scratch)
        // As somebody who is not root: of this thread only, and nothing here gives the thread away.
        let setfsuid = try #require(dlsym(nil, "setfsuid"))
        let become = unsafeBitCast(setfsuid, to: (@convention(c) (UInt32) -> Int32).self)
        _ = become(65534)
        defer { _ = become(getuid()) }
        #expect(throws: EngineError.forbidden(socket: engine.socket, .permissionDenied)) {
            try DockerEngine(EngineAddress(socket: engine.socket)).ping()
        }
    }

    @Test func everyErrorSaysWhatToDoNext() {
        let digest = Digest.sha256(of: [])
        let helped: [EngineError] = [
            .unsupportedHost("tcp://x"), .absent(socket: "/x"), .forbidden(socket: "/x", .permissionDenied),
            .refused(action: "x", status: 200, message: "no space left on device"),
            .silent(action: "x", socket: "/x", seconds: 1), .died(action: "x", socket: "/x"),
            .noImage(name: "x", known: ["y"]), .unnamed(count: 2, known: ["y", "z"]),
        ]
        for error in helped { #expect(error.hint != nil, "\(error)") }
        #expect(EngineError.forbidden(socket: "/x", .permissionDenied).hint?.contains("docker") == true)
        #expect(EngineError.noImage(name: "x", known: []).hint == nil)
        let many = EngineError.unnamed(count: 12, known: (0..<12).map { "n\($0)" })
        #expect(many.hint?.hasSuffix("'n9', 2 more") == true)
        #expect(
            EngineError.otherImage(name: "a", expected: digest, found: "no image").description
                == "the Docker engine has no image as 'a', and \(digest) was sent")
    }
}
