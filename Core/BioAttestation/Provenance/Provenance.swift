// SPDX-License-Identifier: Apache-2.0

import BioCrypto
package import BioDocument
import BioGraph
import BioPackage

/// How an export came to be (SLSA Provenance 1): what was asked for, which artifacts it was made of, and what made it.
package struct Provenance {
    private let facts: ExportFacts

    package init(_ facts: ExportFacts) { self.facts = facts }

    package static let predicateType = "https://slsa.dev/provenance/v1"
    /// What `externalParameters` mean: docs/reference/attestations.md.
    package static let buildType = "https://biome.sh/bio/export/v1"
    package static let builder = "https://biome.sh/bio"
    /// The key of an artifact's digest, BLAKE2b-256 in hexadecimal: spelled as in-toto's DigestSet spells names, but none
    /// of its own, for its `blake2b` does not say how long it is.
    package static let artifactDigest = "blake2b_256"

    /// The predicate. No time is in it: the same export has the same provenance.
    package func value() -> DocumentValue {
        [
            "buildDefinition": [
                "buildType": .string(Self.buildType),
                "externalParameters": externalParameters,
                "internalParameters": internalParameters,
                "resolvedDependencies": .array(facts.packages.map(dependency)),
            ],
            "runDetails": [
                "builder": ["id": .string(Self.builder), "version": ["bio": .string(facts.maker.version)]]
            ],
        ]
    }

    private var internalParameters: DocumentValue {
        var object = DocumentObject()
        object.append(
            "plugin", ["id": .string(facts.maker.pluginID), "version": .string(facts.maker.pluginVersion)])
        // What they were told is free text, which may hold what nobody should read.
        if !facts.maker.tools.isEmpty { object.append("tools", .strings(facts.maker.tools)) }
        return .object(object)
    }

    private var externalParameters: DocumentValue {
        var parameters = DocumentObject()
        for (name, value) in facts.maker.parameters { parameters[name] = value }
        return [
            "format": .string(facts.maker.format),
            "packages": .strings(facts.graph.roots.map { "\(facts.packages[$0].ident)" }),
            "options": .object(parameters),
            "sourceDate": .string(facts.created),
        ]
    }

    /// One `.hart`. Of a package that nobody vouches for there is no digest, and it says so.
    private func dependency(_ package: ExportFacts.Package) -> DocumentValue {
        var object = DocumentObject()
        object.append("name", .string(package.ident.artifactFileName(for: package.target)))
        object.append("uri", .string(PackageURL.text(package.ident, package.target)))
        if let origin = package.origin { object.append("digest", [Self.artifactDigest: .string(origin.artifact.hex)]) }
        var annotations = DocumentObject()
        annotations.append("ident", .string("\(package.ident)"))
        if let origin = package.origin {
            annotations.append("signer", .string(origin.signer))
            if let signature = origin.signature {
                annotations.append("signature", .string(signature.withUnsafeBytes { Base64.encode($0) }))
            }
        } else {
            annotations.append("verified", false)
        }
        object.append("annotations", .object(annotations))
        return .object(object)
    }
}
