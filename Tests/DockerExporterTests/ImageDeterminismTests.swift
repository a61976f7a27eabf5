// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// The same packages and options give the same image, byte for byte, whatever else is different.
@Suite struct ImageDeterminismTests {
    /// How one export differs from the plain one.
    struct Axis: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var environment: [String: String] = [:]
        var mask = "022"
        var wrapper: [String] = []
        var arguments: [String] = []
    }

    /// SHA-256 of the archive: index, manifest, configuration and layers are in it.
    private static func digest(_ desk: borrowing ExportDesk, _ arguments: [String] = []) throws -> Digest {
        let path = desk.work("image.tar")
        let outcome = try desk.bio.docker(["acme/web", "acme/worker", "-o", path] + arguments)
        guard outcome.code == 0 else { throw BuiltBio.Missing(description: outcome.errorText) }
        return try Digest.sha256(ofFile: try FileDescriptor.open(path))
    }

    private static let plain = Result {
        let desk = try ExportDesk()
        return try digest(desk)
    }

    static let axes: [Axis] = [
        Axis(testDescription: "again"),
        Axis(testDescription: "umask 077", mask: "077"),
        Axis(testDescription: "umask 000", mask: "000"),
        Axis(testDescription: "a Turkish locale", environment: ["LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR"]),
        Axis(testDescription: "another time zone", environment: ["TZ": "Pacific/Kiritimati"]),
        Axis(testDescription: "a clock in 1999", wrapper: ["faketime", "1999-12-31 23:59:59"]),
        Axis(testDescription: "a clock in 2037", wrapper: ["faketime", "2037-06-01 12:00:00"]),
        Axis(testDescription: "one thread", arguments: ["--threads", "1"]),
        Axis(testDescription: "five threads", arguments: ["--threads", "5"]),
        Axis(testDescription: "in process", arguments: ["--in-process"]),
        Axis(testDescription: "one processor", wrapper: ["taskset", "-c", "0"]),
        Axis(testDescription: "no layer cache", arguments: ["--layer-cache", "none"]),
        Axis(testDescription: "the other spelling", arguments: ["--compression=gzip", "--max-layers=100"]),
    ]

    @Test(arguments: axes) func nothingAroundChangesAByte(axis: Axis) throws {
        var desk = try ExportDesk()
        desk.bio.environment = axis.environment.merging(["BIO_LAYER_CACHE": desk.file("layers")]) { $1 }
        desk.bio.mask = axis.mask
        desk.bio.wrapper = axis.wrapper
        #expect(try Self.digest(desk, axis.arguments) == Self.plain.get())
        // From the cache it is the same once more.
        #expect(try Self.digest(desk, axis.arguments) == Self.plain.get())
    }

    @Test(arguments: ["gzip:fast", "gzip:small", "zstd", "none"])
    func threadsAndModeChangeNoByte(compression: String) throws {
        var desk = try ExportDesk()
        desk.bio.environment = ["BIO_LAYER_CACHE": "none"]
        let one = try Self.digest(desk, ["--compression", compression, "--threads", "1"])
        let five = try Self.digest(desk, ["--compression", compression, "--threads", "5", "--in-process"])
        #expect(one == five)
    }

    /// The compression is no part of what an image is.
    @Test func theImageIDIsTheSameForEveryCompressionAndPlace() throws {
        let desk = try ExportDesk()
        var found: Set<String> = []
        for (number, compression) in ["gzip", "gzip:fast", "zstd", "none"].enumerated() {
            let outcome = try desk.bio.docker(
                "acme/web", "--compression", compression, "--to", "oci:\(desk.work("layout-\(number)")):1", "--to",
                "oci-archive:\(desk.work("archive-\(number)")):acme/web:1")
            #expect(outcome.code == 0, "\(outcome.errorText)")
            let report = try String(decoding: contents(of: desk.work("results/last_docker_export.env")), as: UTF8.self)
            found.insert(String(report.prefix { $0 != "\n" }))
        }
        #expect(found.count == 1 && found.first?.hasPrefix("id=") == true, "\(found)")
    }

    @Test func exportsAtTheSameTimeShareACacheAndEndEqual() throws {
        var desk = try ExportDesk()
        desk.bio.environment = ["BIO_LAYER_CACHE": desk.file("layers")]
        var running: [Tool.Running] = []
        for number in 1...4 {
            running.append(
                try desk.bio.start(
                    ["pkg", "export", "docker", "acme/web", "acme/worker", "-o", desk.work("\(number).tar")],
                    errors: desk.work("\(number).err")))
        }
        for process in running { #expect(process.wait() == 0) }
        for number in 1...4 {
            let file = try FileDescriptor.open(desk.work("\(number).tar"))
            #expect(try Digest.sha256(ofFile: file) == Self.plain.get())
        }
        let outcome = try desk.bio.run("cache", "verify")
        #expect(outcome.code == 0, "\(outcome.errorText)")
    }
}
