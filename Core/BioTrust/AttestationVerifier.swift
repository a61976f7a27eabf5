// SPDX-License-Identifier: Apache-2.0

import BioAttestation
package import BioCrypto
import BioDocument
package import BioOCI
import BioPackage
import BioSystem

/// Holds attestations against the image that they came with. Only what is signed with a key of the ring counts; keys of
/// origins are the only ones there are.
package struct AttestationVerifier: Sendable {
    /// A document that may be an attestation: nothing of it is known.
    package struct Candidate: Hashable, Sendable {
        package let place: String
        package let bytes: [UInt8]

        package init(place: String, bytes: [UInt8]) {
            self.place = place
            self.bytes = bytes
        }
    }

    private let keys: KeyRing
    private let subjects: [Digest]
    private let layers: [VerifiedLayer]

    /// - Parameter layers: what was found in the image.
    package init(of image: StoredImage, layers: [VerifiedLayer], keys: KeyRing) {
        subjects = [image.manifest?.digest, image.imageID].compactMap(\.self)
        self.layers = layers
        self.keys = keys
    }

    /// Throws only when keys cannot be read.
    package func verify(_ candidate: Candidate) throws -> VerifiedAttestation {
        let envelope: Envelope
        do throws(EnvelopeError) { envelope = try Envelope(parsing: candidate.bytes) } catch {
            return unsigned(candidate) ?? made(candidate, nil, [], .malformed("\(error)"))
        }
        guard envelope.payloadType == Statement.mediaType else {
            return made(
                candidate, nil, [], .malformed("it signs \(envelope.payloadType.quoted), which is no statement"))
        }
        let statement: Statement
        do throws(StatementError) { statement = try Statement(parsing: envelope.payload) } catch {
            return made(candidate, nil, [], .malformed("\(error)"))
        }
        let verdicts = try envelope.verified { name throws in try publicKey(name) }
        let signers = try verdicts.compactMap { verdict -> PublicKey? in
            guard case .valid(let name) = verdict else { return nil }
            return try publicKey(name)
        }
        let standing = signers.isEmpty ? .distrusted(Self.reason(verdicts)) : self.standing(of: statement)
        return made(candidate, statement.predicateType, signers, standing)
    }

    /// What a document without signatures is; nil: nothing that is known.
    private func unsigned(_ candidate: Candidate) -> VerifiedAttestation? {
        if let statement = try? Statement(parsing: candidate.bytes) {
            return made(candidate, statement.predicateType, [], .unsigned)
        }
        guard let document = try? DocumentValue(json: candidate.bytes) else { return nil }
        if document["spdxVersion"]?.string != nil { return made(candidate, "https://spdx.dev/Document", [], .unsigned) }
        if document["bomFormat"]?.string == "CycloneDX" {
            return made(candidate, "https://cyclonedx.org/bom", [], .unsigned)
        }
        return nil
    }

    private func made(
        _ candidate: Candidate, _ type: String?, _ signers: [PublicKey], _ standing: VerifiedAttestation.Standing
    ) -> VerifiedAttestation {
        VerifiedAttestation(place: candidate.place, predicateType: type, signers: signers, standing: standing)
    }

    private func publicKey(_ name: KeyName) throws -> PublicKey? {
        do throws(KeyRingError) { return try keys.publicKey(name) } catch {
            // A key that cannot be used is one that is not there.
            if case .system(let cause) = error { throw cause }
            return nil
        }
    }

    private static func reason(_ verdicts: [Envelope.Verdict]) -> String {
        let texts = verdicts.map { verdict in
            switch verdict {
            case .valid(let name): "signed with '\(name)'"
            case .wrong(let name): "its signature is not by '\(name)', or it was changed"
            case .unknownKey(let name): "the key \(name.quoted) is not in the key cache"
            }
        }
        return texts.prefix(3).joined(separator: "; ")
    }

    private func standing(of statement: Statement) -> VerifiedAttestation.Standing {
        guard subjects.contains(where: statement.speaks) else { return .otherSubject }
        guard statement.predicateType.hasPrefix(VerifiedAttestation.provenance) else { return .verified }
        let contradictions = ProvenanceMaterials(statement.predicate).contradictions(to: layers)
        return contradictions.isEmpty ? .verified : .contradicts(contradictions)
    }
}
