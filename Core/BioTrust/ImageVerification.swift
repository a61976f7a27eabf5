// SPDX-License-Identifier: Apache-2.0

package import BioOCI

/// What was found out of an image, before any policy.
package struct ImageVerification: Sendable {
    package let location: ImageLocation
    package let image: StoredImage
    /// Bottom up.
    package let layers: [VerifiedLayer]
    package let attestations: [VerifiedAttestation]

    package init(
        location: ImageLocation, image: StoredImage, layers: [VerifiedLayer], attestations: [VerifiedAttestation]
    ) {
        self.location = location
        self.image = image
        self.layers = layers
        self.attestations = attestations
    }
}
