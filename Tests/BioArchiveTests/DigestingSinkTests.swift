// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import Testing

@Suite struct DigestingSinkTests {
    @Test func passesBytesOnAndKeepsTheirDigestAndNumber() throws {
        var sink = DigestingSink(into: MemorySink())
        for piece in ["ab", "", "c"] { try sink.write(path(piece)) }
        let (digest, size) = sink.take()
        #expect(digest.hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(size == 3)
        try sink.write(path("d"))
        #expect(sink.take() == (Digest.sha256(of: path("d")), 1))
        #expect(sink.finish().bytes == path("abcd"))
    }

    @Test func tellsBothDigestsOfACompressedArchive() throws {
        let compressing = try CompressingSink(.gzip, threads: 2, into: DigestingSink(into: MemorySink()))
        var writer = TarWriter(into: DigestingSink(into: compressing))
        try writer.addDirectory(path("d"), mode: 0o755, mtime: 0)
        var plain = try writer.finish()
        let diffID = plain.take()
        var packed = try plain.finish().finish()
        let digest = packed.take()
        let bytes = packed.finish().bytes
        #expect(digest == (Digest.sha256(of: bytes), Int64(bytes.count)))
        #expect(diffID.size == 1536)
    }
}
