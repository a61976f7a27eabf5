// SPDX-License-Identifier: Apache-2.0

import BioSystem

extension KeyRing {
    /// Puts a key of one of the `kinds` into the ring, which is made when missing. The same key again changes nothing; another
    /// key under the same file name is refused. Public files get mode 0444, secret ones 0400.
    package func `import`(_ text: [UInt8], kinds: [KeyKind] = KeyKind.allCases) throws(KeyRingError) -> KeyFile {
        let key: KeyText
        do throws(KeyError) { key = try text.parsedAsKey(expected: kinds) } catch {
            throw .importRefused(error)
        }
        if key.kind == .signingSecret {
            do throws(KeyError) { try SecretKey.check(key) } catch { throw .importRefused(error) }
        }
        return try store(key)
    }

    /// Puts both halves of a pair into the ring.
    package func add(_ pair: borrowing OriginKeyPair) throws(KeyRingError) -> (secret: KeyFile, public: KeyFile) {
        let publicHalf = KeyText(
            kind: .signingPublic, name: pair.publicKey.name, key: SecretBytes(copying: pair.publicKey.bytes))
        return try add(secret: pair.secretKey.content, public: publicHalf)
    }

    /// The same for encryption keys.
    package func add(_ pair: borrowing BoxKeyPair) throws(KeyRingError) -> (secret: KeyFile, public: KeyFile) {
        try add(secret: pair.secretHalf, public: pair.publicHalf)
    }

    package func add(_ key: borrowing RingKey) throws(KeyRingError) -> KeyFile { try store(key.content) }

    /// The secret half goes first: a public half without it would be of no use. Before that the place of the public
    /// half is looked at, since signing and encryption keys share its name and may be of the same second.
    private func add(
        secret: borrowing KeyText, public: borrowing KeyText
    ) throws(KeyRingError) -> (secret: KeyFile, public: KeyFile) {
        _ = try isPresent(`public`, at: path(of: `public`.name, `public`.kind))
        return (try store(secret), try store(`public`))
    }

    private func store(_ key: borrowing KeyText) throws(KeyRingError) -> KeyFile {
        let path = path(of: key.name, key.kind)
        if try isPresent(key, at: path) { return KeyFile(kind: key.kind, name: key.name, path: path) }
        do throws(SystemError) {
            try Directory.create(directory)
            let file = try AtomicFile(path)
            try key.text.withUnsafeBytes { bytes throws(SystemError) in
                do throws(Errno) { try file.descriptor.writeAll(bytes) } catch {
                    throw SystemError("write", path, error)
                }
            }
            try file.commit(mode: key.kind.fileMode, replacing: false)
            // A signature by a key that the next power cut takes away would be worth nothing.
            try Directory.synchronize(directory)
        } catch {
            // Somebody else wrote a file of that name meanwhile; the same key is as good as ours.
            guard error.errno == .exists, try isPresent(key, at: path) else { throw .system(error) }
        }
        return KeyFile(kind: key.kind, name: key.name, path: path)
    }

    /// Whether `path` holds `key` already; anything else there is a conflict.
    private func isPresent(_ key: borrowing KeyText, at path: String) throws(KeyRingError) -> Bool {
        do throws(SystemError) {
            if try FileStatus.ofLink(path) == nil { return false }
        } catch { throw .system(error) }
        let found: KeyText
        do throws(KeyRingError) { found = try read(path, expected: [key.kind]) } catch {
            if case .system = error { throw error }
            if case .unusable(_, .wrongMagic(let magic, _)) = error, let kind = KeyKind(rawValue: magic) {
                throw .otherKind(path: path, found: kind, wanted: key.kind)
            }
            throw .conflict(path: path)
        }
        guard found.name == key.name, found.key.equals(key.key) else { throw .conflict(path: path) }
        return true
    }
}
