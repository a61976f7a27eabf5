// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioSystem
import Glibc

/// Where an archive of an image goes: a file that appears whole, or somebody else's open file.
final class ArchiveOutput {
    /// Of the file; nil for a stream.
    private let path: String?
    private var stream: FileSink?
    private let cancellation: Cancellation
    /// What is staged: of a file its draft without a name, of a stream what is to be written.
    private var draft: AtomicFile?
    private var packed: PackedTar?
    private var members = ArchiveMembers([])
    /// A file was there before.
    private var replaces = false
    /// That file, as long as it may have to come back.
    private var kept: KeptFile?

    init(path: String, cancellation: Cancellation) {
        self.path = path
        self.cancellation = cancellation
    }

    init(_ file: borrowing FileDescriptor, cancellation: Cancellation) throws {
        path = nil
        stream = try FileSink(file, path: "standard output")
        self.cancellation = cancellation
    }

    /// Refuses, before any layer is made, to replace what is no file: a link, a pipe, a device.
    func checkRoom() throws {
        guard let path, let status = try FileStatus.ofLink(path) else { return }
        guard status.kind == .file else { throw ImageError.inTheWay(path: path) }
        replaces = true
    }

    /// A file is written now, a stream later: what went into one cannot be taken back. Comes after `checkRoom`.
    func stage(_ members: ArchiveMembers) throws {
        self.members = members
        guard let path else { return }
        let draft = try AtomicFile(path)
        packed = try pack(members, into: try FileSink(draft.descriptor, path: path))
        self.draft = consume draft
    }

    func commit() throws -> PackedTar {
        if let stream = stream.take() { return try pack(members, into: stream) }
        guard let draft = draft.take(), let packed else { preconditionFailure("a commit follows a stage, once") }
        if let path, replaces { kept = KeptFile(path) }
        try draft.commit()
        return packed
    }

    /// Where what was replaced cannot come back, the new one is better than none.
    func takeBack() {
        if let kept { try? kept.restore() }
        if let path, packed != nil, !replaces { unlink(path) }
    }

    /// One thread reads while another one digests and writes.
    private func pack(_ members: ArchiveMembers, into sink: consuming FileSink) throws -> PackedTar {
        let cancellation = cancellation
        return try TarPacking(Pipeline(.none, threads: 2, isCancelled: { cancellation.isRequested }))
            .write(members, into: sink)
    }
}
