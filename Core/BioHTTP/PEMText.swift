// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CCurl
import Glibc

/// Certificates of authorities, at an address that stays.
final class PEMText {
    private let bytes: UnsafeMutableRawBufferPointer
    /// Longer files are refused: the system's own has a quarter of that.
    private static let fileLimit = 1 << 20

    /// All that is in `paths`, one after the other; and in the file of the system's authorities where libcurl would leave
    /// that aside.
    init(ofAuthorities paths: [String]) throws(HTTPError) {
        var text: [UInt8] = []
        for path in paths {
            let file = try Self.content(path)
            guard file.contains(Self.mark) else { throw .authorities("'\(path)' has no certificate") }
            text += file + [0x0A]
        }
        if let system = bio_exchange_system_authorities() { text += (try? Self.content(String(cString: system))) ?? [] }
        bytes = .allocate(byteCount: text.count, alignment: 1)
        bytes.copyBytes(from: text)
    }

    deinit { bytes.deallocate() }

    var address: UnsafeRawPointer? { UnsafeRawPointer(bytes.baseAddress) }
    var count: Int { bytes.count }

    private static let mark = Array("-----BEGIN ".utf8)

    private static func content(_ path: String) throws(HTTPError) -> [UInt8] {
        let fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard fd >= 0 else { throw .authorities("'\(path)': \(Errno.current)") }
        let file = FileDescriptor(owning: fd)
        let content = [UInt8](unsafeUninitializedCapacity: fileLimit + 1) { buffer, count in
            count = 0
            while count < buffer.count {
                let got = Glibc.read(file.rawValue, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if got < 0 && errno == EINTR { continue }
                guard got > 0 else { break }
                count += got
            }
        }
        guard content.count <= fileLimit else { throw .authorities("'\(path)' is longer than \(fileLimit) bytes") }
        return content
    }
}
