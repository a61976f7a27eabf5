// SPDX-License-Identifier: Apache-2.0

package import BioDocument

/// What a container of one image sees that one of another does not, file by file. Which layer a file lies in does not
/// count, nor whether two names are one file.
package struct FileDiff: Hashable, Sendable {
    package struct Change: Hashable, Sendable {
        /// Without a slash in front; empty for the root.
        package let path: [UInt8]
        package let old: FileEntry?
        package let new: FileEntry?
    }

    /// In the order of the tree: a directory before what is in it, names by bytes.
    package private(set) var changes: [Change] = []
    /// Files and links whose times alone differ; they are no changes.
    package private(set) var timesOnly = 0

    package init(from old: FileTree, to new: FileTree) { compare(old.root, new.root, []) }

    package var isEqual: Bool { changes.isEmpty }

    private mutating func compare(_ old: FileTree.Node?, _ new: FileTree.Node?, _ path: [UInt8]) {
        note(path, old?.entry, new?.entry)
        var names = Array((old?.children ?? [:]).keys)
        names += (new?.children ?? [:]).keys.filter { old?.children[$0] == nil }
        for name in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            compare(old?.children[name], new?.children[name], path.isEmpty ? name : path + [UInt8(ascii: "/")] + name)
        }
    }

    private mutating func note(_ path: [UInt8], _ old: FileEntry?, _ new: FileEntry?) {
        if old == new { return }
        if let old, let new, old.differences(to: new).isEmpty {
            // The time of a directory is that of the last builder who passed by.
            if old.kind != .directory { timesOnly += 1 }
        } else {
            changes.append(Change(path: path, old: old, new: new))
        }
    }
}

extension FileEntry {
    /// What of a file can differ. `content` is that of a file, `target` that of a link.
    package enum Difference: String, Hashable, Sendable { case kind, content, target, device, mode, owner }

    package func differences(to other: FileEntry) -> [Difference] {
        var found: [Difference] = []
        if kind.name != other.kind.name {
            found.append(.kind)
        } else if kind != other.kind {
            switch kind {
            case .file: found.append(.content)
            case .symlink: found.append(.target)
            default: found.append(.device)
            }
        }
        // Nobody looks at the mode of a link.
        if mode != other.mode, kind.name != "symlink" || other.kind.name != "symlink" { found.append(.mode) }
        if uid != other.uid || gid != other.gid { found.append(.owner) }
        return found
    }
}

extension FileEntry.Kind {
    package var name: String {
        switch self {
        case .file: "file"
        case .directory: "directory"
        case .symlink: "symlink"
        case .characterDevice: "character-device"
        case .blockDevice: "block-device"
        case .fifo: "fifo"
        }
    }
}

extension FileDiff {
    package var document: DocumentValue {
        [
            "changes": .array(
                changes.map { change in
                    [
                        "path": .string("/" + String(decoding: change.path, as: UTF8.self)),
                        "old": change.old?.document ?? .null, "new": change.new?.document ?? .null,
                        "differences": .strings(change.differences.map(\.rawValue)),
                    ]
                }),
            "times_only": .integer(timesOnly),
        ]
    }
}

extension FileDiff.Change {
    /// Empty when one side has nothing there.
    package var differences: [FileEntry.Difference] {
        guard let old, let new else { return [] }
        return old.differences(to: new)
    }
}

extension FileEntry {
    fileprivate var document: DocumentValue {
        let octal = String(mode, radix: 8)
        var object = DocumentObject()
        object.append("kind", .string(kind.name))
        object.append("mode", .string(String(repeating: "0", count: max(0, 4 - octal.count)) + octal))
        object.append("uid", .integer(uid))
        object.append("gid", .integer(gid))
        switch kind {
        case .file(let digest):
            object.append("size", .integer(size))
            object.append("digest", .string("\(digest)"))
        case .symlink(let target): object.append("target", .string(String(decoding: target, as: UTF8.self)))
        case .characterDevice(let major, let minor), .blockDevice(let major, let minor):
            object.append("device", .string("\(major):\(minor)"))
        case .directory, .fifo: break
        }
        return .object(object)
    }
}
