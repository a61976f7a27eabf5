// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// A directory of key files. Nothing is cached: every question is answered from the directory.
package struct KeyRing: Hashable, Sendable {
    package let directory: String

    package init(directory: String) { self.directory = directory }

    /// Where the key of this kind and name is or would be.
    package func path(of name: KeyName, _ kind: KeyKind) -> String { "\(directory)/\(KeyFile.fileName(name, kind))" }

    /// The public signing key of exactly this name and revision.
    package func publicKey(_ name: KeyName) throws(KeyRingError) -> PublicKey {
        PublicKey(try read(name, .signingPublic))
    }

    /// The secret signing key of exactly this name and revision.
    package func secretKey(_ name: KeyName) throws(KeyRingError) -> SecretKey {
        let text = try read(name, .signingSecret)
        do throws(KeyError) { return try SecretKey(text) } catch {
            throw .unusable(path: path(of: name, .signingSecret), error)
        }
    }

    /// The public signing key of `origin` with the greatest revision. Encryption keys, which share the extension, are
    /// passed over.
    package func latestPublicKey(origin: String) throws(KeyRingError) -> PublicKey {
        for name in try revisions(of: origin, .signingPublic) {
            do throws(KeyRingError) { return try publicKey(name) } catch {
                guard case .unusable(_, .wrongMagic(found: KeyKind.boxPublic.rawValue, _)) = error else { throw error }
            }
        }
        throw .noKey(name: origin, .signingPublic, directory: directory)
    }

    /// The secret signing key of `origin` with the greatest revision.
    package func latestSecretKey(origin: String) throws(KeyRingError) -> SecretKey {
        guard let name = try revisions(of: origin, .signingSecret).first else {
            throw .noKey(name: origin, .signingSecret, directory: directory)
        }
        return try secretKey(name)
    }

    /// Every usable key file, ordered by name, revision and extension. Files that are no key, or not the one their name
    /// says, are left out. A directory that is not there holds nothing.
    package func list() throws(KeyRingError) -> [KeyFile] {
        var found: [KeyFile] = []
        for (name, fileExtension) in try keyNames() {
            let path = "\(directory)/\(name).\(fileExtension)"
            let kinds = KeyKind.allCases.filter { $0.fileExtension == fileExtension }
            do throws(KeyRingError) {
                let text = try read(path, expected: kinds)
                if text.name == name { found.append(KeyFile(kind: text.kind, name: name, path: path)) }
            } catch { continue }
        }
        return found
    }

    /// The text of the latest key of the ring `name`, as its file holds it.
    package func export(ring name: String) throws(KeyRingError) -> SecretBytes {
        guard let latest = try revisions(of: name, .symmetric).first else {
            throw .noKey(name: name, .symmetric, directory: directory)
        }
        return try read(latest, .symmetric).text
    }

    /// The text of the latest signing key of `origin`, as its file holds it.
    package func export(origin: String, secret: Bool) throws(KeyRingError) -> SecretBytes {
        if secret { return try latestSecretKey(origin: origin).text }
        return SecretBytes(copying: Array(try latestPublicKey(origin: origin).text.utf8))
    }

    /// The names of `origin`'s keys with the extension of `kind`, newest first. The origin is compared whole: a ring
    /// for `core` may hold keys of `core-plans` too.
    private func revisions(of origin: String, _ kind: KeyKind) throws(KeyRingError) -> [KeyName] {
        try keyNames().filter { $0.name.name == origin && $0.fileExtension == kind.fileExtension }
            .map(\.name).sorted { $0.revision > $1.revision }
    }

    private func keyNames() throws(KeyRingError) -> [(name: KeyName, fileExtension: String)] {
        let names: [[UInt8]]
        do throws(SystemError) { names = try Directory.names(directory) } catch {
            if error.errno == .noSuchFile { return [] }
            throw .system(error)
        }
        return names.compactMap(KeyFile.parse(fileName:)).sorted {
            ($0.name.name, $0.name.revision, $0.fileExtension) < ($1.name.name, $1.name.revision, $1.fileExtension)
        }
    }

    private func read(_ name: KeyName, _ kind: KeyKind) throws(KeyRingError) -> KeyText {
        let path = path(of: name, kind)
        let text: KeyText
        do throws(KeyRingError) { text = try read(path, expected: [kind]) } catch {
            if case .system(let cause) = error, cause.errno == .noSuchFile || cause.errno == .notDirectory {
                throw .missing(name, kind, path: path)
            }
            throw error
        }
        guard text.name == name else { throw .otherName(path: path, found: text.name) }
        return text
    }

    /// Reads the key in `path`, at most `KeyText.byteLimit` bytes.
    func read(_ path: String, expected: [KeyKind]) throws(KeyRingError) -> KeyText {
        let bytes = try contents(of: path)
        do throws(KeyError) {
            return try bytes.withUnsafeBytes { text throws(KeyError) in try KeyText(parsing: text, expected: expected) }
        } catch { throw .unusable(path: path, error) }
    }

    /// The first bytes of `path`, one more than a key may have, so that a longer file is noticed.
    private func contents(of path: String) throws(KeyRingError) -> SecretBytes {
        let file = try open(path)
        guard (try? file.status())?.kind == .file else { throw .notAFile(path: path) }
        do throws(Errno) {
            return try SecretBytes(capacity: KeyText.byteLimit + 1) { buffer throws(Errno) in
                var count = 0
                while count < buffer.count {
                    let more = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
                    if more == 0 { break }
                    count += more
                }
                return count
            }
        } catch { throw .system(SystemError("read", path, error)) }
    }

    private func open(_ path: String) throws(KeyRingError) -> FileDescriptor {
        do throws(SystemError) {
            // Not to wait for a writer, should the file be a fifo.
            return try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK)
        } catch { throw .system(error) }
    }
}
