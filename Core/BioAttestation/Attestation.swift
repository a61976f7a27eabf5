// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioDocument
package import BioOCI

/// A document about an export, as files and registries take it.
package enum Attestation: Hashable, Sendable {
    case bill(BillFormat)
    case provenance

    /// The document. With `key` it is a signed statement about the result's subjects (DSSE), whatever it says; without
    /// one a bill stands by itself and provenance is a statement that nobody signed.
    package func made(of facts: ExportFacts, signedWith key: borrowing SecretKey) throws(AttestationError)
        -> ImageAttachment
    {
        let statement = try statement(of: facts)
        return attachment(
            Envelope(signing: statement.bytes, type: Statement.mediaType, with: key).bytes, isSigned: true)
    }

    package func made(of facts: ExportFacts) throws(AttestationError) -> ImageAttachment {
        switch self {
        case .bill:
            attachment(predicate(of: facts).jsonBytes(.pretty), isSigned: false)
        case .provenance:
            attachment(try statement(of: facts).document.jsonBytes(.pretty), isSigned: false)
        }
    }

    /// What the name of its file ends in: `.spdx.json`, `.spdx.dsse.json`.
    package func fileSuffix(isSigned: Bool) -> String { ".\(word)" + (isSigned ? ".dsse.json" : ".json") }

    /// The endings of all files of documents, signed ones first.
    package static let fileSuffixes: [String] = [true, false].flatMap { isSigned in
        all.map { $0.fileSuffix(isSigned: isSigned) }
    }

    /// What registries call them, signed ones first (the artifact types of referrers).
    package static let mediaTypes: [String] = [true, false].flatMap { isSigned in
        all.map { $0.mediaType(isSigned: isSigned) }
    }

    private static let all: [Attestation] = BillFormat.allCases.map { .bill($0) } + [.provenance]

    /// Of the file and of the referrer.
    package func mediaType(isSigned: Bool) -> String {
        if isSigned { return signedMediaType }
        return switch self {
        case .bill(let format): format.mediaType
        case .provenance: Statement.mediaType
        }
    }

    private func statement(of facts: ExportFacts) throws(AttestationError) -> Statement {
        let subjects = facts.result.subjects.filter { $0.sha256 != nil }
        guard !subjects.isEmpty else { throw .nothingToSpeakOf(facts.maker.format) }
        return Statement(subjects: subjects, predicateType: predicateType, predicate: predicate(of: facts))
    }

    private func predicate(of facts: ExportFacts) -> DocumentValue {
        switch self {
        case .bill(.spdx): SPDXBill(facts).value()
        case .bill(.cyclonedx): CycloneDXBill(facts).value()
        case .provenance: Provenance(facts).value()
        }
    }

    private var predicateType: String {
        switch self {
        case .bill(let format): format.predicateType
        case .provenance: Provenance.predicateType
        }
    }

    /// in-toto attestation framework 1, envelope: `application/vnd.in-toto.PREDICATE+dsse`.
    private var signedMediaType: String {
        switch self {
        case .bill(let format): "application/vnd.in-toto.\(format.rawValue)+dsse"
        case .provenance: "application/vnd.in-toto.provenance+dsse"
        }
    }

    private var word: String {
        switch self {
        case .bill(.spdx): "spdx"
        case .bill(.cyclonedx): "cdx"
        case .provenance: "provenance"
        }
    }

    private func attachment(_ bytes: [UInt8], isSigned: Bool) -> ImageAttachment {
        let isStatement = isSigned || self == .provenance
        return ImageAttachment(
            artifactType: mediaType(isSigned: isSigned), bytes: bytes + [0x0A],
            annotations: isStatement ? ["in-toto.io/predicate-type": predicateType] : [:],
            fileSuffix: fileSuffix(isSigned: isSigned))
    }
}
