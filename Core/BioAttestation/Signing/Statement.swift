// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioDocument

/// What is said (the predicate) of which things (the subjects): in-toto Statement 1.
package struct Statement: Hashable, Sendable {
    package struct Subject: Hashable, Sendable {
        package let name: String
        /// Nil in statements of others that give none that is known here; such a subject matches nothing.
        package let sha256: Digest?

        package init(name: String, sha256: Digest?) {
            self.name = name
            self.sha256 = sha256
        }
    }

    /// At least one, none twice.
    package let subjects: [Subject]
    package let predicateType: String
    package let predicate: DocumentValue

    package static let type = "https://in-toto.io/Statement/v1"
    /// The payload type of envelopes, and the media type of a statement without a signature.
    package static let mediaType = "application/vnd.in-toto+json"

    package init(subjects: [Subject], predicateType: String, predicate: DocumentValue) {
        self.subjects = subjects
        self.predicateType = predicateType
        self.predicate = predicate
    }

    /// Whether it speaks of what has this SHA-256.
    package func speaks(of digest: Digest) -> Bool { subjects.contains { $0.sha256 == digest } }

    package var document: DocumentValue {
        [
            "_type": .string(Self.type),
            "subject": .array(
                subjects.map { subject in
                    var object = DocumentObject()
                    object.append("name", .string(subject.name))
                    object.append("digest", subject.sha256.map { ["sha256": .string($0.hex)] } ?? [:])
                    return .object(object)
                }),
            "predicateType": .string(predicateType),
            "predicate": predicate,
        ]
    }

    /// The JSON text, on one line.
    package var bytes: [UInt8] { document.jsonBytes(.compact) }
}
