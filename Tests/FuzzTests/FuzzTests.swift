// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// The fuzz targets (Tests/Fuzz), briefly and the same each time: what is kept of earlier runs, through the debug build,
/// and a fixed number of inputs through the one with the sanitizers. `make fuzz` takes longer.
@Suite struct FuzzTests {
    struct Target: CustomTestStringConvertible, Sendable {
        let name: String
        /// Some seconds' worth.
        let runs: Int
        var testDescription: String { name }

        init(_ name: String, _ runs: Int) {
            self.name = name
            self.runs = runs
        }
    }

    static let targets: [Target] = [
        Target("header", 20_000), Target("payload", 2_000), Target("members", 4_000), Target("tar-writer", 4_000),
        Target("extraction", 1_500), Target("idents", 10_000), Target("metafiles", 10_000), Target("keys", 5_000),
        Target("receipts", 10_000), Target("json", 20_000), Target("toml", 5_000), Target("yaml", 5_000),
        Target("frames", 20_000), Target("service-calls", 2_000), Target("catalog", 3_000),
        Target("plugin-files", 10_000),
        Target("plugin-tables", 10_000),
        Target("job-tables", 10_000),
        Target("image-documents", 10_000), Target("image-names", 20_000), Target("foreign-layers", 4_000),
        Target("templates", 5_000),
    ]

    private static let sanitized = "\(SourceTree.root)/.build-fuzz/release/bio-fuzz"
    private static let environment = [
        "SWIFT_DETERMINISTIC_HASHING": "1", "SWIFT_BACKTRACE": "enable=no",
    ]

    private func debugProgram() throws -> String {
        let paths = [".build", ".build-coverage"].map { "\(SourceTree.root)/\($0)/debug/bio-fuzz" }
        return try #require(try paths.first { try FileStatus.of($0) != nil })
    }

    /// What is kept, and the seeds that the target makes itself.
    private func inputs(of target: Target, seeds: String) throws -> [String] {
        let made = try Tool.run([try debugProgram(), "seeds", target.name, seeds])
        #expect(made.code == 0, "\(made.errorText)")
        return try [seeds, "\(SourceTree.root)/Tests/Fuzz/corpus/\(target.name)"].flatMap { folder in
            try FileStatus.of(folder) == nil
                ? [] : try Directory.names(folder).map { "\(folder)/\(String(decoding: $0, as: UTF8.self))" }.sorted()
        }
    }

    @Test func everyTargetIsRun() throws {
        let listed = try Tool.run([try debugProgram(), "list"])
        #expect(listed.text.split(separator: "\n").map(String.init) == Self.targets.map(\.name))
    }

    @Test(arguments: targets) func whatIsKeptBreaksNothing(_ target: Target) throws {
        let scratch = try Scratch()
        let inputs = try inputs(of: target, seeds: scratch.file("seeds"))
        #expect(!inputs.isEmpty, "there is nothing to begin with")
        let outcome = try Tool.run([try debugProgram(), target.name] + inputs, environment: Self.environment)
        #expect(outcome.code == 0, "\(outcome.errorText.suffix(2000))")
        #expect(outcome.text == "\(inputs.count) inputs\n")
    }

    @Test(arguments: targets) func aShortRunFindsNothing(_ target: Target) throws {
        let scratch = try Scratch()
        _ = try inputs(of: target, seeds: scratch.file("seeds"))
        try Directory.create(scratch.file("found"))
        var command = [Self.sanitized, target.name, scratch.file("found"), scratch.file("seeds")]
        let kept = "\(SourceTree.root)/Tests/Fuzz/corpus/\(target.name)"
        if try FileStatus.of(kept) != nil { command.append(kept) }
        command += ["-runs=\(target.runs)", "-seed=1", "-timeout=60", "-rss_limit_mb=2560"]
        command.append("-artifact_prefix=\(scratch.path)/")
        let outcome = try Tool.run(command, environment: Self.environment)
        #expect(outcome.code == 0, "\(outcome.errorText.suffix(4000))")
        #expect(outcome.errorText.contains("DONE"))
    }
}
