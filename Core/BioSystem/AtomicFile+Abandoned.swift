// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

extension AtomicFile {
    private static let draftPrefix = ".bio-draft-"
    private static let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let suffixLength = 16

    /// A name for a file that has not got its own yet.
    static func draftName() -> String {
        draftPrefix + String(decoding: (0..<suffixLength).compactMap { _ in letters.randomElement() }, as: UTF8.self)
    }

    /// Removes what killed processes of this user left in `directory` under names of that kind: files that nobody holds
    /// locked. It is no reason to fail when that does not go.
    package static func removeAbandoned(in directory: String) {
        let start = Array(draftPrefix.utf8)
        for name in (try? Directory.names(directory.isEmpty ? "/" : directory)) ?? [] where name.starts(with: start) {
            let suffix = name.dropFirst(start.count)
            guard suffix.count == suffixLength, suffix.allSatisfy(letters.contains) else { continue }
            try? removeIfAbandoned("\(directory)/\(String(decoding: name, as: UTF8.self))")
        }
    }

    private static func removeIfAbandoned(_ path: String) throws(SystemError) {
        let file = try FileDescriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        let status: FileStatus
        do throws(Errno) { status = try file.status() } catch { throw SystemError("look at", path, error) }
        guard status.kind == .file, status.owner == geteuid(), try LockFile.tryLock(file, path: path),
            try LockFile.isNamed(file, path)
        else { return }
        unlink(path)
    }
}
