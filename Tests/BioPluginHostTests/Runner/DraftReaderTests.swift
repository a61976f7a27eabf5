// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPluginHost
import CBioExport
import Testing

/// Documents as nodes and back. What a plugin may get wrong is in `ScribeExportTests`.
@Suite struct DraftReaderTests {
    private func written(_ documents: [Document], isTemplate: Bool = false) throws -> [DocumentItem] {
        let memory = LastingMemory()
        let made = try #require(NodeRecord(documents).make(in: memory))
        let nodes = Array(UnsafeBufferPointer(start: made.nodes, count: Int(made.node_count)))
        #expect(made.root_count == documents.count)
        var reader = DraftReader(nodes, isTemplate: isTemplate)
        let items = try reader.documents()
        withExtendedLifetime(memory) {}
        return items
    }

    @Test(arguments: [
        "null", "-7", "1.50", "1e400", "\"\"", "\"a\\u0000b\"", "[]", "{}", "[[], {}, [1, \"é\"]]",
        "{\"b\": {\"\": [true, false]}, \"a\": null, \"é\": \"x\"}", "18446744073709551616",
    ])
    func whatIsReadCanBeWritten(_ json: String) throws {
        let document = try Document(json: Array(json.utf8))
        guard case .element(let draft)? = try written([document]).first else {
            Issue.record("no document")
            return
        }
        #expect(draft.plainValue == document.value)
    }

    @Test func thereMayBeNoDocuments() throws { #expect(try written([]).isEmpty) }

    @Test func sizesAreThoseThatAreTaken() throws {
        let document = try Document(json: Array("{\"key\": \"text\"}".utf8))
        // Two nodes, and two texts with a NUL behind each and one before them.
        #expect(NodeRecord([document]).size == 2 * MemoryLayout<bio_node>.stride + 4 + 5 + 1)
    }

    /// Any nodes at all: refused or read, with every node used once.
    @Test func anyNodesAreReadOrRefused() {
        var state: UInt64 = 1
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        var read = 0
        for _ in 0..<5000 {
            let nodes = (0..<Int(next(8))).map { _ in
                bio_node(
                    key: bio_str(), text: bio_str(), integer: Int64(next(3)), kind: UInt32(next(9)),
                    count: UInt32(next(4)), line: 0, column: 0)
            }
            var reader = DraftReader(nodes, isTemplate: next(2) == 0)
            do throws(DocumentRefusal) {
                _ = try reader.documents()
                read += 1
            } catch { #expect(!error.message.isEmpty && (error.code == BIO_E_INVALID || error.code == BIO_E_LIMIT)) }
        }
        #expect(read > 100)
    }
}
