// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
package import BioDocument
import BioOCI
import BioPackage

extension ImageVerification {
    /// For programs (docs/reference/json/image-verify.schema.json): the members behind `schema_version`. `violations`
    /// are those of the policy that was asked.
    package func document(_ violations: [PolicyViolation]) -> DocumentObject {
        var object = DocumentObject()
        object.append("location", .string("\(location)"))
        object.append("id", .string("\(image.imageID)"))
        object.append("manifest", image.manifest.map { .string("\($0.digest)") } ?? .null)
        object.append("passed", .bool(violations.isEmpty))
        object.append("violations", .strings(violations.map(\.description)))
        object.append("runs", image.configuration.process.run)
        object.append("layers", .array(layers.map(\.document)))
        object.append("attestations", .array(attestations.map(\.document)))
        return object
    }
}

extension ProcessConfiguration {
    fileprivate var run: DocumentValue {
        [
            "user": .string(user), "working_directory": .string(workingDirectory),
            "entrypoint": .strings(entrypoint), "command": .strings(command), "environment": .strings(environment),
            "health_check": .strings(healthCheck?.test ?? []),
        ]
    }
}

extension VerifiedLayer {
    fileprivate var document: DocumentValue {
        var object = DocumentObject()
        object.append("title", .string(layer.title))
        object.append("diff_id", .string("\(layer.diffID)"))
        object.append("digest", layer.descriptor.map { .string("\($0.digest)") } ?? .null)
        object.append("verdict", .string(verdict.rawValue))
        object.append("read", .bool(isRead))
        object.append("packages", .array(packages.map(\.document)))
        object.append("problems", .strings(problems.map(\.description)))
        object.append("difference_count", .integer(differenceCount))
        object.append("differences", .array(differences.map(\.document)))
        object.append("rest", rest.document)
        return .object(object)
    }
}

extension VerifiedLayer.Package {
    fileprivate var document: DocumentValue {
        var reason: DocumentValue = .null
        switch answer {
        case .evidence: break
        case .distrusted(let text), .unknown(let text): reason = .string(text)
        }
        return [
            "ident": .string("\(ident)"),
            "evidence": evidence.map { .string($0.strength.rawValue) } ?? .null,
            "signer": evidence.map { .string("\($0.signer.name)") } ?? .null,
            "artifact_digest": evidence.map { .string("\($0.artifactDigest)") } ?? .null,
            "problem": reason,
        ]
    }
}

extension LayerDifference {
    fileprivate var document: DocumentValue {
        [
            "path": .string("/" + String(decoding: path, as: UTF8.self)), "kind": .string(word),
            "aspects": .strings(aspects.map(\.rawValue)),
        ]
    }
}

extension RestFiles {
    fileprivate var document: DocumentValue {
        [
            "directories": .integer(directories), "package_links": .integer(links), "package_copies": .integer(copies),
            "own_count": .integer(ownCount), "own": .array(own.map(\.document)),
        ]
    }
}

extension RestFiles.Own {
    fileprivate var document: DocumentValue {
        let octal = String(mode, radix: 8)
        return [
            "path": .string("/" + String(decoding: path, as: UTF8.self)), "kind": .string(kind),
            "mode": .string(String(repeating: "0", count: max(0, 4 - octal.count)) + octal), "size": .integer(size),
            "digest": digest.map { .string("\($0)") } ?? .null,
            "notable": .bool(isNotable),
            "target": target.isEmpty ? .null : .string(String(decoding: target, as: UTF8.self)),
        ]
    }
}

extension VerifiedAttestation {
    fileprivate var document: DocumentValue {
        [
            "place": .string(place), "predicate_type": predicateType.map { .string($0) } ?? .null,
            "signers": .strings(signers.map { "\($0.name)" }), "standing": .string(standing.word),
            "detail": standing.detail.map { .string($0) } ?? .null,
        ]
    }
}
