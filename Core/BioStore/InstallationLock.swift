// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem

/// Shows that one installation is running, for all packages it unpacks: `receipts/.installing-TOKEN`, which is locked
/// for as long as the process lives and holds their idents, a line for each. One file, and not a lock on each
/// directory, so that the size of a closure does not run into the limit of open files.
final class InstallationLock: Sendable {
    /// Six letters and digits, in the names of this installation's directories.
    let token: String
    private let file: LockFile

    private static let prefix = ".installing-"
    private static let tokenLength = 6

    init(in root: FileSystemRoot) throws(SystemError) {
        try InstallDirectory.make(["receipts"], in: root)
        file = try LockFile(in: root.path("receipts"), prefix: Self.prefix)
        token = String(file.path.suffix(Self.tokenLength))
    }

    /// Writes down that `ident` is unpacked now: what is left of it after a kill can be found by that.
    func note(_ ident: QualifiedIdent) throws(SystemError) { try file.append(Array("\(ident)\n".utf8)) }

    /// What it unpacked cannot be removed: the next installation tries again.
    func abandon() { file.abandon() }

    /// Removes everything that killed installations left, by what they wrote down.
    static func removeAbandoned(
        in root: FileSystemRoot, _ cancellation: Cancellation
    ) -> InstallDirectory.Abandoned {
        var abandoned = InstallDirectory.Abandoned()
        let names = (try? Directory.names(root.path("receipts"))) ?? []
        for name in names.map({ String(decoding: $0, as: UTF8.self) }) where name.hasPrefix(prefix) {
            let token = name.dropFirst(prefix.count)
            guard isToken(token) else { continue }
            _ = try? isAbandoned(token, in: root, &abandoned, cancellation)
        }
        return abandoned
    }

    /// Whether the installation with this token is over; what it left is gone then, and its file.
    static func isAbandoned(
        _ token: Substring, in root: FileSystemRoot, _ abandoned: inout InstallDirectory.Abandoned,
        _ cancellation: Cancellation = .never
    ) throws(SystemError) -> Bool {
        try LockFile.removeAbandoned(root.path("receipts/\(prefix)\(token)")) { (file) throws(SystemError) in
            try Leftovers(token: token, root: root, cancellation: cancellation).remove(file, &abandoned)
        }
    }

    static func isToken(_ text: Substring) -> Bool {
        text.utf8.count == tokenLength
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: false
                }
            }
    }

    /// Makes this process the only one that lets packages and receipts appear, until the object goes: one at a time,
    /// so that the receipt and the tree that end up in their places are of one artifact.
    static func publishing(in root: FileSystemRoot, _ cancellation: Cancellation) throws(SystemError) -> LockFile {
        try InstallDirectory.make(["receipts"], in: root)
        return try LockFile(root.path("receipts/.lock"), cancellation: cancellation)
    }
}
