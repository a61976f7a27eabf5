// SPDX-License-Identifier: Apache-2.0

import BioDocument
package import BioSystem
import Glibc
import Synchronization

/// The file of crashes: small, locked while it is changed, and never in the way of an export. Whatever is wrong with it
/// counts as no crash.
package struct CrashLog: Hashable, Sendable {
    package let path: String

    package static let fileName = "plugin-crashes.json"
    static let largest = 64 * 1024
    /// What one plugin may have there: what it takes to be put into quarantine, and no more.
    static let mostOfOne = Quarantine.limit
    static let most = 128

    package init(path: String) { self.path = path }

    /// What is in the file.
    package func records() -> [CrashRecord] {
        // Without waiting, and nothing that is no file of ours: whoever may write there must not keep `bio` from its end.
        guard let file = try? FileDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW),
            (try? file.status())?.kind == .file, let bytes = try? file.readToEnd(limit: Self.largest),
            let items = (try? DocumentValue(json: bytes))?["crashes"]?.array
        else { return [] }
        return items.prefix(Self.most).compactMap { CrashRecord($0) }
    }

    /// Adds a crash. What is too old to matter goes, and so does what one plugin has too many of.
    package func add(_ record: CrashRecord) throws(SystemError) {
        try change { records in
            let recent = records.filter { Quarantine.mayMatter($0, at: record.time) }
            let own = recent.filter { $0.isOfSameBuild(as: record) }.suffix(Self.mostOfOne - 1)
            let others = recent.filter { !$0.isOfSameBuild(as: record) }
            return Array((others + own + [record]).suffix(Self.most))
        }
    }

    /// Forgets the crashes of a plugin; how many there were.
    package func clear(_ id: String) throws(SystemError) -> Int {
        guard try FileStatus.ofLink(path) != nil else { return 0 }
        var count = 0
        try change { records in
            let rest = records.filter { $0.id != id }
            count = records.count - rest.count
            return rest
        }
        return count
    }

    private func change(_ edit: ([CrashRecord]) -> [CrashRecord]) throws(SystemError) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try Directory.create(directory, mode: 0o700)
        // Who holds the lock writes a small file. More than a second, at 20 milliseconds a time, is no reason to wait.
        let attempts = Atomic(0)
        let lock = try LockFile(
            "\(path).lock", cancellation: Cancellation { attempts.add(1, ordering: .relaxed).newValue > 50 })
        let records = edit(records())
        let document: DocumentValue = ["version": 1, "crashes": .array(records.map(\.document))]
        try AtomicFile.write(document.jsonBytes(.pretty), to: path, mode: 0o600)
        _ = consume lock
    }
}

extension CrashRecord {
    /// Whether both are of the same bytes under the same `bio`.
    func isOfSameBuild(as other: CrashRecord) -> Bool {
        id == other.id && library == other.library && host == other.host
    }
}
