// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioPackage
package import BioSystem
import Glibc

/// Makes artifacts of payloads.
package enum HartWriter {
    /// Writes header and payload to `output`, which appears whole or not at all and replaces a file there. Any file
    /// may be signed. It is read twice, with one buffer of 1 MiB, and must be the same both times.
    /// - Returns: the BLAKE2b-256 of the payload, which is what was signed.
    @discardableResult
    package static func sign(
        _ input: String, with key: borrowing SecretKey, magic: String = Flavour.biome.magic, to output: String,
        cancellation: Cancellation = .never
    ) throws(HartError) -> Digest {
        let digest = try HartArchive.digest(ofFile: input, cancellation: cancellation)
        let signature = key.sign(Array(digest.hex.utf8))
        let header = HartHeader.text(magic: magic, signer: key.name, signature: signature)
        let copied: Digest
        do throws(SystemError) {
            copied = try write(header, payloadOf: input, to: output, expected: digest, cancellation)
        } catch { throw .system(error) }
        guard copied == digest else { throw .inputChanged(path: input) }
        return digest
    }

    /// Writes the artifact, but leaves nothing when the payload does not have the digest `expected`.
    private static func write(
        _ header: [UInt8], payloadOf input: String, to output: String, expected: Digest,
        _ cancellation: Cancellation
    ) throws(SystemError) -> Digest {
        let source = try FileDescriptor.open(input)
        let target = try AtomicFile(output)
        do throws(Errno) { try target.descriptor.writeAll(header) } catch { throw SystemError("write", output, error) }
        let digest = try copy(source, from: input, into: target.descriptor, to: output, cancellation)
        if digest == expected { try target.commit() }
        return digest
    }

    private static func copy(
        _ source: borrowing FileDescriptor, from input: String, into target: borrowing FileDescriptor, to output: String,
        _ cancellation: Cancellation
    ) throws(SystemError) -> Digest {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        var hasher = BLAKE2bHasher()
        while true {
            try cancellation.check("write", output)
            let count: Int
            do throws(Errno) { count = try source.read(into: buffer) } catch { throw SystemError("read", input, error) }
            if count == 0 { return hasher.finalize() }
            let block = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            hasher.update(block)
            do throws(Errno) { try target.writeAll(block) } catch { throw SystemError("write", output, error) }
        }
    }
}
