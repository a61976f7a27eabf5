// SPDX-License-Identifier: Apache-2.0

package import BioSystem
import Glibc

extension PolicyDraft {
    /// Changes the file at `path`, whole or not at all; nobody else changes it meanwhile. `edit` gets the draft, and
    /// whether there was a file.
    package static func change<R>(
        _ path: String, _ authority: PolicyRule.Authority, cancellation: Cancellation,
        _ edit: (inout PolicyDraft, _ isNew: Bool) throws -> R
    ) throws -> R {
        // Whoever keeps his settings elsewhere has a link here, which stays one.
        let target = resolved(path)
        let directory = target.lastIndex(of: "/").map { String(target[..<$0]) } ?? "."
        try Directory.create(directory)
        let lock = try LockFile("\(directory)/.export-plugins.lock", cancellation: cancellation)
        defer { _ = lock }
        let bytes = try PolicyFile.bytes(of: target)
        var draft = try PolicyDraft(bytes, path: path, authority)
        let result = try edit(&draft, bytes == nil)
        if draft.bytes != bytes ?? [] {
            let mode = try FileStatus.of(target)?.mode ?? 0o644
            try AtomicFile.write(draft.bytes, to: target, mode: mode & 0o777)
        }
        return result
    }

    private static func resolved(_ path: String) -> String {
        guard let text = realpath(path, nil) else { return path }
        defer { free(text) }
        return String(validatingCString: text) ?? path
    }
}
