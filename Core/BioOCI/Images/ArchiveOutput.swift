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
    /// A file was there before, which is gone once this one is.
    private var replaces = false

    init(path: String, cancellation: Cancellation) {
        self.path = path
        self.cancellation = cancellation
    }

    init(_ file: borrowing FileDescriptor, cancellation: Cancellation) throws {
        path = nil
        stream = try FileSink(file, path: "standard output")
        self.cancellation = cancellation
    }

    /// A file is written now, a stream later: what went into one cannot be taken back.
    func stage(_ members: ArchiveMembers) throws {
        self.members = members
        guard let path else { return }
        if let status = try FileStatus.of(path) {
            guard status.kind == .file else { throw ImageError.notAFile(path: path) }
            replaces = true
        }
        let draft = try AtomicFile(path)
        packed = try pack(members, into: try FileSink(draft.descriptor, path: path))
        self.draft = consume draft
    }

    func commit() throws -> PackedTar {
        if let stream = stream.take() { return try pack(members, into: stream) }
        guard let draft = draft.take(), let packed else { preconditionFailure("a commit follows a stage, once") }
        try draft.commit()
        return packed
    }

    /// What was replaced cannot come back, and then the new one is better than none.
    func takeBack() {
        if let path, packed != nil, !replaces { unlink(path) }
    }

    /// One thread reads while another one digests and writes.
    private func pack(_ members: ArchiveMembers, into sink: consuming FileSink) throws -> PackedTar {
        let cancellation = cancellation
        return try TarPacking(Pipeline(.none, threads: 2, isCancelled: { cancellation.isRequested }))
            .write(members, into: sink)
    }
}
