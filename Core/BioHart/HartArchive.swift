// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto
package import BioPackage
package import BioSystem
import Glibc

/// An open artifact. Its header has been read; nothing of it is trusted before `verify`.
///
/// All questions are answered from one open file, so a file renamed over the path does not come between them. Somebody
/// who can write to the file itself can: what must not change has to be copied first.
package struct HartArchive: ~Copyable {
    package let path: String
    package let header: HartHeader
    package let file: FileDescriptor
    /// Bytes, header included.
    package let size: Int64
    /// Ends whatever reads this archive.
    package let cancellation: Cancellation

    /// Bounds on what an artifact may make a reader do.
    package struct Limits: Hashable, Sendable {
        package var payload: PayloadReader.Limits
        /// Bytes of one metafile.
        package var metafileBytes: Int

        package init(payload: PayloadReader.Limits = .init(), metafileBytes: Int = MetaFile.byteLimit) {
            self.payload = payload
            self.metafileBytes = metafileBytes
        }

        /// For what is verified before it is read: more than any package has.
        package static let verified = Limits(payload: .init(members: 2_000_000))
        /// For what nobody vouches for: looking at a file should not take hours.
        package static let unverified = Limits(payload: .init(totalBytes: 64 << 30, members: 500_000))
        /// For the beginning, up to the package's own directory: a few directories lie above it.
        package static let beginning = Limits(payload: .init(totalBytes: 64 << 30, members: 8))
    }

    /// Who signed an artifact, and the digest of what was signed.
    package struct Verified: Hashable, Sendable {
        package let signer: KeyName
        package let payloadHash: Digest

        /// A good signature is not enough: only keys of its origin speak for a package (docs/decisions/0011). `path` is
        /// the artifact's.
        package func checkSigner(of ident: QualifiedIdent, path: String) throws(HartError) {
            guard signer.name == ident.origin else {
                throw .signerNotOrigin(path: path, signer: signer, ident: ident)
            }
        }
    }

    /// Opens `path` and reads its header.
    package static func open(_ path: String, cancellation: Cancellation = .never) throws(HartError) -> HartArchive {
        let file = try openFile(path)
        let size: Int64
        do throws(Errno) { size = try file.status().size } catch { throw .system(SystemError("look at", path, error)) }
        let header = try HartHeader(reading: file, path: path)
        return HartArchive(path: path, header: header, file: file, size: size, cancellation: cancellation)
    }

    /// Checks the signature with the signer's key from `keys`, then that the payload is what was signed.
    package func verify(keys: KeyRing) throws(HartError) -> Verified {
        let key = try publicKey(in: keys)
        guard let signedText = key.open(header.signature) else {
            throw .signatureInvalid(path: path, signer: header.signer)
        }
        guard let expected = HartHeader.digest(signedText: signedText) else {
            throw .signedTextUnreadable(path: path, signer: header.signer)
        }
        let computed = try payloadHash()
        guard computed.equalsInConstantTime(expected) else {
            throw .altered(path: path, expected: expected, computed: computed)
        }
        return Verified(signer: header.signer, payloadHash: computed)
    }

    /// The BLAKE2b-256 of the payload as it is.
    package func payloadHash() throws(HartError) -> Digest {
        do throws(SystemError) {
            return try Digest.blake2b256(
                ofFile: file, from: header.payloadOffset, path: path, cancellation: cancellation)
        } catch { throw .system(error) }
    }

    /// The BLAKE2b-256 of the whole file, which the depot calls its checksum.
    package func digest() throws(HartError) -> Digest { try Self.digest(of: file, path: path, cancellation) }

    /// The BLAKE2b-256 of any whole regular file.
    package static func digest(
        ofFile path: String, cancellation: Cancellation = .never
    ) throws(HartError) -> Digest {
        try digest(of: try openFile(path), path: path, cancellation)
    }

    /// The compressed payload, from its first byte to the end of the file.
    package func payload() throws(HartError) -> FileSource {
        do throws(SystemError) {
            return try FileSource(file, from: header.payloadOffset, path: path, cancellation: cancellation)
        } catch { throw .system(error) }
    }

    private static func digest(
        of file: borrowing FileDescriptor, path: String, _ cancellation: Cancellation
    ) throws(HartError) -> Digest {
        do throws(SystemError) {
            return try Digest.blake2b256(ofFile: file, path: path, cancellation: cancellation)
        } catch { throw .system(error) }
    }

    /// Opens a regular file, without waiting, should `path` be a fifo.
    static func openFile(_ path: String) throws(HartError) -> FileDescriptor {
        let file: FileDescriptor
        let kind: FileStatus.Kind
        do throws(SystemError) { file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK) } catch {
            throw .system(error)
        }
        do throws(Errno) { kind = try file.status().kind } catch { throw .system(SystemError("look at", path, error)) }
        guard kind == .file else { throw .notAFile(path: path) }
        return file
    }

    private func publicKey(in keys: KeyRing) throws(HartError) -> PublicKey {
        do throws(KeyRingError) { return try keys.publicKey(header.signer) } catch {
            if case .missing(let name, _, let keyPath) = error {
                throw .keyMissing(path: path, name, keyPath: keyPath)
            }
            throw .keyUnusable(path: path, error)
        }
    }
}
