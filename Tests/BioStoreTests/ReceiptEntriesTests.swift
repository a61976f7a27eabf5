// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioStore
import Testing

@Suite struct ReceiptEntriesTests {
    @Test func ofSeveralNamesTheFirstIsTheFile() {
        let digest = Digest.blake2b256(of: bytes("x"))
        func extracted(_ path: String, _ kind: TarMember.Kind, digest: Digest? = nil) -> ExtractedEntry {
            ExtractedEntry(
                path: bytes("p/q/" + path), kind: kind, mode: digest == nil ? 0 : 0o644, size: digest == nil ? 0 : 1,
                mtime: 7, digest: digest)
        }
        let entries = ReceiptEntries.sorted(
            [
                extracted("m", .file, digest: digest), extracted("z", .hardLink(bytes("p/q/m"))),
                extracted("a", .hardLink(bytes("p/q/z"))), extracted("alone", .file, digest: digest),
            ], prefix: bytes("p/q"))
        #expect(
            entries == [
                Receipt.Entry(path: bytes("a"), kind: .file(digest), mode: 0o644, size: 1, mtime: 7),
                Receipt.Entry(path: bytes("alone"), kind: .file(digest), mode: 0o644, size: 1, mtime: 7),
                Receipt.Entry(path: bytes("m"), kind: .hardLink(bytes("a")), mode: 0o644, size: 0, mtime: 7),
                Receipt.Entry(path: bytes("z"), kind: .hardLink(bytes("a")), mode: 0o644, size: 0, mtime: 7),
            ])
    }
}
