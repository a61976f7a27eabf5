// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioOCI
import BioPackage

extension TrustPolicy {
    /// Why the image does not pass, from the bottom layer up; empty: it passes.
    package func violations(of verification: ImageVerification) -> [PolicyViolation] {
        let isAttested = verification.attestations.contains(where: counts)
        var found: [PolicyViolation] = []
        for (index, layer) in verification.layers.enumerated() {
            found += violations(of: layer, number: index + 1, isAttested: isAttested)
        }
        if configuration == .attested && !isAttested { found.append(.configuration) }
        if requiresProvenance && !isAttested { found.append(.noProvenance) }
        // Rules for what lies beside packages must not pass an image that is nothing else.
        if found.isEmpty && !verification.layers.contains(where: \.holdsPackages) { found.append(.noPackages) }
        return found
    }

    /// Whether the attestation is a provenance that somebody signed who may.
    package func counts(_ attestation: VerifiedAttestation) -> Bool {
        guard attestation.isProvenance, attestation.standing == .verified else { return false }
        return attestation.signers.contains { key in !revoked.contains { $0.matches(key) } && mayAttest(key) }
    }

    private func mayAttest(_ key: PublicKey) -> Bool {
        if let provenanceKeys { return provenanceKeys.contains { $0.matches(key) } }
        return keys?.contains { $0.matches(key) } != false && origins?.contains(key.name.name) != false
    }

    private func violations(of layer: VerifiedLayer, number: Int, isAttested: Bool) -> [PolicyViolation] {
        let verdict = layer.verdict
        var found: [PolicyViolation] = []
        func apply(_ rule: Rule, _ verdict: VerifiedLayer.Verdict) {
            switch rule {
            case .allow: break
            case .attested where isAttested: break
            case .attested: found.append(.notAttested(number, verdict, title: layer.layer.title))
            case .refuse: found.append(.layer(number, verdict, title: layer.layer.title))
            }
        }
        switch verdict {
        case .verified: break
        case .differs, .damaged, .distrusted: found.append(.layer(number, verdict, title: layer.layer.title))
        case .unknown: apply(unknown, verdict)
        case .mixed, .root: apply(root, verdict)
        case .foreign: apply(foreign, verdict)
        }
        return found + layer.packages.flatMap(violations)
    }

    private func violations(of package: VerifiedLayer.Package) -> [PolicyViolation] {
        let ident = package.ident
        var found: [PolicyViolation] = []
        if let origins, !origins.contains(ident.origin) { found.append(.origin(ident)) }
        guard let evidence = package.evidence else { return found }
        let key = evidence.signer
        if revoked.contains(where: { $0.matches(key) }) {
            found.append(.revokedKey(ident, key.name))
        } else if keys?.contains(where: { $0.matches(key) }) == false {
            found.append(.key(ident, key.name))
        }
        if evidence.strength < self.evidence {
            found.append(.evidence(ident, found: evidence.strength, wanted: self.evidence))
        }
        return found
    }
}

extension VerifiedLayer {
    /// Packages that are what they should be, or that the rule for unknown layers let pass.
    fileprivate var holdsPackages: Bool {
        switch verdict {
        case .verified, .mixed: true
        case .unknown: !packages.isEmpty
        case .differs, .damaged, .distrusted, .root, .foreign: false
        }
    }
}
