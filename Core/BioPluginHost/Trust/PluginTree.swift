// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import Glibc

/// Writes a plugin's files beneath one directory of which nobody else knows, and takes their digests of the bytes that
/// it writes. Paths have been checked (`PluginFileList.wrongPath`); every entry is new.
struct PluginTree: ~Copyable {
    let path: String
    private let root: FileDescriptor
    private var directories: Set<String> = []

    init(_ path: String) throws(SystemError) {
        self.path = path
        root = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }

    /// One file of the blocks that `next` gives until nil; `limit` bytes at most (EFBIG).
    mutating func write(
        _ file: String, isExecutable: Bool, limit: Int64, next: () throws -> UnsafeRawBufferPointer?
    ) throws -> PluginFileList.Entry {
        let target = try make(file)
        var hasher = BLAKE2bHasher()
        var size: Int64 = 0
        func attempt(_ body: () throws(Errno) -> Void) throws(SystemError) {
            do throws(Errno) { try body() } catch { throw SystemError("write", "\(path)/\(file)", error) }
        }
        while let block = try next() {
            size += Int64(block.count)
            guard size <= limit else { throw SystemError("write", "\(path)/\(file)", Errno(rawValue: EFBIG)) }
            hasher.update(block)
            try attempt { () throws(Errno) in try target.writeAll(block) }
        }
        try attempt { () throws(Errno) in try target.setMode(isExecutable ? 0o755 : 0o644) }
        return PluginFileList.Entry(path: file, size: size, digest: hasher.finalize(), isExecutable: isExecutable)
    }

    private mutating func make(_ file: String) throws(SystemError) -> FileDescriptor {
        let parts = file.split(separator: "/")
        var above = ""
        for part in parts.dropLast() {
            above += above.isEmpty ? "\(part)" : "/\(part)"
            guard directories.insert(above).inserted else { continue }
            // The user's umask is not the readers' of a site's plugins.
            guard mkdirat(root.rawValue, above, 0o755) == 0, fchmodat(root.rawValue, above, 0o755, 0) == 0 else {
                throw SystemError("create directory", "\(path)/\(above)")
            }
        }
        return try root.openBeneath(Array(file.utf8), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
    }
}

extension FileDescriptor {
    /// The next block of a file, in `buffer`; nil at its end.
    func block(in buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> UnsafeRawBufferPointer? {
        let count = try read(into: buffer)
        return count == 0 ? nil : UnsafeRawBufferPointer(rebasing: buffer[..<count])
    }

    /// The same, with the file's name in the error.
    func block(
        in buffer: UnsafeMutableRawBufferPointer, of directory: String, _ file: String
    ) throws(SystemError) -> UnsafeRawBufferPointer? {
        do throws(Errno) { return try block(in: buffer) } catch {
            throw SystemError("read", "\(directory)/\(file)", error)
        }
    }

    /// A plain file beneath the directory `self`, no symbolic link on its way and nothing to wait for; nil: there is
    /// none of that kind.
    func openListed(_ file: String) throws(SystemError) -> FileDescriptor? {
        let opened: FileDescriptor
        do throws(SystemError) { opened = try openBeneath(Array(file.utf8), O_RDONLY | O_NONBLOCK | O_NOFOLLOW) } catch
        {
            if [.noSuchFile, .notDirectory].contains(error.errno) || error.errno.rawValue == ELOOP { return nil }
            throw error
        }
        do throws(Errno) { if try opened.status().kind != .file { return nil } } catch {
            throw SystemError("look at", file, error)
        }
        return opened
    }
}
