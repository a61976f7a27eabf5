// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import Glibc

/// Changes of a file of credentials: all that is not about the one registry stays, in its order.
extension CredentialFile {
    private static let mode: UInt32 = 0o600

    /// An empty one that will be `path`.
    init(new path: String) {
        self.path = path
        document = [:]
    }

    private init(_ document: DocumentObject, path: String) {
        self.path = path
        self.document = .object(document)
    }

    /// Whether it has an entry for exactly `key`, however that is written.
    func has(_ key: CredentialKey) -> Bool { entries.contains { $0.key == key } }

    /// With `value` as the entry for `key`; nil for none. An entry that is written in another way goes: whoever reads the
    /// file could find it first.
    func setting(_ value: DocumentValue?, for key: CredentialKey) -> CredentialFile {
        var entries = document["auths"]?.object ?? DocumentObject()
        for name in entries.keys where CredentialKey(name) == key && name != key.text { entries[name] = nil }
        entries[key.text] = value
        var whole = document.object ?? DocumentObject()
        whole["auths"] = .object(entries)
        return CredentialFile(whole, path: path)
    }

    /// What a file has that keeps a credential itself.
    static func entry(_ credential: RegistryCredential) -> DocumentValue {
        switch credential {
        case .basic: ["auth": .optional(credential.auth)]
        case .identityToken(let token): ["auth": "", "identitytoken": .string(token)]
        case .bearer(let token): ["registrytoken": .string(token)]
        }
    }

    /// Reads `path`, lets `change` change it, and writes it when that gives something: for its owner alone to read. Who else
    /// does the same waits. A link stays one: what it leads to is written.
    static func edit(
        _ path: String, cancellation: Cancellation,
        _ change: (CredentialFile) throws(CredentialError) -> CredentialFile?
    ) throws(CredentialError) {
        let target = realpath(path) ?? path
        let directory = target.lastIndex(of: "/").map { $0 == target.startIndex ? "/" : String(target[..<$0]) } ?? "."
        let lock = try naming { () throws(SystemError) in
            try Directory.create(directory, mode: 0o700)
            return try DirectoryLock(directory, cancellation: cancellation)
        }
        try withExtendedLifetime(lock) { () throws(CredentialError) in
            guard let changed = try change(try CredentialFile(reading: target) ?? CredentialFile(new: target)) else {
                return
            }
            try naming { () throws(SystemError) in try changed.write() }
        }
    }

    private func write() throws(SystemError) {
        let file = try AtomicFile(path)
        do throws(Errno) {
            try file.descriptor.writeAll(document.jsonBytes(.pretty) + [0x0A])
        } catch { throw SystemError("write", path, error) }
        // Root, asked by somebody for a file of his, must not take it from him.
        if let owner = try FileStatus.of(path)?.owner, owner != geteuid() {
            guard fchown(file.descriptor.rawValue, owner, gid_t.max) == 0 else { throw SystemError("change", path) }
        }
        try file.commit(mode: Self.mode)
    }

    private static func naming<Result>(
        _ body: () throws(SystemError) -> Result
    ) throws(CredentialError) -> Result {
        do throws(SystemError) { return try body() } catch {
            throw error.errno == .cancelled ? .cancelled : .system(error)
        }
    }

    private static func realpath(_ path: String) -> String? {
        guard let real = Glibc.realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(validatingCString: real)
    }
}
