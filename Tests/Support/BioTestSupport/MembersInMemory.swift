// SPDX-License-Identifier: Apache-2.0

package import BioArchive

/// Members of a tar with their bodies, which nobody checks.
package struct MembersInMemory: TarMembers {
    private let members: [(TarMember, [UInt8])]
    private var position = 0

    package init(_ members: [(TarMember, [UInt8])]) { self.members = members }

    /// Plain files of mode 0644, made at second 1.
    package init(files: [(String, [UInt8])]) {
        self.init(
            files.map { name, body in
                (TarMember(path: Array(name.utf8), kind: .file, mode: 0o644, size: Int64(body.count), mtime: 1), body)
            })
    }

    package mutating func next() -> TarItem? {
        guard position < members.count else { return nil }
        defer { position += 1 }
        return TarItem(members[position].0, .bytes(members[position].1))
    }

    package mutating func nextMember() -> TarMember? { next()?.member }

    package var changed: @Sendable (Int) -> any Error { { _ in ArchiveError.truncated } }
}
