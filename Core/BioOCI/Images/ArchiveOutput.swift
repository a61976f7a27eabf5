// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioSystem

/// Where an archive of an image goes: a file that appears whole, or somebody else's open file.
final class ArchiveOutput {
    private enum Target: ~Copyable {
        case file(String)
        /// Written, without its name yet.
        case draft(AtomicFile, PackedTar)
        case stream(FileSink)
        case done
    }

    private var target: Target
    private let cancellation: Cancellation
    private var members: ArchiveMembers?

    init(path: String, cancellation: Cancellation) {
        target = .file(path)
        self.cancellation = cancellation
    }

    init(_ file: borrowing FileDescriptor, cancellation: Cancellation) throws {
        target = .stream(try FileSink(file, path: "standard output"))
        self.cancellation = cancellation
    }

    /// A file is written now, a stream later: what went into one cannot be taken back.
    func stage(_ members: ArchiveMembers) throws {
        self.members = members
        guard case .file(let path) = target else { return }
        if let status = try FileStatus.of(path), status.kind != .file { throw ImageError.notAFile(path: path) }
        let draft = try AtomicFile(path)
        let packed = try pack(members, into: try FileSink(draft.descriptor, path: path))
        target = .draft(draft, packed)
    }

    func commit() throws -> PackedTar {
        switch exchange(.done) {
        case .draft(let draft, let packed):
            try draft.commit()
            return packed
        case .stream(let sink):
            guard let members else { preconditionFailure("a commit follows a stage") }
            return try pack(members, into: sink)
        case .file, .done: preconditionFailure("a commit follows a stage, once")
        }
    }

    private func exchange(_ new: consuming Target) -> Target {
        let old = target
        target = new
        return old
    }

    /// One thread reads while another one digests and writes.
    private func pack(_ members: ArchiveMembers, into sink: consuming FileSink) throws -> PackedTar {
        let cancellation = cancellation
        return try TarPacking(Pipeline(.none, threads: 2, isCancelled: { cancellation.isRequested }))
            .write(members, into: sink)
    }
}
