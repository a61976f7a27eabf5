// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// What a scripted registry was asked, and what it has.
package struct ScriptedRegistryState: Sendable {
    package struct Request: Sendable, CustomStringConvertible {
        /// main, other or tokens.
        package let listener: String
        /// As in Tests/Support/registries/journal.py: `blob-head`, `upload-patch`, `mount`, …
        package let kind: String
        package let method: String
        package let path: String
        package let query: String
        /// Names in lower case.
        package let headers: [String: String]
        /// 0: it got no answer.
        package let status: Int
        /// Bytes of the bodies, as many as went over the wire.
        package let received: Int
        package let sent: Int

        package var description: String {
            "\(listener) \(method) \(path)\(query.isEmpty ? "" : "?\(query)") -> \(status), \(received) in, \(sent) out"
        }
    }

    package struct Repository: Sendable {
        package let blobs: Set<String>
        /// Digests by tag.
        package let tags: [String: String]
        /// Texts by digest.
        package let manifests: [String: String]
    }

    package let requests: [Request]
    package let repositories: [String: Repository]
    /// Sizes of all blobs by digest.
    package let blobs: [String: Int]
    /// Bytes of uploads that nobody has finished.
    package let unfinished: [Int]
    /// How often each fault was met, those that it let go by included.
    package let met: [Int]

    package func requests(_ kinds: String...) -> [Request] { requests.filter { kinds.contains($0.kind) } }

    /// Bytes of blobs that came in, however often each did.
    package var uploadedBytes: Int {
        requests("upload-start", "upload-patch", "upload-put").reduce(0) { $0 + $1.received }
    }

    /// Bytes of blobs that went out, from wherever.
    package var downloadedBytes: Int { requests("blob-get").reduce(0) { $0 + $1.sent } }
}

extension ScriptedRegistryState {
    init(_ document: DocumentValue) {
        requests = (document["requests"]?.array ?? []).map(Request.init)
        repositories = Self.members(document["repositories"]).mapValues { repository in
            Repository(
                blobs: Set((repository["blobs"]?.array ?? []).compactMap(\.string)),
                tags: Self.members(repository["tags"]).compactMapValues(\.string),
                manifests: Self.members(repository["manifests"]).compactMapValues { $0["text"]?.string })
        }
        blobs = Self.members(document["blobs"]).compactMapValues(\.int)
        unfinished = Self.members(document["uploads"]).values.compactMap(\.int)
        met = (document["met"]?.array ?? []).compactMap(\.int)
    }

    fileprivate static func members(_ value: DocumentValue?) -> [String: DocumentValue] {
        var members: [String: DocumentValue] = [:]
        for member in value?.object?.members ?? [] { members[member.key] = member.value }
        return members
    }
}

extension ScriptedRegistryState.Request {
    init(_ document: DocumentValue) {
        func text(_ name: String) -> String { document[name]?.string ?? "" }
        func number(_ name: String) -> Int { document[name]?.int ?? 0 }
        listener = text("listener")
        kind = text("kind")
        method = text("method")
        path = text("path")
        query = text("query")
        headers = ScriptedRegistryState.members(document["headers"]).compactMapValues(\.string)
        (status, received, sent) = (number("status"), number("received"), number("sent"))
    }
}

extension ScriptedRegistryState {
    /// What nobody may read anywhere: the password, what was shown to the registry, what redirections were signed with.
    package var secrets: Set<String> {
        var secrets: Set<String> = [ScriptedRegistry.password, ScriptedRegistry.signature]
        for request in requests {
            guard let value = request.headers["authorization"] else { continue }
            if let secret = value.split(separator: " ").last { secrets.insert(String(secret)) }
        }
        return secrets
    }
}
