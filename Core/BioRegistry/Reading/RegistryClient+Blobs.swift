// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioHTTP
package import BioOCI

// SPEC: distribution-spec 1.1, "Pulling blobs".
extension RegistryClient {
    /// A blob, to be read piece by piece.
    /// - Parameter offset: bytes that are left out; the digest is not checked then.
    /// - Throws: `.missing` when it is not there.
    package func blob(
        _ descriptor: Descriptor, of repository: Repository, from offset: Int64 = 0
    ) throws -> BlobDownload {
        try BlobDownload(self, repository, descriptor, from: offset)
    }

    /// A small blob, whole; `what` it is, for errors.
    package func content(
        _ descriptor: Descriptor, of repository: Repository, what: String, limit: Int
    ) throws -> [UInt8] {
        guard descriptor.size <= Int64(limit) else {
            throw ImageError.tooLarge(what: what, place: "\(repository)", limit: limit)
        }
        let download = try blob(descriptor, of: repository)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(descriptor.size))
        try withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { buffer in
            while case let count = try download.next(into: buffer), count > 0 {
                bytes.append(contentsOf: buffer[..<count])
            }
        }
        return bytes
    }

    /// Asks for a blob, or what of it lies behind `offset`, and waits for its first bytes.
    func openBlob(_ descriptor: Descriptor, _ repository: Repository, from offset: Int64) throws -> BlobReply {
        let path = "blobs/\(descriptor.digest)"
        var request = Request("GET", repository, .path(path), action: "give the blob \(descriptor.digest)")
        if offset > 0 { request.headers = [HTTPHeader("Range", "bytes=\(offset)-")] }
        let reply = try exchange(request) { try BlobReply($0, http) }
        switch reply.response.status {
        case 200:
            reply.unwanted = offset
            return reply
        case 206 where Self.start(of: reply.response) == offset: return reply
        case 206:
            throw RegistryError.malformed(
                registry: session.registry.name, problem: "it gives another part of a blob than was asked for")
        case 404: throw RegistryError.missing(what: "blob \(descriptor.digest)", place: "\(repository)")
        default: throw refusal(try reply.whole(), request)
        }
    }

    /// Where the part begins: `Content-Range: bytes 5-9/10`.
    private static func start(of response: HTTPResponse) -> Int64? {
        guard let text = response["Content-Range"], text.lowercased().hasPrefix("bytes ") else { return nil }
        return Int64(text.dropFirst(6).prefix { $0 != "-" })
    }
}
