// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPackage
import BioPluginHost
import BioSystem
import BioTestSupport
import CSystem
import Glibc
import Synchronization
import Testing

/// One export by the hostile plugin: packages, a directory for the result, and a copy of the library that no other
/// test uses, so that its processes can be found.
struct HostileWorld: ~Copyable {
    private let scratch: Scratch
    private let fixture: ExportFixture
    let out: String
    let library: String
    /// What the plugin may not touch lies here, the file `secret` among it.
    var root: String { scratch.path }

    init() throws {
        let made = try Scratch()
        try Directory.create(made.file("out"))
        try AtomicFile.write(Array("secret\n".utf8), to: made.file("secret"), mode: 0o600)
        let plugin = try CPlugin("hostile", in: made.path)
        fixture = try ExportFixture.small(in: made.file("root"))
        out = made.file("out")
        library = plugin.library
        scratch = made
    }

    private static let description = Result {
        let scratch = try Scratch()
        let plugin = try CPlugin("hostile", in: scratch.path)
        return try PluginExport.describe(
            PluginBundle(libraryPath: plugin.library), PluginExport.Runtime(mode: .inProcess, hostVersion: "test"))
    }

    static var child: RunnerMode { get throws { .child(executable: try Repository.built("dist/bin/bio")) } }

    private func bundle(_ startsProcesses: Bool) -> PluginBundle {
        let plain = PluginBundle(libraryPath: library)
        return PluginBundle(
            directory: plain.directory, library: plain.library, startsProcesses: startsProcesses)
    }

    /// Runs the export to its end.
    func export(
        _ behaviour: String, _ mode: RunnerMode, limits: PhaseLimits = PhaseLimits(), observer: Observer? = nil,
        interruption: Interruption? = nil, outputName: String? = nil, out place: String? = nil,
        startsProcesses: Bool = false, further: [OptionValue] = []
    ) throws -> [Artifact] {
        let description = try Self.description.get()
        let export = PluginExport(
            runtime: PluginExport.Runtime(
                mode: mode, limits: limits, hostVersion: "test", interruption: interruption?.descriptor ?? -1,
                isCancelled: { interruption?.isRequested ?? false }),
            bundle: bundle(startsProcesses), description: description, format: description.formats[0],
            job: fixture.job(
                [OptionValue(.text(behaviour, kind: 3), source: .commandLine)] + further, outputName: outputName),
            bytes: fixture.bytes, placement: .directory(place ?? out, name: outputName), temporaryDirectory: "/nowhere",
            threads: 1)
        return try export.run(isDryRun: false, observer: observer, archiveProgress: { _, _ in }) { _ in }
    }

    /// The plugin's error of an export that must fail, which leaves neither file nor process behind.
    func failure(
        _ behaviour: String, _ mode: RunnerMode, limits: PhaseLimits = PhaseLimits(), observer: Observer? = nil,
        location: SourceLocation = #_sourceLocation
    ) throws -> PluginError? {
        let error = #expect(throws: PluginError.self, sourceLocation: location) {
            try export(behaviour, mode, limits: limits, observer: observer)
        }
        try expectNothingLeft(location)
        return error
    }

    func expectNothingLeft(_ location: SourceLocation = #_sourceLocation) throws {
        #expect(try Directory.names(out) == [], sourceLocation: location)
        #expect(try ProcessSearch.isGone(library), sourceLocation: location)
    }
}

/// What a plugin said, and what is to be done about it.
final class Observer: PluginObserver, Sendable {
    private let said: Mutex<[String]> = Mutex([])
    private let noted: Mutex<[String]> = Mutex([])
    private let onLine: @Sendable (String) -> Void

    init(onLine: @escaping @Sendable (String) -> Void = { _ in }) { self.onLine = onLine }

    var lines: [String] { said.withLock { $0 } }
    /// What the host said of how it runs.
    var notes: [String] { noted.withLock { $0 } }

    func pluginLogged(_ level: RunnerMessage.LogLevel, _ message: String) {
        said.withLock { if $0.count < 1000 { $0.append(message) } }
        onLine(message)
    }

    func pluginProgressed(_ title: String, done: UInt64, total: UInt64, ended: Bool) {}

    func runnerNoted(_ note: String) { noted.withLock { $0.append(note) } }
}

/// The user's wish to stop.
final class Interruption: Sendable {
    let descriptor: CInt
    private let writer: CInt
    private let requested = Mutex(false)

    init() throws {
        var ends: [CInt] = [-1, -1]
        guard bio_pipe(&ends) == 0 else { throw SystemError("create", "a pipe") }
        (descriptor, writer) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(writer)
    }

    var isRequested: Bool { requested.withLock { $0 } }

    func request() {
        requested.withLock { $0 = true }
        _ = write(writer, [0], 1)
    }
}
