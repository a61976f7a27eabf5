// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto
import BioHTTP
import BioOCI

/// The bytes of a blob on their way from a registry. Where the connection breaks, the rest is asked for. The end is
/// reported only when length and digest are what they should be. One thread at a time, that of the client.
package final class BlobDownload: ByteSource {
    private let client: RegistryClient
    private let repository: Repository
    private let descriptor: Descriptor
    /// Bytes of the blob that were given, or left out.
    private var position: Int64
    private var reply: BlobReply
    private var hasher = SHA256Hasher()
    private let isWhole: Bool
    private var isChecked = false
    private var plan: RetryPlan
    /// Where the last break was: whoever gets on may break as often as it takes.
    private var lastBreak: Int64
    private static let progress: Int64 = 1 << 20

    /// - Parameter offset: bytes that are left out; the digest is not checked then.
    init(_ client: RegistryClient, _ repository: Repository, _ descriptor: Descriptor, from offset: Int64) throws {
        self.client = client
        self.repository = repository
        self.descriptor = descriptor
        position = offset
        lastBreak = offset
        isWhole = offset == 0
        plan = RetryPlan(retries: client.session.settings.retries)
        reply = try client.openBlob(descriptor, repository, from: offset)
    }

    /// Whether its end was reached.
    var isOver: Bool { isChecked }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        do { return try next(into: buffer) } catch { throw Self.told(error) }
    }

    /// As `read`, with the errors of the registry.
    package func next(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard buffer.count > 0 else { return 0 }
        while true {
            let count: Int
            do { count = try reply.take(into: buffer) } catch let error as HTTPError {
                // Only the end of the connection was wrong.
                if position == descriptor.size, error != .cancelled { return try checkEnd() }
                try resume(after: error)
                continue
            }
            guard count > 0 else { return try checkEnd() }
            position += Int64(count)
            guard position <= descriptor.size else { throw wrongSize("more than \(descriptor.size) bytes") }
            if isWhole { hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
            return count
        }
    }

    private func resume(after error: HTTPError) throws {
        if position - lastBreak >= Self.progress { plan = RetryPlan(retries: client.session.settings.retries) }
        lastBreak = position
        try client.wait(after: error, &plan)
        reply = try client.openBlob(descriptor, repository, from: position)
    }

    private func checkEnd() throws -> Int {
        if isChecked { return 0 }
        guard position == descriptor.size else { throw wrongSize("\(position) bytes instead of \(descriptor.size)") }
        guard isWhole else { return 0 }
        let found = hasher.finalize()
        guard found == descriptor.digest else {
            throw RegistryError.otherContent(
                what: "a blob", place: "\(repository)", expected: descriptor.digest, found: found)
        }
        isChecked = true
        return 0
    }

    private func wrongSize(_ found: String) -> RegistryError {
        .malformed(
            registry: client.session.registry.name, problem: "its blob \(descriptor.digest) has \(found)")
    }

    /// Sources have no words for registries.
    private static func told(_ error: any Error) -> ArchiveError {
        switch error {
        case RegistryError.http(.cancelled): .cancelled
        case RegistryError.otherContent(_, _, let expected, let found): .content(expected: expected, computed: found)
        case let error as RegistryError: .notDelivered(error.description, hint: error.hint)
        default: .notDelivered("\(error)", hint: nil)
        }
    }
}
