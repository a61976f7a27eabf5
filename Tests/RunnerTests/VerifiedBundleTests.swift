// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import BioTestSupport
import Glibc
import Synchronization
import Testing

/// The bytes that were verified are the bytes that are mapped.
@Suite(.timeLimit(.minutes(15))) struct VerifiedBundleTests {
    private struct World: ~Copyable {
        private let scratch: Scratch
        let plugin: CPlugin
        let bundle: PluginBundle

        /// - Parameter dependency: file name of a library beside the plugin's, which needs it.
        init(_ files: [String: String] = [:], dependency: String? = nil) throws {
            let made = try Scratch()
            try Directory.create(made.file("tmp"))
            var link: [String] = []
            if let dependency {
                let source = try made.write(Array("int dependency(void) { return 1; }\n".utf8), to: "dependency.c")
                link = ["-Wl,--no-as-needed", made.file(dependency), "-Wl,-rpath,$ORIGIN"]
                let outcome = try Tool.run(
                    ["cc", "-shared", "-fPIC", "-Wl,-soname,\(dependency)", "-o", made.file(dependency), source])
                #expect(outcome.code == 0, "\(outcome.errorText)")
            }
            let plugin = try CPlugin("parcel", id: "org.example.parcel", link: link, in: made.path)
            if let dependency {
                try AtomicFile.write(
                    try contents(of: made.file(dependency)), to: "\(plugin.directory)/\(dependency)", mode: 0o755)
            }
            for (name, text) in files { try AtomicFile.write(Array(text.utf8), to: "\(plugin.directory)/\(name)") }
            let manifest = try PluginManifest.read(in: plugin.directory)
            bundle = PluginBundle(
                directory: plugin.directory, library: manifest.library,
                files: try PluginFileList(of: manifest, in: plugin.directory))
            self.plugin = plugin
            scratch = made
        }

        func file(_ name: String) -> String { scratch.file(name) }

        func describe(_ mode: RunnerMode) throws -> PluginDescription {
            var runtime = PluginExport.Runtime(mode: mode, hostVersion: "test")
            runtime.temporaryDirectory = scratch.file("tmp")
            return try PluginExport.describe(bundle, runtime)
        }

        func expectNothingLeft(_ location: SourceLocation = #_sourceLocation) throws {
            #expect(try Directory.names(file("tmp")) == [], sourceLocation: location)
        }
    }

    static var modes: [RunnerMode] { get throws { [try HostileWorld.child, .inProcess] } }

    @Test(arguments: try modes) func anUnalteredBundleIsLoadedFromSealedMemory(mode: RunnerMode) throws {
        let world = try World()
        #expect(try world.describe(mode).id == "org.example.parcel")
        // Again, in one process: the linker must not take the second for the first.
        #expect(try world.describe(mode).version == "1.0.0")
        try world.expectNothingLeft()
    }

    @Test(arguments: ["libdependency.so", "libdependency.so.1"])
    func aLibraryThatNeedsAnotherBesideItFindsIt(dependency: String) throws {
        let world = try World(dependency: dependency)
        #expect(try world.describe(try HostileWorld.child).id == "org.example.parcel")
        try world.expectNothingLeft()
    }

    @Test(arguments: ["libparcel.so", "plugin.toml", "data"]) func aByteMoreOrLessOrOtherIsNamed(file: String) throws {
        let world = try World(["data": "some data"])
        let path = "\(world.plugin.directory)/\(file)"
        let good = try contents(of: path)
        var other = good
        other[0] ^= 1
        for bytes in [other, good + [0], Array(good.dropLast()), [], [UInt8](repeating: 0, count: 1 << 22)] {
            try AtomicFile.write(bytes, to: path)
            let error = #expect(throws: PluginTrustError.self) { try world.describe(try HostileWorld.child) }
            #expect(
                error
                    == .altered(plugin: "org.example.parcel", directory: world.plugin.directory, file: file))
            try world.expectNothingLeft()
        }
        try AtomicFile.write(good, to: path)
        #expect(try world.describe(try HostileWorld.child).id == "org.example.parcel")
    }

    @Test func whatIsNoPlainFileIsNoneOfTheBundle() throws {
        let world = try World(["data": "some data"])
        let path = "\(world.plugin.directory)/data"
        let altered = PluginTrustError.altered(
            plugin: "org.example.parcel", directory: world.plugin.directory, file: "data")
        try AtomicFile.write(Array("some data".utf8), to: "\(world.file("tmp"))-elsewhere")
        for make in [
            { symlink("\(world.file("tmp"))-elsewhere", $0) }, { mkfifo($0, 0o600) }, { mkdir($0, 0o700) }, { _ in 0 },
        ] as [(String) -> CInt] {
            try Directory.remove(path)
            #expect(make(path) == 0)
            #expect(throws: altered) { try world.describe(try HostileWorld.child) }
        }
        try world.expectNothingLeft()
    }

    /// What a killed export left goes with the next one; what another one uses stays.
    @Test func copiesOfAKilledExportGo() throws {
        let world = try World(["data": "some data"])
        let abandoned = world.file("tmp/bio-plugin-AbCdEf")
        try Directory.create(abandoned)
        try AtomicFile.write(Array("left".utf8), to: "\(abandoned)/libparcel.so")
        let used = try #require(try LockedDirectory(in: world.file("tmp"), prefix: "bio-plugin-"))
        #expect(try world.describe(try HostileWorld.child).id == "org.example.parcel")
        let name = try #require(used.path.split(separator: "/").last)
        #expect(try Directory.names(world.file("tmp")).map { String(decoding: $0, as: UTF8.self) } == [String(name)])
        withExtendedLifetime(used) {}
    }

    /// Somebody swaps the library all the time. Either that shows, or the good one runs: never the other.
    @Test func nobodyComesBetweenVerifyingAndMapping() throws {
        let world = try World()
        let evil = try CPlugin("parcel", variant: "TWO", in: world.file("evil"))
        let (good, bad) = (try contents(of: world.plugin.library), try contents(of: evil.library))
        let isOver = Mutex(false)
        let path = world.plugin.library
        let swapper = Thread {
            while !isOver.withLock({ $0 }) {
                try? AtomicFile.write(bad, to: path)
                try? AtomicFile.write(good, to: path)
                // In place too: the file that was opened changes under the reader.
                if let file = try? FileDescriptor.open(path, O_WRONLY) {
                    try? file.writeAll(bad)
                    _ = lseek(file.rawValue, 0, SEEK_SET)
                    try? file.writeAll(good)
                }
            }
        }
        defer {
            isOver.withLock { $0 = true }
            swapper.join()
        }
        var (ran, refused) = (0, 0)
        for _ in 0..<1000 where ran + refused < 60 || ran == 0 || refused == 0 {
            do {
                #expect(try world.describe(try HostileWorld.child).version == "1.0.0")
                ran += 1
            } catch is PluginTrustError { refused += 1 }
        }
        // Both were seen, so the one beside was at work between the two.
        #expect(ran > 0 && refused > 0, "\(ran) ran, \(refused) were refused")
        try world.expectNothingLeft()
    }
}

/// A thread that is waited for.
private final class Thread: @unchecked Sendable {
    private var handle = pthread_t()
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
        let raw = Unmanaged.passRetained(self).toOpaque()
        // SAFETY: `self` was retained for the thread, which releases it.
        pthread_create(
            &handle, nil,
            { raw in
                Unmanaged<Thread>.fromOpaque(raw!).takeRetainedValue().body()
                return nil
            }, raw)
    }

    func join() { pthread_join(handle, nil) }
}
