// SPDX-License-Identifier: Apache-2.0

import BioCrypto
package import BioDocument

extension Statement {
    /// Reads the JSON text of a statement, whoever made it. Digests of other algorithms than SHA-256 are passed over.
    package init(parsing bytes: [UInt8]) throws(StatementError) {
        let document: DocumentValue
        do throws(DocumentError) { document = try DocumentValue(json: bytes) } catch { throw .notJSON(error) }
        try self.init(document)
    }

    package init(_ document: DocumentValue) throws(StatementError) {
        guard let type = document["_type"]?.string else { throw .malformed("_type") }
        guard type == Self.type else { throw .otherType(type) }
        guard let list = document["subject"]?.array, !list.isEmpty else { throw .malformed("subject") }
        guard list.count <= Self.mostSubjects else { throw .tooManySubjects(limit: Self.mostSubjects) }
        var subjects: [Subject] = []
        for entry in list {
            guard let digests = entry["digest"]?.object else { throw .malformed("digest") }
            subjects.append(
                Subject(
                    name: entry["name"]?.string ?? "",
                    sha256: digests["sha256"]?.string.flatMap { Digest(.sha256, hex: $0) }))
        }
        guard let predicateType = document["predicateType"]?.string, !predicateType.isEmpty else {
            throw .malformed("predicateType")
        }
        self.init(
            subjects: subjects, predicateType: predicateType,
            predicate: document["predicate"] ?? .object(DocumentObject()))
    }

    static let mostSubjects = 10_000
}
