// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import Glibc

/// The metafiles in a package's directory. Only plain files are read: a link could lead anywhere.
struct MetaFileDirectory {
    let path: String

    /// All but FILES; those that are missing are left out.
    func contents() throws(SystemError) -> [MetaFile: [UInt8]] {
        var files: [MetaFile: [UInt8]] = [:]
        for file in MetaFile.metadata { files[file] = try contents(of: file) }
        return files
    }

    /// nil when the file is missing. One of more than `MetaFile.byteLimit` bytes is refused with EFBIG.
    func contents(of file: MetaFile) throws(SystemError) -> [UInt8]? {
        let path = "\(self.path)/\(file.rawValue)"
        let descriptor: FileDescriptor
        do throws(SystemError) {
            descriptor = try FileDescriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        } catch {
            if error.errno == .noSuchFile || error.errno == .notDirectory { return nil }
            throw error
        }
        do throws(Errno) {
            let status = try descriptor.status()
            guard status.kind == .file else { throw .invalidArgument }
            return try descriptor.readToEnd(limit: MetaFile.byteLimit, size: status.size)
        } catch { throw SystemError("read", path, error) }
    }

    /// The target that TARGET says; nil when it is missing or says none.
    func target() throws(SystemError) -> PackageTarget? {
        guard let bytes = try contents(of: .target) else { return nil }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return words.count == 1 ? try? PackageTarget(parsing: String(words[0])) : nil
    }
}
