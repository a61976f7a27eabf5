// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import Glibc

/// A `config.json` of docker, or an `auth.json` of podman: the same form. What is not about credentials is not looked at.
struct CredentialFile: Sendable {
    let path: String
    let document: DocumentValue

    static let limit = 1 << 20

    /// Reads `path`; nil when nothing is there. An empty file has no credentials.
    init?(reading path: String) throws(CredentialError) {
        let bytes: [UInt8]
        do throws(SystemError) {
            guard let found = try Self.contents(path) else { return nil }
            bytes = found
        } catch {
            if error.errno.rawValue == EFBIG { throw .file(path: path, problem: "it is too long", nil) }
            throw .system(error)
        }
        try self.init(bytes, path: path)
    }

    /// `path` is for errors.
    init(_ bytes: [UInt8], path: String) throws(CredentialError) {
        self.path = path
        if bytes.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
            document = [:]
            return
        }
        // What the reader found there may be a piece of a password: the place is all that is told.
        do throws(DocumentError) { document = try DocumentValue(json: bytes) } catch {
            throw .file(path: path, problem: "it is no JSON", error.position)
        }
        guard document.object != nil else { throw .file(path: path, problem: "it is no JSON object", nil) }
        for key in ["auths", "credHelpers"] where ![nil, .null].contains(document[key]) && document[key]?.object == nil
        {
            throw .file(path: path, problem: "'\(key)' is no object", nil)
        }
    }

    private static func contents(_ path: String) throws(SystemError) -> [UInt8]? {
        let file: FileDescriptor
        // A pipe that nobody writes into must not hold everything up.
        do throws(SystemError) { file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK) } catch {
            if error.errno == .noSuchFile || error.errno == .notDirectory { return nil }
            throw error
        }
        do throws(Errno) { return try file.readToEnd(limit: limit) } catch {
            throw SystemError("read", path, error)
        }
    }

    // MARK: - What it says

    /// Helpers for some registries, and the keys they are for.
    var helpers: [(key: CredentialKey, helper: String)] {
        get throws(CredentialError) {
            var found: [(key: CredentialKey, helper: String)] = []
            for member in document["credHelpers"]?.object?.members ?? [] {
                guard let helper = member.value.string else { throw wrong("a helper is no string") }
                if !helper.isEmpty { found.append((CredentialKey(member.key), helper)) }
            }
            return found
        }
    }

    /// The helper for all others.
    var store: String? {
        get throws(CredentialError) {
            guard let value = document["credsStore"], value != .null else { return nil }
            guard let name = value.string else { throw wrong("'credsStore' is no string") }
            return name.isEmpty ? nil : name
        }
    }

    /// The entries of `auths`, in their order.
    var entries: [(key: CredentialKey, text: String, value: DocumentValue)] {
        (document["auths"]?.object?.members ?? []).map { (CredentialKey($0.key), $0.key, $0.value) }
    }

    /// The credential of an entry; nil when it has none, as docker leaves it when a helper has it.
    func credential(_ entry: DocumentValue) throws(CredentialError) -> RegistryCredential? {
        if entry == .null { return nil }
        guard entry.object != nil else { throw wrong("an entry of 'auths' is no object") }
        func text(_ name: String) throws(CredentialError) -> String? {
            guard let value = entry[name], value != .null else { return nil }
            guard let text = value.string else { throw wrong("'\(name)' of an entry is no string") }
            return text.isEmpty ? nil : text
        }
        let credential: RegistryCredential?
        if let token = try text("registrytoken") {
            credential = .bearer(token)
        } else if let token = try text("identitytoken") {
            credential = .identityToken(token)
        } else if let auth = try text("auth") {
            guard let decoded = RegistryCredential(auth: auth) else {
                throw wrong("an 'auth' is no base64 of user:password")
            }
            credential = decoded
        } else if let username = try text("username"), let password = try text("password") {
            credential = RegistryCredential(username: username, secret: password)
        } else {
            credential = nil
        }
        if let credential, !credential.isSendable { throw .unsendable(place: "'\(path)'") }
        return credential
    }

    private func wrong(_ problem: String) -> CredentialError { .file(path: path, problem: problem, nil) }
}
