// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CBioExport
import Glibc

/// A loaded plugin. It is never unloaded: a Swift runtime or a thread of the plugin may outlive every call.
struct PluginLibrary {
    typealias Entry =
        @convention(c) (
            UnsafePointer<bio_negotiation>, UnsafeMutablePointer<UnsafePointer<bio_plugin>?>
        ) -> Int32

    let description: PluginDescription
    // SAFETY: descriptors of a plugin live for ever (bio_export.h, rules of memory).
    private let formats: [UnsafePointer<bio_format>]
    private let functions: [String: TypedFunction]

    /// One major: another one would have another entry.
    static let hostRange = (oldest: ABIVersion(rawValue: 0x1_0000), newest: ABIVersion(rawValue: BIO_ABI_VERSION))

    /// Whether this host runs a plugin with these versions: what it was built with may be newer than this host, what it
    /// needs may not.
    static func speaks(built: ABIVersion, needed: ABIVersion) -> Bool {
        needed >= hostRange.oldest && needed <= hostRange.newest && built >= needed
            && built.rawValue >> 16 == hostRange.newest.rawValue >> 16
    }

    /// Loads the library and asks it what it is.
    ///
    /// - Parameter path: where the dynamic linker finds it.
    init(
        _ start: RunnerStart, path: String, _ tables: HostTables, watch: RunnerWatch?, tell: (RunnerObservation) -> Void
    ) throws(LoadRefusal) {
        if let refusal = LibraryImage.refusal(of: path, isAlone: !start.sharesProcess) { throw LoadRefusal(refusal) }
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            throw LoadRefusal(.library(String(cString: dlerror())))
        }
        guard let symbol = dlsym(handle, "bio_export_entry") else { throw LoadRefusal(.noEntry) }
        let entry = unsafeBitCast(symbol, to: Entry.self)
        let range = start.trial?.abi.map { (oldest: $0, newest: $0) } ?? Self.hostRange
        let negotiation = tables.memory.one(
            bio_negotiation(
                struct_size: UInt32(MemoryLayout<bio_negotiation>.size), flags: 0,
                abi_min: range.oldest.rawValue, abi_max: range.newest.rawValue,
                host_name: tables.memory.string("bio"), host_version: tables.memory.string(start.hostVersion),
                host: tables.host, directory: tables.memory.string(start.bundle.directory)))
        watch?.begin()
        let began = MonotonicClock.nanoseconds
        var answer: UnsafePointer<bio_plugin>?
        let code = tables.trace.plugin(
            "bio_export_entry", "ABI \(range.oldest) to \(range.newest)", TraceText.value
        ) {
            entry(negotiation, &answer)
        }
        if let watch {
            tell(.entryTime(Int(MonotonicClock.nanoseconds - began) / 1000))
            for change in watch.changes(isOver: true) { tell(change) }
        }
        guard code == BIO_OK else { throw LoadRefusal(.refused(code: code)) }
        guard let answer else { throw LoadRefusal(.table("the entry returned 0, but no plugin")) }
        (description, formats, functions) = try Self.read(answer)
        if watch != nil {
            var again: UnsafePointer<bio_plugin>?
            let code = entry(negotiation, &again)
            let second = try again.map { (again) throws(LoadRefusal) in try Self.read(again).0 }
            if code != BIO_OK || second != description { tell(.entryDiffers) }
        }
    }

    private static func read(
        _ answer: UnsafePointer<bio_plugin>
    ) throws(LoadRefusal) -> (PluginDescription, [UnsafePointer<bio_format>], [String: TypedFunction]) {
        // The versions first: tables of another version may be of other sizes, these five words never move.
        let words = UnsafeRawPointer(answer).assumingMemoryBound(to: UInt32.self)
        guard words[0] >= 20 else { throw LoadRefusal(.table("bio_plugin has \(words[0]) bytes")) }
        let versions = [words[2], words[3], words[4]].map { ABIVersion(rawValue: $0) }
        guard versions[0] >= hostRange.oldest, versions[0] <= hostRange.newest, versions[2] <= versions[0],
            versions[0] <= versions[1],
            speaks(built: versions[1], needed: versions[2])
        else {
            throw LoadRefusal(.abi(used: versions[0], built: versions[1], needed: versions[2]))
        }
        do throws(PluginTableReader.Wrong) {
            let raw = try PluginTableReader.copy(answer, bio_plugin(), "bio_plugin")
            return (
                try PluginTableReader.description(answer), try PluginTableReader.formats(raw),
                try PluginTableReader.typedFunctions(raw)
            )
        } catch { throw LoadRefusal(.table(error.text)) }
    }

    func function(_ name: String) -> TypedFunction? { functions[name] }

    /// The format's own table, to create an exporter with.
    func format(_ id: String) -> UnsafePointer<bio_format>? {
        guard let index = description.formats.firstIndex(where: { $0.id == id }) else { return nil }
        return formats[index]
    }
}

/// A plugin that cannot be used, with the reason that the host will show.
struct LoadRefusal: Error {
    let failure: LoadFailure
    init(_ failure: LoadFailure) { self.failure = failure }
}
