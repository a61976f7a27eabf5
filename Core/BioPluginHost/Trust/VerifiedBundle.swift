// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import CSystem
import Glibc

/// A plugin's files as a runner gets them: compared with their list while they were copied to where nobody changes them
/// any more, so that the bytes that were verified are those that are mapped. A library that is
/// all of its plugin goes into sealed memory; one that may look for other files beside itself ($ORIGIN, dladdr(3)) goes with
/// them into a private directory that lives as long as this value.
package struct VerifiedBundle: ~Copyable {
    /// What the runner is told.
    package let bundle: PluginBundle
    private let library: FileDescriptor?
    private let copies: LockedDirectory?

    /// The sealed library, while this value lives; nil: it is loaded from `bundle`.
    package let libraryDescriptor: CInt?

    /// Without a list the bundle is what it is: nobody has said what it must be.
    package init(_ bundle: PluginBundle, temporaryDirectory: String) throws {
        guard let list = bundle.files else {
            self.bundle = bundle
            library = nil
            libraryDescriptor = nil
            copies = nil
            return
        }
        let source = try FileDescriptor.open(bundle.directory, O_RDONLY | O_DIRECTORY)
        let copies = try LockedDirectory.ofPlugins(in: temporaryDirectory)
        let isAlone = !list.holdsMore(than: bundle.library)
        var tree = try PluginTree(copies.path)
        var sealed: FileDescriptor?
        for entry in list.entries {
            let altered = PluginTrustError.altered(plugin: list.id, directory: bundle.directory, file: entry.path)
            guard let file = try source.openListed(entry.path) else { throw altered }
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
            defer { buffer.deallocate() }
            let found: PluginFileList.Entry
            if entry.path == bundle.library, isAlone {
                let made = try Self.seal(file, entry, buffer)
                sealed = consume made.file
                found = made.entry
            } else {
                // One byte too many is enough to see that it is another file.
                var rest = entry.size + 1
                found = try tree.write(entry.path, isExecutable: entry.isExecutable, limit: .max) {
                    guard rest > 0, let block = try file.block(in: buffer, of: bundle.directory, entry.path) else {
                        return nil
                    }
                    rest -= Int64(block.count)
                    return block
                }
            }
            guard found == entry else { throw altered }
        }
        var copied = bundle
        copied.directory = copies.path
        self.bundle = copied
        libraryDescriptor = sealed?.rawValue
        library = consume sealed
        self.copies = copies
    }

    private struct Sealed: ~Copyable {
        let file: FileDescriptor
        let entry: PluginFileList.Entry
    }

    private static func seal(
        _ source: borrowing FileDescriptor, _ entry: PluginFileList.Entry, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(SystemError) -> Sealed {
        let raw = bio_memfd(entry.path)
        guard raw >= 0 else { throw SystemError("create", "memory for '\(entry.path)'") }
        let target = FileDescriptor(owning: raw)
        var hasher = BLAKE2bHasher()
        var size: Int64 = 0
        do throws(Errno) {
            while size <= entry.size, let block = try source.block(in: buffer) {
                hasher.update(block)
                size += Int64(block.count)
                try target.writeAll(block)
            }
        } catch { throw SystemError("copy", entry.path, error) }
        guard bio_memfd_seal(raw) == 0 else { throw SystemError("seal", "memory for '\(entry.path)'") }
        let found = PluginFileList.Entry(
            path: entry.path, size: size, digest: hasher.finalize(), isExecutable: entry.isExecutable)
        return Sealed(file: target, entry: found)
    }
}

extension LockedDirectory {
    /// A directory for copies of what a plugin is made of, private to this process. What a killed one left there goes first.
    static func ofPlugins(in parent: String) throws(SystemError) -> LockedDirectory {
        let prefix = "bio-plugin-"
        _ = try? removeAbandoned(in: parent, prefix: prefix)
        guard let made = try LockedDirectory(in: parent, prefix: prefix) else {
            throw SystemError("create a temporary directory in", parent, .noSuchFile)
        }
        return made
    }
}
