// SPDX-License-Identifier: Apache-2.0

import BioAttestation
import BioCrypto
import BioDocument
import BioPackage

/// The artifacts that a provenance says an image was made of: `buildDefinition.resolvedDependencies` (SLSA 1).
struct ProvenanceMaterials {
    /// BLAKE2b-256 of artifacts, by ident.
    private var artifacts: [String: String] = [:]

    /// What is no package, or has no digest that is known here, is passed over.
    init(_ predicate: DocumentValue) {
        for entry in predicate["buildDefinition"]?["resolvedDependencies"]?.array ?? [] {
            guard let name = entry["annotations"]?["ident"]?.string ?? entry["name"]?.string,
                let digest = entry["digest"]?[Provenance.artifactDigest]?.string
            else { continue }
            artifacts[name] = digest
        }
    }

    /// What it says of packages in `layers` that is not so: another artifact, or nothing at all.
    func contradictions(to layers: [VerifiedLayer]) -> [String] {
        layers.flatMap(\.packages).compactMap { package in
            guard let said = artifacts["\(package.ident)"] else { return "it does not list '\(package.ident)'" }
            guard let evidence = package.evidence, evidence.artifactDigest.hex != said else { return nil }
            return "it lists another artifact of '\(package.ident)'"
        }
    }
}
