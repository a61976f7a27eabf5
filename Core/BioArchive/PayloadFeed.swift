// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CArchive
import Glibc

/// Where libarchive's pulls end up. A class because C keeps its address.
class PayloadFeed {
    private(set) var failure: ArchiveError?

    /// The next bytes of the tar; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int { 0 }

    /// A reader that pulls from here; who calls closes it, and holds this object until then.
    final func open() throws(ArchiveError) -> OpaquePointer {
        var problem: UnsafePointer<CChar>?
        let opened = bio_payload_open(
            { context, bytes, count in
                Unmanaged<PayloadFeed>.fromOpaque(context!).takeUnretainedValue()
                    .pull(UnsafeMutableRawBufferPointer(start: bytes, count: count))
            }, Unmanaged.passUnretained(self).toOpaque(), &problem)
        guard let opened else { throw .libraryMissing(problem.map { String(cString: $0) } ?? "") }
        return opened
    }

    /// Bytes put into `buffer`, or -1 with `failure` set.
    private func pull(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        do throws(ArchiveError) { return try read(into: buffer) } catch {
            failure = error
            return -1
        }
    }

    /// What a refusal of `payload`, which pulls from here, means.
    final func failure(_ result: bio_archive_result, of payload: OpaquePointer) -> ArchiveError {
        switch result {
        case BIO_ARCHIVE_SOURCE: failure ?? .truncated
        case BIO_ARCHIVE_TRUNCATED: .truncated
        case BIO_ARCHIVE_TRAILING: .trailing
        default:
            switch bio_payload_fault(payload) {
            case BIO_TAR_LIBRARY: .malformed(String(cString: bio_payload_text(payload)))
            case BIO_TAR_MEMORY: .system(SystemError("read", "the archive", Errno(rawValue: ENOMEM)))
            case let fault: .tar(TarFault(rawValue: fault.rawValue), at: bio_payload_fault_offset(payload))
            }
        }
    }

    /// A tar type that is not accepted, in words.
    static func noun(ofType type: UInt8) -> String {
        switch type {
        case UInt8(ascii: "3"): "character device"
        case UInt8(ascii: "4"): "block device"
        case UInt8(ascii: "6"): "fifo"
        case UInt8(ascii: "7"): "contiguous file"
        case UInt8(ascii: "D"): "directory of an incremental backup"
        case UInt8(ascii: "M"): "file continued from another volume"
        case UInt8(ascii: "S"): "sparse file"
        case UInt8(ascii: "V"): "volume label"
        default: "member of tar type '\(MemberPath.text([type]))'"
        }
    }
}

final class PayloadFeedOf<Source: ByteSource & ~Copyable>: PayloadFeed {
    private var source: Source
    private let cancellation: Cancellation

    init(_ source: consuming Source, _ cancellation: Cancellation) {
        self.source = source
        self.cancellation = cancellation
    }

    override func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        if cancellation.isRequested { throw .cancelled }
        return try source.read(into: buffer)
    }
}
