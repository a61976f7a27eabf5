// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioHTTP

/// Brings one blob into a repository: asks whether it is there, mounts it from another repository, or sends it.
struct BlobUpload {
    enum Outcome: Hashable, Sendable {
        /// It was there.
        case found
        case mounted(from: String)
        case sent
    }

    let client: RegistryClient
    let repository: Repository
    let places: BlobPlaces
    /// Told how many more bytes of the blob are there.
    let progress: (Int64) -> Void
    /// Told how many bytes went out, however often.
    let sent: (Int64) -> Void
    /// Looked at between pieces and while waiting.
    let isStopped: @Sendable () -> Bool
    /// Whether the right to push is asked for with every request, so that one token does for all.
    var writes = true

    /// Mounts are tried from so many repositories.
    private static let mountLimit = 2

    func bring(_ blob: PushedBlob, from repositories: [String]) throws -> Outcome {
        if try isThere(blob) { return .found }
        let body = BlobBody(blob)
        if let location = places.takeUpload(of: blob.digest, in: repository) {
            let transfer = BlobTransfer(self, body, UploadSession(client, repository, location: location))
            if try transfer.resume() { return .sent }
        }
        let remembered = places.repositories(of: blob.digest, at: repository.registry)
        var sources: [String] = []
        for path in repositories + remembered where path != repository.path && !sources.contains(path) {
            sources.append(path)
        }
        for path in sources.prefix(Self.mountLimit) {
            switch try mount(blob, from: path) {
            case .mounted: return .mounted(from: path)
            case .refused: places.forget(blob.digest, in: Repository(repository.registry, path: path))
            case .upload(let session):
                // A registry that does not mount goes on with an upload, and has been told what it is of.
                places.forget(blob.digest, in: Repository(repository.registry, path: path))
                let transfer = BlobTransfer(self, body, session)
                try transfer.run()
                return .sent
            }
        }
        let transfer = BlobTransfer(self, body, try start(blob))
        try transfer.run()
        return .sent
    }

    func isThere(_ blob: PushedBlob) throws -> Bool {
        let action = "say whether it has the blob \(blob.digest)"
        var request = RegistryClient.Request("HEAD", repository, .path("blobs/\(blob.digest)"), action: action)
        request.writes = writes
        let answer = try client.send(request)
        if answer.response.status == 404 { return false }
        guard answer.response.isSuccess else { throw refusal(answer, action) }
        // What some servers say of a HEAD is 0.
        if let told = answer.response["Content-Length"].flatMap({ Int64($0) }), told != 0, told != blob.size {
            throw RegistryError.malformed(
                registry: "\(repository.registry)",
                problem: "the blob \(blob.digest) has \(told) bytes there, and \(blob.size) by its name")
        }
        if let told = answer.response["Docker-Content-Digest"].flatMap({ try? Digest(parsing: $0) }),
            told != blob.digest
        {
            throw RegistryError.otherContent(
                what: "a blob", place: "\(repository)", expected: blob.digest, found: told)
        }
        return true
    }

    // MARK: - Beginning

    private enum Mount {
        case mounted
        case upload(UploadSession)
        case refused
    }

    private func mount(_ blob: PushedBlob, from path: String) throws -> Mount {
        var request = RegistryClient.Request(
            "POST", repository, .path("blobs/uploads/?mount=\(blob.digest)&from=\(path)"),
            action: "mount the blob \(blob.digest)")
        request.writes = true
        request.alsoReads = [Repository(repository.registry, path: path)]
        let answer: HTTPAnswer
        // Who may not read the other repository can still send the blob.
        do { answer = try client.send(request) } catch let error as RegistryError {
            switch error {
            case .unauthorized, .refused(_, _, 400..<500, _, _): return .refused
            default: throw error
            }
        }
        switch answer.response.status {
        case 201: return .mounted
        case 202: return UploadSession(client, repository, startedBy: answer).map { .upload($0) } ?? .refused
        default: return .refused
        }
    }

    func start(_ blob: PushedBlob) throws -> UploadSession {
        let action = "begin an upload"
        var request = RegistryClient.Request("POST", repository, .path("blobs/uploads/"), action: action)
        request.writes = true
        let answer = try client.send(request)
        guard answer.response.status == 202 else { throw refusal(answer, action) }
        guard let session = UploadSession(client, repository, startedBy: answer) else {
            throw RegistryError.malformed(
                registry: "\(repository.registry)", problem: "it began an upload, and did not say where")
        }
        return session
    }

    func refusal(_ answer: HTTPAnswer, _ action: String) -> RegistryError {
        .refusal(answer, registry: repository.registry, action: action)
    }
}
