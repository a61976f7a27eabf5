// SPDX-License-Identifier: Apache-2.0

import BioDocument
import CBioExport

/// The C functions of `bio.host.document/1`. They have no frames: documents are read and written in the plugin's own
/// process, so that a text made to hurt whoever reads it hurts nobody else.
extension HostTables {
    var documents: bio_documents {
        bio_documents(
            struct_size: UInt32(MemoryLayout<bio_documents>.size), flags: 0,
            read: { host, source, document in
                if let code = HostTables.of(host).injectedFault(in: "document.read") { return code }
                return HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    let source = try DocumentSource(source)
                    return tables.trace.service(
                        "document.read", "syntax \(source.syntax), \(TraceText.bytes(source.text.count))",
                        TraceText.value
                    ) {
                        tables.read(source, into: document)
                    }
                }
            },
            write: { host, syntax, nodes, count, text in
                if let code = HostTables.of(host).injectedFault(in: "document.write") { return code }
                return HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    guard let syntax = DocumentSyntax(rawValue: syntax) else {
                        return tables.refuse(BIO_E_UNSUPPORTED, "\(syntax) is no syntax that documents are written in")
                    }
                    guard count <= UInt64(DocumentLimits.ofPlugins.values) else {
                        return tables.refuse(
                            BIO_E_LIMIT, "a document of more than \(DocumentLimits.ofPlugins.values) values was written"
                        )
                    }
                    let nodes = try DraftReader.nodes(nodes, Int(count))
                    return tables.trace.service("document.write", "\(syntax), \(count) nodes", TraceText.value) {
                        tables.write(nodes, syntax, into: text)
                    }
                }
            })
    }

    private func read(
        _ source: DocumentSource, into document: UnsafeMutablePointer<UnsafePointer<bio_document>?>
    ) -> Int32 {
        let read: [Document]
        do throws(DocumentError) {
            switch DocumentSyntax(rawValue: source.syntax) {
            case .json: read = [try Document(json: source.text, limits: .ofPlugins)]
            case .toml: read = [try Document(toml: source.text, limits: .ofPlugins)]
            case .yaml: read = try Document.all(yaml: source.text, limits: .ofPlugins)
            default:
                return refuse(BIO_E_UNSUPPORTED, "\(source.syntax) is no syntax that documents are read in")
            }
        } catch {
            fail(source.failure(error))
            return error.code
        }
        let record = NodeRecord(read)
        guard take(documentBytes: record.size) else { return tooMuch() }
        guard let made = record.make(in: memory) else {
            return refuse(BIO_E_LIMIT, "there is no memory for a document")
        }
        document.pointee = UnsafePointer(memory.one(made))
        return BIO_OK
    }

    private func write(_ nodes: [bio_node], _ syntax: DocumentSyntax, into text: UnsafeMutablePointer<bio_str>) -> Int32
    {
        let written: String
        do throws(DocumentRefusal) {
            var reader = DraftReader(nodes, isTemplate: syntax == .yamlTemplate)
            written = try syntax.text(try reader.documents())
        } catch { return refuse(error.code, error.message) }
        guard written.utf8.count <= DraftReader.mostBytes else {
            return refuse(BIO_E_LIMIT, "a document of more than \(DraftReader.mostBytes >> 20) MiB was written")
        }
        guard take(documentBytes: written.utf8.count) else { return tooMuch() }
        text.pointee = memory.string(written)
        guard text.pointee.ptr != nil else { return refuse(BIO_E_LIMIT, "there is no memory for a document") }
        return BIO_OK
    }

    func tooMuch() -> Int32 {
        refuse(BIO_E_LIMIT, "the plugin's documents hold more than \(HostTables.mostDocumentBytes >> 20) MiB")
    }

    func refuse(_ code: Int32, _ message: String) -> Int32 {
        fail(PluginFailure(code: code, message: message))
        return code
    }
}

extension DocumentLimits {
    /// What plugins may read.
    static let ofPlugins = DocumentLimits(length: 4 << 20, depth: 64, values: 1 << 18)
}

extension DocumentError {
    fileprivate var code: Int32 {
        switch problem {
        case .tooLong, .tooDeep, .tooMany: BIO_E_LIMIT
        case .libraryMissing: BIO_E_UNSUPPORTED
        default: BIO_E_INVALID
        }
    }
}

/// A `bio_source`, copied and checked.
struct DocumentSource {
    let syntax: UInt32
    let subjectKind: PluginFailure.Subject
    let subject: String
    let name: String
    let text: [UInt8]

    init(_ pointer: UnsafePointer<bio_source>) throws(PluginTableReader.Wrong) {
        let raw = try PluginTableReader.copy(pointer, bio_source(), "bio_source")
        syntax = raw.syntax
        subjectKind = PluginFailure.Subject(rawValue: raw.subject_kind) ?? .none
        subject = try PluginTableReader.cutText(raw.subject, "subject of a document", longest: 4096)
        name = PluginLog.printable(try PluginTableReader.bytes(raw.name, "name of a document", limit: 4096))
        // One byte more than may be read, so that the reader says it is too long.
        var text = raw.text
        text.len = min(text.len, UInt64(DocumentLimits.ofPlugins.length) + 1)
        self.text = try PluginTableReader.bytes(text, "document", limit: DocumentLimits.ofPlugins.length + 1)
    }

    func failure(_ error: DocumentError) -> PluginFailure {
        PluginFailure(
            code: error.code, subjectKind: subjectKind, subject: subject,
            message: name.isEmpty ? error.description : "\(name):\(error)", hint: error.hint ?? "")
    }
}
