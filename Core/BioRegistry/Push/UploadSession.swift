// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioHTTP

/// One upload at a registry as it goes on: where the next bytes go (distribution-spec 1.1, "Pushing blobs").
final class UploadSession {
    let client: RegistryClient
    let repository: Repository
    /// As the last answer had it.
    private(set) var location: String
    /// What the registry wants a chunk to have at least (`OCI-Chunk-Min-Length`).
    private(set) var shortestChunk: Int64 = 0
    private var detour: String?

    /// Whatever a registry says.
    private static let longestChunk: Int64 = 1 << 40

    /// Of the answer to a POST; nil when that did not say where to go on.
    init?(_ client: RegistryClient, _ repository: Repository, startedBy answer: HTTPAnswer) {
        guard let location = answer.response["Location"], !location.isEmpty else { return nil }
        self.client = client
        self.repository = repository
        self.location = location
        shortestChunk = answer.response["OCI-Chunk-Min-Length"].flatMap { Int64($0) } ?? 0
        shortestChunk = max(0, min(shortestChunk, Self.longestChunk))
    }

    /// One that was begun before.
    init(_ client: RegistryClient, _ repository: Repository, location: String) {
        self.client = client
        self.repository = repository
        self.location = location
    }

    private func request(_ method: String, at target: String? = nil, _ action: String) -> RegistryClient.Request {
        var request = RegistryClient.Request(method, repository, .location(target ?? location), action: action)
        request.writes = true
        return request
    }

    /// Where the next body goes instead, once; false: the answer does not say.
    func redirect(to answer: HTTPResponse) -> Bool {
        guard let place = answer["Location"], !place.isEmpty else { return false }
        detour = place
        return true
    }

    /// How many bytes the registry has; nil when it knows nothing of the upload any more.
    func offset() throws -> Int64? {
        let answer = try client.send(request("GET", "ask how far an upload is"))
        guard answer.response.isSuccess else { return nil }
        follow(answer.response)
        return Self.end(of: answer.response)
    }

    /// Sends a part; its place is told where it is not the whole.
    func patch(
        _ range: Range<Int64>, of blob: PushedBlob, push: (HTTPExchange) throws -> Void
    ) throws -> HTTPAnswer {
        var request = request("PATCH", at: detour.take(), "send a part of the blob \(blob.digest)")
        request.headers = [HTTPHeader("Content-Type", "application/octet-stream")]
        if range != 0..<blob.size {
            request.headers.append(HTTPHeader("Content-Range", "\(range.lowerBound)-\(range.upperBound - 1)"))
        }
        let answer = try client.send(request, length: Int64(range.count), push: push)
        if answer.response.isSuccess { follow(answer.response) }
        return answer
    }

    /// Sends the whole blob, which ends the upload.
    func put(_ blob: PushedBlob, push: (HTTPExchange) throws -> Void) throws -> HTTPAnswer {
        let target = detour.take() ?? closing(blob.digest)
        var request = request("PUT", at: target, "send the blob \(blob.digest)")
        request.headers = [HTTPHeader("Content-Type", "application/octet-stream")]
        return try client.send(request, length: blob.size, push: push)
    }

    /// Ends an upload that has all bytes.
    func close(_ blob: PushedBlob) throws -> HTTPAnswer {
        var request = request("PUT", at: closing(blob.digest), "take the blob \(blob.digest)")
        request.headers = [HTTPHeader("Content-Type", "application/octet-stream")]
        return try client.send(request)
    }

    /// Gives it up. It is no matter when that does not go: registries forget uploads by themselves.
    func cancel() {
        var request = request("DELETE", "give up an upload")
        request.isRepeatable = false
        _ = try? client.send(request)
    }

    /// The location with the digest in its query; what is there already must stay as it is.
    private func closing(_ digest: Digest) -> String {
        location + (location.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + "digest=sha256%3A\(digest.hex)"
    }

    private func follow(_ response: HTTPResponse) {
        if let next = response["Location"], !next.isEmpty { location = next }
    }

    /// What `Range: 0-LAST` says; nil when it says nothing. `0-0` stands for nothing and for one byte: it counts as
    /// nothing, and the blob's digest tells when that was wrong.
    static func end(of response: HTTPResponse) -> Int64? {
        guard let text = response["Range"] else { return nil }
        let plain = text.hasPrefix("bytes=") ? text.dropFirst(6) : text[...]
        let parts = plain.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "0", let last = Int64(parts[1]), last >= 0, last < Int64.max else {
            return nil
        }
        return last == 0 ? 0 : last + 1
    }
}
