// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioHTTP
import BioOCI
import BioSystem

/// The bytes of one blob on their way into an upload: in one request, or in chunks where a registry wants that or after
/// a break; then the registry is asked how far it got.
final class BlobTransfer {
    private let upload: BlobUpload
    private let body: BlobBody
    private var session: UploadSession
    private var offset: Int64 = 0
    /// Nil: all that is left goes in one request.
    private var chunk: Int64?
    /// Failures since the registry had more bytes than ever before.
    private var failures = 0
    private var told: Int64 = 0
    private var detours = 0

    /// What a registry or a proxy before it that took no more at once gets then.
    private static let firstChunk: Int64 = 32 << 20
    private static let leastChunk: Int64 = 64 << 10
    /// For each request.
    private static let mostDetours = 3

    init(_ upload: BlobUpload, _ body: BlobBody, _ session: UploadSession) {
        self.upload = upload
        self.body = body
        self.session = session
    }

    private var blob: PushedBlob { body.blob }

    /// Goes on with an upload of an earlier run. False: the registry knows nothing of it any more.
    func resume() throws -> Bool {
        let found: Int64?
        do { found = try session.offset() } catch {
            // What the registry refuses to say is begun anew; what could not be asked waits for the next run.
            if case RegistryError.refused = error { return false }
            remember()
            throw error
        }
        guard let found, found > 0, found <= blob.size else { return false }
        move(to: found)
        try run()
        return true
    }

    func run() throws {
        do {
            while try !step() {}
        } catch {
            if isWorthKeeping(after: error) { remember() } else if !(error is RegistryError) { session.cancel() }
            throw error
        }
        advance(to: blob.size)
    }

    /// Whether what was sent may be of use to the next run: not when the blob is wrong.
    private func isWorthKeeping(after error: any Error) -> Bool {
        switch error {
        case let error as RegistryError:
            if case .refused = error { return offset > 0 && !error.isDigestRefusal }
            return true
        case is ImageError, ArchiveError.content, ArchiveError.truncated: return false
        default: return true
        }
    }

    /// Only once nobody sends any more: another process goes on with what it finds.
    private func remember() {
        upload.places.rememberUpload(of: blob.digest, in: upload.repository, location: session.location)
    }

    // MARK: - One request

    /// True when the registry has the blob.
    private func step() throws -> Bool {
        if upload.isStopped() { throw ArchiveError.cancelled }
        do {
            if offset == 0 && chunk == nil {
                return try ended(try session.put(blob) { try push(0..<blob.size, into: $0) })
            }
            if offset == blob.size { return try ended(try session.close(blob)) }
            let left = blob.size - offset
            let end = offset + min(left, chunk.map { max($0, session.shortestChunk) } ?? left)
            let answer = try session.patch(offset..<end, of: blob) { try push(offset..<end, into: $0) }
            guard answer.response.isSuccess else { return try judge(answer) }
            return try took(UploadSession.end(of: answer.response) ?? end, of: end)
        } catch {
            guard Self.isBreak(error) else { throw error }
            return try recover(error, nil)
        }
    }

    private func ended(_ answer: HTTPAnswer) throws -> Bool {
        answer.response.isSuccess && answer.response.status != 202 ? true : try judge(answer)
    }

    private func push(_ range: Range<Int64>, into exchange: HTTPExchange) throws {
        defer { upload.sent(exchange.bytesSent) }
        try body.seek(to: range.lowerBound)
        while let piece = try body.next(below: range.upperBound) {
            if upload.isStopped() { throw ArchiveError.cancelled }
            guard try exchange.push(piece) else { return }
        }
    }

    /// A registry may take less than it was sent.
    private func took(_ end: Int64, of sent: Int64) throws -> Bool {
        guard end > offset, end <= sent else {
            let problem = "it forgets what it has taken of an upload"
            return try recover(
                RegistryError.malformed(registry: "\(upload.repository.registry)", problem: problem), nil)
        }
        move(to: end)
        return false
    }

    /// What it had before and has lost is no progress when it has it again.
    private func move(to end: Int64) {
        if end > told { failures = 0 }
        detours = 0
        offset = end
        advance(to: end)
    }

    private func advance(to end: Int64) {
        guard end > told else { return }
        upload.progress(end - told)
        told = end
    }

    // MARK: - When it does not go

    private func judge(_ answer: HTTPAnswer) throws -> Bool {
        let error = upload.refusal(answer, "take the blob \(blob.digest)")
        switch answer.response.status {
        case 307, 308:
            detours += 1
            guard detours <= Self.mostDetours, session.redirect(to: answer.response) else { throw error }
            return false
        case 413:
            let before = chunk ?? blob.size - offset
            let next = min(Self.firstChunk, before / 2)
            guard next >= max(Self.leastChunk, session.shortestChunk) else { throw error }
            chunk = next
            return try recover(error, answer, counts: false)
        // The token ran out in the middle: asking for the offset gets another one.
        case 401, 404, 416: return try recover(error, answer)
        case let status where RetryPlan.isPassing(status): return try recover(error, answer)
        case 400 where !error.isDigestRefusal && (offset > 0 || failures > 0): return try recover(error, answer)
        default: throw error
        }
    }

    /// Finds out how far the registry got. Throws `cause` when there is no sense in going on.
    private func recover(_ cause: any Error, _ answer: HTTPAnswer?, counts: Bool = true) throws -> Bool {
        if counts { try pause(cause, answer) }
        if let found = try session.offset(), found <= blob.size {
            move(to: found)
            // Many who end a long request without a word take shorter ones.
            if found == 0 && failures > 1 && chunk == nil { chunk = min(Self.firstChunk, max(blob.size / 2, 1)) }
            return false
        }
        // The last answer may be all that was lost.
        if try upload.isThere(blob) { return true }
        session = try upload.start(blob)
        offset = 0
        return false
    }

    /// Waits as long as the registry wants, or a bit longer each time; not when another blob has failed meanwhile.
    private func pause(_ cause: any Error, _ answer: HTTPAnswer?) throws {
        var plan = RetryPlan(retries: upload.client.session.settings.retries, failures: failures)
        failures += 1
        guard let seconds = plan.wait(RetryAfter.seconds(answer?.response["Retry-After"])) else { throw cause }
        do throws(HTTPError) { try RetryPlan.sleep(seconds, Cancellation(upload.isStopped)) } catch {
            throw ArchiveError.cancelled
        }
    }

    private static func isBreak(_ error: any Error) -> Bool {
        guard case RegistryError.http(let cause) = error else { return false }
        return switch cause {
        case .cut, .stalled, .notConnected, .connectTimedOut: true
        default: false
        }
    }
}
