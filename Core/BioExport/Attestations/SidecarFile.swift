// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// A file beside an image that appears with it: written first, named when the image is in its place, and gone again when
/// the export fails after all.
final class SidecarFile {
    let path: String
    private var draft: AtomicFile?
    private var isNamed = false
    /// What was there before.
    private var kept: KeptFile?
    private var replaces = false

    /// Writes `bytes`, which have no name until `commit`.
    init(_ bytes: [UInt8], path: String) throws {
        self.path = path
        replaces = try Self.checkRoom(path)
        let draft = try AtomicFile(path)
        do throws(Errno) { try draft.descriptor.writeAll(bytes) } catch { throw SystemError("write", path, error) }
        self.draft = consume draft
    }

    /// Whether a file is there, which will be replaced. Refuses what is none: a link, a pipe, a device.
    @discardableResult
    static func checkRoom(_ path: String) throws -> Bool {
        guard let status = try FileStatus.ofLink(path) else { return false }
        guard status.kind == .file else { throw PlacementError.inTheWay(path) }
        return true
    }

    func commit() throws {
        guard let draft = draft.take() else { preconditionFailure("a file is committed once") }
        if replaces { kept = KeptFile(path) }
        try draft.commit()
        isNamed = true
    }

    /// Where what was replaced cannot come back, the new one is better than none.
    func takeBack() {
        guard isNamed else { return }
        if let kept { try? kept.restore() }
        if !replaces { unlink(path) }
    }
}
