// SPDX-License-Identifier: Apache-2.0

package import BioPluginHost
import Glibc

/// What is known of the plugin that is checked, found out once.
package final class Examination {
    package let directory: String
    package let manifest: Result<PluginManifest, PluginManifest.Refusal>
    package let bench: any ExportBench
    /// Options for every export, when a format cannot do without.
    package let words: [String]
    package let seed: UInt64
    private var plainExports: [String: Result<ExportOutcome, any Error>] = [:]
    private var secondExports: [String: ExportOutcome] = [:]

    package init(directory: String, bench: any ExportBench, words: [String], seed: UInt64) {
        self.directory = directory
        self.bench = bench
        self.words = words
        self.seed = seed
        manifest = Result { () throws(PluginManifest.Refusal) in try PluginManifest.read(in: directory) }
    }

    private(set) lazy var image: LibraryImage? = (try? manifest.get()).flatMap {
        LibraryImage("\(directory)/\($0.library)")
    }

    /// What the library says of itself, watched.
    private(set) lazy var described: DescribeOutcome = bench.describe(RunnerTrial())

    /// Nil when the library cannot be used: then no case needs to try.
    var description: PluginDescription? { described.description }

    /// One plain export of a format.
    func plain(_ format: FormatDescription) throws -> ExportOutcome {
        if let known = plainExports[format.id] { return try known.get() }
        let outcome = Result { try bench.export(trial(format)) }
        plainExports[format.id] = outcome
        return try outcome.get()
    }

    /// The same export again, when a clock that shows in the result shows another second.
    func second(_ format: FormatDescription) throws -> ExportOutcome {
        if let known = secondExports[format.id] { return known }
        _ = try plain(format)
        usleep(1_100_000)
        let outcome = try bench.export(trial(format))
        secondExports[format.id] = outcome
        return outcome
    }

    /// An export to start from.
    func trial(_ format: FormatDescription) -> ExportTrial {
        var trial = ExportTrial(format: format.id)
        // What the user gives is instead of what was made up.
        let given = Set(words.map { $0.prefix { $0 != "=" } })
        trial.words = FixtureOptions.words(format).filter { !given.contains($0.prefix { $0 != "=" }) } + words
        return trial
    }

    /// Formats that the plain export of succeeds: only there can a trial be told from it.
    func workingFormats() -> [FormatDescription] {
        (description?.formats ?? []).filter { (try? plain($0))?.error == nil }
    }

    /// Looks at every format until one fails; the worst verdict.
    func eachFormat(_ body: (FormatDescription) throws -> Verdict) throws -> Verdict {
        guard let description else { return .blocked("the library does not describe itself") }
        return try Self.worst(description.formats, body)
    }

    /// The same for formats whose plain export works.
    func eachWorkingFormat(_ body: (FormatDescription) throws -> Verdict) throws -> Verdict {
        let formats = workingFormats()
        guard !formats.isEmpty else { return .blocked("no format makes a plain export") }
        return try Self.worst(formats, body)
    }

    private static func worst(
        _ formats: [FormatDescription], _ body: (FormatDescription) throws -> Verdict
    ) throws -> Verdict {
        var worst = Verdict.passed
        for format in formats {
            let verdict = try body(format)
            if verdict.gravity > worst.gravity { worst = verdict }
            if case .failed = worst { return worst }
        }
        return worst
    }
}
