// SPDX-License-Identifier: Apache-2.0

import CBioExport

/// A language of documents.
public enum DocumentSyntax: UInt32, Sendable {
    case json = 1
    case toml, yaml
    /// Written only: one line without blanks.
    case jsonCompact
    /// Written only: a Go template that yields YAML, as in Helm's charts.
    case yamlTemplate
}

/// What was read from one text.
public struct Document: Sendable {
    /// What the text is called, as in `user.toml`.
    public let name: String
    /// What it came from.
    public let subject: ExportFailure.Subject
    /// The documents in it: one, but in YAML also none or many.
    public let values: [DocumentValue]

    /// The first of them.
    public var value: DocumentValue { values.first ?? .null }

    /// What is wrong with a part of it, with its place: `user.toml:3:14: the port is no number`.
    public func failure(at value: DocumentValue, _ message: String, hint: String = "") -> ExportFailure {
        let place = value.line > 0 ? "\(name):\(value.line):\(value.column)" : name
        return ExportFailure(code: BIO_E_INVALID, subject: subject, "\(place): \(message)", hint: hint)
    }
}

extension Host {
    /// Reads a text. When it is wrong, the user is told `NAME:LINE:COLUMN: why`, and where it came from.
    public func read(
        _ text: [UInt8], as syntax: DocumentSyntax, name: String, from subject: ExportFailure.Subject = .none
    ) throws(ExportFailure) -> Document {
        guard let documents = table(.document, bio_documents.self), let read = documents.read else {
            throw .lacking(.document)
        }
        let (kind, subjectText) = subject.abi
        var found: UnsafePointer<bio_document>?
        let code = name.withBioStr { name in
            subjectText.withBioStr { subject in
                text.withBioStr { text in
                    var source = bio_source()
                    source.struct_size = UInt32(MemoryLayout<bio_source>.size)
                    source.syntax = syntax.rawValue
                    source.subject_kind = kind
                    source.subject = subject.pointee
                    source.name = name.pointee
                    source.text = text.pointee
                    return read(raw, &source, &found)
                }
            }
        }
        guard code == 0, let document = HostTable.copy(UnsafeRawPointer(found), bio_document.self) else {
            throw .host(code == 0 ? BIO_E_SIZE : code)
        }
        var nodes = NodeReader(UnsafeBufferPointer(start: document.nodes, count: Int(document.node_count)))
        let values = (0..<document.root_count).map { _ in nodes.value() }
        return Document(name: name, subject: subject, values: values)
    }

    /// Writes one document.
    public func text(of value: DocumentValue, as syntax: DocumentSyntax) throws(ExportFailure) -> String {
        try text(of: [value], as: syntax)
    }

    /// Writes documents as one text; JSON and TOML take one, YAML any number.
    public func text(of values: [DocumentValue], as syntax: DocumentSyntax) throws(ExportFailure) -> String {
        guard let documents = table(.document, bio_documents.self), let write = documents.write else {
            throw .lacking(.document)
        }
        var nodes = NodeWriter()
        for value in values { nodes.add(value) }
        var text = bio_str()
        let code = nodes.withABI { write(raw, syntax.rawValue, $0.baseAddress, UInt64($0.count), &text) }
        guard code == 0 else { throw .host(code) }
        return String(text)
    }
}
