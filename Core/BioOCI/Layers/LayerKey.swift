// SPDX-License-Identifier: Apache-2.0

package import BioCrypto

/// What the uncompressed bytes of a layer are a function of: recipe and content. Two layers with one key are equal.
package struct LayerKey: Hashable, Sendable, CustomStringConvertible {
    package let digest: Digest
    /// What it was made of, when that is packages: `hab/pkgs/…/RELEASE blake2b-256:…`, in byte order.
    package let artifacts: [String]

    package init(_ digest: Digest, artifacts: [String] = []) {
        self.digest = digest
        self.artifacts = artifacts
    }

    /// Of the whole content of packages: where each lies, and the digest of its verified artifact.
    package init(packages: [(prefix: String, artifactDigest: String)]) {
        let lines = packages.map { "\($0.prefix) \($0.artifactDigest)" }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let text = ([LayerRecipe.version, "packages"] + lines).map { "\($0)\n" }.joined()
        self.init(.sha256(of: Array(text.utf8)), artifacts: lines)
    }

    package var description: String { digest.hex }
}
