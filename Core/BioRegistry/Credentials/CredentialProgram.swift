// SPDX-License-Identifier: Apache-2.0

import BioDocument
package import BioSystem
import Glibc

/// A program that keeps credentials: `docker-credential-NAME`, which is called with one word and talks JSON over its
/// standard streams (docker/docker-credential-helpers, "Development").
package struct CredentialProgram: Sendable {
    /// How helpers are started.
    package struct Settings: Sendable {
        /// Directories with colons between them, as in `PATH`.
        package var searchPath: String
        /// `NAME=VALUE`: all that a helper knows of the process.
        package var variables: [String]
        /// Seconds that one may take.
        package var seconds: Int
        package var cancellation: Cancellation

        package init(
            searchPath: String = "", variables: [String] = [], seconds: Int = 10, cancellation: Cancellation = .never
        ) {
            self.searchPath = searchPath
            self.variables = variables
            self.seconds = seconds
            self.cancellation = cancellation
        }
    }

    static let prefix = "docker-credential-"
    /// Bytes of an answer.
    private static let limit = 1 << 16
    /// What helpers print, and end with 1, when they know nothing of a registry.
    private static let unknown = ["credentials not found in native keychain"]

    private let name: String
    private let settings: Settings

    /// `path` is the file that names it.
    package init(_ name: String, in path: String, _ settings: Settings) throws(CredentialError) {
        guard !name.isEmpty, name.utf8.count <= 128, name != ".", name != "..",
            name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") })
        else { throw .helperName(name, path: path) }
        self.name = name
        self.settings = settings
    }

    /// What it keeps for `server`; nil when it has nothing.
    package func get(_ server: String) throws(CredentialError) -> RegistryCredential? {
        guard let answer = try ask("get", Array(server.utf8)) else { return nil }
        guard let document = try? DocumentValue(json: answer), let username = document["Username"]?.string,
            let secret = document["Secret"]?.string
        else { throw .helperNonsense(name, action: "get") }
        let credential = RegistryCredential(username: username, secret: secret)
        if let credential, !credential.isSendable { throw .helperNonsense(name, action: "get") }
        return credential
    }

    /// Lets it keep a credential for `server`. A bearer token is nothing that helpers know.
    package func store(_ credential: RegistryCredential, for server: String) throws(CredentialError) {
        let (username, secret): (String, String) =
            switch credential {
            case .basic(let username, let password): (username, password)
            case .identityToken(let token), .bearer(let token): (RegistryCredential.tokenUser, token)
            }
        let entry: DocumentValue = [
            "ServerURL": .string(server), "Username": .string(username), "Secret": .string(secret),
        ]
        guard try ask("store", entry.jsonBytes(.compact)) != nil else {
            throw .helperFailed(name, action: "store", code: 1)
        }
    }

    /// Lets it forget what it keeps for `server`.
    /// - Returns: whether there was something.
    package func erase(_ server: String) throws(CredentialError) -> Bool {
        // Helpers differ in what they say when there is nothing.
        guard try get(server) != nil else { return false }
        return try ask("erase", Array(server.utf8)) != nil
    }

    /// The registries that it keeps something for, with the users.
    package func list() throws(CredentialError) -> [(server: String, username: String)] {
        guard let answer = try ask("list", []) else { return [] }
        guard let object = (try? DocumentValue(json: answer))?.object else {
            throw .helperNonsense(name, action: "list")
        }
        var found: [(server: String, username: String)] = []
        for member in object.members {
            guard let username = member.value.string else { throw .helperNonsense(name, action: "list") }
            found.append((member.key, username))
        }
        return found
    }

    /// What it prints; nil when it knows nothing of what it was asked.
    private func ask(_ action: String, _ input: [UInt8]) throws(CredentialError) -> [UInt8]? {
        var request = ChildProcess.Request(try program())
        request.arguments = [action]
        request.variables = settings.variables
        let exchange = ChildExchange(
            request, limit: Self.limit, seconds: settings.seconds, cancellation: settings.cancellation)
        let outcome: ChildExchange.Outcome
        do throws(ChildExchange.Failure) { outcome = try exchange.run(input) } catch {
            switch error {
            case .system(let error): throw .system(error)
            case .tooSlow: throw .helperSlow(name, action: action, seconds: settings.seconds)
            case .tooLong: throw .helperNonsense(name, action: action)
            case .cancelled: throw .cancelled
            }
        }
        switch outcome.ending {
        case .exited(0): return outcome.output
        case .exited(let code):
            // What it says on failure may be anything, a password too: only what is known is looked at.
            let text = String(decoding: outcome.output.filter { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
            if Self.unknown.contains(text) { return nil }
            throw .helperFailed(name, action: action, code: code)
        case .killed(let signal): throw .helperKilled(name, action: action, signal: signal)
        case .unknown: throw .helperFailed(name, action: action, code: -1)
        }
    }

    private func program() throws(CredentialError) -> String {
        for directory in settings.searchPath.split(separator: ":") where directory.hasPrefix("/") {
            let path = "\(directory)/\(Self.prefix)\(name)"
            guard access(path, X_OK) == 0, (try? FileStatus.of(path))??.kind == .file else { continue }
            return path
        }
        throw .helperMissing(name)
    }
}
