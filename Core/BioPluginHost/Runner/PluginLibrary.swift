// SPDX-License-Identifier: Apache-2.0

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

    static let hostRange = (oldest: ABIVersion(rawValue: 9), newest: ABIVersion(rawValue: 9))

    /// Whether this host runs a plugin with these versions. Until 1.0 only its own will do.
    static func speaks(built: ABIVersion, needed: ABIVersion) -> Bool {
        if hostRange.newest.rawValue >> 16 == 0 { return built == hostRange.newest && needed == hostRange.newest }
        return needed <= hostRange.newest && built >= hostRange.oldest
    }

    /// Loads the library at an absolute path and asks it what it is.
    init(path: String, hostVersion: String, host: UnsafePointer<bio_host>, memory: LastingMemory) throws(LoadRefusal) {
        if let refusal = LibraryImage.refusal(of: path) { throw LoadRefusal(refusal) }
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
            throw LoadRefusal(.library(String(cString: dlerror())))
        }
        guard let symbol = dlsym(handle, "bio_export_entry") else { throw LoadRefusal(.noEntry) }
        let entry = unsafeBitCast(symbol, to: Entry.self)
        var negotiation = bio_negotiation(
            struct_size: UInt32(MemoryLayout<bio_negotiation>.size), flags: 0,
            abi_min: Self.hostRange.oldest.rawValue, abi_max: Self.hostRange.newest.rawValue,
            host_name: memory.string("bio"), host_version: memory.string(hostVersion), host: host)
        var answer: UnsafePointer<bio_plugin>?
        let code = entry(&negotiation, &answer)
        guard code == BIO_OK else { throw LoadRefusal(.refused(code: code)) }
        guard let answer else { throw LoadRefusal(.table("the entry returned 0, but no plugin")) }
        (description, formats) = try Self.read(answer)
    }

    private static func read(
        _ answer: UnsafePointer<bio_plugin>
    ) throws(LoadRefusal) -> (PluginDescription, [UnsafePointer<bio_format>]) {
        // The versions first: tables of another version may be of other sizes, these five words never move.
        let words = UnsafeRawPointer(answer).assumingMemoryBound(to: UInt32.self)
        guard words[0] >= 20 else { throw LoadRefusal(.table("bio_plugin has \(words[0]) bytes")) }
        let versions = [words[2], words[3], words[4]].map { ABIVersion(rawValue: $0) }
        guard versions[0] >= hostRange.oldest, versions[0] <= hostRange.newest, versions[2] <= versions[0],
            speaks(built: versions[1], needed: versions[2])
        else {
            throw LoadRefusal(.abi(used: versions[0], built: versions[1], needed: versions[2]))
        }
        do throws(PluginTableReader.Wrong) {
            let raw = try PluginTableReader.copy(answer, bio_plugin(), "bio_plugin")
            return (try PluginTableReader.description(answer), try PluginTableReader.formats(raw))
        } catch { throw LoadRefusal(.table(error.text)) }
    }

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
